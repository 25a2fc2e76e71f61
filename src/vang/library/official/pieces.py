"""Pieces of lines: the columns of a head or foot that extraction put on one line are apart again.

Every line is cut at tabs, wide gaps and cell rules; near the beginning also at what can only be a
piece of its own: the State's name, its motto, the number, place and date, "V/v", "Kính gửi".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from vang.library.formats.lines import Kind as LineKind
from vang.library.formats.lines import Line, Side
from vang.library.official.dates import place_and_date
from vang.library.official.folding import flat, is_capitals, mended, squeezed
from vang.library.official.kinds import kind_alone, kind_leading, kind_resembling
from vang.library.official.numbers import find_number

_HEAD_PIECES = 60
_GAP = re.compile(r"\t+|\s{3,}|\s*\|\s*")
_ROOM_AFTER = re.compile(r"\b([Nn]gày|[Tt]háng|[Nn]ăm|[Ss]ố\s*:?)\s{2,}(?=[\d/.…_-]|tháng|năm|$)")
_ROOM_BEFORE = re.compile(r"(?<=[\d.…_])\s{2,}(tháng|năm|/[A-ZĐ\d])")
_RULE = re.compile(r"[\W_]*")
_NATION = re.compile(
    r"(?:nuoc\s+)?cong\s*ho[a4]\s*xa\s*h[o0]i\s*chu\s*ng\w{0,6}\s*vi[e3]t\s*nam"
    r"|cong\s*hoa\s*xa\s*hoi(?=\s*$)|^\s*chu\s*ng\w{2,6}\s*viet\s*nam"
)
_MOTTO = re.compile(
    r"doc\s*[il1]ap\s*[\W_]*\s*tu\s*do\s*[\W_]*\s*hanh\s*phuc|^\s*doc\s*lap\s*[\W_]*\s*tu\s*do\W*$"
    r"|^\W*hanh\s*phuc\W*$"
)
_PARTY = re.compile(r"dang\s*cong\s*san\s*viet\s*nam")
_ABOUT = re.compile(r"(?:^|(?<=\s))[\"“(]?v\s*/\s*v\b\s*:?")
_ADDRESS = re.compile(r"(?:^|(?<=\s))kinh\s*gui\s*[:;.]|^\W*kinh\s*gui\b|^\W*dien\s*:")
_STANDING = re.compile(
    r"(?:t\s*[./]?\s*m|k\s*[./]?\s*t|t\s*[./]?\s*l|t\s*[./]?\s*u\s*[./]?\s*q|q)[./\s]"
    r"|(?:pho|truong|chu tich|bi thu|giam doc|chanh|hieu truong|bo truong|quyet dinh|quyet nghi"
    r"|phu luc|chi huy|vien truong|cong chuc|hoi dong|uy ban|thu tuong)\b"
)
_MARK = re.compile(
    r"(?<!\w)(?<!BẢO )(?<!BÍ )(?<!CƠ )(?<!LẬP )(?:HỎA TỐC(?: HẸN GIỜ)?|HOẢ TỐC(?: HẸN GIỜ)?"
    r"|THƯỢNG KHẨN|TUYỆT MẬT|TỐI MẬT|MẬT(?! MÃ)|KHẨN(?! CẤP))(?!\w)"
)
_TITLES = ("cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc")


class Role(StrEnum):
    """What a piece can only be."""

    PLAIN = "plain"
    NATION = "nation"
    MOTTO = "motto"
    PARTY = "party"
    NUMBER = "number"
    PLACE_DATE = "place-date"
    ABOUT = "about"
    ADDRESS = "address"
    KIND = "kind"
    MARK = "mark"
    RULE = "rule"


@dataclass(frozen=True)
class Piece:
    """``line`` is the place of its line in the document; ``cut`` says that it was part of one,
    ``spot`` where the page is known that line's page and height."""

    text: str
    line: int
    side: Side = Side.WHOLE
    role: Role = Role.PLAIN
    bold: bool = False
    centred: bool = False
    begins: bool = True
    cut: bool = False
    spot: tuple[int, float] = (0, 0.0)


_TITLED = {Role.NATION, Role.MOTTO, Role.PARTY}


def pieces_of(lines: Sequence[Line]) -> list[Piece]:
    """All pieces in order, empty ones left out."""
    found: list[Piece] = []
    heading = True
    for place, line in enumerate(lines):
        if line.kind in {LineKind.NOTE, LineKind.FOOTER}:
            continue
        for piece in _at_gaps(line, place):
            parts = list(_at_anchors(piece)) if heading else [_addressed(piece)]
            for part in parts:
                heading = heading and part.role not in {Role.ADDRESS, Role.KIND}
                found.append(part)
        heading = heading and len(found) < _HEAD_PIECES
    return raised([_ruled(piece) for piece in _back_to_the_left(found) if piece.text])


def _back_to_the_left(found: Sequence[Piece]) -> list[Piece]:
    """Where the columns of a head touch, the last word of the left one was taken for the right:
    it stands before the State's name or motto on a height that the left column has too."""
    told = list(found)
    for place in range(1, len(told)):
        strayed, title = told[place - 1], told[place]
        if title.role not in _TITLED or strayed.line != title.line or strayed.side != Side.RIGHT:
            continue
        for n, piece in enumerate(told[:place]):
            if piece.side == Side.LEFT and piece.spot == strayed.spot and strayed.spot[1]:
                told[n] = replace(piece, text=f"{piece.text} {strayed.text}")
                told[place - 1] = replace(strayed, text="")
    return told


def _addressed(piece: Piece) -> Piece:
    """Below the kind and what it is about somebody may be addressed: in a request, a telegram."""
    told = _ADDRESS.match(flat(piece.text)) and piece.line < _HEAD_PIECES
    return replace(piece, role=Role.ADDRESS) if told else piece


def raised(pieces: Sequence[Piece]) -> list[Piece]:
    """Fonts from before Unicode show small letters as capitals. Where even the State's name is
    small, what stands alone as heads, posts and marks do is told in capitals."""
    titles = [p.text for p in pieces if p.role in {Role.NATION, Role.PARTY}]
    if not titles or any(letter.isupper() for letter in titles[0]):
        return list(pieces)
    kind = next((n for n, p in enumerate(pieces) if kind_alone(p.text)), len(pieces))
    return [_raised(piece, n, kind) for n, piece in enumerate(pieces)]


def _raised(piece: Piece, place: int, kind: int) -> Piece:
    alone = len(piece.text) < 80 and not any(letter.isupper() for letter in piece.text)
    if place == kind:
        return replace(piece, text=piece.text.upper(), role=Role.KIND)
    if not alone or piece.role != Role.PLAIN:
        return piece
    in_head = place < kind and place < _HEAD_PIECES
    if in_head or _STANDING.match(flat(piece.text)):
        return replace(piece, text=piece.text.upper())
    return piece


def _ruled(piece: Piece) -> Piece:
    return replace(piece, role=Role.RULE) if _RULE.fullmatch(piece.text) else piece


def _at_gaps(line: Line, place: int) -> Iterator[Piece]:
    texts = line.cells or _GAP.split(_without_blanks(line.text.strip()))
    texts = [mended(text) for text in texts if text.strip()]
    sides = _sides(line, len(texts))
    for text, side in zip(texts, sides, strict=True):
        yield Piece(
            squeezed(text),
            place,
            side,
            bold=line.bold,
            centred=line.centred,
            begins=line.begins,
            cut=len(texts) > 1,
            spot=(line.page, line.top),
        )


def _without_blanks(text: str) -> str:
    """Room left for a number or a day by hand is no gap between columns."""
    return _ROOM_BEFORE.sub(r" \1", _ROOM_AFTER.sub(r"\1 ", text))


def _sides(line: Line, count: int) -> list[Side]:
    if count == 2 and line.side == Side.WHOLE:
        return [Side.LEFT, Side.RIGHT]
    if count == 1 and line.side == Side.WHOLE and len(line.text) - len(line.text.lstrip()) > 25:
        return [Side.RIGHT]
    return [line.side] * count


def _at_anchors(piece: Piece) -> Iterator[Piece]:
    """The piece cut at what can only be a piece of its own."""
    span = _first_anchor(piece.text)
    if span is None:
        yield from _at_kind(piece)
        return
    start, end, role = span
    before, inside, after = piece.text[:start], piece.text[start:end], piece.text[end:]
    cut = piece.cut or bool(before.strip() or after.strip())
    if before.strip():
        yield from _at_kind(replace(piece, text=before.strip(), cut=True))
    yield replace(piece, text=inside.strip(), role=role, cut=cut)
    if after.strip():
        yield from _at_anchors(replace(piece, text=after.strip(), cut=True))


def _at_kind(piece: Piece) -> Iterator[Piece]:
    if piece.side == Side.LEFT:
        yield replace(piece, role=_resembling(piece.text))
        return
    if kind_alone(piece.text) and (is_capitals(piece.text) or piece.centred or piece.bold):
        yield replace(piece, role=Role.KIND)
        return
    if kind_resembling(piece.text):
        yield replace(piece, role=Role.KIND)
        return
    leading = kind_leading(piece.text)
    rest = piece.text[leading[1] :] if leading else ""
    if rest and not _is_a_number(rest):
        yield replace(piece, text=piece.text[: len(piece.text) - len(rest)].strip(), role=Role.KIND)
        yield replace(piece, text=rest.strip(), cut=True)
        return
    yield replace(piece, role=_resembling(piece.text))


def _is_a_number(rest: str) -> bool:
    return re.match(r"so\b|\d", flat(rest)) is not None


def _resembling(text: str) -> Role:
    """A title with slips of the keyboard or of text recognition is still that title."""
    told = " ".join(re.sub(r"[\W_]+", " ", flat(text)).split())
    if not 15 < len(told) < 45:
        return Role.PLAIN
    for title, role in zip(_TITLES, (Role.NATION, Role.MOTTO), strict=True):
        if SequenceMatcher(None, told, title).ratio() > 0.8:
            return role
    return Role.PLAIN


def _first_anchor(text: str) -> tuple[int, int, Role] | None:
    """The anchor that begins first. What is about or addressed reaches to the next anchor."""
    folded = flat(text)
    spans = [
        (found.start(), found.end(), role)
        for pattern, role in ((_NATION, Role.NATION), (_MOTTO, Role.MOTTO), (_PARTY, Role.PARTY))
        if (found := pattern.search(folded))
    ]
    if mark := _MARK.search(text):
        spans.append((*mark.span(), Role.MARK))
    number, dated = find_number(text), place_and_date(text)
    if number is not None:
        spans.append((number.start, number.end, Role.NUMBER))
    if dated is not None:
        spans.append((dated.start, dated.end, Role.PLACE_DATE))
    addressed = _ADDRESS.search(folded)
    if addressed is not None:
        spans.append((addressed.start(), len(text), Role.ADDRESS))
    if about := _ABOUT.search(folded):
        later = [start for start, _end, _role in spans if start > about.start()]
        spans.append((about.start(), min(later, default=len(text)), Role.ABOUT))
    return min(spans, default=None)
