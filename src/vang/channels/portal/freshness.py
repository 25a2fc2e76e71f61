"""When pages that are written must be written again. Rooms below tell; nobody asks them."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from vang.alerts.models import Alert
from vang.alerts.queries import concerned
from vang.base import clock
from vang.bulletins.models import Delivery, Edition
from vang.channels.jobs import enqueue_once
from vang.channels.portal import jobs, services, sites
from vang.channels.portal.queries import PORTAL
from vang.channels.portal.sites import SOON
from vang.dispatch.models import PlanVersion
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors

log = logging.getLogger(__name__)
_AT_ONCE = 200


def plays_changed(editions: Collection[UUID], now: datetime) -> None:
    """The loudspeakers' story of these editions goes on: their pages tell it."""
    written = Delivery.objects.filter(
        edition__in=editions, channel=PORTAL, delivered_at__isnull=False
    )
    # A page being written at this moment may have read the older story: it is due again.
    written.exclude(due_at__gt=now, due_at__lte=now + SOON).exclude(
        act=Delivery.Act.WITHDRAW
    ).update(due_at=now + SOON)
    units = Edition.objects.filter(pk__in=editions).order_by().values_list("unit", flat=True)
    sites.mark_due(set(units), now + SOON)


def plan_changed(plan: PlanVersion, now: datetime) -> None:
    """Another schedule."""
    sites.mark_due([plan.unit_id], now + SOON)


def air_changed(unit_id: int) -> None:
    """Allowed hours may have changed."""
    sites.mark_due([unit_id], clock.now())


def clusters_changed(unit_id: int) -> None:
    """A unit has pages from the day on which it has a loudspeaker."""
    unit = Unit.objects.select_related("parent__parent").get(pk=unit_id)
    sites.open_site(unit)
    sites.mark_due([unit_id], clock.now())


def told_more(unit: Unit, now: datetime) -> None:
    """What stands on the unit's pages about itself, or which channels it has, changed."""
    sites.open_site(unit)
    sites.mark_due([unit.pk], now)


def above_changed(unit: Unit, now: datetime) -> None:
    """The sites of the units above list the newest of those below."""
    sites.mark_due([above.pk for above in ancestors(unit)[1:]], now)


def alert_changed(alert: Alert, now: datetime) -> None:
    """The banner comes or goes at once, on the pages of every unit that it concerns."""
    units = Unit.objects.filter(code__in=concerned(alert), valid_to=None)
    for unit in units.select_related("parent__parent"):
        sites.open_site(unit)
    sites.mark_due(list(units.values_list("pk", flat=True)), now)


def refresh_due(*, now: datetime) -> list[str]:
    """Write the pages of the day that are due. The units' codes; many are told as a number."""
    due = sites.due_sites(now, _AT_ONCE)
    if not due:
        return []
    done = services.write_fronts([site.unit for site in due], now=now)
    sites.note_written(list(done), now)
    for unit, full in done.items():
        if full:
            enqueue_once(jobs.freeze_site_search, unit)
    for site in due:
        if site.unit_id not in done:
            sites.put_off(site, now)
    codes = [site.unit.code for site in due if site.unit_id in done]
    return codes if len(codes) <= 20 else [f"{len(codes)} sites"]


def open_missing_sites() -> int:
    """For what slipped: a site for every unit with a loudspeaker. How many were opened."""
    missing = Unit.objects.filter(clusters__active=True, site=None).distinct()
    opened = 0
    for unit in missing.select_related("parent__parent").order_by("pk"):
        sites.open_site(unit)
        opened += 1
    return opened
