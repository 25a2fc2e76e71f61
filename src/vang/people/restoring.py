"""A role that was just ended is given back as it was."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, require
from vang.people.models import Membership, Person


@transaction.atomic
def restore_role(
    *,
    person: Person,
    unit: Unit,
    role: str,
    since: date,
    until: date | None,
    by: Person,
    now: datetime,
) -> Membership:
    """The role holds again from ``since``, until ``until`` as before. Raises Refusal."""
    same = Membership.objects.filter(person=person, unit=unit, role=role)
    if same.filter(valid_on(local_date(now))).exists():
        raise Refusal("role-held", _HELD)
    membership, _created = same.update_or_create(
        valid_from=since,
        defaults={"valid_to": until},
        create_defaults={"person": person, "unit": unit, "role": role, "valid_to": until},
    )
    record("role.restore", f"person:{person.pk}", by=by, unit=unit, now=now, role=role)
    return membership


def facts_of(membership: Membership) -> dict[str, Any]:
    """What :func:`give_back` needs, taken before the role ends."""
    return {
        "person": membership.person_id,
        "unit": membership.unit_id,
        "role": membership.role,
        "since": membership.valid_from.isoformat(),
        "until": membership.valid_to and membership.valid_to.isoformat(),
    }


def give_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:
    """How the end of a role is taken back (vang.base.undo)."""
    unit = Unit.objects.filter(pk=facts["unit"]).first()
    person = Person.objects.filter(pk=facts["person"], is_active=True).first()
    if unit is None or person is None:
        raise Http404
    require(by, Role.ADMINISTRATOR, unit, local_date(now))
    until = date.fromisoformat(facts["until"]) if facts["until"] else None
    since = date.fromisoformat(facts["since"])
    role = restore_role(
        person=person, unit=unit, role=facts["role"], since=since, until=until, by=by, now=now
    )
    words = {"name": person.full_name, "role": role.get_role_display()}
    return _("%(name)s is %(role)s again.") % words


_HELD = gettext_lazy("The person has this role already.")
