"""Live voices: taken from a source, made even, encoded once, stamped, signed, sent, recorded."""
