"""Jobs of any kind from submission to end: queue, execution, logs, orphans; deletion and its dependents.

Imports `workspace.storage`."""
