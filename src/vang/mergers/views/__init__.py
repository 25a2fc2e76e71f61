"""Pages of administrative units through time."""
