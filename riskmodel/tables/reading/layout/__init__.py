"""Where a table lies among titles, totals and notes, and which delimiter separates its cells.

Works on rows of strings from texts and sheets; imports no other package."""
