"""A whole channel, as small as one can be: the example for whoever writes the next.

Put a directory like this one beside ``src/vang/channels/portal`` and it is found, offered in the
settings, given a delivery for each release, worked off, tried again and shown to staff.
"""
