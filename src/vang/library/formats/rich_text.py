"""An RTF file as lines, by striprtf."""

from typing import Any

from striprtf import striprtf

from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Line


def lines_of_rtf(content: bytes) -> list[Line]:
    """Raises Unreadable."""
    try:
        to_text: Any = striprtf.rtf_to_text
        text: str = to_text(content.decode("latin-1"), errors="replace")
    except (ValueError, LookupError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable(Code.DAMAGED, repr(error)) from error
    return [Line(line.replace("|", " | ") if "|" in line else line) for line in text.split("\n")]
