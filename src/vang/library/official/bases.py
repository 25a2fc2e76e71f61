"""What a document rests on: its "Căn cứ …", and the documents its opening carries out. Pure."""

import re
from collections.abc import Iterator, Sequence

from vang.library.official.fields import Doubt, Field, Name
from vang.library.official.folding import flat, phrases, squeezed
from vang.library.official.numbers import references
from vang.library.official.paragraphs import paragraphs
from vang.library.official.pieces import Piece

_MOST = 40
_FAR = 160
_LONGEST = 500
_OPENING_PARAGRAPHS = 2
_BASIS = re.compile(r"\W*(?:can cu|xet|theo de nghi)\b")
_CARRIES_OUT = re.compile(
    phrases(
        "thuc hien, thi hanh, trien khai, tiep tuc, theo, nham, tiep nhan, cu the hoa, nhan duoc,"
        "tren co so, de"
    )
    + r"\b"
)
_END = re.compile(
    r"\W*(?:(?:quyet dinh|quyet nghi|nghi quyet|chi thi|ban hanh)\s*:|dieu 1\b|[i1]\s*\.)"
)
_AFTER = re.compile(r"\s*(?:,?\s*ngay\s+[\d/. ]+(?:thang \d+ nam \d{4})?)?(?:\s*,?\s*cua\s+)?")
_STOP = re.compile(r"[,;.]|\s(?:ve|va thuc hien|ve viec|quy dinh|phe duyet|ban hanh|v/v)\s")


def basis_fields(pieces: Sequence[Piece]) -> list[Field]:
    """``pieces`` are those after what the document is about."""
    opening = paragraphs(pieces[:_FAR])
    fields = [*_listed(opening), *_carried_out(opening)]
    return [field for n, field in enumerate(fields) if not _told_before(field, fields[:n])][:_MOST]


def _told_before(field: Field, earlier: Sequence[Field]) -> bool:
    """The opening names a document again in short."""
    return any(field.value in other.value for other in earlier)


def _listed(opening: Sequence[Piece]) -> Iterator[Field]:
    """Paragraphs that begin with "Căn cứ"."""
    for piece in opening:
        folded = flat(piece.text)
        if _END.match(folded):
            return
        if _BASIS.match(folded):
            yield from _parts(piece)


def _parts(piece: Piece) -> Iterator[Field]:
    for part in re.split(r"(?<=;)\s+(?=Căn cứ|Xét|Theo đề nghị)", piece.text):
        value = part.strip(" -+;.,:")
        short = len(value) < _LONGEST
        doubt = None if short else Doubt.RUN_TOGETHER
        yield Field(Name.BASIS, value, 0.92 if short else 0.6, part, piece.line, doubt)


def _carried_out(opening: Sequence[Piece]) -> Iterator[Field]:
    """Documents that the opening says it carries out: "Thực hiện Kế hoạch số 98-KH/TU …"."""
    for piece in opening[:_OPENING_PARAGRAPHS]:
        folded = flat(piece.text)
        if _END.match(folded):
            return
        if _BASIS.match(folded) or _CARRIES_OUT.search(folded[:200]) is None:
            continue
        for start, end in references(piece.text):
            value = piece.text[start : _end_of_reference(piece.text, end)]
            yield Field(Name.BASIS, squeezed(value).rstrip(" ,;."), 0.85, piece.text, piece.line)


def _end_of_reference(text: str, end: int) -> int:
    """The number, then the date and the issuer if they follow."""
    folded = flat(text)
    after = _AFTER.match(folded, end)
    reach = after.end() if after else end
    if folded[:reach].endswith("cua "):
        stop = _STOP.search(folded, reach)
        return stop.start() if stop else min(len(text), reach + 60)
    return reach
