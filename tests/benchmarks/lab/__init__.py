"""The Train page under measure: `python -m tests.benchmarks.lab`."""
