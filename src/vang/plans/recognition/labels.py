# ruff: noqa: E501, ISC004 - patterns set like tables
"""Lines that tell one thing of the task above them: "Cơ quan chủ trì: Sở Nội vụ". Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from vang.library.official.folding import flat


class About(StrEnum):
    """What the line tells."""

    LEAD = "lead"
    COOPERATING = "cooperating"
    TIME = "time"
    PRODUCT = "product"
    MORE = "more"
    OTHER = "other"


_WHO = r"(?:cac\s+)?(?:co\s+quan|don\s+vi|bo\s+phan|nguoi|to\s+chuc|co\s+quan\s*,\s*don\s+vi)"
_PATTERNS = (
    (About.LEAD, rf"(?:{_WHO}\s+)?(?:chu\s+tri(?:\s+(?:thuc\s+hien|tham\s+muu))?|(?:chiu\s+)?trach\s+nhiem(?:\s+(?:chinh|thuc\s+hien))?"
     r"|phu\s+trach|dau\s+moi)"
     rf"|{_WHO}\s+(?:thuc\s+hien|to\s+chuc|tham\s+muu|duoc\s+giao)|phan\s+cong(?:\s+thuc\s+hien)?|to\s+chuc\s+thuc\s+hien"),
    (About.COOPERATING, rf"(?:{_WHO}\s+)?(?:phoi\s+hop(?:\s+thuc\s+hien)?)"),
    (About.TIME, r"thoi\s+(?:gian|han|diem)(?:\s+(?:thuc\s+hien|hoan\s+thanh|to\s+chuc|trien\s+khai|du\s+kien))?"
     r"|tien\s+do(?:\s+(?:thuc\s+hien|hoan\s+thanh))?|han\s+hoan\s+thanh|hoan\s+thanh"),
    (About.PRODUCT, r"(?:san\s+pham|ket\s+qua|dau\s+ra)(?:\s+(?:dau\s+ra|du\s+kien|dat\s+duoc|can\s+dat|thuc\s+hien))?"),
    (About.MORE, r"noi\s+dung(?:\s+(?:thuc\s+hien|cu\s+the|cong\s+viec))?|cach\s+(?:lam|thuc\s+hien)|quy\s+mo|muc\s+tieu|yeu\s+cau|giai\s+phap"),
    (About.OTHER, r"(?:du\s+kien\s+|nguon\s+)?kinh\s+phi(?:\s+thuc\s+hien)?|dia\s+diem|doi\s+tuong|thanh\s+phan|hinh\s+thuc"
     r"|so\s+luong|ghi\s+chu"),
)  # fmt: skip
_LABELS = tuple(
    (about, re.compile(rf"\s*\(?(?:{words})\s*(?::|-\s|–\s)\s*(?=\S)"))
    for about, words in _PATTERNS
)
_LONGEST = 400
_INSIDE = re.compile(
    r"[;.,(]\s*(?=(?:co\s+quan|don\s+vi|thoi\s+(?:gian|han)|phoi\s+hop|chu\s+tri)[^:;.]{0,30}:)"
)


@dataclass(frozen=True)
class Label:
    """``start`` is where the words after the colon begin in the paragraph's text."""

    about: About
    text: str
    start: int


def label_of(text: str, start: int = 0) -> Label | None:
    """The label with which the text begins from ``start`` on."""
    if len(text) - start > _LONGEST:
        return None
    folded = flat(text)
    for about, pattern in _LABELS:
        found = pattern.match(folded, start)
        if found is not None:
            return Label(about, text[found.end() :], found.end())
    return None


def labels_in(text: str, start: int = 0) -> list[Label]:
    """Several on one line: "Đơn vị chủ trì: …; thời gian: Quý I"."""
    first = label_of(text, start)
    if first is None:
        return []
    folded, found = flat(text), [first]
    for cut in _INSIDE.finditer(folded, first.start):
        more = label_of(text, cut.end())
        if more is None:
            continue
        last = found.pop()
        found += [Label(last.about, text[last.start : cut.start()], last.start), more]
    return [Label(one.about, one.text.strip(" ;.,()"), one.start) for one in found]
