"""The database and the files of a workspace: engines, migrations, locks, leftovers, free space.

Imports `errors` and lower packages of the library; no other package of `workspace`."""
