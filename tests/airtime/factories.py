"""Rows that airtime's tests begin with."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from tests.airtime.wanting import LONG_BEFORE
from vang.airtime import services
from vang.airtime.models import Placement, Programme
from vang.bulletins.models import Bulletin, Edition, Priority, Version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

EVERY_DAY = "1111111"


def cluster(unit: Unit, number: int, *villages: str) -> Cluster:
    """Cluster c<unit>-<number> that reaches the villages of these codes."""
    made = Cluster.objects.create(unit=unit, code=f"c{unit.code}-{number}", name=f"Cụm {number}")
    made.villages.set(Unit.objects.filter(code__in=villages))
    return made


def three_clusters(unit: Unit) -> list[Cluster]:
    """One a village."""
    return [cluster(unit, n, f"{unit.code}.0{n}") for n in (1, 2, 3)]


def edition(
    unit: Unit,
    by: Person,
    *,
    title: str = "Lịch cắt điện",
    minutes: float = 5,
    priority: str = Priority.NORMAL,
    audience: Sequence[str] = (),
    at: datetime = LONG_BEFORE,
    valid_until: date | None = None,
) -> Edition:
    """A released edition, row by row: how it came to be approved matters elsewhere."""
    bulletin = Bulletin.objects.create(
        unit=unit, state=Bulletin.State.RELEASED, created_by=by, created_at=at, changed_at=at
    )
    content = {
        "title": title,
        "text": f"{title}.",
        "category": "LOCAL_LIFE",
        "priority": priority,
        "audience": list(audience),
        "valid_until": valid_until,
    }
    version = Version.objects.create(
        bulletin=bulletin, number=1, edited_by=by, created_at=at, **content
    )
    bulletin.current = version
    bulletin.save()
    return Edition.objects.create(
        bulletin=bulletin,
        version=version,
        unit=unit,
        audio_sha256="ab" * 32,
        audio_size=40_000,
        duration_ms=int(minutes * 60_000),
        trial_voice=True,
        content_hash="cd" * 32,
        approved_by=by,
        released_by=by,
        released_at=at,
        **content,
    )


def placed(unit: Unit, by: Person, start: datetime, **given: object) -> Placement:
    """A new edition placed once at ``start``, the day before."""
    before = start - timedelta(days=1)
    made = edition(unit, by, **given)  # type: ignore[arg-type]
    return services.place_once(edition=made, start=start, by=by, now=before)


def daily(unit: Unit, by: Person, clock: str = "17:00", name: str = "Tin chiều") -> Programme:
    """A daily programme that began long before."""
    return services.create_programme(
        unit=unit,
        name=name,
        starts_at=time.fromisoformat(clock),
        weekdays=EVERY_DAY,
        valid_from=date(2026, 6, 1),
        valid_to=None,
        by=by,
        now=LONG_BEFORE,
    )
