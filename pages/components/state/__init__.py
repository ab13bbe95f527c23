"""What sessions share and pages keep: the workspace, cached reads, the selection in the URL, the draft, run histories.

Imports `file_layout` and `shared`."""
