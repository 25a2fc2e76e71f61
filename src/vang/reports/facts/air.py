"""Airtime, by the kept sums of each day (vang.figures), which come from the as-run log alone."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Max, Min, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from vang.airtime.board import SESSION_GAP_MS, Spans
from vang.airtime.models import Placement
from vang.airtime.moments import to_ms
from vang.base.clock import local_date
from vang.base.display import seconds, vi_date, vi_datetime
from vang.base.languages import VIETNAMESE
from vang.bulletins.models import Category, Priority
from vang.evidence.models import AsRun
from vang.figures.models import AirDay, ClusterDay, Mark
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register

MINUTE_MS = 60_000
_SOUNDED = (AsRun.State.DONE, AsRun.State.PARTIAL, AsRun.State.STOPPED)


def figures_page(asked: Asked) -> str:
    own = {"span": "own", "first": asked.first.isoformat(), "last": asked.last.isoformat()}
    return f"{reverse('figures:place', args=[asked.unit.pk])}?{urlencode(own)}"


def _days(asked: Asked) -> QuerySet[AirDay]:
    return AirDay.objects.filter(
        unit__in=asked.units, day__gte=asked.first, day__lte=asked.last
    ).order_by()


_SUMS = ("sounded_ms", "heard", "silent", "unknown", "open")


def _minutes(ms: int) -> int:
    """Thousandths of a minute, whole minutes: rounded to the nearest."""
    return round(ms / MINUTE_MS) * MILLI


def airtime(asked: Asked) -> Mapping[str, Figure]:
    """Minutes, broadcasts and days. Three queries."""
    sums = {f"n_{name}": Sum(name) for name in _SUMS}
    kinds = _days(asked).values_list("category", "relayed").annotate(**sums)
    ms: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for category, relayed, sounded, heard, silent, unknown, still in kinds:
        ms["all"] += sounded
        ms["relayed" if relayed else "own"] += sounded
        ms[category] += sounded
        counts["heard"] += heard
        counts["silent"] += silent
        counts["open"] += unknown + still
    days = _days(asked).filter(heard__gt=0).values("day").distinct().count()
    url, awaited = figures_page(asked), _awaited(asked)
    found = {
        "air.minutes": _minutes(ms["all"]),
        "air.minutes.own": _minutes(ms["own"]),
        # What is left of the whole: the two must add up to it.
        "air.minutes.relayed": _minutes(ms["all"]) - _minutes(ms["own"]),
        "air.broadcasts": counts["heard"] * MILLI,
        "air.silent": counts["silent"] * MILLI,
        "air.unproved": counts["open"] * MILLI,
        "air.days": days * MILLI,
    }
    found |= {f"air.minutes.{one.value}": _minutes(ms[one.value]) for one in Category}
    return {name: Figure(milli, url, awaited) for name, milli in found.items()}


def _awaited(asked: Asked) -> bool:
    """Whether days of the period are still to be counted again."""
    return Mark.objects.filter(
        unit__in=asked.units, day__gte=asked.first, day__lte=min(asked.last, asked.today)
    ).exists()


def _day_records(asked: Asked) -> Records:
    rows = _days(asked).filter(heard__gt=0).values("day").annotate(
        ms=Sum("sounded_ms"), broadcasts=Sum("heard")
    )  # fmt: skip
    return Records(rows.order_by("day"), _show_day)


def _show_day(row: Mapping[str, Any]) -> Record:
    words = {"n": row["broadcasts"], "length": seconds(row["ms"] / 1000)}
    url = f"{reverse('evidence:logbook')}?{urlencode({'day': row['day'].isoformat()})}"
    return Record(vi_date(row["day"]), str(_("%(n)s broadcasts, %(length)s") % words), url)


def _category_records(category: str) -> Any:
    def records(asked: Asked) -> Records:
        rows = _days(asked).filter(category=category, heard__gt=0).values("day").annotate(
            ms=Sum("sounded_ms"), broadcasts=Sum("heard")
        )  # fmt: skip
        return Records(rows.order_by("day"), _show_day)

    return records


def sessions(asked: Asked) -> Mapping[str, Figure]:
    """Runs of sound with pauses under five minutes, as the logbook has them. One query."""
    runs = Spans(SESSION_GAP_MS)
    for began, played in _plays(asked).values_list("began", "played"):
        begins = to_ms(began)
        runs.add(begins, begins + played)
    return {"air.sessions": Figure(len(runs.starts) * MILLI, figures_page(asked))}


def _plays(asked: Asked) -> QuerySet[Any]:
    """What was heard, each planned item once over all clusters, by time."""
    begins, ends = asked.bounds
    rows = AsRun.objects.filter(
        planned__unit__in=asked.units,
        planned_start__gte=begins,
        planned_start__lt=ends,
        state__in=_SOUNDED,
        played_ms__gt=0,
        actual_start__isnull=False,
    )
    return rows.order_by().values("planned").annotate(
        began=Min("actual_start"), played=Max("played_ms"), title=Min("planned__title")
    ).order_by("began")  # fmt: skip


def _play_records(asked: Asked) -> Records:
    return Records(_plays(asked), _show_play)


def _show_play(row: Mapping[str, Any]) -> Record:
    day = urlencode({"day": local_date(row["began"]).isoformat()})
    return Record(
        f"{vi_datetime(row['began'])} {row['title'] or ''}".strip(),
        seconds(row["played"] / 1000),
        f"{reverse('evidence:list')}?{day}",
    )


def orders(asked: Asked) -> Mapping[str, Figure]:
    """Emergency broadcasts "now": how many, and how long until the first sound. One query."""
    ordered = _emergencies(asked)
    took = [row["began"] - row["ordered"] for row in ordered if row["began"]]
    total = len(ordered)
    mean = round(sum(took, timedelta()).total_seconds() / len(took) / 60, 1) if took else None
    url = figures_page(asked)
    return {
        "air.emergencies": Figure(total * MILLI, url),
        "air.emergencies.heard": Figure(len(took) * MILLI, url),
        "air.emergencies.minutes": Figure(None if mean is None else round(mean * MILLI), url),
    }


def _emergencies(asked: Asked) -> list[Any]:
    begins, ends = asked.bounds
    rows = AsRun.objects.filter(
        planned__unit__in=asked.units,
        planned_start__gte=begins,
        planned_start__lt=ends,
        planned__edition__priority=Priority.EMERGENCY,
        planned__placement__kind=Placement.Kind.NOW,
    ).exclude(state=AsRun.State.WITHDRAWN)
    heard = Min("actual_start", filter=Q(state__in=_SOUNDED, played_ms__gt=0))
    told = rows.order_by().values("planned__placement").annotate(
        began=heard,
        ordered=Min("planned__placement__placed_at"),
        title=Min("planned__title"),
    )  # fmt: skip
    return list(told.order_by("ordered"))


def _emergency_records(asked: Asked) -> Records:
    return Records(_emergencies(asked), _show_emergency)


def _show_emergency(row: Mapping[str, Any]) -> Record:
    took = (row["began"] - row["ordered"]).total_seconds() if row["began"] else None
    words = _("first sound after %(time)s") if took is not None else _("heard nowhere")
    day = urlencode({"day": local_date(row["ordered"]).isoformat()})
    return Record(
        f"{vi_datetime(row['ordered'])} {row['title'] or ''}".strip(),
        str(words % {"time": seconds(took)}) if took is not None else str(words),
        f"{reverse('evidence:list')}?{day}",
    )


def languages(asked: Asked) -> Mapping[str, Figure]:
    """Minutes on clusters that are spoken to in another language than Vietnamese. One query."""
    rows = ClusterDay.objects.filter(
        unit__in=asked.units, day__gte=asked.first, day__lte=asked.last
    ).exclude(cluster__language=VIETNAMESE)
    ms = rows.aggregate(ms=Sum("sounded_ms"))["ms"] or 0
    return {"air.minutes.minority": Figure(_minutes(ms), reverse("stations:list"))}


_AIR = _("Added up from the as-run log that the devices sent: each broadcast once, as long as on "
         "the cluster that played it longest.")  # fmt: skip


def add() -> None:
    """Called when the process starts."""
    register(
        airtime,
        Fact("air.minutes", _("Minutes broadcast"), _AIR, _day_records),
        Fact("air.minutes.own", _("of these, the unit's own"), _AIR, _day_records),
        Fact("air.minutes.relayed", _("of these, relayed"), _AIR, _day_records),
        Fact("air.broadcasts", _("Broadcasts heard"), _AIR, _day_records),
        Fact("air.silent", _("Broadcasts heard nowhere"), _AIR),
        Fact("air.unproved", _("Broadcasts of which no device has told"), _AIR),
        Fact("air.days", _("Days with a broadcast"), _AIR, _day_records),
        *(
            Fact(f"air.minutes.{one.value}", one.label, _AIR, _category_records(one.value))
            for one in Category
        ),
    )
    register(
        sessions,
        Fact(
            "air.sessions",
            _("Broadcasting sessions"),
            _("Runs of sound with pauses under five minutes, from the as-run log."),
            _play_records,
        ),
    )
    how = _("Broadcasts “now” of the priority emergency, from the order to the first sound on any "
            "cluster.")  # fmt: skip
    register(
        orders,
        Fact("air.emergencies", _("Emergency broadcasts ordered"), how, _emergency_records),
        Fact("air.emergencies.heard", _("of these, heard"), how, _emergency_records),
        Fact(
            "air.emergencies.minutes",
            _("Mean minutes from order to sound"),
            how,
            _emergency_records,
        ),
    )
    register(
        languages,
        Fact(
            "air.minutes.minority",
            _("Minutes in languages of minorities"),
            _("Minutes heard on clusters whose hearers are spoken to in another language than "
              "Vietnamese, added up over the clusters."),
        ),
    )  # fmt: skip
