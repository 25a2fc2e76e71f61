"""Builders: a released notice, and what became of it on the loudspeakers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tests.bulletins import newsroom
from vang.airtime.models import Placement
from vang.bulletins.attachments import attached
from vang.bulletins.content import Content
from vang.bulletins.models import Category, Delivery, Edition
from vang.bulletins.services import release_bulletin
from vang.channels.portal import paths
from vang.channels.portal.services import write_site
from vang.channels.working import work_off
from vang.dispatch.models import PlannedItem
from vang.evidence.models import AsRun
from vang.library import services as library
from vang.library.models import Item
from vang.library.preparing import prepare_item
from vang.library.services.describing import About
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster
from vang.voice.models import Rendition


def released(
    unit: Unit,
    writer: Person,
    approver: Person,
    now: datetime,
    *,
    title: str = "Lịch cắt điện",
    text: str = newsroom.TEXT,
    audience: tuple[str, ...] = (),
    trial: bool = True,
    category: str = Category.DIRECTION,
    items: Sequence[Item] = (),
) -> Edition:
    newsroom.allow_trial_voice(unit, now)
    shown = tuple(map(attached, items))
    content = Content(title, text, audience=audience, category=category, attachments=shown)
    bulletin = newsroom.submitted(unit, writer, now, content)
    Rendition.objects.filter(versions__bulletin=bulletin).update(trial=trial)
    newsroom.approved(bulletin, approver, now)
    return release_bulletin(bulletin=bulletin, by=approver, now=now)


def brought(unit: Unit, by: Person, now: datetime, content: bytes, name: str) -> Item:
    """In the library, prepared, described and free to be published."""
    item = library.keep_item(unit=unit, file_name=name, content=content, by=by, now=now)
    prepare_item(item.pk, clock=lambda: now)
    about = About("Chợ hoa", alt_text="Chợ hoa bên sông", licence="OWN", consent="NOBODY",
                  author="Lê Đức")  # fmt: skip
    library.describe_item(item=item, about=about, by=by, now=now)
    return Item.objects.get(pk=item.pk)


def cluster(unit: Unit, number: int) -> Cluster:
    return Cluster.objects.create(
        unit=unit, code=f"{unit.code}-{number}", name=f"Cụm Thuận {number}", place="Nhà văn hóa"
    )


def planned(edition: Edition, clusters: list[Cluster], start: datetime) -> PlannedItem:
    """One occurrence in the plan with a waiting as-run row for each cluster."""
    placement = Placement.objects.create(
        unit=edition.unit,
        edition=edition,
        kind="ONCE",
        start=start,
        placed_by=edition.released_by,
        placed_at=edition.released_at,
    )
    item = PlannedItem.objects.create(
        title=edition.title,
        unit=edition.unit,
        item=f"p{placement.pk}-1",
        edition=edition,
        placement=placement,
        start=start,
        duration_ms=edition.duration_ms,
        clusters=sorted(one.code for one in clusters),
        first_version=1,
        last_version=1,
    )
    for one in clusters:
        AsRun.objects.create(
            planned=item, cluster=one, planned_start=start, changed_at=edition.released_at
        )
    return item


def became(item: PlannedItem, one: Cluster, state: str, reason: str, at: datetime) -> None:
    played = {"actual_start": item.start + timedelta(milliseconds=3)} if state == "DONE" else {}
    AsRun.objects.filter(planned=item, cluster=one).update(
        state=state, reason=reason, changed_at=at, **played
    )


def folder(unit: Unit) -> Path:
    return Path(settings.DATA) / "portal" / unit.code


def page(edition: Edition) -> str:
    return (folder(edition.unit) / paths.edition_path(edition)).read_text(encoding="utf-8")


def index(unit: Unit) -> str:
    return (folder(unit) / "index.html").read_text(encoding="utf-8")


def delivery(edition: Edition) -> Delivery:
    return Delivery.objects.get(edition=edition, channel="portal")


def write_pages(unit: Unit, *, now: datetime, everything: bool = False) -> None:
    """What the worker does: the deliveries that are due, then the pages of the day."""
    work_off(now=now, unit_id=unit.pk, slow=False)
    write_site(unit, now=now, everything=everything)
