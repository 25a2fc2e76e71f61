"""Who issued a document, and whom that body is under: from the lines of the head's left column."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from vang.library.official.casing import cased
from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, is_capitals, phrases, squeezed
from vang.library.official.pieces import Piece, Role

_MOST = 7
# What the name of a body begins with.
_BODY = re.compile(
    phrases(
        "van phong, uy ban, ubnd, ub mttq, ubmttq, mttq, mat tran, hoi dong, hdnd, dang doan,"
        "so, bo, phong, ban, bch, bcd, btv, cuc, chi cuc, tong cuc, vu, vien, toa an, doi,"
        "truong, cong an, ca, huyen uy, tinh uy, thanh uy, quan uy, thi uy, dang bo, dang uy,"
        "chi bo, chi uy, doan, tinh doan, huyen doan, thanh doan, xa doan, thi doan, to,"
        "lien hiep, lien doan, cong doan, lien minh, thanh tra, kho bac, bao hiem, benh vien, tram,"
        "hat, dai, chinh phu, thu tuong, quoc hoi, chu tich, hoi, tieu ban, cong ty, tap doan,"
        "dien luc, ngan hang, hop tac xa, htx, quy, quan khu, su doan, to chuc, nha, bao, thon,"
        "khu pho, hiep hoi, cau lac bo, lang, khoi, ap, trung tam, cum, vien kiem sat, thuong truc"
    )
    + r"\b"
)
# What only goes on a name: "XÃ QUẾ THUẬN" below "ỦY BAN NHÂN DÂN".
_UNITS = phrases(
    r"tinh, thanh pho, tp\.?, quan, huyen, thi xa, tx\.?, phuong, xa, thi tran, tt\.?, dac khu"
)
_UNIT = re.compile(rf"{_UNITS}(?!\w)(?!\s+(?:uy|doan)\b)")
_PEOPLE = re.compile(r"(?:nhan dan|viet nam)\b")
_WANTS_PLACE = re.compile(rf"\b{_UNITS}$")
_BARE = re.compile(
    phrases(
        "van phong, uy ban, hoi dong, so, phong, ban, cuc, chi cuc, trung tam, thanh tra, kho bac,"
        "uy ban thuong vu, ban chap hanh, ban thuong vu, ban chi huy, ban chi dao, truong, cong an,"
        "toa an, vien kiem sat, dai, tram, hat, hoi, doan, dang bo, dang uy, chi bo, bo, bo chi huy"
    )
)
_UNFINISHED = re.compile(r"(?:\b(?:va|voi|ve|cho|cua|cac)|[-,–&])$")
_NEVER = re.compile(
    phrases(
        "ban sao, ban chinh, du thao, mau so, trang, http, www, cong thong tin, thuoc tinh,"
        "noi dung, so hieu, loai van ban, ky boi, nguoi ky, thoi gian ky"
    )
    + r"\b"
)


def issuer_fields(
    head: Sequence[Piece], signs: Sequence[str], marks: Collection[str]
) -> list[Field]:
    """The issuing body and the one above it. ``signs`` are those of the document's number,
    ``marks`` the lines that are but marks of urgency or secrecy."""
    plain = [piece for piece in head if piece.role == Role.PLAIN and piece.text not in marks]
    bodies = _bodies([piece for piece in plain if _may_name(piece)][:_MOST])
    if not bodies:
        return []
    *above, own = bodies
    fields = [_field(Name.SUPERIOR, above[-1], ())] if above else []
    return [*fields, _field(Name.ISSUER, own, signs)]


def _may_name(piece: Piece) -> bool:
    folded = flat(piece.text)
    if _NEVER.match(folded) or len(piece.text) > 150 or not any(map(str.isalpha, folded)):
        return False
    if is_capitals(piece.text) or _BODY.match(folded):
        return True
    return _UNIT.match(folded) is not None and len(piece.text) < 40


def _bodies(lines: Sequence[Piece]) -> list[list[Piece]]:
    """The lines gathered by body: a line that begins no name goes on with the one before."""
    bodies: list[list[Piece]] = []
    for piece in lines:
        if bodies and _goes_on(bodies[-1], piece):
            bodies[-1].append(piece)
        elif not bodies or _BODY.match(flat(piece.text)) or is_capitals(piece.text):
            bodies.append([piece])
    named = [body for body in bodies if _BODY.match(flat(body[0].text))]
    return named or bodies[:1]


def _goes_on(body: Sequence[Piece], piece: Piece) -> bool:
    before, text = _bare(body[-1].text), flat(piece.text)
    if _UNFINISHED.search(before) or re.match(r"(?:va|cua|cac)\b|[-–&(]", text):
        return True
    if _BARE.fullmatch(before) and len(body) == 1:
        return True
    if _UNIT.match(text) or _PEOPLE.match(text):
        whole = " ".join(_bare(part.text) for part in body)
        return _UNIT.search(whole) is None or _WANTS_PLACE.search(before) is not None
    return _BODY.match(text) is None


def _bare(text: str) -> str:
    return flat(squeezed(text)).strip(" *-–_.:;")


def _field(name: Name, body: Sequence[Piece], signs: Sequence[str]) -> Field:
    text = squeezed(" ".join(piece.text.strip(" *-–_.:;") for piece in body))
    confidence, doubt = 0.95, None
    if _BODY.match(flat(text)) is None:
        confidence, doubt = 0.5, Doubt.UNUSUAL
    elif not _agrees(text, signs):
        confidence, doubt = 0.7, Doubt.CONTRADICTS
    elif any(piece.cut for piece in body):
        confidence = 0.88
    passage = "\n".join(piece.text for piece in body)
    return Field(name, cased(text), confidence, passage, body[0].line, doubt, body[-1].line)


_WITHOUT_UNIT = re.compile(r"(?:uy ban nhan dan|hoi dong nhan dan|ubnd|hdnd)")


def completed(fields: list[Field], below: Sequence[Piece]) -> list[Field]:
    """ "ỦY BAN NHÂN DÂN" whose unit was lost, by the line above the bases that names it whole."""
    if not fields or not _WITHOUT_UNIT.fullmatch(flat(fields[-1].value)):
        return fields
    own = fields[-1]
    for piece in below:
        text = flat(piece.text)
        place = text.find(flat(own.value))
        if place >= 0 and is_capitals(piece.text) and _UNIT.search(text, place):
            whole = cased(squeezed(piece.text[place:]).strip(" .,:;"))
            passage = f"{own.passage}\n{piece.text}"
            told = replace(own, value=whole, confidence=0.75, passage=passage)
            return [*fields[:-1], replace(told, doubt=Doubt.ELSEWHERE)]
    return [*fields[:-1], replace(own, confidence=0.6, doubt=Doubt.UNUSUAL)]


# The issuer's sign in a number, and what its name then holds.
_SIGNS = {
    "ubnd": ("uy ban nhan dan", "ubnd", "chu tich"),
    "hdnd": ("hoi dong nhan dan", "hdnd"),
    "ttg": ("thu tuong",),
    "cp": ("chinh phu",),
    "mttq": ("mat tran", "mttq"),
    "hu": ("huyen",),
    "tu": ("tinh", "thanh uy"),
    "du": ("dang uy", "dang bo"),
}


def _agrees(issuer: str, signs: Sequence[str]) -> bool:
    """Whether the number's sign, where it is a known one, fits the name."""
    wanted = [words for sign in signs if (words := _SIGNS.get(flat(sign)))]
    return not wanted or any(word in flat(issuer) for words in wanted for word in words)
