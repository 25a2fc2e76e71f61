"""From a unit's notices to the files of its feeds."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from vang.alerts.models import Alert, Status
from vang.alerts.queries import messages
from vang.base.clock import VIETNAM
from vang.bulletins.models import Delivery, Edition
from vang.channels.feed.formats import Enclosed, Entry, Feed, Sound, atom, json_feed, podcast, rss
from vang.channels.portal import paths
from vang.channels.portal.addresses import site_url
from vang.channels.portal.facts import Facts, Imprint
from vang.channels.portal.files import Files
from vang.channels.portal.material import documents_of, pictures_of

NAME = "feed"
_ENTRIES = 40


def feeds_where_on(root: Path, facts: Facts, now: datetime) -> Files:
    """For the registry of portal.extras: none where the unit has them off."""
    return feed_files(root, facts, now) if facts.feeds else []


def feed_files(root: Path, imprint: Imprint, now: datetime, fresh: Collection[UUID] = ()) -> Files:
    """All four feeds: of the unit, and of those below it."""
    with translation.override("vi"):
        feed = _feed(root, imprint, now, fresh)
    return [
        (root / paths.RSS, rss(feed, paths.RSS)),
        (root / paths.ATOM, atom(feed, paths.ATOM)),
        (root / paths.JSON_FEED, json_feed(feed, paths.JSON_FEED)),
        (root / paths.PODCAST, podcast(feed, paths.PODCAST)),
    ]


def _feed(root: Path, imprint: Imprint, now: datetime, fresh: Collection[UUID]) -> Feed:
    units = [imprint.unit.pk, *(unit.pk for unit in imprint.below)]
    addresses = {imprint.unit.pk: imprint.address}
    addresses |= {unit.pk: site_url(unit) for unit in imprint.below}
    found = _editions(units, fresh).select_related("unit", "corrected_by")
    found = found.prefetch_related("attachments")[:_ENTRIES]
    entries = [
        _entry(one, addresses[one.unit_id], root.parent / paths.folder_name(one.unit.code))
        for one in found
    ]
    entries += [_alert(one, imprint.address) for one in messages(imprint.unit, now=now)]
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return Feed(
        title=_("Notices of %(place)s") % {"place": imprint.place},
        about=_("What %(responsible)s tells residents.") % {"responsible": imprint.responsible},
        address=imprint.address,
        owner=imprint.responsible,
        email=imprint.profile.email if imprint.profile else "",
        updated=entries[0].updated if entries else now,
        entries=entries,
    )


def _alert(alert: Alert, address: str) -> Entry:
    """What is in force, or was called off; what was replaced or is over is not among them."""
    version = alert.version
    texts = list(version.texts.all())
    kind = "" if alert.status == Status.ACTUAL else f"[{_MARKS[Status(alert.status)]}] "
    sent = (alert.sent_at or alert.created_at).astimezone(VIETNAM)
    return Entry(
        key=alert.identifier.removeprefix("urn:uuid:"),
        title=f"{kind}{texts[0].headline}",
        text="\n\n".join([*(one.spoken for one in texts), version.area_words]),
        url=address,
        category=version.get_event_display(),
        author=alert.unit.full_name,
        published=sent,
        updated=sent,
        holds=True,
    )


# For residents: Vietnamese, as the loudspeakers say it.
_MARKS = {Status.EXERCISE: "DIỄN TẬP", Status.TEST: "PHÁT THỬ"}


def _editions(units: Collection[int], fresh: Collection[UUID]) -> QuerySet[Edition]:
    there = Q(delivered_at__isnull=False) | Q(act=Delivery.Act.WITHDRAW, state=Delivery.State.DONE)
    mine = Delivery.objects.filter(there, edition=OuterRef("pk"), channel=NAME)
    written: Exists | Q = Exists(mine)
    if fresh:
        written = written | Q(pk__in=fresh)
    return Edition.objects.filter(written, unit__in=units).order_by("-released_at", "pk")


def _entry(edition: Edition, address: str, folder: Path) -> Entry:
    following = getattr(edition, "corrected_by", None)
    updated, title, text = edition.released_at, edition.title, edition.text
    if edition.withdrawn_at is not None:
        updated, title = edition.withdrawn_at, _("Withdrawn: %(title)s") % {"title": title}
        text = _withdrawn(edition)
    elif following is not None:
        updated, title = following.released_at, _("Corrected: %(title)s") % {"title": title}
        text = _corrected(following, address)
    elif edition.wrong:
        text = _("What was wrong: %(wrong)s") % {"wrong": edition.wrong} + "\n\n" + text
    holds = edition.withdrawn_at is None and following is None
    return Entry(
        key=str(edition.pk),
        title=title,
        text=text,
        url=address + paths.edition_path(edition),
        category=str(edition.get_category_display()),
        author=edition.unit.full_name,
        published=edition.released_at.astimezone(VIETNAM),
        updated=updated.astimezone(VIETNAM),
        holds=holds,
        sounds=_sounds(edition, address, folder) if holds else (),
        pictures=_pictures(edition, address, folder) if holds else (),
        documents=_documents(edition, address, folder) if holds else (),
    )


def _withdrawn(edition: Edition) -> str:
    told = _("This notice has been withdrawn: %(why)s. Please do not act on it.")
    return told % {"why": edition.get_withdrawn_for_display()}


def _corrected(following: Edition, address: str) -> str:
    when = date_format(localtime(following.released_at, VIETNAM), "H:i d/m/Y")
    told = _(
        "This notice was corrected at %(when)s. What was wrong: %(wrong)s\n\n"
        "The correction: %(url)s"
    )
    url = address + paths.edition_path(following)
    return told % {"when": when, "wrong": following.wrong, "url": url}


def _sounds(edition: Edition, address: str, folder: Path) -> list[Sound]:
    """MP3 first: most programs that follow feeds play it."""
    found = []
    for ending, kind in (("mp3", "audio/mpeg"), ("opus", "audio/ogg")):
        path = paths.audio_path(edition.audio_sha256, ending)
        if (folder / path).is_file():
            size = (folder / path).stat().st_size
            seconds = max(1, round(edition.duration_ms / 1000))
            found.append(Sound(address + path, kind, size, seconds))
    return found


def _pictures(edition: Edition, address: str, folder: Path) -> list[Enclosed]:
    """JPEG, which every reader of feeds shows."""
    return [
        Enclosed(address + file.path, file.kind, file.size, one.caption, one.alt_text)
        for one in pictures_of(edition)
        if (folder / (file := one.middle).path).is_file()
    ]


def _documents(edition: Edition, address: str, folder: Path) -> list[Enclosed]:
    return [
        Enclosed(address + one.file.path, one.file.kind, one.file.size, one.caption)
        for one in documents_of(edition)
        if (folder / one.file.path).is_file()
    ]
