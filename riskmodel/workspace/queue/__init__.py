"""Jobs of any kind from submission to end: queue, execution, logs and orphans.

Imports `workspace.deletion` and `workspace.storage`, and the configuration and progress of runs."""
