"""Pages of faults and repairs."""
