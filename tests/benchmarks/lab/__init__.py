"""Measures the Train page: `python -m tests.benchmarks.lab`."""
