"""Checks of a dataset, one kind per module; each takes typed columns and returns findings in words."""
