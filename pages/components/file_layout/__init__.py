"""Layout of an uploaded file: dialect, sheet, target; detected from the content or chosen by the analyst.

Imports `shared`."""
