"""The foot: on whose behalf, in whose place, post and name; and the recipients. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from vang.library.formats.lines import Side
from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, is_capitals, phrases, squeezed
from vang.library.official.names import name_in
from vang.library.official.pieces import Piece

_BEFORE_RECIPIENTS = 14
_WITHOUT_RECIPIENTS = 30
_LONGEST_LINE = 60
_RECIPIENTS = re.compile(r"\W*noi\s*(?:nhan|gui)\W*\s*[:;.]?")
_FIRST_RECIPIENT = re.compile(r"[-–+]\s*nhu\s+(?:tren|dieu|kinh gui)")
_DASH = re.compile(r"[-–+•*]\s*")
_ON_BEHALF = re.compile(r"\W*(?:t\s*[./]?\s*m|thay mat)\b[./]?\s*(?=\S)")
_SHORTS = r"(?:k\s*[./]?\s*t|t\s*[./]?\s*l|t\s*[./]?\s*u\s*[./]?\s*q|q)"
_IN_PLACE = re.compile(rf"\W*{_SHORTS}(?:\b[./]?\s+|[./]\s*)(?=\S)")
_WRITTEN = {"tm": "TM.", "thaymat": "TM.", "kt": "KT.", "tl": "TL.", "tuq": "TUQ.", "q": "Q."}
_POST = re.compile(
    r"\W*(?:quyen |q\. ?)?(?:(?:pho|dong)\s+)?"
    + phrases(
        "bi thu, tong bi thu, giam doc, tong giam doc, thu ky, tong thu ky, tong bien tap,"
        "chu tich, vien truong, truong, chanh, pho, thu truong, bo truong, thu tuong, hieu truong,"
        "hieu pho, cuc truong, chi cuc truong, cuc pho, chi cuc pho, tong cuc truong, vu truong,"
        "vu pho, chi huy, chinh uy, chinh tri vien, tram truong, hat truong, to truong, doi truong,"
        "chu nhiem, uy vien, thuong truc, dai dien, nguoi, can bo, cong chuc, ke toan, tu lenh,"
        "chu tri"
    )
    + r"\b"
)
_SIGNED = re.compile(r"\W*(?:\(?\s*(?:da\s*ky|ky ten|ky,|chu ky|da duyet)\b.*|daky|\(ky\))\W*")


@dataclass(frozen=True)
class Foot:
    """``first`` is the line with which the foot begins, None when there is none."""

    fields: list[Field]
    first: int | None


@dataclass
class _Signature:
    """What was found so far, with the places of the pieces."""

    authority: list[Piece] = field(default_factory=list)
    post: Piece | None = None
    signer: tuple[Piece, str] | None = None
    places: set[int] = field(default_factory=set)


def foot_of(pieces: Sequence[Piece]) -> Foot:
    """``pieces`` are those of the document after its head and without its appendices."""
    place = _recipients_place(pieces)
    begin = max(0, len(pieces) - _WITHOUT_RECIPIENTS)
    if place is not None:
        begin = max(0, place - _BEFORE_RECIPIENTS)
    tail = [part for piece in pieces[begin:] for part in _parted(piece)]
    recipients, taken = _recipients(tail)
    signature = _signature([(n, piece) for n, piece in enumerate(tail) if n not in taken])
    lines = [tail[n].line for n in signature.places | taken]
    fields = [*_signature_fields(signature), *recipients]
    return Foot(fields, min(lines, default=None))


def _recipients_place(pieces: Sequence[Piece]) -> int | None:
    for pattern in (_RECIPIENTS, _FIRST_RECIPIENT):
        places = [n for n, piece in enumerate(pieces) if pattern.match(flat(piece.text))]
        if places:
            return places[-1]
    return None


def _parted(piece: Piece) -> Iterator[Piece]:
    """Recipients and signature that stand on one line without a gap are parted."""
    ends = []
    if head := _RECIPIENTS.match(flat(piece.text)):
        ends = [head.end()]
    elif _DASH.match(piece.text) and piece.side == Side.WHOLE:
        ends = [found.end() for found in re.finditer(r"[;.]\s+(?!-)|;(?=-)", piece.text)]
    for end in ends:
        rest = piece.text[end:].strip()
        if rest and (head or _is_signature(rest) or rest.startswith("-")):
            yield replace(piece, text=piece.text[:end].strip(), side=Side.LEFT)
            side = Side.RIGHT if _is_signature(rest) else Side.LEFT
            yield replace(piece, text=rest, side=side, cut=True)
            return
    yield piece


def _is_signature(text: str) -> bool:
    """Belongs to the right half of the foot."""
    folded = flat(text)
    parts = (_ON_BEHALF, _IN_PLACE, _POST)
    shouted = is_capitals(text) and any(part.match(folded) for part in parts)
    return shouted or _SIGNED.fullmatch(folded) is not None or name_in(text) is not None


# recipients


def _recipients(tail: Sequence[Piece]) -> tuple[list[Field], set[int]]:
    """Fields of the recipients, and the places of their pieces."""
    place = _recipients_place(tail)
    if place is None:
        return [], set()
    head = _RECIPIENTS.match(flat(tail[place].text)) is not None
    taken, items = ({place} if head else set()), list[tuple[str, Piece]]()
    for n in range(place + head, len(tail)):
        piece = tail[n]
        if piece.side == Side.RIGHT or _is_signature(piece.text):
            continue
        marked = _DASH.match(piece.text) is not None
        if not marked and not _goes_on(items, piece):
            break
        taken.add(n)
        if marked or not items:
            items.append((piece.text, piece))
        else:
            items[-1] = (squeezed(f"{items[-1][0]} {piece.text}"), items[-1][1])
    return [_recipient(text, piece) for text, piece in items if _bare(text)], taken


def _goes_on(items: Sequence[tuple[str, Piece]], piece: Piece) -> bool:
    """A line without a dash below one that is not ended, or the first after the colon."""
    if len(piece.text) > 130 or (is_capitals(piece.text) and len(piece.text) > 6):
        return False
    if not items:
        return True
    before = items[-1][0].rstrip()
    if before in {"-", "–", "+"}:
        return True
    if not before.endswith((";", ".")):
        return not flat(_bare(before)).startswith("luu")
    return piece.side == Side.LEFT and before.endswith(";")


def _bare(text: str) -> str:
    return _DASH.sub("", text, count=1).strip(" ;.,/-–")


def _recipient(text: str, piece: Piece) -> Field:
    sure = _DASH.match(text) is not None and len(text) < 200
    confidence, doubt = (0.9, None) if sure else (0.75, Doubt.UNUSUAL)
    return Field(Name.RECIPIENT, _bare(text), confidence, piece.text, piece.line, doubt)


# signature


def _signature(zone: Sequence[tuple[int, Piece]]) -> _Signature:
    found = _Signature()
    for place, piece in zone:
        if found.signer is None and _takes(found, piece):
            found.places.add(place)
    return found


def _takes(found: _Signature, piece: Piece) -> bool:
    """Put the piece where it belongs in the signature, if anywhere."""
    folded, capitals = flat(piece.text), is_capitals(piece.text)
    if _DASH.match(piece.text):
        return False
    begun = bool(found.authority or found.post)
    name = name_in(piece.text) if begun else None
    if name and (not capitals or found.post):
        found.signer = (piece, name)
    elif not capitals or len(piece.text) > 90:
        return False
    elif _ON_BEHALF.match(folded) or _IN_PLACE.match(folded):
        found.authority.append(piece)
    elif _POST.match(folded):
        found.post = piece
    else:
        return _goes_on_with_authority(found, piece)
    return True


def _goes_on_with_authority(found: _Signature, piece: Piece) -> bool:
    """A line of unknown words: more of the body's name, or the post of who signs in place."""
    far = found.authority and piece.line - found.authority[-1].line > 2
    if not found.authority or found.post or far or len(piece.text) > _LONGEST_LINE:
        return False
    before = found.authority[-1]
    if _ON_BEHALF.match(flat(before.text)):
        found.authority[-1] = replace(before, text=f"{before.text} {piece.text}")
    else:
        found.post = piece
    return True


def _signature_fields(found: _Signature) -> Iterator[Field]:
    if found.authority:
        value = "; ".join(_authority(piece.text) for piece in found.authority)
        passage = "\n".join(piece.text for piece in found.authority)
        first, last = found.authority[0].line, found.authority[-1].line
        yield Field(Name.AUTHORITY, value, 0.93, passage, first, None, last)
    post = found.post or _acting_post(found.authority)
    if post is not None:
        told = squeezed(post.text).strip(" ,;.*")
        yield Field(Name.SIGNER_POST, told, 0.9, post.text, post.line)
    if found.signer is not None:
        piece, name = found.signer
        told = name.title() if is_capitals(name) else name
        yield Field(Name.SIGNER, told, 0.93, piece.text, piece.line)


def _acting_post(authority: Sequence[Piece]) -> Piece | None:
    """ "TM. BAN CHỈ HUY" names no post; "Q. CHỦ TỊCH" does."""
    acting = (piece for piece in authority if re.match(r"\W*q\b", flat(piece.text)))
    return next(acting, None)


def _authority(text: str) -> str:
    """ "T/M  ỦY BAN" is written "TM. ỦY BAN"."""
    folded = flat(text)
    found = _ON_BEHALF.match(folded) or _IN_PLACE.match(folded)
    if found is None:
        return squeezed(text)
    short = re.sub(r"[^a-z]", "", found[0])
    return f"{_WRITTEN[short]} {squeezed(text[found.end() :])}".strip(" ,;")
