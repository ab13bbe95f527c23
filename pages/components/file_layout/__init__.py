"""How an uploaded file is read: dialect, sheet, target, found from its content or chosen by the analyst.

Imports `shared`."""
