"""What is typed into the register of equipment, by what it is about."""
