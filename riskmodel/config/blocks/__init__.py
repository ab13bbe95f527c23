"""Parts of network configurations: base classes, fields and layers that several architectures share.

Imports `field` and `sections`."""
