"""Pages of the pool."""
