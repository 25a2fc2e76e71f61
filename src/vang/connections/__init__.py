"""Kết nối: what other systems may read from this one and bring to it, through a JSON API."""
