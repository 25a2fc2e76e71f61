"""A commune's plan once more for devices that know their cluster by an earlier unit's code.

When units merge, nobody climbs to the loudspeakers: each goes on checking what it is sent against
the code and the key that it was given when it was enrolled. So the new commune's plan is signed
once more under each of these codes, with the key that belongs to it. What it orders is the same.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db.models import Max

from vang.dispatch.keys import pinned_keys, routine_key
from vang.dispatch.models import PlanCopy, PlanVersion
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang_protocol.acceptance import accept_plan
from vang_protocol.plans import Plan, sign_plan
from vang_protocol.strict_json import digest


def homes_in(unit: Unit) -> list[Unit]:
    """Earlier units by whose codes devices in service in this commune know themselves."""
    nodes = Node.objects.filter(cluster__unit=unit, cluster__active=True, retired_at=None)
    homes = nodes.filter(home__isnull=False).order_by().values("home")
    return list(Unit.objects.filter(pk__in=homes).order_by("code", "pk"))


def last_versions(homes: Collection[Unit]) -> dict[int, int]:
    """The newest number that devices of each home may have seen: numbers only rise."""
    if not homes:
        return {}
    own = PlanVersion.objects.filter(unit__in=homes).order_by().values_list("unit")
    found = dict(own.annotate(Max("version")))
    copies = PlanCopy.objects.filter(home__in=homes).order_by().values_list("home")
    for home, version in copies.annotate(Max("plan__version")):
        found[home] = max(found.get(home, 0), version)
    return found


def copied(plan: PlanVersion, homes: Collection[Unit]) -> bool:
    """Whether every home has its copy of this plan."""
    if not homes:
        return True
    known = set(PlanCopy.objects.filter(plan=plan).values_list("home", flat=True))
    return known >= {home.pk for home in homes}


def copy_plan(row: PlanVersion, plan: Plan, homes: Collection[Unit], *, now: datetime) -> None:
    """Sign it for each home. Raises Refused, Refusal: then nothing is published at all."""
    for home in homes:
        envelope = sign_plan(replace(plan, unit=home.code), routine_key(home, now=now))
        accept_plan(
            envelope,
            unit=home.code,
            routine_keys=pinned_keys(home),
            current=_current(home, row),
            now=now,
        )
        PlanCopy.objects.create(plan=row, home=home, envelope=envelope, sha256=digest(envelope))


def _current(home: Unit, row: PlanVersion) -> tuple[int, str] | None:
    """What devices of the home may hold: the last copy, else the last plan of the home itself."""
    copies = PlanCopy.objects.filter(home=home).exclude(plan=row).order_by("-plan__version")
    last = copies.values_list("plan__version", "sha256").first()
    own = PlanVersion.objects.filter(unit=home).order_by("-version")
    return last or own.values_list("version", "sha256").first()
