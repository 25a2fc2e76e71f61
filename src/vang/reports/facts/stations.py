"""Loudspeaker clusters, villages that they reach, and what the devices told."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from vang.base.display import vi_date
from vang.figures.models import ClusterDay
from vang.orgs.models import Unit
from vang.orgs.queries import villages
from vang.reports.facts.registry import MILLI, Asked, Fact, Figure, Record, Records, register
from vang.stations.models import Cluster, Node


def _clusters(asked: Asked) -> QuerySet[Cluster]:
    """Of a unit that ended after the period those too whose devices were enrolled in it."""
    here = Q(unit__in=asked.units)
    if asked.gone:
        here |= Q(pk__in=Node.objects.filter(home=asked.unit).values("cluster"))
    return Cluster.objects.filter(here, active=True)


def _plays(asked: Asked) -> QuerySet[ClusterDay]:
    return ClusterDay.objects.filter(
        unit__in=asked.units, day__gte=asked.first, day__lte=asked.last
    ).order_by()


def stations(asked: Asked) -> Mapping[str, Figure]:
    """Clusters as they are now; what was heard on them in the period. Four queries."""
    has_node = Count(
        "pk", distinct=True, filter=Q(nodes__retired_at__isnull=True, nodes__isnull=False)
    )
    told = _clusters(asked).aggregate(all=Count("pk", distinct=True), connected=has_node)
    plays = _plays(asked).aggregate(
        played=Sum("heard"), missed=Sum("silent"), clusters=Count(
            "cluster", distinct=True, filter=Q(heard__gt=0)
        ),
    )  # fmt: skip
    places = villages(asked.unit, asked.last).order_by()
    known = (plays["played"] or 0) + (plays["missed"] or 0)
    share = round(1000 * 100 * (plays["played"] or 0) / known, -2) if known else None
    url, count = reverse("stations:list"), places.count()
    covered = places.filter(_reached(asked)).distinct().count()
    return {
        "stations.any": Figure((1 if told["all"] else 0) * MILLI, url),
        "stations.clusters": Figure(told["all"] * MILLI, url),
        "stations.connected": Figure(told["connected"] * MILLI, url),
        "stations.heard": Figure(plays["clusters"] * MILLI, url),
        "stations.villages": Figure(count * MILLI, url),
        "stations.covered": Figure(covered * MILLI, url),
        "stations.share": Figure(None if share is None else int(share), url),
    }


def _cluster_records(asked: Asked) -> Records:
    return Records(_clusters(asked).order_by("name", "pk"), _show_cluster)


def _show_cluster(cluster: Cluster) -> Record:
    return Record(cluster.name, cluster.place, reverse("stations:detail", args=[cluster.pk]))


def _heard_records(asked: Asked) -> Records:
    rows = _plays(asked).values("cluster", "cluster__name").annotate(
        played=Sum("heard"), missed=Sum("silent")
    )  # fmt: skip
    return Records(rows.order_by("cluster__name"), _show_heard)


def _show_heard(row: Mapping[str, Any]) -> Record:
    words = _("%(heard)s plays heard, %(silent)s not") % {
        "heard": row["played"],
        "silent": row["missed"],
    }
    url = reverse("stations:detail", args=[row["cluster"]])
    return Record(row["cluster__name"], str(words), url)


def _connected_records(asked: Asked) -> Records:
    rows = Node.objects.filter(cluster__in=_clusters(asked), retired_at__isnull=True)
    return Records(rows.select_related("cluster").order_by("cluster__name"), _show_node)


def _show_node(node: Node) -> Record:
    words = _("device in service since %(day)s") % {"day": vi_date(node.enrolled_at)}
    url = reverse("stations:detail", args=[node.cluster_id])
    return Record(node.cluster.name, str(words), url)


def _village_records(asked: Asked) -> Records:
    return Records(villages(asked.unit, asked.last), _show_village)


def _reached(asked: Asked) -> Q:
    """That a village, or what it has become since, hears one of the clusters."""
    heard = _clusters(asked).values("villages")
    return Q(pk__in=heard) | Q(successions__successor__in=heard)


def _covered_records(asked: Asked) -> Records:
    places = villages(asked.unit, asked.last)
    return Records(places.filter(_reached(asked)).distinct(), _show_village)


def _show_village(village: Unit) -> Record:
    return Record(village.full_name)


def add() -> None:
    """Called when the process starts."""
    now = _("Loudspeaker clusters in service when the figure was taken, from the list of "
            "loudspeakers.")  # fmt: skip
    plays = _("From the as-run log of the period: what each cluster told of its plays.")
    places = _("Villages and residential groups of the unit on the last day of the period.")
    register(
        stations,
        Fact("stations.any", _("Stations"), now, _cluster_records),
        Fact("stations.clusters", _("Loudspeaker clusters"), now, _cluster_records),
        Fact("stations.connected", _("Clusters with a device in service"), now,
             _connected_records),
        Fact("stations.heard", _("Clusters heard in the period"), plays, _heard_records),
        Fact("stations.share", _("Per cent of the plays that were heard"), plays,
             _heard_records),
        Fact("stations.villages", _("Villages"), places, _village_records),
        Fact("stations.covered", _("Villages with a loudspeaker"), places, _covered_records),
    )  # fmt: skip
