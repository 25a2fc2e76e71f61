"""Bringing the list of units up to date from a file: preview first, then all of it or nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.library.tables import MOST_ROWS, TableRefused, Trouble, read_table
from vang.mergers.carrying import carry_out_due
from vang.mergers.listing import (
    LEVELS,
    Fate,
    Outcome,
    Preview,
    There,
    Wanted,
    Wrong,
    compare,
    of_national,
    packed,
    unpacked,
    wanted_of,
)
from vang.mergers.models import BroughtList
from vang.orgs.models import Unit
from vang.orgs.national import REFORM, listed
from vang.orgs.queries import at_or_under, valid_on
from vang.orgs.services import Newcomer, Part, announce
from vang.people.access import Role, may
from vang.people.models import Person

NATIONAL = "national"
_KEPT = timedelta(days=7)


@transaction.atomic
def bring_list(
    *,
    content: bytes | None,
    name: str,
    unit: Unit | None,
    complete: bool,
    effective_on: date,
    legal_basis: str,
    by: Person | None,
    now: datetime,
) -> BroughtList:
    """Read a file, or the list that comes with the software (``content`` None), and keep it for the
    preview. ``unit`` None: for all there are, by the command line. Raises Refusal."""
    _guard(unit, by, now)
    basis = " ".join(clean_text(legal_basis).split())
    if not basis:
        raise Refusal("no-legal-basis", _("Name the decision on which the list rests."))
    BroughtList.objects.filter(done_at=None, brought_at__lt=now - _KEPT).delete()
    wanted, wrong = _read(content) if content is not None else (_national(unit, effective_on), [])
    return BroughtList.objects.create(
        unit=unit,
        name=name[:200],
        rows=packed(wanted),
        wrong=[[one.line, one.text, str(one.reason)] for one in wrong],
        complete=complete,
        effective_on=effective_on,
        legal_basis=basis[:300],
        brought_by=by,
        brought_at=now,
    )


def preview_of(brought: BroughtList) -> Preview:
    """What the list would do as things are now."""
    wanted = unpacked(brought.rows)
    scope = _scope(brought.unit, brought.effective_on)
    within: set[str] = set()
    if brought.unit is not None:
        within = set(scope.exclude(level=Unit.Level.VILLAGE).values_list("code", flat=True))
    preview = compare(
        wanted, _there(scope, brought.effective_on), complete=brought.complete, within=within
    )
    preview.wrong = [Wrong(*row) for row in brought.wrong] + preview.wrong
    preview.wrong.sort(key=lambda one: one.line)
    return preview


@transaction.atomic
def confirm_list(brought: BroughtList, *, by: Person | None, now: datetime) -> Preview:
    """Do what the preview shows. Raises Refusal; then nothing is done."""
    fresh = BroughtList.objects.select_for_update().get(pk=brought.pk)
    if fresh.done_at is not None:
        raise Refusal("list-done", _("This list has been taken over already."))
    _guard(fresh.unit, by, now)
    preview = preview_of(fresh)
    if not preview.does_something:
        raise Refusal("list-says-nothing", _("The list changes nothing."))
    for level in LEVELS:  # what stands above comes first
        _begin([one for one in preview.of(Fate.NEW) if _level(one) == level], fresh)
        for one in preview.of(Fate.CHANGED) + preview.of(Fate.MERGED):
            if _level(one) == level:
                _change(one, fresh, by, now)
    for one in preview.of(Fate.ENDED):
        _change(one, fresh, by, now)
    _count(preview.of(Fate.COUNTED), fresh)
    fresh.done_at, fresh.rows = now, []
    fresh.save(update_fields=["done_at", "rows"])
    record(
        "units.list-taken-over",
        f"unit-list:{fresh.pk}",
        by=by,
        unit=fresh.unit,
        now=now,
        file=fresh.name,
        on=fresh.effective_on.isoformat(),
        counts=preview.counts,
    )
    carry_out_due(now=now)
    return preview


def _guard(unit: Unit | None, by: Person | None, now: datetime) -> None:
    if by is None:
        return
    if unit is None or not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))


def _read(content: bytes) -> tuple[list[Wanted], list[Wrong]]:
    try:
        rows = read_table(content)
    except TableRefused as refused:
        raise Refusal(refused.trouble, SENTENCES[refused.trouble]) from refused
    return wanted_of(rows)


def _national(unit: Unit | None, on: date) -> list[Wanted]:
    """Of a province itself, the part of it that the unit is or stands in."""
    found = list(listed().values())
    if unit is not None:
        found = [one for one in found if one.parent == unit.code]
        if not found or unit.level != Unit.Level.PROVINCE:
            raise Refusal("province-not-listed", _NOT_LISTED)
    return of_national(found, reform=on == REFORM)


_NOT_LISTED = _("The list has nothing for this unit: it knows provinces and their communes.")


def _scope(unit: Unit | None, on: date) -> QuerySet[Unit]:
    """Units there on the day before that the list may speak of, and the unit itself."""
    before = Unit.objects.filter(valid_on(on - timedelta(days=1)) | valid_on(on))
    before = before.filter(valid_to=None, level__in=LEVELS)
    if unit is not None:
        before = before.filter(at_or_under(Unit.objects.filter(pk=unit.pk)))
    return before


def _there(scope: QuerySet[Unit], on: date) -> dict[str, There]:
    rows = scope.filter(valid_from__lte=on).select_related("parent").order_by("pk")
    return {
        one.code: There(
            one.code,
            one.level,
            one.kind,
            one.name,
            one.parent.code if one.parent else "",
            one.households,
            one.full_name,
        )
        for one in rows
    }


def _level(outcome: Outcome) -> str:
    one = outcome.wanted or outcome.there
    return one.level if one else ""


def _begin(outcomes: Sequence[Outcome], brought: BroughtList) -> None:
    parents = _units({one.wanted.parent for one in outcomes if one.wanted}, brought.effective_on)
    Unit.objects.bulk_create(
        [
            Unit(
                code=one.wanted.code,
                valid_from=brought.effective_on,
                level=one.wanted.level,
                kind=one.wanted.kind,
                name=one.wanted.name,
                parent=parents.get(one.wanted.parent),
                households=one.wanted.households,
            )
            for one in outcomes
            if one.wanted
        ],
        batch_size=500,
    )


def _change(outcome: Outcome, brought: BroughtList, by: Person | None, now: datetime) -> None:
    codes = {one.code for one in (outcome.wanted, outcome.there) if one}
    wanted = outcome.wanted
    if wanted is not None:
        codes |= {*wanted.origins, wanted.parent}
    found = _units(codes, brought.effective_on)
    shared: dict[str, Any] = {
        "kind": outcome.kind,
        "effective_on": brought.effective_on,
        "legal_basis": brought.legal_basis,
        "by": by,
        "now": now,
    }
    if wanted is None:
        announce(abolished=[found[outcome.there.code]] if outcome.there else [], **shared)
        return
    old = found.get(wanted.code)
    if old is not None and old.valid_from >= brought.effective_on:
        return  # it went with the unit above already
    new = Newcomer(
        code=wanted.code,
        kind=wanted.kind,
        name=wanted.name,
        level=wanted.level,
        parent=found.get(wanted.parent) or (old.parent if old else None),
        households=wanted.households,
    )
    origins = wanted.origins if outcome.fate is Fate.MERGED else (wanted.code,)
    announce(parts=[Part(found[code], new) for code in origins if code in found], **shared)


def _count(outcomes: Sequence[Outcome], brought: BroughtList) -> None:
    for one in outcomes:
        if one.wanted:
            rows = Unit.objects.filter(valid_on(brought.effective_on), code=one.wanted.code)
            rows.update(households=one.wanted.households)


def _units(codes: set[str], on: date) -> dict[str, Unit]:
    """By code: units that go on that day, and those that were there until then."""
    rows = Unit.objects.filter(code__in=codes, valid_from__lte=on, valid_to=None)
    return {unit.code: unit for unit in rows.select_related("parent").order_by("pk")}


SENTENCES: dict[Trouble, str | Promise] = {
    Trouble.EMPTY: _("The file holds no rows."),
    Trouble.OLD: _("This is an old Excel file (.xls). Save it as .xlsx and bring it again."),
    Trouble.MACROS: _("The workbook holds macros. Save it as .xlsx without them."),
    Trouble.DAMAGED: _("The file is damaged, or is no table. Bring a .csv or .xlsx."),
    Trouble.NOT_TEXT: _("This is no text that can be read. Bring a .csv or .xlsx."),
    Trouble.TOO_MANY_ROWS: _("The file has more than %(most)d rows. Divide it.")
    % {"most": MOST_ROWS},
    Trouble.TOO_WIDE: _("The file has more than 60 columns."),
}

__all__ = ["NATIONAL", "SENTENCES", "bring_list", "confirm_list", "preview_of"]
