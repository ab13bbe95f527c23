"""The database and the files of a workspace: engines, migrations, locks, leftovers, free space.

Imports `errors` and other packages of the library's lower floors; no other package of `workspace`."""
