"""Where a cluster stands, as people copy it from a map on their telephone. Pure."""

import re

from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal

SOUTH, NORTH, WEST, EAST = 6.0, 24.0, 102.0, 118.0
"""Degrees (WGS 84): Vietnam with its islands."""
Position = tuple[float, float]
_NUMBERS = re.compile(r"(\d{1,3}(?:\.\d{1,15})?)°?[NB]?[\s,;]+(\d{1,3}(?:\.\d{1,15})?)°?[EĐ]?")


def parse_position(text: str) -> Position | None:
    """ "15.7012, 108.2123", latitude first, also with decimal commas; None for nothing.

    Raises Refusal.
    """
    plain = text.strip().upper()
    if not plain:
        return None
    if ";" in plain or re.fullmatch(r"\d+,\d+\s+\d+,\d+", plain):
        plain = plain.replace(",", ".")
    found = _NUMBERS.fullmatch(plain)
    if found is None:
        raise Refusal("position-unread", _("Write latitude and longitude: 15.7012, 108.2123"))
    latitude, longitude = float(found[1]), float(found[2])
    if _inside(longitude, latitude):
        raise Refusal("position-swapped", _("The latitude comes first: 15.7012, 108.2123"))
    if not _inside(latitude, longitude):
        raise Refusal("position-abroad", _("This place does not lie in Vietnam."))
    return latitude, longitude


def _inside(latitude: float, longitude: float) -> bool:
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def written_position(latitude: float | None, longitude: float | None) -> str:
    """As it is read back; "" where nobody entered it."""
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"
