"""Reads formats with typed cells: Parquet, Arrow, SAS, SPSS, Stata.

Imports `text`."""
