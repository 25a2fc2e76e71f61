"""Which permissions run, for pages and for the policy that loudspeakers obey."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from vang.alerts.areas import as_devices_know
from vang.base.clock import VIETNAM, local_date
from vang.live.models import Permission
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.speakers import Speaker
from vang_protocol.commands import Audience


def running(on: date) -> QuerySet[Permission]:
    """Those in force on that day."""
    found = Permission.objects.filter(withdrawn_at=None, valid_from__lte=on, valid_to__gte=on)
    return found.select_related("unit", "person")


def permissions_of(person: Person, unit: Unit, on: date) -> list[Permission]:
    """The person's own here, with their loudspeakers. Two queries."""
    return list(running(on).filter(person=person, unit=unit).prefetch_related("clusters"))


def speakers(now: datetime) -> Iterable[Speaker]:
    """As the policy names them."""
    for one in running(local_date(now)).prefetch_related("clusters").order_by("pk"):
        pairs = tuple((one.unit.code, cluster.code) for cluster in one.clusters.all())
        known = as_devices_know(Audience(clusters=pairs)) if pairs else Audience()
        yield Speaker(
            key=str(one.pk),
            unit=one.unit.code,
            person=one.person_id,
            clusters=frozenset(known.clusters),
            until=_end_of(one.valid_to),
        )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM)
