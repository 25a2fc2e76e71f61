"""Standing in for somebody who is away: given, ended, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people import events
from vang.people.access import DECIDE, Role, may
from vang.people.models import Delegation, Membership, Person
from vang.people.roles import bringing

Form = Delegation.Form


@dataclass(frozen=True)
class Terms:
    """What is lent, in which form of signing, on which basis, for how long.

    ``last`` is the last day on which it holds; None for a standing arrangement (KT., TL.).
    """

    role: str
    form: str
    principal_title: str
    delegate_title: str
    first: date
    last: date | None
    basis_number: str = ""
    basis_date: date | None = None
    scope: str = ""


@transaction.atomic
def delegate(
    *, unit: Unit, principal: Person, deputy: Person, terms: Terms, by: Person, now: datetime
) -> Delegation:
    """Let ``deputy`` decide in the name of ``principal``. Raises Refusal.

    The principal gives it themselves, or the administrator enters what was decided on paper.
    """
    today = local_date(now)
    if by.pk != principal.pk and not may(by, Role.ADMINISTRATOR, unit, today):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    _check_people(unit, principal, deputy, terms, today)
    _check_terms(terms, today)
    _check_overlap(unit, principal, deputy, terms)
    made = Delegation.objects.create(
        unit=unit,
        principal=principal,
        delegate=deputy,
        role=terms.role,
        form=terms.form,
        principal_title=_capitals(terms.principal_title),
        delegate_title=_capitals(terms.delegate_title),
        scope=_line(terms.scope)[:300],
        basis_number=_line(terms.basis_number)[:60],
        basis_date=terms.basis_date,
        valid_from=terms.first,
        valid_to=terms.last and terms.last + timedelta(days=1),
        given_by=by,
        given_at=now,
    )
    _journal("delegation.give", made, by, now)
    for told in events.delegated:
        told(made, by, now)
    return made


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: Person, now: datetime) -> None:
    """From now on nothing is decided by it; what was decided stands. Raises Refusal.

    Principal, deputy and administrator may end it.
    """
    fresh = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    today = local_date(now)
    concerned = by.pk in {fresh.principal_id, fresh.delegate_id}
    if not concerned and not may(by, Role.ADMINISTRATOR, fresh.unit, today):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    if fresh.valid_to is not None and fresh.valid_to <= today:
        raise Refusal("delegation-ended", _("This delegation has ended already."))
    fresh.valid_to = max(today, fresh.valid_from)
    fresh.ended_by, fresh.ended_at = by, now
    fresh.save(update_fields=["valid_to", "ended_by", "ended_at"])
    by.acting = None
    _journal("delegation.end", fresh, by, now)


def _check_people(unit: Unit, principal: Person, deputy: Person, terms: Terms, today: date) -> None:
    if principal.pk == deputy.pk:
        raise Refusal("own-deputy", _("Nobody stands in for themselves."))
    if terms.role not in DECIDE:
        raise Refusal("not-lendable", _("Only approving and leading can be delegated."))
    if not _holds(principal, bringing(terms.role), unit, today):
        raise Refusal("nothing-to-lend", _NOTHING_TO_LEND)
    if not _holds(deputy, Role.values, unit, today):
        raise Refusal("deputy-elsewhere", _("The deputy must work in this unit."))


def _holds(person: Person, wanted: Iterable[str], unit: Unit, on: date) -> bool:
    """In their own right and at this very unit: nothing lent is lent on."""
    held = Membership.objects.filter(valid_on(on), person=person, unit=unit, role__in=wanted)
    return person.is_active and held.exists()


def _check_terms(terms: Terms, today: date) -> None:
    if not _line(terms.principal_title) or not _line(terms.delegate_title):
        raise Refusal("title-missing", _("Give both positions, as they are signed."))
    if terms.first < today or (terms.last is not None and terms.last < terms.first):
        raise Refusal("bad-days", _("It begins today or later and ends after it begins."))
    if terms.form not in Form.values:
        raise Refusal("unknown-form", _("Choose the form of signing."))
    if terms.form != Form.KT and not _line(terms.basis_number):
        raise Refusal("basis-missing", _BASIS)
    if terms.form == Form.TUQ and terms.last is None:
        raise Refusal("end-missing", _("TUQ. holds for a time only: give the last day."))


def _check_overlap(unit: Unit, principal: Person, deputy: Person, terms: Terms) -> None:
    same = Delegation.objects.filter(
        unit=unit, principal=principal, delegate=deputy, role=terms.role
    )
    later = Q(valid_to=None) | Q(valid_to__gt=terms.first)
    begun = Q() if terms.last is None else Q(valid_from__lte=terms.last)
    if same.filter(later & begun).exists():
        raise Refusal("delegated-already", _("The same is delegated in these days already."))


def _journal(action: str, delegation: Delegation, by: Person, now: datetime) -> None:
    record(
        action,
        f"delegation:{delegation.pk}",
        by=by,
        unit=delegation.unit,
        now=now,
        about=[f"person:{delegation.principal_id}", f"person:{delegation.delegate_id}"],
        form=delegation.form,
        role=delegation.role,
        principal=delegation.principal.full_name,
        deputy=delegation.delegate.full_name,
    )


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _capitals(text: str) -> str:
    return _line(text).upper()[:120]


_NOT_ALLOWED = _("Only the person concerned or the administrator of the unit may do this.")
_NOTHING_TO_LEND = _(
    "Only somebody who holds this role in the unit in their own right can delegate it."
)
_BASIS = _("TL. and TUQ. need the number of the document that they rest on.")
