"""Saying what material is and what it may be used for; putting it away."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.journal.services import record
from vang.library import events
from vang.library.models import Document, Item, Picture, Recording, Tag
from vang.library.permissions import KEEPERS
from vang.library.reading import text_of_item
from vang.library.searching import search_key
from vang.library.storing import store
from vang.orgs.models import Unit
from vang.people.access import require
from vang.people.models import Person

MOST_TAGS = 12
TAG_LENGTH = 40


@dataclass(frozen=True)
class About:
    """What a person says of an item."""

    title: str
    description: str = ""
    alt_text: str = ""
    author: str = ""
    source: str = ""
    licence: str = Item.Licence.UNKNOWN
    consent: str = Item.Consent.UNASKED
    consent_note: str = ""
    tags: tuple[str, ...] = ()


_LONGEST = {
    "title": 200,
    "description": 2000,
    "alt_text": 300,
    "author": 200,
    "source": 300,
    "consent_note": 300,
}
"""Letters, as the columns hold them."""


def describe_item(*, item: Item, about: About, by: Person, now: datetime) -> None:
    """Write down what it is, who made it and what it may be used for. Raises Refusal."""
    require(by, KEEPERS, item.unit, local_date(now))
    if not about.title.strip():
        raise Refusal("title-missing", _TITLE_MISSING)
    with transaction.atomic():
        fresh = _locked(item)
        for name, longest in _LONGEST.items():
            setattr(fresh, name, clean_text(getattr(about, name)).strip()[:longest])
        fresh.licence, fresh.consent = about.licence, about.consent
        tags = _tags(fresh.unit, about.tags)
        fresh.search_key = search_key(fresh, [tag.name for tag in tags], text_of_item(fresh))
        fresh.save()
        fresh.tags.set(tags)
        record("describe-item", f"item:{fresh.pk}", by=by, unit=fresh.unit, now=now)


def _tags(unit: Unit, names: tuple[str, ...]) -> list[Tag]:
    """Each word once, found or made."""
    wanted: dict[str, str] = {}
    for name in names:
        clean = " ".join(clean_text(name).split())[:TAG_LENGTH]
        if clean:
            wanted.setdefault(fold(clean), clean)
    return [
        Tag.objects.get_or_create(unit=unit, key=key[:TAG_LENGTH], defaults={"name": name})[0]
        for key, name in list(wanted.items())[:MOST_TAGS]
    ]


def archive_item(*, item: Item, by: Person, now: datetime) -> None:
    """Put it out of the way: it is offered no more, and stays wherever it is used."""
    _set_archived(item, now, "archive-item", by=by, now=now)


def restore_item(*, item: Item, by: Person, now: datetime) -> None:
    """Offer it again."""
    _set_archived(item, None, "restore-item", by=by, now=now)


def _set_archived(
    item: Item, at: datetime | None, action: str, *, by: Person, now: datetime
) -> None:
    require(by, KEEPERS, item.unit, local_date(now))
    with transaction.atomic():
        fresh = _locked(item)
        if (fresh.archived_at is None) != (at is None):
            fresh.archived_at = at
            fresh.save(update_fields=["archived_at"])
            record(action, f"item:{fresh.pk}", by=by, unit=fresh.unit, now=now)


def delete_item(*, item: Item, by: Person, now: datetime) -> None:
    """Take an item that was never used out for good, with its bytes. Raises Refusal.

    The database refuses it too for whatever a version or an edition points at.
    """
    require(by, KEEPERS, item.unit, local_date(now))
    if events.uses_of(item):
        raise Refusal("item-in-use", IN_USE)
    try:
        with transaction.atomic():
            fresh = _locked(item)
            hashes = _hashes(fresh)
            recording = fresh.recording
            fresh.delete()
            if recording is not None:
                recording.delete()
            record("delete-item", f"item:{item.pk}", by=by, unit=item.unit, now=now)
            transaction.on_commit(lambda: _forget(hashes))
    except ProtectedError:
        raise Refusal("item-in-use", IN_USE) from None


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).select_related("unit").get(pk=item.pk)


def _hashes(item: Item) -> set[str]:
    made = set(item.pictures.values_list("sha256", flat=True))
    read = set(Document.objects.filter(item=item).values_list("lines_sha256", flat=True))
    return {item.sha256} | made | read


def _forget(hashes: set[str]) -> None:
    """Remove the bytes that no other row of the library needs."""
    needed = set(Item.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    needed |= set(Picture.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    needed |= set(Recording.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    lines = Document.objects.filter(lines_sha256__in=hashes)
    needed |= set(lines.values_list("lines_sha256", flat=True))
    for sha256 in hashes - needed:
        store().path(sha256).unlink(missing_ok=True)


IN_USE = _("It is used in a bulletin, so it stays. Put it into the archive instead.")
_TITLE_MISSING = _("Give it a name.")
