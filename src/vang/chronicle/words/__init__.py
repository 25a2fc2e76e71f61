"""The words of the acts, one file a kind of work."""
