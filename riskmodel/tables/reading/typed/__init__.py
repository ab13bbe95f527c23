"""Reads formats with typed cells: Parquet, Arrow, SAS, SPSS, Stata.

Imports `schema`, `reading.text` and what these import."""
