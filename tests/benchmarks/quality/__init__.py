"""Quality against logistic regression, LightGBM, XGBoost and CatBoost: ``python -m tests.benchmarks.quality``."""
