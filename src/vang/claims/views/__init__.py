"""Pages of the register of claims."""
