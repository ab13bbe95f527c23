"""Jobs of any kind from submission to end: queue, execution, logs and orphans.

Imports `deletion` and `storage`."""
