"""The second proof at the door: who needs one, and taking it away when it is lost."""

from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people import events
from vang.people.access import Role, may
from vang.people.models import Membership, Person, SecondFactorRule
from vang.people.services.accounts import refuse_if_works_elsewhere

GUARDED = (Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR)
GRACE_DAYS = (0, 7, 14, 30)
_PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(person: Person) -> bool:
    """Whether signing in as this person needs more than a password."""
    return bool(Authenticator.objects.filter(user=person, type__in=_PROOFS).exists())


def needed_from(person: Person, on: date) -> date | None:
    """The day from which the person needs a second proof and has none; None for never.

    The rule of a unit holds for roles there and below.
    """
    here = (
        Q(unit=OuterRef("unit"))
        | Q(unit__parent=OuterRef("unit"))
        | Q(unit__parent__parent=OuterRef("unit"))
        | Q(unit__parent__parent__parent=OuterRef("unit"))
    )
    held = Membership.objects.filter(valid_on(on), here, person=person, role__in=GUARDED)
    rules = SecondFactorRule.objects.filter(Exists(held), required_from__isnull=False)
    first: date | None = rules.aggregate(first=Min("required_from"))["first"]
    return None if first is None or has_second_factor(person) else first


@transaction.atomic
def require_second_factor(
    *, unit: Unit, required: bool, grace_days: int, by: Person, now: datetime
) -> SecondFactorRule:
    """Whoever approves, leads or administers here needs a second proof from a day on, or not.

    Raises Refusal.
    """
    if not may(by, Role.ADMINISTRATOR, unit, local_date(now)):
        raise Refusal("not-allowed", _("Only the administrator of the unit may do this."))
    if required and grace_days not in GRACE_DAYS:
        raise Refusal("unknown-choice", _("Choose one of the offered periods."))
    since = local_date(now) + timedelta(days=grace_days) if required else None
    rule, _made = SecondFactorRule.objects.update_or_create(
        unit=unit, defaults={"required_from": since, "decided_by": by, "decided_at": now}
    )
    record(
        "second-factor.require" if required else "second-factor.release",
        f"unit:{unit.pk}",
        by=by,
        unit=unit,
        now=now,
        since=since and since.isoformat(),
    )
    if since is not None:
        _tell_those_without(unit, since, by, now)
    return rule


def _tell_those_without(unit: Unit, since: date, by: Person, now: datetime) -> None:
    here = Q(unit=unit) | Q(unit__parent=unit) | Q(unit__parent__parent=unit)
    held = Membership.objects.filter(valid_on(local_date(now)), here, role__in=GUARDED)
    have = Authenticator.objects.filter(type__in=_PROOFS).values("user")
    people = Person.objects.filter(memberships__in=held, is_active=True).exclude(pk__in=have)
    for told in events.second_factor_required:
        told(list(people.distinct()), unit, since, by, now)


@transaction.atomic
def remove_second_factor(*, person: Person, unit: Unit, by: Person, now: datetime) -> None:
    """A colleague lost the telephone or key: let the password alone open the account again.

    Raises Refusal for oneself, for somebody who also works elsewhere, and when there is nothing
    to remove.
    """
    if person.pk == by.pk:
        raise Refusal("own-factor", _("Remove your own on the page of your account."))
    refuse_if_works_elsewhere(person, unit, now)
    removed = Authenticator.objects.filter(user=person).delete()[0]
    if not removed:
        raise Refusal("no-second-factor", _("This person has no second proof."))
    record("second-factor.remove", f"person:{person.pk}", by=by, unit=unit, now=now)
    for told in events.account_changed:
        told(person, "second-factor-removed", now)


def note_own_change(*, person: Person, what: str, now: datetime) -> None:
    """The person added or removed a proof of their own: journal and notice.

    ``what`` is a key of notices' words: ``totp-added``, ``key-removed`` …
    """
    with transaction.atomic():
        record(f"second-factor.{what}", f"person:{person.pk}", by=person, unit=None, now=now)
        for told in events.account_changed:
            told(person, what, now)
