"""The database and the files of a workspace: engines, migrations, locks, leftovers, free space.

Imports no other package of `workspace`."""
