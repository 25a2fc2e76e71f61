"""A report as an office sends it: the document in the layout of Decree 30/2020, and annex tables.

Vietnamese whatever the reader's language.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils import translation

from vang.base.clock import local_date
from vang.base.display import vi_date
from vang.base.papers import Block, Grid, Heading, Paper, Paragraph
from vang.base.pdf import Head, Signature, TableColumn, office_lines, place_and_date
from vang.base.sheets import Column, Kind, Row, Sheet
from vang.base.text import slug
from vang.orgs.models import Organisation, Unit
from vang.orgs.queries import valid_on
from vang.reports.models import Filing, Indicator, Report, Value
from vang.reports.models.forms import MILLI
from vang.reports.queries import completeness, last_values, values_of
from vang.reports.rules import words_of

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_MOST_UNITS = 400
"""Of one annex: more than any province has."""


def paper_of(report: Report, filing: Filing) -> Paper:
    """The document of one filing. What is not signed yet has no number, date or signer."""
    with translation.override("vi"):
        day = local_date(filing.signed_at) if filing.signed_at else report.round.due_on
        return Paper(
            head=_head(report, filing, day),
            blocks=tuple(_blocks(report, filing)),
            signature=_signature(report, filing),
            made_at=filing.signed_at or filing.begun_at,
            bases=tuple(_bases(report)),
            to=tuple(_to(report)),
            recipients=tuple(_recipients(report)),
        )


def name_of(report: Report, filing: Filing) -> str:
    """Of its files, in words."""
    days = f"{report.round.covers_from:%Y%m%d}-{report.round.covers_to:%Y%m%d}"
    return f"báo cáo {report.unit.code} {days} lần {filing.number}"


def file_name(report: Report, filing: Filing) -> str:
    """In ASCII, without an ending."""
    return slug(name_of(report, filing))


def _committee(unit: Unit, on: date) -> str:
    if unit.level == Unit.Level.OFFICE:
        return unit.name
    rows = Organisation.objects.filter(
        valid_on(on), unit=unit, kind=Organisation.Kind.PEOPLES_COMMITTEE
    )
    name = rows.values_list("name", flat=True).first()
    return name or f"Ủy ban nhân dân {_small(unit.full_name)}"


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _head(report: Report, filing: Filing, day: date) -> Head:
    unit = report.unit
    above = unit.parent
    in_force = report.round.covers_to
    superior = ""
    if above is not None:
        superior = _committee(above, in_force) if unit.level == Unit.Level.OFFICE else (
            office_lines(above.full_name)
        )  # fmt: skip
    dated = place_and_date(unit.name, day)
    if filing.signed_at is None:
        dated = f"{unit.name}, ngày … tháng … năm {day.year}"
    return Head(
        issuer=office_lines(_committee(unit, in_force)),
        above=office_lines(superior),
        number="      /BC-UBND" if unit.level != Unit.Level.OFFICE else "      /BC",
        dated=dated,
        title="Báo cáo",
        abstract=_abstract(report),
    )


def _abstract(report: Report) -> str:
    first, last = vi_date(report.round.covers_from), vi_date(report.round.covers_to)
    name = report.round.regime.name.removeprefix("Báo cáo ")
    return f"{name[:1].upper()}{name[1:]} (từ ngày {first} đến ngày {last})"


def _bases(report: Report) -> Iterator[str]:
    told = report.round.regime.basis or report.round.version.basis
    if told:
        yield told if told.startswith(("Căn cứ", "Thực hiện")) else f"Thực hiện {told}"


def _to(report: Report) -> Iterator[str]:
    if report.above is not None:
        yield _committee(report.above, report.round.covers_to)
        return
    for one in report.round.regime.recipients.all():
        yield one.name


def _recipients(report: Report) -> Iterator[str]:
    yield "Như trên"
    if report.above is not None:
        for one in report.round.regime.recipients.all():
            yield one.name
    yield "Lưu: VT."


def _signature(report: Report, filing: Filing) -> Signature:
    """In the name of the committee (NĐ 30/2020, annex I, section II, 7)."""
    capacity = "" if report.unit.level == Unit.Level.OFFICE else "TM. Ủy ban nhân dân"
    position = "Thủ trưởng đơn vị" if report.unit.level == Unit.Level.OFFICE else "Chủ tịch"
    return Signature(position, filing.signer_name, capacity, hint="")


def _blocks(report: Report, filing: Filing) -> Iterator[Block]:
    parts = [one for one in filing.passages.select_related("section") if one.text.strip()]
    heading = 0
    for one in parts:
        if one.section.code != "opening":
            yield Heading(f"{_ROMAN[min(heading, 11)]}. {one.section.title.upper()}")
            heading += 1
        for line in one.text.splitlines():
            if line.strip():
                yield Paragraph(line.strip())
    if report.consolidates:
        yield from _standing(report, filing, _ROMAN[min(heading, 11)])
    yield Heading("PHỤ LỤC: SỐ LIỆU")
    yield _grid(report, filing)


def _standing(report: Report, filing: Filing, number: str) -> Iterator[Block]:
    """From whom the figures came, and from whom they are missing."""
    children = Report.objects.filter(parent=report)
    counts = completeness(children, report.round.due_on)
    included = set(filing.included.values_list("child", flat=True))
    yield Heading(f"{number}. TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ")
    late = children.filter(late=True, pk__in=included).count()
    words = f"Có {len(included)}/{counts.total} đơn vị có báo cáo được tổng hợp"
    yield Paragraph(f"{words}, trong đó {late} đơn vị nộp chậm." if late else f"{words}.")
    rest = children.exclude(pk__in=included).select_related("unit").order_by("unit__name")
    names = [one.unit.full_name for one in rest[:_MOST_UNITS]]
    if names:
        yield Paragraph(f"Chưa có báo cáo được tổng hợp của: {', '.join(names)}.")


_COLUMNS = (
    TableColumn("TT", "11mm", "center"),
    TableColumn("Chỉ tiêu", "3.4fr"),
    TableColumn("Đơn vị tính", "1.2fr", "center"),
    TableColumn("Kỳ này", "1.3fr", "right"),
    TableColumn("Kỳ trước", "1.3fr", "right"),
    TableColumn("Ghi chú", "1.6fr"),
)


def _grid(report: Report, filing: Filing) -> Grid:
    last = last_values(report)
    rows: list[tuple[str, ...]] = []
    group = ""
    for n, value in enumerate(values_of(filing), start=1):
        one = value.indicator
        if one.group != group:
            group = one.group
            rows.append(("", str(one.get_group_display()).upper(), "", "", "", ""))
        before = last.get(one.code)
        rows.append(
            (str(n), one.name, one.measure, _told(value), _told(before) if before else "",
             value.note)
        )  # fmt: skip
    return Grid(_COLUMNS, tuple(rows))


def _told(value: Value) -> str:
    return words_of(value.milli) if value.indicator.counted else value.text


def number_of(milli: int | None, one: Indicator) -> float | int | None:
    """For a spreadsheet."""
    if milli is None:
        return None
    return milli / MILLI if one.decimals else milli // MILLI


def sheets_of(report: Report, filing: Filing) -> list[Sheet]:
    """The filing's figures; of a consolidated one also a table of every unit below."""
    with translation.override("vi"):
        above = [report.unit.full_name, _abstract(report)]
        sheets = [_own_sheet(report, filing, above)]
        if report.consolidates:
            sheets += [_units_sheet(report, above), _states_sheet(report, above)]
    return sheets


def _own_sheet(report: Report, filing: Filing, above: Sequence[str]) -> Sheet:
    last = last_values(report)
    columns = [
        Column("TT", Kind.WHOLE, 6), Column("Nhóm", width=22), Column("Chỉ tiêu", width=52),
        Column("Đơn vị tính", width=14), Column("Kỳ này", Kind.NUMBER, 18),
        Column("Kỳ trước", Kind.NUMBER, 18), Column("Số từ hồ sơ", Kind.NUMBER, 18),
        Column("Nội dung", width=30), Column("Ghi chú", width=40),
    ]  # fmt: skip
    rows: list[Row] = []
    for n, value in enumerate(values_of(filing), start=1):
        one, before = value.indicator, last.get(value.indicator.code)
        rows.append(
            (n, str(one.get_group_display()), one.name, one.measure, number_of(value.milli, one),
             number_of(before.milli, one) if before else None, number_of(value.system_milli, one),
             value.text, value.note)
        )  # fmt: skip
    return Sheet("Số liệu", columns, rows, above=above)


def _units_sheet(report: Report, above: Sequence[str]) -> Sheet:
    """One line a unit below, one column an indicator. Rows stream."""
    kinds = [one for one in report.round.version.indicators.all() if one.counted]
    columns = [Column("Đơn vị", width=30)] + [
        Column(f"{one.name} ({one.measure})" if one.measure else one.name,
               Kind.NUMBER if one.decimals else Kind.WHOLE, 16)
        for one in kinds
    ]  # fmt: skip
    return Sheet("Theo đơn vị", columns, _unit_rows(report, kinds), above=above)


def _unit_rows(report: Report, kinds: Sequence[Indicator]) -> Iterator[Row]:
    children = Report.objects.filter(parent=report, accepted__isnull=False)
    told = list(children.select_related("unit").order_by("unit__name", "pk"))
    for at in range(0, len(told), 100):
        some = told[at : at + 100]
        figures: Mapping[tuple[int, int], int | None] = {
            (filing, indicator): milli
            for filing, indicator, milli in Value.objects.filter(
                filing__in=[one.accepted_id for one in some if one.accepted_id is not None]
            ).values_list("filing", "indicator", "milli")
        }
        for one in some:
            key = one.accepted_id or 0
            yield (
                one.unit.full_name,
                *(number_of(figures.get((key, kind.pk)), kind) for kind in kinds),
            )


def _states_sheet(report: Report, above: Sequence[str]) -> Sheet:
    columns = [
        Column("Đơn vị", width=30), Column("Tình trạng", width=18), Column("Hạn", Kind.DATE),
        Column("Nộp lần đầu", Kind.INSTANT), Column("Nộp chậm", width=10),
        Column("Lý do gia hạn", width=40),
    ]  # fmt: skip
    children = Report.objects.filter(parent=report).select_related("unit")
    rows: Iterator[Row] = (
        (one.unit.full_name, str(one.get_state_display()), one.extended_to or one.due_on,
         one.first_submitted_at, "chậm" if one.late else "", one.extension_reason)
        for one in children.order_by("unit__name", "pk")
    )  # fmt: skip
    return Sheet("Tình hình nộp", columns, rows, above=above)
