"""Pages of the air: the day, placing, programmes, the allowed hours."""
