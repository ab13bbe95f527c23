"""One page per step of the workflow.

Imports `pages.components` and, for values, `riskmodel`.
"""
