"""Releasing what was approved, and taking it back."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.bulletins import events
from vang.bulletins.attachments import freeze
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import (
    Approval,
    Bulletin,
    Correction,
    Delivery,
    Edition,
    EditionWording,
    Version,
    WithdrawalReason,
    Wording,
)
from vang.bulletins.queries import open_correction
from vang.bulletins.services.guarding import comment_for, guard, locked, newest, take_step
from vang.bulletins.wordings import wordings_of
from vang.people.models import Person
from vang.review.verbs import RELEASE, WITHDRAW
from vang.voice.models import Rendition

Act = Delivery.Act


def release_bulletin(*, bulletin: Bulletin, by: Person, now: datetime) -> Edition:
    """The immutable edition, and one delivery a channel. Raises Refusal.

    While a correction of the bulletin is open this releases the correction: it takes every
    channel that the earlier edition took, and its places on the air.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(RELEASE, fresh, by=by, now=now)
        version = newest(fresh)
        approval, correction = _approval(version), open_correction(fresh)
        edition = _edition(approval, _sound(version.rendition), correction, by=by, now=now)
        EditionWording.objects.bulk_create(
            _frozen(edition, wording) for wording in wordings_of(version)
        )
        freeze(edition, version)
        _queue(edition, now)
        take_step(RELEASE, fresh, by=by, now=now)
        if correction is not None:
            _put_in_its_place(correction, edition, by=by, now=now)
        events.tell(events.released, edition)
    return edition


def withdraw_bulletin(
    *,
    bulletin: Bulletin,
    reason: str,
    by: Person,
    now: datetime,
    publicly: str = WithdrawalReason.OTHER,
) -> Bulletin:
    """Stop it on every channel; everything that happened is kept. Raises Refusal.

    ``reason`` is for the office; residents are told ``publicly``, in fixed words.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(WITHDRAW, fresh, by=by, now=now)
        take_step(WITHDRAW, fresh, by=by, now=now, comment=comment_for(WITHDRAW, reason))
        Correction.objects.filter(bulletin=fresh, closed_at=None).update(closed_at=now)
        for edition in fresh.editions.filter(withdrawn_at=None):
            edition.withdrawn_at = now
            edition.withdrawn_for = WithdrawalReason(publicly)
            edition.save(update_fields=["withdrawn_at", "withdrawn_for"])
            _redirect(edition, Act.WITHDRAW, now)
            events.tell(events.withdrawn, edition)
    return fresh


def _approval(version: Version) -> Approval:
    """The approval of exactly this content. Raises Refusal when none counts."""
    given = Approval.objects.filter(version=version, content_hash=content_hash(version))
    people = ("by", "delegation__principal", "delegation__delegate")
    approval = given.select_related("version__bulletin", *people).order_by("at").last()
    if approval is None:
        raise Refusal("approval-void", _APPROVAL_VOID)
    return approval


def _sound(rendition: Rendition | None) -> Rendition:
    """The finished sound, present on this computer. Raises Refusal."""
    store = FileStore(Path(settings.DATA) / "files")
    if rendition is None or not store.has(rendition.sha256):
        raise Refusal("sound-missing", _SOUND_MISSING)
    return rendition


def _edition(
    approval: Approval,
    sound: Rendition,
    correction: Correction | None,
    *,
    by: Person,
    now: datetime,
) -> Edition:
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
        valid_until=version.valid_until,
        audio_sha256=sound.sha256,
        audio_size=sound.size,
        duration_ms=sound.duration_ms,
        trial_voice=sound.trial,
        content_hash=approval.content_hash,
        approved_by=approval.by,
        approved_as=approval.delegation.signature if approval.delegation else "",
        released_by=by,
        released_at=now,
        corrects=correction.edition if correction else None,
        wrong=correction.wrong if correction else "",
        wrong_because=correction.wrong_because if correction else "",
    )


def _queue(edition: Edition, now: datetime) -> None:
    """One delivery for each channel that is on, or that the wrong text took."""
    taken = _channels_of(edition.corrects) if edition.corrects else []
    act = Act.CORRECT if edition.corrects else Act.DELIVER
    Delivery.objects.bulk_create(
        Delivery(edition=edition, channel=name, act=act, due_at=now, changed_at=now)
        for name in sorted({*events.channels_for(edition), *taken})
    )
    events.deliveries_changed([edition], now)


def _channels_of(edition: Edition) -> Iterable[str]:
    return Delivery.objects.filter(edition=edition).order_by().values_list("channel", flat=True)


def _put_in_its_place(
    correction: Correction, edition: Edition, *, by: Person, now: datetime
) -> None:
    """What the earlier edition had not brought yet it does not bring any more."""
    correction.closed_at = now
    correction.save(update_fields=["closed_at"])
    waiting = Delivery.objects.filter(edition=correction.edition, delivered_at=None)
    waiting.exclude(act=Act.WITHDRAW).update(
        state=Delivery.State.DROPPED, due_at=None, detail="", changed_at=now
    )
    events.deliveries_changed([correction.edition], now)
    events.correct(edition, by=by, now=now)


def _redirect(edition: Edition, act: str, now: datetime) -> None:
    """Every channel of the edition gets another task, whatever it was doing."""
    Delivery.objects.filter(edition=edition).update(
        act=act,
        state=Delivery.State.QUEUED,
        attempts=0,
        detail="",
        due_at=now,
        changed_at=now,
    )
    events.deliveries_changed([edition], now)


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
