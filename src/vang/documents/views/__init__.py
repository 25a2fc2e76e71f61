"""Pages of the register and of campaigns."""
