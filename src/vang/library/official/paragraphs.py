"""Paragraphs of a text whose lines were broken by hand or by extraction. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from vang.library.official.folding import flat, is_capitals, squeezed
from vang.library.official.pieces import Piece, Role

_LONG_LINE = 50
_MARK = re.compile(
    r"\W*(?:[-–+•*]\s|\d{1,2}(?:\.\d{1,2})*\s*[.)](?=\s)|[a-z]\s*[.)]\s|[ivx]{1,5}\s*[.)]\s"
    r"|(?:dieu|chuong|muc|phan)\s|can cu\b|xet\b|theo de nghi\b|noi nhan|kinh gui)"
)


def paragraphs(pieces: Sequence[Piece]) -> list[Piece]:
    """Each paragraph as one piece at the place of its first line."""
    told: list[Piece] = []
    for piece in pieces:
        if piece.role == Role.RULE:
            continue
        if told and _goes_on(told[-1], piece):
            told[-1] = replace(told[-1], text=squeezed(f"{told[-1].text} {piece.text}"))
        else:
            told.append(piece)
    return told


def _goes_on(before: Piece, piece: Piece) -> bool:
    if not piece.begins:
        return True
    if before.text.rstrip().endswith((".", ";", ":", "./", "!", "?")):
        return False
    if _MARK.match(flat(piece.text)) or is_capitals(piece.text) or before.bold != piece.bold:
        return False
    return piece.text[:1].islower() or piece.text[:1].isdigit() or len(before.text) > _LONG_LINE
