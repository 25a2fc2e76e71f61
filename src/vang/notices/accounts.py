"""Telling people what happens to their own account and roles."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date
from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.services import notify
from vang.orgs.models import Unit
from vang.people.models import Delegation, Membership, Person

ROLE_GIVEN = "role-given"
CHANGED = "account-changed"
NEW_DEVICE = "new-device"
FACTOR_REQUIRED = "second-factor-required"
DELEGATED = "delegated"
KINDS = (
    Kind(DELEGATED, _("somebody stands in for me, or I for somebody"), "users", Mail.AT_ONCE),
    Kind(ROLE_GIVEN, _("I was given a role"), "user", Mail.AT_ONCE),
    Kind(
        NEW_DEVICE, _("somebody signed in from a new device"), "devices", Mail.AT_ONCE, tone="warn"
    ),
    Kind(CHANGED, _("my password or protection was changed"), "key", Mail.AT_ONCE, tone="warn"),
    Kind(FACTOR_REQUIRED, _("my unit requires a second proof"), "shield-lock", Mail.AT_ONCE),
)
_WHAT = {
    "password": _("Your password was changed"),
    "password-by-administrator": _("The administrator gave your account a new password"),
    "address": _("Your e-mail address was changed"),
    "totp-added": _("Codes from an app now protect your account"),
    "totp-removed": _("Codes from an app are no longer asked for"),
    "key-added": _("A passkey was added to your account"),
    "key-removed": _("A passkey was removed from your account"),
    "codes-made": _("New recovery codes were made for your account"),
    "second-factor-removed": _("The administrator removed your second proof"),
}


def tell_of_role(membership: Membership, by: Person | None, now: datetime) -> None:
    """Whoever gives themselves a role, or gets it with the installation, knows already."""
    if by is None:
        return
    notify(
        kind=ROLE_GIVEN,
        to=[membership.person],
        unit=membership.unit,
        subject=f"person:{membership.person_id}",
        title=format_lazy(
            _("You are now {role} in {unit}"),
            role=Membership.Role(membership.role).label,
            unit=membership.unit.full_name,
        ),
        text=format_lazy(_("The role was given by {person}."), person=str(by)),
        url=reverse("people:account"),
        now=now,
        by=by,
    )


def tell_of_change(person: Person, what: str, now: datetime) -> None:
    """Whoever did it knows; if it was somebody else, this is the alarm."""
    notify(
        kind=CHANGED,
        to=[person],
        unit=None,
        subject=f"person:{person.pk}",
        title=_WHAT[what],
        text=_("If it was not you, tell the administrator of your unit at once."),
        url=reverse("people:account"),
        now=now,
    )


def tell_of_device(person: Person, browser: str, address: str, now: datetime) -> None:
    """A sign-in from a device that this account never used."""
    words = _("{browser}, from the address {address}. If it was not you, change your password.")
    notify(
        kind=NEW_DEVICE,
        to=[person],
        unit=None,
        subject=f"person:{person.pk}",
        title=_("Signed in from a new device"),
        text=format_lazy(words, browser=browser, address=address or "–"),
        url=reverse("people:sessions"),
        now=now,
    )


def tell_of_requirement(
    people: list[Person], unit: Unit, since: date, _by: Person, now: datetime
) -> None:
    """Those who have no second proof yet, with the day from which they need one."""
    notify(
        kind=FACTOR_REQUIRED,
        to=people,
        unit=unit,
        subject=f"unit:{unit.pk}",
        title=format_lazy(_("A second proof is required from {day} on"), day=vi_date(since)),
        text=_("Set up a passkey or an app for your account before that day."),
        url=reverse("people:protection"),
        now=now,
    )


def tell_of_delegation(delegation: Delegation, by: Person, now: datetime) -> None:
    """Both people, but not who entered it."""
    words = _("{deputy} decides in the name of {principal} from {day} on")
    notify(
        kind=DELEGATED,
        to=[delegation.principal, delegation.delegate],
        unit=delegation.unit,
        subject=f"delegation:{delegation.pk}",
        title=format_lazy(
            words,
            deputy=delegation.delegate.full_name,
            principal=delegation.principal.full_name,
            day=vi_date(delegation.valid_from),
        ),
        text=delegation.signature,
        url=reverse("people:delegations"),
        now=now,
        by=by,
    )
