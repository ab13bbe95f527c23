"""Quality checks of a dataset, one kind per module; each takes typed columns and returns findings."""
