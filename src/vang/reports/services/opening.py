"""Opening a round: one expected report for every unit, and for every unit that consolidates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.reports.access import MANAGERS, guard
from vang.reports.lineage import divided_units, newcomers, reporting_units
from vang.reports.models import FormVersion, Regime, Report, Round

_BATCH = 1_000


@dataclass(frozen=True)
class Days:
    """What a round covers and when it is open; all days within."""

    covers_from: date
    covers_to: date
    opens_on: date
    due_on: date
    locks_on: date

    @property
    def in_order(self) -> bool:
        covered = self.covers_from <= self.covers_to
        return covered and self.opens_on <= self.due_on <= self.locks_on


def open_round(*, regime: Regime, name: str, days: Days, by: Person | None, now: datetime) -> Round:
    """One expected report a unit, on the newest version of the form. Raises Refusal.

    ``by`` is None when the system opens it on its day.
    """
    with transaction.atomic():
        regime = Regime.objects.select_for_update(of=("self",)).get(pk=regime.pk)
        if by is not None and regime.unit is not None:
            guard(by, MANAGERS, regime.unit, now)
        if regime.ended_on is not None and regime.ended_on <= local_date(now):
            raise Refusal("regime-ended", _ENDED)
        if not days.in_order:
            raise Refusal("days-out-of-order", _OUT_OF_ORDER)
        round_ = _round(regime, name, days, by, now)
        count = _expect(round_, regime, min(days.covers_to, local_date(now)))
        if not count:
            raise Refusal("nobody-reports", _NOBODY)
        record(
            "report-round.open", f"report-round:{round_.pk}", by=by, unit=regime.unit, now=now,
            name=round_.name, reports=count,
        )  # fmt: skip
    return round_


def _round(regime: Regime, name: str, days: Days, by: Person | None, now: datetime) -> Round:
    issued = FormVersion.objects.filter(form=regime.form_id, state=FormVersion.State.ISSUED)
    version = issued.order_by("-number").first()
    if version is None:
        raise Refusal("form-not-issued", _NO_FORM)
    clean = " ".join(clean_text(name).split())[:200]
    if not clean:
        raise Refusal("name-missing", _NAME_MISSING)
    try:
        with transaction.atomic():
            return Round.objects.create(
                regime=regime, version=version, name=clean, opened_by=by, opened_at=now,
                **vars(days),
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("round-known", _KNOWN) from error


def _expect(round_: Round, regime: Regime, on: date) -> int:
    """Parents first, so that each report knows the one it goes into. How many report."""
    units = reporting_units(regime, on)
    top = regime.unit_id
    own = {unit.pk for unit in units}
    divided = divided_units(regime, round_.covers_from, on)
    chains = {unit.pk: list(_above(unit, top)) for unit in units}
    chains |= {unit.pk: list(_above(after, top)) for unit, after in divided}
    consolidating: dict[int, Unit] = {}
    for chain in chains.values():
        for unit in chain:
            consolidating.setdefault(unit.pk, unit)
    made: dict[int, Report] = {}
    by_depth = sorted(consolidating.values(), key=lambda unit: len(list(_above(unit, top))))
    for unit in by_depth:
        if unit.pk not in own:
            made[unit.pk] = _report(round_, unit, made, top, consolidates=True)
            made[unit.pk].save()
    leaves = [
        _report(round_, unit, made, top, consolidates=unit.pk in consolidating) for unit in units
    ]
    for unit, after in divided:
        one = _report(round_, after, made, top, consolidates=False)
        one.unit = unit
        leaves.append(one)
    Report.objects.bulk_create(leaves, batch_size=_BATCH)
    return len(leaves)


def expect_newcomers(*, now: datetime) -> int:
    """The worker's part: a unit that began while a round is open reports of its own days. How many.

    What it was before has its own report, or is told by this one (vang.reports.lineage).
    """
    today = local_date(now)
    open_rounds = Round.objects.filter(opens_on__lte=today, locks_on__gte=today)
    count = 0
    for round_ in open_rounds.select_related("regime"):
        with transaction.atomic():
            regime = Regime.objects.select_for_update(of=("self",)).get(pk=round_.regime_id)
            units = list(newcomers(round_, today))
            above = Report.objects.filter(
                round=round_, consolidates=True, unit__in=[one.parent_id for one in units]
            )
            made = {one.unit_id: one for one in above}
            Report.objects.bulk_create(
                _report(round_, unit, made, regime.unit_id, consolidates=False) for unit in units
            )
            for unit in units:
                record(
                    "report-round.expect", f"report-round:{round_.pk}", by=None, unit=unit, now=now
                )
        count += len(units)
    return count


def _above(unit: Unit, top: int | None) -> Iterable[Unit]:
    """The units over it, the nearest first, up to the one that asks."""
    if unit.pk == top:
        return
    parent = unit.parent
    while parent is not None:
        yield parent
        if parent.pk == top:
            return
        parent = parent.parent


def _report(
    round_: Round, unit: Unit, made: dict[int, Report], top: int | None, *, consolidates: bool
) -> Report:
    above = unit.parent if unit.pk != top else None
    return Report(
        round=round_,
        unit=unit,
        above=above,
        parent=made.get(above.pk) if above is not None else None,
        consolidates=consolidates,
        due_on=round_.due_on,
    )


_ENDED = _("This regime is no longer in force.")
_OUT_OF_ORDER = _("Opening, due day and lock must follow each other.")
_NOBODY = _("There is no unit that would report.")
_NO_FORM = _("The form has no version in use yet.")
_NAME_MISSING = _("Give the round a name.")
_KNOWN = _("This period has a round already.")
