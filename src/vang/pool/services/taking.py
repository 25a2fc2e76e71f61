"""Taking what others offer: unchanged, adapted, or not at all."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.content import Content, content_of
from vang.bulletins.models import Bulletin, Version
from vang.bulletins.services import create_bulletin, submit_bulletin
from vang.journal.services import record
from vang.library.models import Recording
from vang.library.services import share_recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.pool.access import guard
from vang.pool.chains import passed_through, read_chain
from vang.pool.models import Offer, Taking
from vang.pool.scope import offered_to
from vang.pool.services.offering import locked_offer

Kind = Taking.Kind


def take_offer(*, offer: Offer, unit: Unit, by: Person, now: datetime) -> Bulletin:
    """Take text and sound as they are; the unit's own approver is asked at once. Raises Refusal."""
    with transaction.atomic():
        fresh = _takeable(offer, unit, now)
        bulletin = _copied(fresh, unit, sound=fresh.with_sound, by=by, now=now)
        _note(fresh, unit, Kind.TAKEN, bulletin=bulletin, by=by, now=now)
        submit_bulletin(bulletin=bulletin, by=by, now=now)
    return bulletin


def adapt_offer(*, offer: Offer, unit: Unit, by: Person, now: datetime) -> Bulletin:
    """A draft with the offered words, to be edited. Raises Refusal."""
    with transaction.atomic():
        fresh = _takeable(offer, unit, now)
        if not fresh.may_adapt:
            raise Refusal("not-to-be-adapted", _NOT_TO_BE_ADAPTED)
        bulletin = _copied(fresh, unit, sound=False, by=by, now=now)
        _note(fresh, unit, Kind.ADAPTED, bulletin=bulletin, by=by, now=now)
    return bulletin


def decline_offer(*, offer: Offer, unit: Unit, reason: str, by: Person, now: datetime) -> Taking:
    """Not used, and why. It may still be taken later. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("comment-missing", _WHY_MISSING)
    with transaction.atomic():
        fresh = _takeable(offer, unit, now)
        guard(by, unit, now)
        return _note(fresh, unit, Kind.DECLINED, reason=clean, by=by, now=now)


def in_force(offer: Offer, unit: Unit) -> Taking | None:
    """What the unit did with the offer, as it stands."""
    rows = Taking.objects.filter(offer=offer, unit=unit, ended_at=None)
    return rows.select_related("bulletin", "by").first()


def words_of(version: Version, unit: Unit, *, sound: bool, by: Person, now: datetime) -> Content:
    """The offered content as the unit's own, in every language.

    A person's recording of the main text comes along with ``sound``; those of other languages
    always, for a language is told by its recording.
    """
    offered = content_of(version)
    return replace(
        offered,
        audience=(),
        recording=_shared(offered.recording, unit, by, now) if sound else None,
        wordings=tuple(
            replace(words, recording=_shared(words.recording, unit, by, now))
            for words in offered.wordings
        ),
    )


def let_listen(version: Version, unit: Unit) -> None:
    """The unit's people may hear the sound."""
    if version.rendition is not None:
        version.rendition.units.add(unit)


def _takeable(offer: Offer, unit: Unit, now: datetime) -> Offer:
    """The offer, if the unit may take it now and has not done so. Raises Refusal."""
    fresh = locked_offer(offer)
    taken = in_force(fresh, unit)
    if not offered_to(unit).filter(pk=fresh.pk).exists():
        raise Refusal("not-offered", _NOT_OFFERED)
    if fresh.state != Offer.State.OPEN:
        raise Refusal("offer-withdrawn", _WITHDRAWN)
    if not fresh.is_takeable(local_date(now)):
        raise Refusal("offer-over", _OVER)
    if passed_through(read_chain(fresh.chain), unit.pk):
        raise Refusal("own-item", _OWN_ITEM)
    if taken is not None and taken.bulletin and taken.bulletin.state != Bulletin.State.WITHDRAWN:
        raise Refusal("taken-already", _TAKEN_ALREADY)
    return fresh


def _copied(offer: Offer, unit: Unit, *, sound: bool, by: Person, now: datetime) -> Bulletin:
    content = words_of(offer.version, unit, sound=sound, by=by, now=now)
    bulletin = create_bulletin(unit=unit, content=content, by=by, now=now)
    if sound:
        let_listen(offer.version, unit)
    return bulletin


def _shared(recording: Recording | None, unit: Unit, by: Person, now: datetime) -> Recording | None:
    return share_recording(recording=recording, unit=unit, by=by, now=now) if recording else None


def _note(
    offer: Offer,
    unit: Unit,
    kind: str,
    *,
    by: Person,
    now: datetime,
    bulletin: Bulletin | None = None,
    reason: str = "",
) -> Taking:
    Taking.objects.filter(offer=offer, unit=unit, ended_at=None).update(ended_at=now)
    taking = Taking.objects.create(
        offer=offer,
        unit=unit,
        kind=kind,
        bulletin=bulletin,
        revision=offer.revision,
        reason=reason,
        by=by,
        at=now,
        settled_at=now,
    )
    record(
        f"offer.{kind.lower()}",
        f"offer:{offer.pk}",
        by=by,
        unit=unit,
        now=now,
        about=[f"bulletin:{bulletin.pk}"] if bulletin else [],
        bulletin=bulletin.pk if bulletin else None,
    )
    return taking


_NOT_TO_BE_ADAPTED = _(
    "The unit that offers this item does not let its words be changed. Take it unchanged."
)
_WHY_MISSING = _("Say why: the unit that offered it reads it.")
_NOT_OFFERED = _("This item is not offered to your unit.")
_WITHDRAWN = _("This offer has been withdrawn.")
_OVER = _("This offer is no longer valid.")
_OWN_ITEM = _("This item comes from your own unit.")
_TAKEN_ALREADY = _("Your unit has taken this item already.")
