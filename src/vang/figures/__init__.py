"""Số liệu phát thanh: what was heard where, when and over which channels, to look at."""
