"""Reading what was received."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from vang.orgs.models import Unit
from vang.orgs.queries import ancestors, at_or_under
from vang.upstream.models import Decision, Feed, Place, Received

VIEWS = ("now", "past", "elsewhere")


def reaching(unit: Unit) -> QuerySet[Received]:
    """Received for the unit or one above it, wherever it is about."""
    return Received.objects.filter(unit__in=[one.pk for one in ancestors(unit)])


def concerning(unit: Unit) -> QuerySet[Received]:
    """Of these, what names the unit, one above or below it, or no unit of ours at all."""
    return reaching(unit).filter(_here(unit))


def _here(unit: Unit) -> Q:
    line = [one.pk for one in ancestors(unit)]
    under = Unit.objects.filter(at_or_under(Unit.objects.filter(pk=unit.pk)))
    places = Place.objects.filter(received=OuterRef("pk"))
    near = places.filter(Q(unit__in=line) | Q(unit__in=under.order_by().values("pk")))
    return ~Exists(places) | Exists(near)


def holding(rows: QuerySet[Received], now: datetime) -> QuerySet[Received]:
    """What is neither over nor updated nor cancelled."""
    return rows.filter(holds_until__gt=now, ended_by=None)


def fresh(unit: Unit, now: datetime) -> QuerySet[Received]:
    """Real, in force, for here, and nobody here has decided on it yet."""
    decided = Decision.objects.filter(received=OuterRef("pk"), unit=unit)
    found = holding(concerning(unit), now).filter(~Exists(decided), status="Actual")
    return found.filter(msg_type__in=("Alert", "Update", "Cancel"))


def grave(unit: Unit, now: datetime) -> QuerySet[Received]:
    """Of what is fresh, the severe and extreme; a cancellation is none."""
    return fresh(unit, now).filter(severity__in=("Extreme", "Severe")).exclude(msg_type="Cancel")


def listed(unit: Unit, view: str, now: datetime) -> QuerySet[Received]:
    """``now``, ``past``, or ``elsewhere``: in force, but for other places. With ``decided``."""
    if view == "elsewhere":
        found = holding(
            reaching(unit).exclude(pk__in=concerning(unit).order_by().values("pk")), now
        )
    elif view == "past":
        found = concerning(unit).filter(Q(holds_until__lte=now) | Q(ended_by__isnull=False))
    else:
        found = holding(concerning(unit), now)
    mine = Decision.objects.filter(received=OuterRef("pk"), unit=unit).order_by()
    marked = found.annotate(decided=Subquery(mine.values("state")[:1]))
    return marked.select_related("feed", "ended_by").defer("content", "ended_by__content")


def feeds_of(unit: Unit) -> QuerySet[Feed]:
    """Feeds in use, of the unit and of those above it."""
    line = [one.pk for one in ancestors(unit)]
    return Feed.objects.filter(unit__in=line, ended_at=None).select_related("unit")
