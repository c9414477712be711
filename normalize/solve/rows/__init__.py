"""A table whose boxes stand in rows in the form's order: rows are known, and columns are only counted."""
