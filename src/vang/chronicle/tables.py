"""A journal as a table to take away."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from vang.base import sheets
from vang.base.sheets import Column, Kind
from vang.chronicle.reading import Row, rows_of
from vang.journal.queries import Choice, Page
from vang.people.models import Person

MOST = 20_000
"""Rows of one table; when there are older ones, its last line says so."""
_AT_ONCE = 1000


def columns() -> list[Column]:
    """In the reader's language."""
    return [
        Column(_("When"), Kind.INSTANT),
        Column(_("What")),
        Column(_("Concerning")),
        Column(_("Particulars")),
        Column(_("Who")),
        Column(_("In whose name")),
        Column(_("Unit")),
    ]


def table(
    read: Callable[[Choice], Page], choice: Choice, *, reader: Person, on: date
) -> Iterator[sheets.Row]:
    """The chosen rows, newest first, a thousand read at a time."""
    told, choice = 0, replace(choice, size=_AT_ONCE)
    while told < MOST:
        page = read(choice)
        yield from map(_line, rows_of(page.entries, reader=reader, on=on))
        told += len(page.entries)
        if page.older is None:
            return
        choice = replace(choice, before=page.older)
    yield (None, _("There are older rows: choose fewer days."), *[None] * 5)


def _line(row: Row) -> sheets.Row:
    entry = row.entry
    return (
        entry.at,
        row.label,
        "; ".join(f"{thing.label}: {thing.name}" for thing in row.things),
        row.note,
        entry.by.full_name if entry.by else _("The system by itself"),
        entry.capacity,
        str(entry.unit) if entry.unit else "",
    )
