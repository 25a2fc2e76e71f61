"""Which sites there are and when their pages are due."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from vang.base.clock import local_date
from vang.channels.portal.models import Site
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors

SOON = timedelta(seconds=10)
"""Nodes report every few seconds while something plays; residents need not see each word."""


def open_site(unit: Unit) -> Site:
    """The unit's site, and one for each unit above it, from the first thing to show."""
    found = Site.objects.filter(unit=unit).first()
    if found is not None:
        return found
    for above in ancestors(unit):
        Site.objects.get_or_create(unit=above)
    return Site.objects.get(unit=unit)


def mark_due(units: Collection[int], at: datetime) -> None:
    """Have the pages of the day written at ``at``, unless they are earlier."""
    later = Q(due_at=None) | Q(due_at__gt=at)
    Site.objects.filter(later, unit__in=units).update(due_at=at)


def due_sites(now: datetime, most: int) -> list[Site]:
    """Sites that are due, or show another day's schedule, the longest due first."""
    old = Q(written_on=None) | Q(written_on__lt=local_date(now))
    going_on = Q(unit__valid_to=None) | Q(unit__valid_to__gt=local_date(now))
    found = Site.objects.filter(going_on, Q(due_at__lte=now) | old & Q(due_at=None))
    return list(found.select_related("unit__parent__parent").order_by("due_at", "pk")[:most])


def note_written(units: Collection[int], now: datetime) -> None:
    """They show today."""
    Site.objects.filter(unit__in=units).update(due_at=None, written_on=local_date(now), attempts=0)


def put_off(site: Site, now: datetime) -> None:
    """It could not be written: again after 2, 4, 8 … 64 minutes."""
    site.attempts = min(site.attempts + 1, 1000)
    site.due_at = now + timedelta(minutes=2 ** min(site.attempts, 6))
    site.save(update_fields=["attempts", "due_at"])
