"""Taking one numbered section out of an official document in the NĐ 30/2020 layout."""

import re

_HEADING = re.compile(r"^\s*([IVXLC]+|\d+)\s*[.)]\s+\S", re.MULTILINE)


class NoSuchSection(Exception):
    """The document has no section of that number; the text lists those it has."""


def section(text: str, number: str) -> str:
    """The section headed ``number`` ("I", "V", "3"), heading included, up to the next of its kind.

    Raises NoSuchSection.
    """
    wanted = number.strip().rstrip(".").upper()
    headings = [h for h in _HEADING.finditer(text) if h[1].isdecimal() == wanted.isdecimal()]
    for place, heading in enumerate(headings):
        if heading[1] == wanted:
            end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
            return text[heading.start() : end].strip()
    known = ", ".join(dict.fromkeys(h[1] for h in headings)) or "none"
    raise NoSuchSection(f"There is no section {number}; the file has: {known}.")
