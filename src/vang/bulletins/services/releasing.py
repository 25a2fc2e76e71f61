"""Releasing what was approved, and taking it back."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.bulletins import events
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import (
    Approval,
    Bulletin,
    Delivery,
    Edition,
    EditionWording,
    Version,
    Wording,
)
from vang.bulletins.services.guarding import comment_for, guard, locked, newest, take_step
from vang.bulletins.wordings import wordings_of
from vang.people.models import Person
from vang.review.verbs import RELEASE, WITHDRAW
from vang.voice.models import Rendition


def release_bulletin(*, bulletin: Bulletin, by: Person, now: datetime) -> Edition:
    """The immutable edition, and one delivery a channel. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(RELEASE, fresh, by=by, now=now)
        version = newest(fresh)
        edition = _edition(_approval(version), _sound(version.rendition), by=by, now=now)
        EditionWording.objects.bulk_create(
            _frozen(edition, wording) for wording in wordings_of(version)
        )
        Delivery.objects.bulk_create(
            Delivery(edition=edition, channel=channel, changed_at=now)
            for channel in Delivery.Channel
        )
        take_step(RELEASE, fresh, by=by, now=now)
        events.tell(events.released, edition)
    return edition


def withdraw_bulletin(*, bulletin: Bulletin, reason: str, by: Person, now: datetime) -> Bulletin:
    """Stop it on every channel; everything that happened is kept. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(WITHDRAW, fresh, by=by, now=now)
        take_step(WITHDRAW, fresh, by=by, now=now, comment=comment_for(WITHDRAW, reason))
        for edition in fresh.editions.filter(withdrawn_at=None):
            edition.withdrawn_at = now
            edition.save(update_fields=["withdrawn_at"])
            events.tell(events.withdrawn, edition)
    return fresh


def _approval(version: Version) -> Approval:
    """The approval of exactly this content. Raises Refusal when none counts."""
    given = Approval.objects.filter(version=version, content_hash=content_hash(version))
    approval = given.select_related("version__bulletin", "by").order_by("at").last()
    if approval is None:
        raise Refusal("approval-void", _APPROVAL_VOID)
    return approval


def _sound(rendition: Rendition | None) -> Rendition:
    """The finished sound, present on this computer. Raises Refusal."""
    store = FileStore(Path(settings.DATA) / "files")
    if rendition is None or not store.has(rendition.sha256):
        raise Refusal("sound-missing", _SOUND_MISSING)
    return rendition


def _edition(approval: Approval, sound: Rendition, *, by: Person, now: datetime) -> Edition:
    version = approval.version
    return Edition.objects.create(
        bulletin=version.bulletin,
        version=version,
        unit_id=version.bulletin.unit_id,
        title=version.title,
        text=version.text,
        category=version.category,
        priority=version.priority,
        audience=version.audience,
        audio_sha256=sound.sha256,
        audio_size=sound.size,
        duration_ms=sound.duration_ms,
        trial_voice=sound.trial,
        content_hash=approval.content_hash,
        approved_by=approval.by,
        released_by=by,
        released_at=now,
    )


def _frozen(edition: Edition, wording: Wording) -> EditionWording:
    """The wording as approved, with its sound when a person speaks it. Raises Refusal."""
    frozen = EditionWording(
        edition=edition,
        language=wording.language,
        level=wording.level,
        channel=wording.channel,
        title=wording.title,
        text=wording.text,
    )
    if wording.recording_id is not None:
        sound = _sound(wording.rendition)
        frozen.audio_sha256, frozen.audio_size = sound.sha256, sound.size
        frozen.duration_ms = sound.duration_ms
    return frozen


_APPROVAL_VOID = _("The approval does not fit this text and sound. Submit the bulletin again.")
_SOUND_MISSING = _("The sound file is no longer on the server. Tell the technician.")
