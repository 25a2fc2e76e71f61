"""Figures that a plan wants to reach: "100% thôn có cụm loa", "ít nhất 02 lớp". Pure."""

import re

from vang.library.official.folding import flat
from vang.plans.recognition.rows import Target

_NUMBER = r"(?P<n>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)"
_LEAST = r"(?:(?:it\s+nhat|toi\s+thieu|tren|dat(?:\s+tu)?|phan\s+dau(?:\s+dat)?|khoang)\s+)*"
_PERCENT = re.compile(rf"(?P<all>{_LEAST}{_NUMBER}\s*%(?:\s*(?:tro\s+len|-\s*\d+\s*%))?)")
_COUNTED = re.compile(
    rf"(?P<all>{_LEAST}{_NUMBER}\s+(?P<unit>lop|cuoc|buoi|tin\s*,?\s*bai|tin|bai|chuyen\s+muc|chuyen\s+de|chuong\s+trinh"
    r"|cum\s+loa|cum|dai|bang\s+ron|pa\s*no|to\s+roi|so|ky|luot|can\s+bo|nguoi|hoi\s+nghi|san\s+pham|video|phong\s+su"
    r"|mo\s+hinh|thon|xa|phuong|dot|ban|hoc\s+vien|phut|gio)(?!\w)(?:\s*/\s*(?:nam|thang|quy|tuan|ngay))?)"
)


def targets_in(text: str) -> tuple[Target, ...]:
    """Shares, and counted things behind which stands what is counted."""
    folded = flat(text)
    found = [*_PERCENT.finditer(folded), *_COUNTED.finditer(folded)]
    found.sort(key=re.Match.start)
    return tuple(_target(text, one) for one in found)


def _target(text: str, found: re.Match[str]) -> Target:
    start, end = found.span("all")
    unit_at = found.span("unit") if "unit" in found.re.groupindex else None
    unit = " ".join(text[slice(*unit_at)].split()) if unit_at else "%"
    number = float(found["n"].replace(".", "").replace(",", "."))
    return Target(" ".join(text[start:end].split()), number, unit)
