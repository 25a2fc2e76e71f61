"""A document as lines → its parts, each with a passage and how sure it is. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from vang.library.formats.lines import Line
from vang.library.official.abstracts import abstract_field
from vang.library.official.addressees import addressee_fields
from vang.library.official.bases import basis_fields
from vang.library.official.dates import Dated, place_and_date, signing_day
from vang.library.official.fields import LONGEST_PASSAGE, Doubt, Field, Name, Official
from vang.library.official.folding import flat, is_capitals, squeezed
from vang.library.official.issuers import completed, issuer_fields
from vang.library.official.kinds import LETTER, kind_alone, kind_of_sign, kind_resembling
from vang.library.official.marks import mark_fields
from vang.library.official.numbers import Number, find_bare_number, find_number
from vang.library.official.pieces import Piece, Role, pieces_of
from vang.library.official.sections import sections_of
from vang.library.official.signatures import foot_of

_LONGEST_HEAD = 45
_NEAR = 16
_YEARS = range(1945, 2100)
_DECIDES = re.compile(r"\W*(?:quyet dinh|quyet nghi|chi thi|nghi quyet|ra quyet nghi)\s*:\s*$")
_TITLE = re.compile(r"(?:ve viec|ve\s|ban hanh|phe duyet|quy dinh|v/v|cong bo)")
_APPENDIX = re.compile(r"^\W*(?:phu luc|bieu mau|mau so|danh muc kem|danh sach kem)\b")
_ATTACHED = re.compile(r"^\W*\(?\s*(?:kem theo|ban hanh kem theo|dinh kem)\b")


@dataclass(frozen=True)
class _Numbered:
    number: Number
    piece: Piece


@dataclass(frozen=True)
class _Kinded:
    """``place`` is that of the piece which names the kind, None when it was inferred."""

    name: str
    place: int | None


def recognise(lines: Sequence[Line]) -> Official:
    """Everything that can be told of the document; nothing is invented."""
    pieces = pieces_of(lines)
    end = _head_end(pieces)
    head = pieces[:end]
    party = _is_party(head)
    numbered = _number(head, pieces)
    kind = _kind(pieces, numbered)
    marks = mark_fields(pieces)
    signs = numbered.number.signs if numbered else ()
    issuers = issuer_fields(_issuer_zone(head), signs, {mark.passage for mark in marks})
    issuer = issuers[-1].passage if issuers else ""
    title = _title(pieces[:_LONGEST_HEAD]) if kind is None or kind.place is None else kind.place
    abstract = abstract_field(pieces, title, issuer)
    issuers = completed(issuers, pieces[: end + _NEAR])
    main, appendices = _without_appendices(pieces, end)
    foot = foot_of(main[max(end, _decided(main)) :])
    first = _first_of_body(pieces, abstract, kind, end)
    last = foot.first - 1 if foot.first is not None else (main[-1].line if main else 0)
    fields = [
        *marks,
        *issuers,
        *_number_field(numbered, kind),
        *_date_fields(head, pieces),
        *_kind_field(kind, pieces, numbered),
        *([abstract] if abstract else []),
        *addressee_fields(pieces),
        *basis_fields([piece for piece in main if piece.line >= first]),
        *foot.fields,
        *appendices,
    ]
    told = tuple(replace(f, passage=f.passage[:LONGEST_PASSAGE]) for f in fields if f.value)
    first = min(first, max(last, 0))
    return Official(told, tuple(sections_of(lines, first, last)), first, max(last, first), party)


# the head


def _head_end(pieces: Sequence[Piece]) -> int:
    """The place after the head: where the kind is named, somebody is addressed, or it is over."""
    for place, piece in enumerate(pieces[:_LONGEST_HEAD]):
        if piece.role in {Role.KIND, Role.ADDRESS}:
            return place
    anchors = [n for n, piece in enumerate(pieces[:_LONGEST_HEAD]) if piece.role not in {
        Role.PLAIN, Role.RULE}]  # fmt: skip
    return anchors[-1] + 1 if anchors else 0


def _decided(pieces: Sequence[Piece]) -> int:
    """The place after "QUYẾT ĐỊNH:", before which nobody signs."""
    places = (n for n, piece in enumerate(pieces) if _DECIDES.match(flat(piece.text)))
    return next(places, -1) + 1


def _title(pieces: Sequence[Piece]) -> int | None:
    """The place before a title that stands below number and date without a kind above it."""
    seen: set[Role] = set()
    for place, piece in enumerate(pieces):
        if piece.role in {Role.ADDRESS, Role.ABOUT}:
            return None
        if {Role.NUMBER, Role.PLACE_DATE} <= seen and _TITLE.match(flat(piece.text)):
            return place - 1
        seen.add(piece.role)
    return None


def _is_party(head: Sequence[Piece]) -> bool:
    roles = {piece.role for piece in head}
    return Role.PARTY in roles and Role.NATION not in roles


def _issuer_zone(head: Sequence[Piece]) -> list[Piece]:
    """The head up to what the document is about, and near the State's name when that stands far
    below: text copied from a web page begins with the page's own lines."""
    about = (n for n, piece in enumerate(head) if piece.role == Role.ABOUT)
    title = _title(head)
    zone = list(head[: next(about, len(head) if title is None else title + 1)])
    named = next((n for n, p in enumerate(zone) if p.role in {Role.NATION, Role.PARTY}), 0)
    return zone[max(0, named - _NEAR // 2) :]


def _number(head: Sequence[Piece], pieces: Sequence[Piece]) -> _Numbered | None:
    """The document's own number: with its word in the head, else bare there."""
    for piece in head:
        if piece.role == Role.NUMBER and (found := find_number(piece.text)):
            return _Numbered(found, piece)
    for before, after in pairwise(head):
        joint = re.fullmatch(r"\W*so\W*\d*\W*", flat(before.text))
        if joint and (found := find_number(f"{before.text} {after.text}")):
            return _Numbered(found, after)
    for piece in head or pieces[:10]:
        bare = piece.role == Role.PLAIN and len(piece.text) < 60
        if bare and (found := find_bare_number(piece.text)):
            return _Numbered(found, piece)
    return None


def _number_field(numbered: _Numbered | None, kind: _Kinded | None) -> Iterator[Field]:
    if numbered is None:
        return
    number, piece = numbered.number, numbered.piece
    confidence, doubt = 0.97, None
    if not number.digits:
        confidence, doubt = 0.5, Doubt.BLANK
    elif not number.anchored:
        confidence, doubt = 0.7, Doubt.GUESSED
    elif not _agrees(numbered, kind):
        confidence, doubt = 0.75, Doubt.CONTRADICTS
    yield Field(Name.NUMBER, number.text, confidence, piece.text, piece.line, doubt)


def _agrees(numbered: _Numbered, kind: _Kinded | None) -> bool:
    """Whether the sign of the kind, where there is one, is that of the kind named."""
    signed = _signed_kind(numbered)
    return kind is None or signed is None or kind.place is None or signed == kind.name


def _signed_kind(numbered: _Numbered | None) -> str | None:
    if numbered is None:
        return None
    number = numbered.number
    return kind_of_sign(number.signs[0], party=number.party)


# the kind


def _kind(pieces: Sequence[Piece], numbered: _Numbered | None) -> _Kinded | None:
    for place, piece in enumerate(pieces[: 2 * _LONGEST_HEAD]):
        if piece.role == Role.KIND and not _DECIDES.match(flat(piece.text)):
            name = kind_alone(piece.text) or kind_resembling(piece.text)
            return _Kinded(name or LETTER, place)
        if piece.role == Role.ADDRESS:
            break
    signed = _signed_kind(numbered)
    if signed is not None:
        return _Kinded(signed, None)
    addressed = any(piece.role in {Role.ADDRESS, Role.ABOUT} for piece in pieces[:_LONGEST_HEAD])
    return _Kinded(LETTER, None) if addressed and numbered else None


def _kind_field(
    kind: _Kinded | None, pieces: Sequence[Piece], numbered: _Numbered | None
) -> Iterator[Field]:
    if kind is None:
        return
    if kind.place is not None:
        piece = pieces[kind.place]
        agrees = numbered is None or _agrees(numbered, kind)
        confidence, doubt = (0.96, None) if agrees else (0.75, Doubt.CONTRADICTS)
    else:
        piece = numbered.piece if numbered else pieces[0]
        letter = kind.name == LETTER
        confidence, doubt = (0.9, None) if letter else (0.7, Doubt.GUESSED)
    yield Field(Name.KIND, kind.name, confidence, piece.text, piece.line, doubt)


# place and date


def _date_fields(head: Sequence[Piece], pieces: Sequence[Piece]) -> Iterator[Field]:
    found = _dated(head, in_head=True) or _dated(pieces[:60], in_head=False)
    if found is None:
        yield from _stamped(pieces)
        return
    dated, piece, in_head = found
    if dated.place:
        sure = in_head and len(dated.place.split()) < 6
        doubt = None if sure else Doubt.ELSEWHERE
        yield Field(Name.PLACE, dated.place, 0.95 if sure else 0.6, piece.text, piece.line, doubt)
    if dated.on is None:
        yield from _unfinished(dated, piece, pieces)
        return
    confidence, day_doubt = _confidence(dated, in_head=in_head)
    told = dated.on.isoformat()
    yield Field(Name.ISSUED_ON, told, confidence, piece.text, piece.line, day_doubt)


def _confidence(dated: Dated, *, in_head: bool) -> tuple[float, Doubt | None]:
    if dated.on is None or dated.on.year not in _YEARS:
        return 0.5, Doubt.UNUSUAL
    if not in_head:
        return 0.6, Doubt.ELSEWHERE
    return (0.97, None) if dated.in_words else (0.85, None)


def _dated(pieces: Sequence[Piece], *, in_head: bool) -> tuple[Dated, Piece, bool] | None:
    """The first place and date; one broken by a line's end too."""
    for piece in pieces:
        found = place_and_date(piece.text) if piece.role == Role.PLACE_DATE or not in_head else None
        if found is not None and (in_head or found.place):
            if found.blank and (joined := _joined(pieces, piece)) is not None:
                return joined, piece, in_head
            return found, piece, in_head
    for before, after in pairwise(pieces):
        whole = place_and_date(f"{before.text} {after.text}") if in_head else None
        if whole is not None and whole.place:
            return whole, before, in_head
    return None


def _joined(pieces: Sequence[Piece], piece: Piece) -> Dated | None:
    """A blank may be the line's end: the day stands on the next line."""
    place = next(n for n, other in enumerate(pieces) if other is piece)
    following = next((p for p in pieces[place + 1 : place + 4] if p.role == Role.PLAIN), None)
    whole = place_and_date(f"{piece.text} {following.text}") if following else None
    return whole if whole and whole.on else None


def _unfinished(dated: Dated, piece: Piece, pieces: Sequence[Piece]) -> Iterator[Field]:
    """The day was left blank; a digital signature may tell it."""
    stamped = list(_stamped(pieces))
    if stamped:
        yield from stamped
    else:
        told = squeezed(dated.told[len(dated.place) :].strip(" ,"))
        yield Field(Name.ISSUED_ON, told, 0.4, piece.text, piece.line, Doubt.BLANK)


def _stamped(pieces: Sequence[Piece]) -> Iterator[Field]:
    for piece in pieces:
        if (on := signing_day(piece.text)) is not None:
            passage, line = piece.text, piece.line
            yield Field(Name.ISSUED_ON, on.isoformat(), 0.6, passage, line, Doubt.ELSEWHERE)
            return


# body and appendices


def _first_of_body(
    pieces: Sequence[Piece], abstract: Field | None, kind: _Kinded | None, end: int
) -> int:
    """The line after the head, the abstract and the addressees."""
    last = pieces[end - 1].line if 0 < end <= len(pieces) else -1
    if kind is not None and kind.place is not None:
        last = max(last, pieces[kind.place].line)
    if abstract is not None:
        last = max(last, abstract.end)
    told = [field.line for field in addressee_fields(pieces)]
    if told and max(told) < last + 60:
        last = max(last, *told)
    following = [piece.line for piece in pieces if piece.line > last and piece.role != Role.RULE]
    return min(following, default=max(last, 0))


def _without_appendices(pieces: Sequence[Piece], end: int) -> tuple[list[Piece], list[Field]]:
    """What comes before the first appendix, and the appendices by name."""
    places = [n for n in range(end, len(pieces)) if _begins_appendix(pieces, n)]
    fields = [_appendix(pieces, n) for n in places]
    return list(pieces[: places[0]] if places else pieces), fields


def _begins_appendix(pieces: Sequence[Piece], n: int) -> bool:
    """A title "PHỤ LỤC", or of a rule or plan, that says below that it is attached."""
    piece = pieces[n]
    if len(piece.text) > 120:
        return False
    attached = any(_ATTACHED.match(flat(p.text)) for p in pieces[n + 1 : n + 5])
    if _APPENDIX.match(flat(piece.text)):
        return is_capitals(piece.text) or piece.bold or piece.centred or attached
    if n and _APPENDIX.match(flat(pieces[n - 1].text)):
        return False  # the title of the appendix that began a line above
    at_once = n + 1 < len(pieces) and _ATTACHED.match(flat(pieces[n + 1].text)) is not None
    named = at_once or kind_alone(piece.text) is not None
    return attached and named and is_capitals(piece.text)


def _appendix(pieces: Sequence[Piece], n: int) -> Field:
    piece = pieces[n]
    title = next(
        (p.text for p in pieces[n + 1 : n + 3] if is_capitals(p.text) and p.role != Role.RULE), ""
    )
    value = squeezed(f"{piece.text} {title}").strip(" :.")
    return Field(Name.APPENDIX, value, 0.85, piece.text, piece.line)
