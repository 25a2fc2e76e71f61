"""CAP 1.2, the Common Alerting Protocol of OASIS: read, checked, written, signed. Pure."""
