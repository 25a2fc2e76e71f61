"""Đài mẫu: a small radio station of the demonstration's own, so that a relay can be really heard.

It says of itself what it is, listens on this computer only, and is never started for an
installation in earnest.
"""

HOST = "127.0.0.1"
NAME = "Đài mẫu (trình diễn)"
PATHS = ("/nguon-1.mp3", "/nguon-2.mp3")
"""Its two sources: the same programme, by two announcers' words and tunes that tell them apart."""
