"""Reading alerts: what is in force, what waits, what was sent; ready sounds for the devices."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from vang.alerts.commanding import manifest_of, ready_of
from vang.alerts.models import (
    Alert,
    AlertText,
    AlertVersion,
    MsgType,
    Status,
    TemplateText,
    TemplateVersion,
)
from vang.alerts.states import STANDING, State
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.voice.models import Rendition
from vang_protocol.commands import Mode, Named
from vang_protocol.grants import Approved
from vang_protocol.manifests import encode_manifest
from vang_protocol.strict_json import digest

VIEWS = ("open", "sent", "all")
DRILL_EVERY = timedelta(days=31)
"""A commune proves every month that it can."""
DRILL_LATE = timedelta(days=45)
_NAMED = ("identifier", "sent_at", "unit__code")


def active_alerts(unit: Unit, *, now: datetime) -> QuerySet[Alert]:
    """Alerts and updates in force in the unit: issued by it or by a unit above for it.

    Superseded, cancelled and expired ones are never among them, even before anybody tidied up.
    """
    return standing(now).filter(_concerns([unit])).exclude(msg_type=MsgType.CANCEL)


def messages(unit: Unit, *, now: datetime) -> QuerySet[Alert]:
    """What is told at this moment: alerts in force, and cancellations until they run out."""
    return standing(now).filter(_concerns([unit]))


def messages_of(units: Collection[Unit], *, now: datetime) -> dict[int, list[Alert]]:
    """By key of the unit, as :func:`messages`; one query while nothing is in force anywhere."""
    found: dict[int, list[Alert]] = {}
    for alert in standing(now):
        codes = concerned(alert)
        for unit in units:
            if unit.code in codes:
                found.setdefault(unit.pk, []).append(alert)
    return found


def concerned(alert: Alert) -> frozenset[str]:
    """Codes of the units on whose pages it stands: the issuer's and those that it names."""
    version = alert.version
    named = {unit for unit, _cluster in version.clusters}
    return frozenset({alert.unit.code, *version.units, *named})


def standing(now: datetime) -> QuerySet[Alert]:
    """Everywhere, newest first, with what every channel says of it."""
    found = Alert.objects.filter(state__in=STANDING, expires_at__gt=now)
    return with_words(found).order_by("-sent_at", "pk")


def with_words(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """With current version, its texts, and what it refers to."""
    texts = Prefetch("current__texts", AlertText.objects.select_related("rendition"))
    return alerts.select_related("unit__parent__parent", "current").prefetch_related(
        texts, Prefetch("references", Alert.objects.select_related("unit").only(*_NAMED))
    )


def _concerns(units: Collection[Unit]) -> Q:
    return Q(unit__in=units) | Q(
        pk__in=AlertVersion.objects.filter(alert__state__in=STANDING, pk__in=_naming(units)).values(
            "alert"
        )
    )


def _naming(units: Collection[Unit]) -> list[int]:
    """Versions in force of other units that name one of these: few stand at any time."""
    codes = {unit.code for unit in units}
    rows = AlertVersion.objects.filter(alert__state__in=STANDING, alert__current=F("pk"))
    found = rows.exclude(alert__unit__in=units).values_list("pk", "units", "clusters")
    return [
        pk
        for pk, whole, clusters in found
        if codes & (set(whole) | {unit for unit, _cluster in clusters})
    ]


def listed(unit: Unit, view: str) -> QuerySet[Alert]:
    """The list of a unit."""
    rows = Alert.objects.filter(unit=unit)
    if view == "open":
        waiting = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.APPROVED_ONCE)
        rows = rows.filter(Q(state__in=waiting) | Q(state__in=STANDING))
    elif view == "sent":
        rows = rows.filter(sent_at__isnull=False)
    first = AlertText.objects.only("version", "headline", "language").order_by("id")
    found = rows.select_related("current", "created_by")
    return found.prefetch_related(Prefetch("current__texts", first)).order_by("-created_at")


def counts(unit: Unit) -> dict[str, int]:
    """How many stand open, for the tabs. One query."""
    return Alert.objects.filter(unit=unit).aggregate(
        open=Count(
            "pk",
            filter=Q(
                state__in=(
                    State.DRAFT,
                    State.RETURNED,
                    State.SUBMITTED,
                    State.APPROVED_ONCE,
                    *STANDING,
                )
            ),
        )
    )


@dataclass(frozen=True)
class Drill:
    """The last time a commune proved that it can, through the very way of the real thing."""

    last: datetime | None

    def due(self, now: datetime) -> bool:
        return self.last is None or now - self.last >= DRILL_EVERY

    def late(self, now: datetime) -> bool:
        return self.last is None or now - self.last >= DRILL_LATE


def drills() -> Q:
    """The condition that an alert was a drill that was sent."""
    return Q(status__in=(Status.TEST, Status.EXERCISE), sent_at__isnull=False) & ~Q(
        msg_type=MsgType.CANCEL
    )


def drill_of(unit: Unit) -> Drill:
    found = Alert.objects.filter(drills(), unit=unit).aggregate(last=Max("sent_at"))
    return Drill(found["last"])


def approved_versions() -> QuerySet[TemplateVersion]:
    """Versions in force of templates in service."""
    found = TemplateVersion.objects.filter(template__retired_at=None, template__approved=F("pk"))
    texts = Prefetch("texts", TemplateText.objects.select_related("rendition"))
    rows = found.select_related("template__unit").prefetch_related(texts)
    return rows.order_by("template", "number")


def approved_sounds(now: datetime) -> Iterator[tuple[str, Approved]]:
    """(code of the unit, template with every sound that one person alone may send)."""
    del now  # what is approved is approved until it is retired
    for version in approved_versions():
        hashes = frozenset(_ready_manifests(version))
        if hashes:
            named = Named(version.template.code, version.number)
            approved = Approved(named, hashes, version.most_s * 1000)
            yield version.template.unit.code, approved


def _ready_manifests(version: TemplateVersion) -> Iterator[str]:
    for use in TemplateText.Use:
        heard = ready_of(text for text in version.texts.all() if text.use == use)
        for mode in Mode:
            try:
                made = manifest_of(heard, mode, tone=use == TemplateText.Use.ALERT)
            except Refusal:
                continue  # its sound was lost: nothing can be approved of it
            yield digest(encode_manifest(made))


def pinned_sounds(units: Collection[Unit]) -> list[Rendition]:
    """Sounds of templates that the devices of these units keep ready, each once."""
    kept = TemplateText.objects.filter(
        version__template__unit__in=units,
        version__template__retired_at=None,
        version__template__approved=F("version"),
    )
    found = Rendition.objects.filter(pk__in=kept.values("rendition"), state=Rendition.State.READY)
    return list(found.order_by("pk"))
