"""Kho nội dung: what units offer one another and ask of one another, and where it came from."""
