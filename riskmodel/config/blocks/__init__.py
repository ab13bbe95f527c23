"""Parts of network configurations: base classes, fields and layers that several architectures share.

Imports `inputs`, and the sections of `config`."""
