"""Which document a line means: by its number, whatever the spelling around it. Pure."""

import re

from vang.base.text import fold
from vang.library.official.numbers import find_bare_number, find_number

_LAW = re.compile(r"\b\d{1,3}/(?:19|20)\d{2}/QH\d{1,2}\b", re.IGNORECASE)


def number_in(words: str) -> str:
    """The number and symbol in the line as people write it; "" where there is none."""
    if law := _LAW.search(words):
        return law[0].upper()
    number = find_number(words) or find_bare_number(words)
    return number.text if number is not None and number.digits else ""


def key_of(number: str) -> str:
    """The same for "52/2016/QĐ-TTg", "52 / 2016 / QĐ–TTG" and "052/2016/qd-ttg"."""
    plain = re.sub(r"\s+", "", fold(number)).replace("–", "-")
    return plain.lstrip("0")[:60]
