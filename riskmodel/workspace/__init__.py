"""The workspace: sources, datasets, runs, searches and scored files in one private folder with one database.

Imports `config`, `scoring`, `sizing`, `tables` and `training`; no Keras.

Example:
    >>> import tempfile
    >>> from riskmodel.workspace.workspace import Workspace
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Workspace.open(folder).runs.list()
    []
"""
