"""Jobs from submission to end: order, claims, logs, orphans; deletion and its dependents.

Imports `workspace.storage`."""
