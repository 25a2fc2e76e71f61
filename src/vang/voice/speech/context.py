"""What stands beside a match: the rules look only a few words to either side."""

import re

_REACH = 48

ADDRESS_WORDS = frozenset(
    {"số", "nhà", "hẻm", "kiệt", "ngõ", "ngách", "thửa", "lô", "tờ", "phòng", "căn"}
    | {"tổ", "block", "tỷ", "tỉ", "lệ", "lớp", "điểm"}
)
"""Words after which "a/b" is an address, a class or a scale: neither a day nor a fraction."""


def before(match: re.Match[str]) -> str:
    """The text just before the match, at most 48 characters."""
    return match.string[max(0, match.start() - _REACH) : match.start()]


def after(match: re.Match[str]) -> str:
    """The text just after the match, at most 48 characters."""
    return match.string[match.end() : match.end() + _REACH]


def last_word(text: str) -> str:
    """The last word of the text in lower case, "" if something other than spaces follows it."""
    found = re.search(r"(\w{1,20})\s?\Z", text)
    return found[1].lower() if found else ""


def first_word(text: str) -> str:
    """The first word of the text as written, "" if something other than spaces precedes it."""
    found = re.match(r"\s?(\w{1,20})", text)
    return found[1] if found else ""
