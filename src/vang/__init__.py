"""Vang: grassroots public information, from the officer's desk to the village loudspeaker."""

__version__ = "0.1.0"
