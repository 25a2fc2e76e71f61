"""Every change to clusters: opened, changed."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.languages import VIETNAMESE, languages
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.orgs.queries import villages as villages_of
from vang.people.models import Person
from vang.stations.changes import clusters_changed
from vang.stations.models import Cluster, Node
from vang.stations.positions import parse_position
from vang_protocol.limits import DELAY_MS


@transaction.atomic
def create_cluster(
    *,
    unit: Unit,
    name: str,
    place: str = "",
    villages: Iterable[Unit] = (),
    language: str = VIETNAMESE,
    volume_ceiling_db: int = 0,
    delay_ms: int = 0,
    position: str = "",
    by: Person,
    now: datetime,
) -> Cluster:
    """Open a cluster in a commune; its code is given by the system and never changes.

    ``position`` as people copy it from a map. Raises Refusal.
    """
    cluster = Cluster(unit=unit, code=_free_code(unit))
    _place(cluster, position)
    _install(cluster, volume_ceiling_db=volume_ceiling_db, delay_ms=delay_ms)
    _fill(cluster, name=name, place=place, language=language)
    cluster.villages.set(_own(unit, villages, now))
    record("cluster.created", f"cluster:{cluster.pk}", by=by, unit=unit, now=now, code=cluster.code)
    clusters_changed(unit.pk)
    return cluster


@transaction.atomic
def change_cluster(
    cluster: Cluster,
    *,
    name: str,
    place: str,
    villages: Iterable[Unit],
    language: str | None = None,
    volume_ceiling_db: int,
    delay_ms: int | None = None,
    active: bool,
    position: str | None = None,
    by: Person,
    now: datetime,
) -> Cluster:
    """Change what is known of a cluster. An inactive one is left out of every plan.

    Without a ``language`` its hearers are spoken to as before, without a ``position`` (None) it
    stands where it stood, without a ``delay_ms`` it sounds when it did. Raises Refusal.
    """
    if position is not None:
        _place(cluster, position)
    cluster.active, spoken = active, language or cluster.language
    later = cluster.delay_ms if delay_ms is None else delay_ms
    _install(cluster, volume_ceiling_db=volume_ceiling_db, delay_ms=later)
    _fill(cluster, name=name, place=place, language=spoken)
    cluster.villages.set(_own(cluster.unit, villages, now))
    record(
        "cluster.changed",
        f"cluster:{cluster.pk}",
        by=by,
        unit=cluster.unit,
        now=now,
        active=active,
        language=spoken,
        volume_ceiling_db=volume_ceiling_db,
        delay_ms=later,
    )
    clusters_changed(cluster.unit_id)
    return cluster


@transaction.atomic
def serve_again(cluster: Cluster, *, by: Person, now: datetime) -> Cluster:
    """A cluster that was taken out of service is in the plans again. Raises Refusal."""
    fresh = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if fresh.active:
        raise Refusal("cluster-active", _("The cluster is in service already."))
    fresh.active = True
    fresh.save(update_fields=["active"])
    unit = cluster.unit
    record("cluster.serves-again", f"cluster:{fresh.pk}", by=by, unit=unit, now=now)
    clusters_changed(fresh.unit_id)
    return fresh


@transaction.atomic
def hand_over_cluster(
    cluster: Cluster, *, to: Unit, villages: Iterable[Unit], by: Person | None, now: datetime
) -> Cluster:
    """The cluster belongs to another commune from now on, as its unit became another.

    Nobody climbs to it: its device goes on by the code and the key that it knows, and keeps its
    own name. What it played before stays where it was heard.
    """
    fresh = Cluster.objects.select_for_update().select_related("unit").get(pk=cluster.pk)
    before = fresh.unit
    if before.pk == to.pk:
        raise Refusal("cluster-there", _("The cluster belongs to this commune already."))
    Node.objects.filter(cluster=fresh, retired_at=None, home=None).update(home=before)
    fresh.unit = to
    fresh.save(update_fields=["unit"])
    fresh.villages.set(villages)
    record(
        "cluster.handed-over",
        f"cluster:{fresh.pk}",
        by=by,
        unit=to,
        now=now,
        before=before.code,
        to=to.code,
    )
    for unit in (before, to):
        clusters_changed(unit.pk)
    return fresh


def _install(cluster: Cluster, *, volume_ceiling_db: int, delay_ms: int) -> None:
    """What its installer sets on the ladder."""
    if not -60 <= volume_ceiling_db <= 0:
        raise Refusal("volume-ceiling", _("The volume ceiling lies between -60 and 0 dB."))
    if not 0 <= delay_ms <= DELAY_MS:
        raise Refusal("delay", _("The delay lies between 0 and 500 ms."))
    cluster.volume_ceiling_db, cluster.delay_ms = volume_ceiling_db, delay_ms


def _fill(cluster: Cluster, *, name: str, place: str, language: str) -> None:
    cluster.name = " ".join(clean_text(name).split())
    cluster.place = " ".join(clean_text(place).split())
    if not cluster.name:
        raise Refusal("cluster-without-name", _("Give the cluster a name."))
    if language not in languages():
        raise Refusal("language-unknown", _("This language is not in the list. Choose again."))
    cluster.language = language
    try:
        with transaction.atomic():
            cluster.save()
    except IntegrityError as error:
        raise Refusal("cluster-code-taken", _("Somebody was faster. Please try again.")) from error


def _place(cluster: Cluster, position: str) -> None:
    cluster.latitude, cluster.longitude = parse_position(position) or (None, None)


def _own(unit: Unit, villages: Iterable[Unit], now: datetime) -> list[Unit]:
    wanted = list(villages)
    known = {village.pk for village in villages_of(unit, local_date(now))}
    if any(village.pk not in known for village in wanted):
        raise Refusal("foreign-village", _("A village of another commune cannot be chosen."))
    return wanted


def _free_code(unit: Unit) -> str:
    """The next number after the highest one; codes of the state are re-used, ours are not."""
    taken = Cluster.objects.filter(code__startswith=f"{unit.code}-").values_list("code", flat=True)
    numbers = [int(found[1]) for code in taken if (found := re.search(r"-(\d+)$", code))]
    return f"{unit.code}-{max(numbers, default=0) + 1:02d}"
