"""The workspace: sources, datasets, runs, searches and scored files in one private folder with one database.

Imports `training` for its result types and the packages below it; no Keras.

Example:
    >>> import tempfile
    >>> from riskmodel.workspace.workspace import Workspace
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Workspace.open(folder).runs.list()
    []
"""
