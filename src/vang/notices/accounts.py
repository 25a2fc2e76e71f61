"""Telling people what happens to their own account and roles."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.notices.services import notify
from vang.people.models import Membership, Person

ROLE_GIVEN = "role-given"
KINDS = (Kind(ROLE_GIVEN, _("I was given a role"), "user", Mail.AT_ONCE),)


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
