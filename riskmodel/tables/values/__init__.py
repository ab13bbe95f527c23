"""Interprets single cells: numbers, dates, currencies, outcomes, special codes, spreadsheet formulas.

Imports `arrow`."""
