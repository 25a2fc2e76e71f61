"""A voice that is spoken now: its frames received, put in order, and heard at their times."""
