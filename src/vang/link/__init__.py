"""The push process: hints to nodes, states from nodes, and the time of day. No database here."""
