"""Telling people, in the page and by e-mail, what concerns them."""
