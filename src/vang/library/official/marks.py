"""Marks of urgency and secrecy, which stand alone in the head. Pure."""

import re
from collections.abc import Sequence

from vang.library.formats.lines import Side
from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, is_capitals
from vang.library.official.pieces import Piece, Role

_HEAD_LINES = 30
_LONGEST = 60
_SORT = r"(?:(?:cong dien|cong van|dien|do)\s*[-–:]?\s*)?"
_DEGREE = r"(?:do\s*mat\s*:?\s*)?"
_URGENCY = {
    "Hỏa tốc hẹn giờ": r"hoa\s*toc\s*hen\s*gio\b.{0,40}",
    "Hỏa tốc": rf"{_SORT}hoa\s*toc",
    "Thượng khẩn": r"thuong\s*khan",
    "Khẩn": rf"{_SORT}khan(?:\s*cap)?",
}
_SECRECY = {
    "Tuyệt mật": rf"{_DEGREE}tuyet\s*mat",
    "Tối mật": rf"{_DEGREE}toi\s*mat",
    "Mật": rf"{_DEGREE}mat(?:\W+ban so\b.{{0,20}})?",
    "Lưu hành nội bộ": r"(?:tai lieu\s*)?luu hanh noi bo|tai lieu noi bo",
    "Không phổ biến": r"khong pho bien|khong dang (?:tai|cong khai)\b.{0,40}",
}
INTERNAL = frozenset({"Lưu hành nội bộ", "Không phổ biến"})
"""Marks that forbid publishing without being degrees of state secrecy."""


def mark_fields(pieces: Sequence[Piece]) -> list[Field]:
    """At most one mark of each sort. A secret mark is told at the slightest sign."""
    head = [p for p in pieces if p.line < _HEAD_LINES and len(p.text) < _LONGEST]
    found = _first(Name.SECRECY, _SECRECY, head), _first(Name.URGENCY, _URGENCY, head)
    return [field for field in found if field is not None]


def _first(name: Name, marks: dict[str, str], head: Sequence[Piece]) -> Field | None:
    for value, pattern in marks.items():
        whole = re.compile(rf"\W*(?:{pattern})\W*")
        for piece in head:
            bare = piece.role == Role.KIND and whole.search(flat(piece.text), 6)
            if (bare or whole.fullmatch(flat(piece.text))) and _stands_out(piece, name):
                sure = is_capitals(piece.text) and (not piece.cut or piece.side != Side.WHOLE)
                confidence, doubt = (0.95, None) if sure else (0.7, Doubt.UNUSUAL)
                return Field(name, value, confidence, piece.text, piece.line, doubt)
    return None


def _stands_out(piece: Piece, name: Name) -> bool:
    """Capitals, or for secrecy also a capital letter: better a warning too many."""
    first = piece.text.strip("( *")[:1]
    return is_capitals(piece.text) or (name == Name.SECRECY and first.isupper())
