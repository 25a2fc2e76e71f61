"""Pages of forms, rounds and reports."""
