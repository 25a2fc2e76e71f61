"""What the server and a speaker node must agree on: bytes, rules and reason codes.

Pure: no I/O, no clock, no framework. ``docs/en/protocol.md`` describes the same in prose.
"""
