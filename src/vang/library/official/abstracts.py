"""What a document is about: below the name of its kind, or after "V/v". Pure."""

import re
from collections.abc import Sequence

from vang.library.formats.lines import Side
from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, is_capitals, likeness, phrases, squeezed
from vang.library.official.pieces import Piece, Role

_MOST_LINES = 9
_LONGEST = 600
_SHORT = 110
_LONG_LINE = 55
_ABOUT = re.compile(r"^[\"“(]?v\s*/\s*v\s*:?\s*")
_TITLE = re.compile(r"(?:ve|ve viec|v/v|ban hanh|phe duyet)\b")
_NOTE = re.compile(r"\(?(?:kem theo|ban hanh kem|thay the|so\s*:?\s*\d)")
# How the body of a document begins.
_OPENINGS = phrases(
    "can cu, thuc hien, trien khai thuc hien, tiep theo, theo, de, nham, xet, trong thoi gian,"
    "vua qua, hien nay, thuc te, tren co so, qua, duoc su, kinh gui, kinh thua, dong kinh gui,"
    "kinh moi, tran trong, cong dien, chuong, phan thu, hom nay, thoi gian, thua, trong nhung,"
    "nhung nam, thi hanh, phat huy, sau khi, tu ngay, hang nam, ban hanh kem, kem theo, kinh trinh"
)
_BODIES = phrases(
    "uy ban nhan dan, ubnd, hoi dong nhan dan, chu tich, bo truong, giam doc, thu tuong,"
    "truong phong, truong ban, chanh van phong, dang uy, ban thuong vu, chi bo, ban chap hanh,"
    "thuong truc, phong, so, trung tam, cong an, ban chi dao, ban chi huy, ban nhan dan, truong,"
    "dien luc"
)
_BODY = re.compile(
    rf"\W*(?:{_OPENINGS}\b|{_BODIES}\b|dien\s*:|(?:quyet dinh|quyet nghi)\s*:"
    r"|(?:ngay|hoi|luc|thang|nam|dieu|muc|phan)\s+[\divx]|[ivx]{1,4}\s*[./)-]|\d{1,2}\s*[.)/]"
    r"|[a-z]\s*[.)]\s|[-+*]\s)"
)
_MARK = re.compile(r"(?:[ivx]{1,4}|\d{1,2}|[a-z])\s*[./)](?=\s)|[-+*]\s")
_GOING_ON = (
    "va cua cho tai ve cac trong tren voi den nam xa huyen tinh phuong thi tran thanh pho viec dia "
    "giai doan khoa so ngay thang quan cong - – nhiem vu thu theo"
)
_JOINTS = frozenset(_GOING_ON.split())


_NEVER = {Role.RULE, Role.NUMBER, Role.PLACE_DATE, Role.NATION, Role.MOTTO, Role.MARK}


def abstract_field(pieces: Sequence[Piece], kind: int | None, issuer: str) -> Field | None:
    """``kind`` is the place of the piece that names the kind, None for a letter."""
    below = _below(pieces, kind, issuer) if kind is not None else None
    return below or _about(pieces)


def _below(pieces: Sequence[Piece], kind: int, issuer: str) -> Field | None:
    taken: list[Piece] = []
    following = pieces[kind + 1 : kind + 2 + _MOST_LINES]
    for place, piece in enumerate(following):
        if piece.role == Role.RULE and taken:
            break
        if piece.role in _NEVER:
            continue
        if piece.role == Role.ADDRESS or likeness(piece.text, issuer) > 0.85:
            break
        if _ends(taken, piece, following[place + 1 :]):
            break
        taken.append(piece)
        if sum(len(p.text) for p in taken) > _LONGEST or _is_ended(piece.text):
            break
    return _field(taken) if taken else None


def _ends(taken: Sequence[Piece], piece: Piece, later: Sequence[Piece]) -> bool:
    """Whether the piece no longer belongs to what the document is about."""
    text, small = flat(piece.text), piece.text[:1].islower()
    opens = _BODY.match(text) is not None
    if (small and not _MARK.match(text)) or (taken and not piece.begins):
        return False
    if not taken:
        return opens and not _TITLE.match(text) and not _is_title(piece)
    if _NOTE.match(text) and len(piece.text) < _SHORT:
        return False
    if is_capitals(taken[0].text):
        return not is_capitals(piece.text) or (opens and not _joins(taken[-1]))
    return is_capitals(piece.text) or opens or not _is_more_title(taken, piece, later)


def _is_more_title(taken: Sequence[Piece], piece: Piece, later: Sequence[Piece]) -> bool:
    """The look tells where it is known; else a short line just before the body still belongs."""
    first = taken[0]
    if first.bold or first.centred:
        return piece.bold == first.bold and piece.centred == first.centred
    if _joins(taken[-1]) or len(taken[-1].text) > _LONG_LINE:
        return len(piece.text) < 2 * _SHORT
    after = next((p for p in later if p.role != Role.RULE), None)
    body_follows = (
        after is None or after.role == Role.ADDRESS or bool(_BODY.match(flat(after.text)))
    )
    body_follows = body_follows or (after is not None and is_capitals(after.text))
    return len(piece.text) < _SHORT and not _is_ended(piece.text) and body_follows


def _is_title(piece: Piece) -> bool:
    """Stands as a title does, whatever word it begins with."""
    short = len(piece.text) < 2 * _SHORT and not piece.text.rstrip().endswith((":", ";"))
    return short and (piece.bold or piece.centred) and not is_capitals(piece.text)


def _joins(piece: Piece) -> bool:
    """The line ends in a word that goes on."""
    last = flat(piece.text).split()[-1:] or [""]
    return last[0] in _JOINTS or piece.text.rstrip().endswith((",", "-", "–"))


def _is_ended(text: str) -> bool:
    return text.rstrip().endswith((".", "./", ":", ";"))


def _about(pieces: Sequence[Piece]) -> Field | None:
    """After "V/v", and the lines of the same column that go on with it."""
    place = next((n for n, piece in enumerate(pieces) if piece.role == Role.ABOUT), None)
    if place is None:
        return None
    first = pieces[place]
    taken = [first]
    for piece in pieces[place + 1 : place + 2 + _MOST_LINES]:
        elsewhere = first.side != Side.WHOLE and piece.side not in {first.side, Side.WHOLE}
        if elsewhere or piece.role in {Role.PLACE_DATE, Role.NATION, Role.MOTTO}:
            continue
        if piece.role != Role.PLAIN or not _continues(taken, piece):
            break
        taken.append(piece)
    return _field(taken)


def _continues(taken: Sequence[Piece], piece: Piece) -> bool:
    """In a narrow column lines break anywhere; the next part of the letter begins otherwise."""
    small = piece.text[:1].islower()
    if flat(piece.text).startswith(("hoa toc", "khan", "kinh")) or len(piece.text) > _SHORT:
        return False
    if _is_ended(taken[-1].text) and not small:
        return False
    shouted = is_capitals(piece.text) and len(piece.text) > 12
    if piece.line != taken[-1].line and shouted:
        return False
    same_column = piece.side == taken[0].side != Side.WHOLE
    return small or same_column or _joins(taken[-1])


def _field(taken: Sequence[Piece]) -> Field:
    text = squeezed(" ".join(piece.text for piece in taken))
    found = _ABOUT.match(flat(text))
    value = text[found.end() if found else 0 :].strip(' .:;-–_*"“”').removesuffix("./")
    value = value[:1].upper() + value[1:]
    confidence, doubt = 0.92, None
    if taken[0].cut and len(value) > 200:
        confidence, doubt = 0.6, Doubt.RUN_TOGETHER
    elif not 8 <= len(value) <= 400:
        confidence, doubt = 0.6, Doubt.UNUSUAL
    passage = "\n".join(piece.text for piece in taken)
    return Field(Name.ABSTRACT, value, confidence, passage, taken[0].line, doubt, taken[-1].line)
