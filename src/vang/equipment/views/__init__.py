"""Pages of the register of equipment."""
