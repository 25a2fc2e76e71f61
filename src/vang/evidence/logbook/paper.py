"""The logbook as an office keeps it: a PDF to sign and bind, and a workbook.

Decree 49/2024 has inspections look at this book; it is Vietnamese whatever the reader's language.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.base.display import seconds, vi_date, vi_datetime
from vang.base.pdf import Head, Signature, TableColumn, office_lines, pdf, place_and_date, table
from vang.base.sheets import Column, Kind, Row, Sheet
from vang.evidence.logbook import words
from vang.evidence.logbook.lines import Line, Totals, by_day, totals
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on

TEMPLATE = "evidence/paper/logbook.typ"


@dataclass(frozen=True)
class Book:
    """What is bound: whose, from which day to which, who signs, when it was written."""

    unit: Unit
    first: date
    last: date
    lines: Sequence[Line]
    made_at: datetime
    announcer: str = ""
    station_head: str = ""
    board: str = ""
    """The editorial board in one line."""

    @property
    def days(self) -> dict[date, list[Line]]:
        return by_day(self.lines, self.first, min(self.last, local_date(self.made_at)))

    @property
    def one_day(self) -> bool:
        return self.first == self.last

    @property
    def period(self) -> str:
        if self.one_day:
            return _("Day %(date)s") % {"date": vi_date(self.first)}
        return _("Month %(month)d of %(year)d") % {
            "month": self.first.month,
            "year": self.first.year,
        }

    @property
    def file_name(self) -> str:
        period = f"{self.first:%Y%m%d}" if self.one_day else f"{self.first:%Y%m}"
        return f"sổ nhật ký phát thanh {self.unit.code} {period}"


def logbook_pdf(book: Book) -> bytes:
    """The book in the layout of Decree 30/2020/NĐ-CP, lying across."""
    with translation.override("vi"):
        return pdf(
            TEMPLATE,
            head=_head(book),
            signatures=_signatures(book),
            made_at=book.made_at,
            columns=table(_paper_columns(), [])["columns"],
            days=_days(book),
            totals=words.total_words(totals(book.lines)),
            note=". ".join(said for said in (book.board, _made_words(book)) if said),
            nothing=_("No broadcast."),
        )


def _head(book: Book) -> Head:
    station, committee = _offices(book.unit, book.last)
    return Head(
        issuer=office_lines(station or committee),
        above=office_lines(committee) if station else "",
        title=_("Broadcasting logbook"),
        abstract=book.period,
        dated=place_and_date(book.unit.name, local_date(book.made_at)),
        wide=True,
    )


def _offices(unit: Unit, on: date) -> tuple[str, str]:
    """The station's name, empty when it has none of its own, and the committee's."""
    rows = Organisation.objects.filter(valid_on(on), unit=unit).order_by("pk")
    names = dict(rows.values_list("kind", "name"))
    place = unit.full_name[:1].lower() + unit.full_name[1:]
    committee = names.get(Organisation.Kind.PEOPLES_COMMITTEE) or f"Ủy ban nhân dân {place}"
    return names.get(Organisation.Kind.STATION, ""), committee


def _signatures(book: Book) -> list[Signature]:
    return [
        Signature(_("Announcer"), book.announcer),
        Signature(_("Head of the station"), book.station_head),
    ]


def _paper_columns() -> list[TableColumn]:
    return [
        TableColumn(_("Ordinal"), "9mm", "center"),
        TableColumn(_("Time"), "17mm", "center"),
        TableColumn(_("Content"), "2.6fr"),
        TableColumn(_("Category"), "1.6fr"),
        TableColumn(_("Source"), "1fr"),
        TableColumn(_("Length"), "15mm", "center"),
        TableColumn(_("Heard on clusters"), "1.9fr"),
        TableColumn(_("Not heard, and why"), "1.9fr"),
        TableColumn(_("Written and approved by"), "1.9fr"),
        TableColumn(_("Remarks"), "1.4fr"),
    ]


def _days(book: Book) -> list[dict[str, object]]:
    """Days with their lines; silent days that follow each other stand together."""
    told: list[dict[str, object]] = []
    quiet: list[date] = []
    for day, lines in book.days.items():
        if not lines:
            quiet.append(day)
            continue
        told += _silence(quiet, book)
        quiet = []
        title = "" if book.one_day else _("Day %(date)s") % {"date": vi_date(day)}
        summary = "" if book.one_day else _day_summary(totals(lines))
        told.append({"title": title, "summary": summary, "rows": list(_paper_rows(lines))})
    return told + _silence(quiet, book)


def _silence(quiet: Sequence[date], book: Book) -> list[dict[str, object]]:
    if not quiet:
        return []
    words = {"first": vi_date(quiet[0]), "last": vi_date(quiet[-1]), "date": vi_date(quiet[0])}
    title = _("Days %(first)s to %(last)s") if len(quiet) > 1 else _("Day %(date)s")
    return [{"title": "" if book.one_day else title % words, "summary": "", "rows": []}]


def _day_summary(told: Totals) -> str:
    if not told.items:
        return ""
    return _("%(sessions)d sessions, %(items)d items, %(length)s") % {
        "sessions": told.sessions,
        "items": told.items,
        "length": seconds(told.sounded_ms / 1000),
    }


def _paper_rows(lines: Iterable[Line]) -> Iterator[list[str]]:
    for number, line in enumerate(lines, start=1):
        yield [
            str(number),
            words.began_words(line),
            line.title,
            words.category_words(line),
            words.source_words(line),
            _clock_length(line.duration_ms),
            words.heard_words(line) or "–",
            words.not_heard_words(line) or "–",
            words.people_words(line),
            words.remarks(line),
        ]


def _clock_length(ms: int) -> str:
    minutes, rest = divmod(round(ms / 1000), 60)
    return f"{minutes}:{rest:02d}"


def _made_words(book: Book) -> str:
    return _("Written by the system from the journals of the loudspeakers at %(time)s.") % {
        "time": vi_datetime(book.made_at)
    }


def logbook_sheets(book: Book) -> list[Sheet]:
    """The same book: its lines, and the days with their totals."""
    with translation.override("vi"):
        sheets = [_lines_sheet(book)]
        return sheets if book.one_day else [*sheets, _days_sheet(book)]


def _lines_sheet(book: Book) -> Sheet:
    station, committee = _offices(book.unit, book.last)
    title = f"{_('Broadcasting logbook')}. {book.period}"
    return Sheet(
        _("Logbook"),
        [
            Column(_("Day"), Kind.DATE),
            Column(_("Time"), Kind.CLOCK),
            Column(_("Began"), Kind.CLOCK),
            Column(_("Content"), width=36),
            Column(_("Category"), width=20),
            Column(_("Source"), width=14),
            Column(_("Length"), Kind.LENGTH),
            Column(_("Length heard"), Kind.LENGTH),
            Column(_("Heard on clusters"), width=26),
            Column(_("Not heard, and why"), width=26),
            Column(_("Written by"), width=20),
            Column(_("Approved by"), width=18),
            Column(_("Remarks"), width=20),
        ],
        [_row(line) for line in book.lines],
        above=[station or committee, title],
        below=[(), *((one,) for one in _below(book))],
    )


def _row(line: Line) -> Row:
    return (
        timezone.localtime(line.start).date(),
        line.start,
        line.began,
        line.title,
        words.category_words(line),
        words.source_words(line),
        timedelta(milliseconds=line.duration_ms),
        timedelta(milliseconds=line.sounded_ms),
        words.heard_words(line),
        words.not_heard_words(line),
        ", ".join(line.writers),
        line.approver,
        words.remarks(line),
    )


def _below(book: Book) -> list[str]:
    signers = [
        f"{_('Announcer')}: {book.announcer}",
        f"{_('Head of the station')}: {book.station_head}",
    ]
    return [*words.total_words(totals(book.lines)), _made_words(book), "", *signers]


def _days_sheet(book: Book) -> Sheet:
    days = [(day, totals(lines)) for day, lines in book.days.items()]
    return Sheet(
        _("By day"),
        [
            Column(_("Day"), Kind.DATE),
            Column(_("Sessions"), Kind.WHOLE),
            Column(_("Items broadcast"), Kind.WHOLE),
            Column(_("Own"), Kind.LENGTH),
            Column(_("Relayed"), Kind.LENGTH),
            Column(_("Together"), Kind.LENGTH),
            Column(_("Not broadcast"), Kind.WHOLE),
            Column(_("No report yet"), Kind.WHOLE),
        ],
        [_day_row(day, told) for day, told in days],
    )


def _day_row(day: date, told: Totals) -> Row:
    return (
        day,
        told.sessions,
        told.items,
        timedelta(milliseconds=told.own_ms),
        timedelta(milliseconds=told.relayed_ms),
        timedelta(milliseconds=told.sounded_ms),
        told.silent,
        told.open,
    )
