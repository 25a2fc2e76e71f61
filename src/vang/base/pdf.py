"""Documents to print and sign, set by typst from data: the same bytes everywhere.

A template is a ``.typ`` file under ``vang``; it imports ``/base/paper/official.typ`` for the layout
of Decree 30/2020/NĐ-CP and reads what it shows from JSON. What people wrote is data there, never
markup. Only the fonts in ``base/paper/fonts`` are used.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import typst
from django.http import HttpResponse

from vang.base.text import slug

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "base" / "paper" / "fonts"
ARCHIVE: Literal["a-2b"] = "a-2b"
"""PDF/A: an office keeps it for years."""


@dataclass(frozen=True)
class Head:
    """Who writes what: the upper part of an office document (annex I of Decree 30/2020/NĐ-CP).

    ``above`` is the superior body, empty when there is none; ``number`` number and symbol;
    ``dated`` place and date in words; ``wide`` lays the page across, for tables.
    """

    issuer: str
    title: str
    abstract: str = ""
    above: str = ""
    number: str = ""
    dated: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Signature:
    """One signer. ``capacity``: TM., KT., TL. or TUQ. with the body; ``hint``: how to sign."""

    position: str
    name: str = ""
    capacity: str = ""
    hint: str = "(Ký, ghi rõ họ tên)"
    dated: str = ""


@dataclass(frozen=True)
class TableColumn:
    """``width`` is "2fr" (a share) or "18mm"; ``side`` left, center or right."""

    title: str
    width: str = "1fr"
    side: str = "left"


def place_and_date(place: str, day: date) -> str:
    """``Quế Sơn, ngày 05 tháng 9 năm 2026``: a zero before days below 10 and months 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def office_lines(name: str) -> str:
    """An office's name as the head of a document has it: in full, and a long one broken where a
    clerk breaks it, after "nhân dân"."""
    full = name.replace("UBND", "Ủy ban nhân dân").replace("HĐND", "Hội đồng nhân dân")
    at = full.casefold().find("nhân dân ")
    return full if at < 0 else f"{full[: at + 8]}\n{full[at + 9 :]}"


def table(columns: Sequence[TableColumn], rows: Iterable[Sequence[str]]) -> dict[str, Any]:
    """What the template's ``ledger`` shows."""
    listed = [list(row) for row in rows]
    if any(len(row) != len(columns) for row in listed):
        raise ValueError("a row with another number of cells than columns")
    return {"columns": [asdict(column) for column in columns], "rows": listed}


def pdf(
    template: str,
    *,
    head: Head,
    signatures: Sequence[Signature] = (),
    made_at: datetime,
    **data: object,
) -> bytes:
    """The document as PDF/A. ``template`` is a path under ``vang``; ``data`` must be JSON."""
    whole: Mapping[str, object] = {
        "head": asdict(head),
        "signatures": [asdict(one) for one in signatures],
        **data,
    }
    made = typst.compile(
        str(ROOT / template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(whole, ensure_ascii=False)},
        pdf_standards=[ARCHIVE],
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(made, bytes)  # noqa: S101 - one output, so no list
    return made


def pdf_response(name: str, content: bytes) -> HttpResponse:
    """``name`` in words; the file gets it in ASCII with ``.pdf``. Shown in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug(name)}.pdf"'
    return response
