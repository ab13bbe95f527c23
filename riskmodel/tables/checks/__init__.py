"""Quality checks of a dataset, one kind per module; each takes typed columns and returns findings.

Imports the packages of `tables` for values, evidence, proposals and profiles, and `evaluation`; no reader.
"""
