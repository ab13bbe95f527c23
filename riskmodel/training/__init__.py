"""From a dataset to a trained risk model: compiled epochs, early stopping, ensembles, search, calibration, export.

Imports `config`, `evaluation`, `features`, `inputs`, `networks`, `scoring`, `sizing` and `tables`.

Example:
    >>> import riskmodel
    >>> from riskmodel.config.architectures.logistic import LogisticConfig
    >>> from riskmodel.config.sections.training import TrainingConfig
    >>> from riskmodel.tables.sample import make_sample
    >>> config = riskmodel.RunConfig(network=LogisticConfig(), training=TrainingConfig(epochs=1))
    >>> customers = make_sample(300).to_pandas()
    >>> run = riskmodel.train(customers, target="defaulted", identifiers=["customer_id"], config=config, device="cpu")
    >>> len(run.model.predict_probability(customers))
    300
"""
