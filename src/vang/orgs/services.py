"""Announcing what becomes of units, and carrying it out on its day.

Nothing is rewritten: units that end keep their rows, new ones begin on the day of the change. Who
may do this and what the journal says of it is decided where people and the journal are known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.orgs.models import Succession, Unit, UnitChange
from vang.orgs.queries import valid_on
from vang.orgs.standings import MOST_PARTS, fits_further, step_forward

Kind = UnitChange.Kind
_ONE_TO_ONE = frozenset({Kind.RENAME, Kind.RETYPE, Kind.REPARENT})
_WHOLE = Fraction(1)
_OPEN = Q(applied_at__isnull=True, cancelled_at__isnull=True)


@dataclass(frozen=True)
class Newcomer:
    """A unit that begins on the day of a change. The same one may be named several times."""

    code: str
    kind: str
    name: str
    level: str
    parent: Unit | None = None
    households: int | None = None


@dataclass(frozen=True)
class Part:
    """What of a unit goes where."""

    predecessor: Unit
    successor: Unit | Newcomer
    share: Fraction = _WHOLE


@transaction.atomic
def announce(
    *,
    kind: str,
    effective_on: date,
    legal_basis: str,
    parts: Sequence[Part] = (),
    abolished: Sequence[Unit] = (),
    decision_number: str = "",
    decision_date: date | None = None,
    by: AbstractBaseUser | None,
    now: datetime,
) -> UnitChange:
    """A change of units from a day on. It is in force once :func:`bring_into_force` was called.

    What lies below a unit that goes to one other goes with it; what lies below one that is divided
    waits for :func:`let_follow`. Raises Refusal.
    """
    basis = " ".join(clean_text(legal_basis).split())
    if not basis:
        raise Refusal("no-legal-basis", _("Name the decision on which the change rests."))
    ending = _locked([part.predecessor for part in parts] + list(abolished))
    _check_shape(kind, parts, abolished)
    _check_shares(parts)
    _check_ending(ending, effective_on)
    change = UnitChange.objects.create(
        kind=kind,
        effective_on=effective_on,
        legal_basis=basis[:300],
        decision_number=" ".join(clean_text(decision_number).split())[:60],
        decision_date=decision_date,
        made_by_id=by.pk if by else None,
        made_at=now,
    )
    for unit in ending.values():
        _end(unit, effective_on)
    begun: dict[Newcomer, Unit] = {}
    for part in parts:
        before, new = ending[part.predecessor.pk], isinstance(part.successor, Newcomer)
        _succeed(change, before, _begin(change, part, ending, begun), part.share, begins=new)
    for part in parts:
        if part.share == _WHOLE:
            _bring_along(change, ending[part.predecessor.pk])
    change.account = _account(change, abolished)
    change.save(update_fields=["account"])
    return change


@transaction.atomic
def cancel(change: UnitChange, *, by: AbstractBaseUser, now: datetime) -> UnitChange:
    """Take back what was announced, until its day: what was to end goes on. Raises Refusal."""
    fresh = _open_change(change)
    steps = list(fresh.successions.select_related("predecessor", "successor"))
    before = [one.predecessor for one in steps] + _abolished(fresh)
    own = {one.successor for one in steps if one.begins}
    later = Succession.objects.exclude(change=fresh).filter(_NOT_CANCELLED)
    if later.filter(Q(predecessor__in=own) | Q(successor__in=own)).exists():
        raise Refusal("change-built-on", _("Another change rests on this one. Cancel that first."))
    fresh.successions.all().delete()
    _take_back(own)
    for unit in before:
        unit.valid_to = None
        unit.save(update_fields=["valid_to"])
    fresh.cancelled_at, fresh.cancelled_by_id = now, by.pk
    fresh.save(update_fields=["cancelled_at", "cancelled_by"])
    return fresh


@transaction.atomic
def bring_into_force(change: UnitChange, *, now: datetime) -> UnitChange:
    """The day of the change has come. Raises Refusal when it was cancelled or is in force."""
    fresh = _open_change(change)
    steps = fresh.successions.filter(follows=False, share_den=1).select_related("predecessor")
    for one in steps:  # what was founded below since it was announced goes along too
        _bring_along(fresh, one.predecessor)
    step_forward(_shares(fresh.successions.all()))
    fresh.applied_at = now
    fresh.save(update_fields=["applied_at"])
    return fresh


def due(on: date) -> QuerySet[UnitChange]:
    """Changes whose day has come and that are not in force yet, in their order."""
    return UnitChange.objects.filter(_OPEN, effective_on__lte=on).order_by("effective_on", "pk")


@transaction.atomic
def let_follow(change: UnitChange, unit: Unit, successor: Unit) -> Unit:
    """A unit below one that is divided goes with one of its successors. Gives its new row.

    It may be said anew until the day of the change. Raises Refusal.
    """
    fresh = UnitChange.objects.select_for_update().get(pk=change.pk)
    if fresh.cancelled_at is not None:
        raise Refusal("change-cancelled", _CANCELLED)
    above = fresh.successions.filter(predecessor=unit.parent_id, successor=successor)
    if not above.exists():
        raise Refusal("no-successor", _("Choose one of the units that come after."))
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = fresh.successions.filter(predecessor=unit).select_related("successor").first()
    if before is not None:
        if before.successor.parent_id == successor.pk:
            return before.successor
        if fresh.applied_at is not None:
            raise Refusal("change-in-force", _IN_FORCE)
        _undo_following(before)
        unit.refresh_from_db()
    followed = _follow(fresh, unit, successor)
    if fresh.applied_at is not None:
        steps = fresh.successions.filter(predecessor__in=_with_below(unit))
        step_forward(_shares(steps))
    return followed


def undecided(change: UnitChange) -> QuerySet[Unit]:
    """What lies below a divided unit and has not been said to follow one of its successors."""
    divided = change.successions.filter(share_den__gt=1).values("predecessor")
    still = Unit.objects.filter(parent__in=divided, valid_from__lt=change.effective_on)
    going_on = Q(valid_to__isnull=True) | Q(valid_to__gt=change.effective_on)
    return still.filter(going_on).order_by("level", "name", "code")


_CANCELLED = _("The change was cancelled.")
_IN_FORCE = _("The change is in force: it can no longer be taken back.")
_IN_USE = _("Something has been prepared in %(unit)s. Take that back first.")
_NOT_CANCELLED = Q(change__cancelled_at__isnull=True)


def _open_change(change: UnitChange) -> UnitChange:
    fresh = UnitChange.objects.select_for_update().get(pk=change.pk)
    if fresh.cancelled_at is not None:
        raise Refusal("change-cancelled", _CANCELLED)
    if fresh.applied_at is not None:
        raise Refusal("change-in-force", _IN_FORCE)
    return fresh


def _locked(units: Iterable[Unit]) -> dict[int, Unit]:
    """The rows as they are now; two who announce at once come one after the other."""
    keys = {unit.pk for unit in units}
    if not keys:
        raise Refusal("no-units", _("Choose the units that change."))
    rows = Unit.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {unit.pk: unit for unit in rows}


def _check_shape(kind: str, parts: Sequence[Part], abolished: Sequence[Unit]) -> None:
    before = {part.predecessor.pk for part in parts}
    after = {_identity(part.successor) for part in parts}
    fits = {
        Kind.MERGE: len(after) == 1 and all(part.share == _WHOLE for part in parts),
        Kind.SPLIT: len(before) == 1 and len(after) > 1,
        Kind.ABOLISH: not parts and bool(abolished),
    }
    as_told = fits.get(Kind(kind), len(parts) == len(before) == len(after) == 1)
    if not as_told or (kind != Kind.ABOLISH and abolished):
        raise Refusal("change-shape", _("These units do not fit this kind of change."))
    levels = {part.predecessor.level for part in parts} | {part.successor.level for part in parts}
    if len(levels) > 1:
        raise Refusal("change-of-level", _("Only units of one level become one another."))
    named = [(part.predecessor.pk, _identity(part.successor)) for part in parts]
    if len(set(named)) < len(named):
        raise Refusal("named-twice", _("A unit is named twice."))


def _identity(unit: Unit | Newcomer) -> object:
    return unit.pk if isinstance(unit, Unit) else unit


def _check_shares(parts: Sequence[Part]) -> None:
    sums: dict[int, Fraction] = {}
    for part in parts:
        if part.share <= 0 or part.share.denominator > MOST_PARTS:
            raise Refusal(
                "share-unfit", _("A share lies above 0 and is no finer than a millionth.")
            )
        key = part.predecessor.pk
        sums[key] = sums.get(key, Fraction(0)) + part.share
    if any(total != _WHOLE for total in sums.values()):
        raise Refusal("shares-not-whole", _("The shares of a unit must make a whole."))
    if not fits_further({part.predecessor.pk: part.share for part in parts}):
        raise Refusal("shares-too-fine", _("Divide more roughly: these shares are too fine."))


def _check_ending(units: dict[int, Unit], on: date) -> None:
    for unit in units.values():
        if unit.valid_to is not None:
            raise Refusal("unit-ending", _ENDING % {"unit": unit.full_name})
        if unit.valid_from >= on:
            raise Refusal("unit-too-young", _YOUNG % {"unit": unit.full_name})


_ENDING = _("%(unit)s ends by another change already.")
_YOUNG = _("%(unit)s begins on that day or later: one unit changes once a day.")


def _begin(
    change: UnitChange, part: Part, ending: dict[int, Unit], begun: dict[Newcomer, Unit]
) -> Unit:
    if isinstance(part.successor, Unit):
        return _going_on(part.successor, change.effective_on, ending)
    if part.successor not in begun:
        begun[part.successor] = _create(part.successor, change.effective_on)
    return begun[part.successor]


def _going_on(unit: Unit, on: date, ending: dict[int, Unit]) -> Unit:
    fresh = Unit.objects.select_for_update().get(pk=unit.pk)
    if fresh.pk in ending:
        raise Refusal("to-itself", _("A unit that ends cannot come after itself."))
    if fresh.valid_to is not None or fresh.valid_from > on:
        raise Refusal("successor-not-there", _("%s is not there on that day.") % fresh.full_name)
    return fresh


def _create(new: Newcomer, on: date) -> Unit:
    code, name = new.code.strip(), " ".join(clean_text(new.name).split())
    if not code or not name:
        raise Refusal("newcomer-unnamed", _("Give the new unit a code and a name."))
    going_on = Unit.objects.filter(valid_on(on), code=code)
    if going_on.exists():
        raise Refusal("code-in-use", _("The code %s belongs to another unit on that day.") % code)
    parent = new.parent
    if parent is not None and not Unit.objects.filter(valid_on(on), pk=parent.pk).exists():
        raise Refusal("parent-not-there", _("%s is not there on that day.") % parent.full_name)
    try:
        with transaction.atomic():
            return Unit.objects.create(
                code=code,
                valid_from=on,
                level=new.level,
                kind=new.kind,
                name=name,
                parent=parent,
                households=new.households,
            )
    except IntegrityError as error:
        raise Refusal("code-in-use", _("The code %s has been given already.") % code) from error


def _end(unit: Unit, on: date) -> None:
    unit.valid_to = on
    unit.save(update_fields=["valid_to"])


def _succeed(
    change: UnitChange,
    before: Unit,
    after: Unit,
    share: Fraction = _WHOLE,
    *,
    begins: bool,
    follows: bool = False,
) -> None:
    Succession.objects.create(
        change=change,
        predecessor=before,
        successor=after,
        share_num=share.numerator,
        share_den=share.denominator,
        begins=begins,
        follows=follows,
    )


def _bring_along(change: UnitChange, before: Unit) -> None:
    """What lies below a unit with one successor goes with it; so does what lies below that."""
    step = change.successions.select_related("successor").get(predecessor=before)
    below = Unit.objects.filter(parent=before, valid_to=None).order_by("pk")
    for unit in below:
        _follow(change, unit, step.successor)


def _follow(change: UnitChange, unit: Unit, parent: Unit) -> Unit:
    on = max(change.effective_on, unit.valid_from + timedelta(days=1))
    _end(unit, on)
    after = Unit.objects.create(
        code=unit.code,
        valid_from=on,
        level=unit.level,
        kind=unit.kind,
        name=unit.name,
        parent=parent,
        households=unit.households,
    )
    _succeed(change, unit, after, begins=True, follows=True)
    _bring_along(change, unit)
    return after


def _undo_following(step: Succession) -> None:
    """Before the day of the change: as if it had never been said."""
    for below in Succession.objects.filter(
        change=step.change, predecessor__parent=step.predecessor
    ):
        _undo_following(below)
    before, after = step.predecessor, step.successor
    step.delete()
    _take_back([after])
    before.valid_to = None
    before.save(update_fields=["valid_to"])


def _with_below(unit: Unit) -> list[int]:
    keys, last = [unit.pk], [unit.pk]
    while last:
        last = list(Unit.objects.filter(parent__in=last).values_list("pk", flat=True))
        keys += last
    return keys


def _take_back(units: Iterable[Unit]) -> None:
    """Units that were to begin: nothing can have happened in them, so that they may go."""
    for unit in sorted(units, key=lambda unit: -unit.pk):  # what lies below was made later
        try:
            unit.delete()
        except ProtectedError as error:
            raise Refusal("unit-in-use", _IN_USE % {"unit": unit.full_name}) from error


def _abolished(change: UnitChange) -> list[Unit]:
    keys = [row["unit"] for row in change.account if "unit" in row and "to" not in row]
    return list(Unit.objects.select_for_update().filter(pk__in=keys))


def _account(change: UnitChange, abolished: Sequence[Unit]) -> list[dict[str, Any]]:
    """As it is told when the rows are no longer there."""
    steps = change.successions.filter(follows=False).select_related("predecessor", "successor")
    told: list[dict[str, Any]] = [
        {
            "unit": one.predecessor_id,
            "from": one.predecessor.full_name,
            "to": one.successor.full_name,
            "share": [one.share_num, one.share_den],
        }
        for one in steps
    ]
    return told + [{"unit": unit.pk, "from": unit.full_name} for unit in abolished]


def _shares(steps: QuerySet[Succession]) -> dict[int, dict[int, Fraction]]:
    found: dict[int, dict[int, Fraction]] = {}
    for one in steps:
        found.setdefault(one.predecessor_id, {})[one.successor_id] = one.share
    return found
