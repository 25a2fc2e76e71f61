"""Offering what was approved, offering it corrected, and taking it back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Approval, Bulletin, Version
from vang.journal.services import record
from vang.orgs.reach import Aim, all_below, within_reach
from vang.people.models import Person
from vang.pool import notices
from vang.pool.access import guard
from vang.pool.chains import Link, stored
from vang.pool.models import Offer, Revision, Taking, Target
from vang.pool.origins import chain_of
from vang.voice.models import Rendition

State = Offer.State
News = Offer.News
_OFFERABLE = {Bulletin.State.APPROVED, Bulletin.State.RELEASED}


@dataclass(frozen=True)
class Terms:
    """On which terms it is offered. ``valid_to`` is the last day."""

    valid_from: date
    valid_to: date | None = None
    with_sound: bool = True
    may_adapt: bool = True
    must_air: bool = False
    meant_for: str = ""
    message: str = ""


def offer_bulletin(
    *, bulletin: Bulletin, aims: Sequence[Aim], terms: Terms, by: Person, now: datetime
) -> Offer:
    """Offer the approved text, and its sound if the terms say so. Raises Refusal."""
    with transaction.atomic():
        fresh = _locked(bulletin)
        guard(by, fresh.unit, now)
        if Offer.objects.filter(bulletin=fresh).exists():
            raise Refusal("offered-already", _OFFERED_ALREADY)
        approval = approved(fresh)
        _check(fresh, aims, terms, now)
        offer = _new(approval, terms, by=by, now=now)
        Target.objects.bulk_create(
            Target(offer=offer, unit=aim.unit, below=aim.below) for aim in aims
        )
        _add_revision(offer, "", by=by, now=now)
        _record("offer-bulletin", offer, by, now)
        notices.tell_of_offer(offer, aims, now=now)
    return offer


def renew_offer(*, offer: Offer, change: str, by: Person | None, now: datetime) -> Offer:
    """Offer the newer approved version instead; whoever took the old one is told. Raises Refusal.

    ``by`` is None when the correction was released and the offer follows by itself.
    """
    with transaction.atomic():
        fresh = locked_offer(offer)
        if by is not None:
            guard(by, fresh.unit, now)
        _require_open(fresh)
        approval = approved(_locked(fresh.bulletin))
        if approval.version_id == fresh.version_id:
            raise Refusal("nothing-newer", _NOTHING_NEWER)
        _hold(fresh, approval)
        fresh.revision += 1
        _bring_news(fresh, News.CORRECTED, change, now)
        _add_revision(fresh, change, by=by, now=now)
        _record("renew-offer", fresh, by, now)
    return fresh


def withdraw_offer(*, offer: Offer, reason: str, by: Person | None, now: datetime) -> Offer:
    """Nobody may take it any more; whoever took it is told. Raises Refusal.

    ``by`` is None when the bulletin itself was withdrawn and the offer follows by itself.
    """
    clean = _said(reason)
    if not clean:
        raise Refusal("comment-missing", _WHY_MISSING)
    with transaction.atomic():
        fresh = locked_offer(offer)
        if by is not None:
            guard(by, fresh.unit, now)
        _require_open(fresh)
        fresh.state = State.WITHDRAWN
        _bring_news(fresh, News.WITHDRAWN, clean, now)
        _record("withdraw-offer", fresh, by, now)
    return fresh


def _record(action: str, offer: Offer, by: Person | None, now: datetime) -> None:
    about = [f"bulletin:{offer.bulletin_id}"]
    record(action, f"offer:{offer.pk}", by=by, unit=offer.unit, now=now, about=about)


def locked_offer(offer: Offer) -> Offer:
    """Read anew; others who would change it wait until this transaction ends."""
    Offer.objects.select_for_update().only("pk").get(pk=offer.pk)
    return Offer.objects.select_related("unit", "bulletin", "version__rendition").get(pk=offer.pk)


def approved(bulletin: Bulletin) -> Approval:
    """The approval of exactly what the bulletin says now. Raises Refusal when none counts."""
    version = bulletin.current
    if version is None or bulletin.state not in _OFFERABLE:
        raise Refusal("not-approved", _NOT_APPROVED)
    given = Approval.objects.filter(version=version, content_hash=content_hash(version))
    approval = given.select_related("version__bulletin__unit", "version__rendition").last()
    if approval is None:
        raise Refusal("not-approved", _NOT_APPROVED)
    return approval


def _locked(bulletin: Bulletin) -> Bulletin:
    Bulletin.objects.select_for_update().only("pk").get(pk=bulletin.pk)
    return Bulletin.objects.select_related("unit", "current").get(pk=bulletin.pk)


def _new(approval: Approval, terms: Terms, *, by: Person, now: datetime) -> Offer:
    version = approval.version
    bulletin = version.bulletin
    above = Taking.objects.filter(bulletin=bulletin).select_related("offer").first()
    offer = Offer(
        unit=bulletin.unit,
        bulletin=bulletin,
        above=above.offer if above else None,
        chain=stored((*chain_of(bulletin), _link(version, above, now))),
        offered_by=by,
        offered_at=now,
        **asdict(terms),
    )
    offer.meant_for, offer.message = _line(terms.meant_for), _said(terms.message)
    _hold(offer, approval)
    return offer


def _hold(offer: Offer, approval: Approval) -> None:
    version = approval.version
    offer.version, offer.content_hash = version, approval.content_hash
    offer.title, offer.search_key = version.title, fold(version.title)
    offer.category, offer.priority = version.category, version.priority
    offer.duration_ms = version.rendition.duration_ms if version.rendition else 0
    offer.save()


def _link(version: Version, above: Taking | None, now: datetime) -> Link:
    unit = version.bulletin.unit
    adapted = above is not None and above.kind == Taking.Kind.ADAPTED
    return Link(unit.pk, unit.full_name, version.title, local_date(now).isoformat(), adapted)


def _add_revision(offer: Offer, change: str, *, by: Person | None, now: datetime) -> None:
    Revision.objects.create(
        offer=offer,
        number=offer.revision,
        version=offer.version,
        content_hash=offer.content_hash,
        change=_said(change),
        by=by,
        at=now,
    )


def _bring_news(offer: Offer, news: str, reason: str, now: datetime) -> None:
    """Mark the offer and, as news of their origin, all that were made from what was taken."""
    offer.news, offer.news_at, offer.news_reason = news, now, _said(reason)
    offer.save()
    notices.tell_takers(offer, now=now)
    farther = News.ORIGIN_WITHDRAWN if news == News.WITHDRAWN else News.ORIGIN_CORRECTED
    level = list(Offer.objects.filter(above=offer, state=State.OPEN))
    while level:
        for onward in level:
            onward.news, onward.news_at, onward.news_reason = farther, now, offer.news_reason
            onward.save(update_fields=["news", "news_at", "news_reason"])
            notices.tell_takers(onward, now=now)
        level = list(Offer.objects.filter(above__in=level, state=State.OPEN))


def _check(bulletin: Bulletin, aims: Sequence[Aim], terms: Terms, now: datetime) -> None:
    if not aims:
        raise Refusal("nobody-chosen", _NOBODY_CHOSEN)
    if not within_reach(bulletin.unit, aims, local_date(now)):
        raise Refusal("out-of-reach", _OUT_OF_REACH)
    if terms.must_air and not all_below(bulletin.unit, aims):
        raise Refusal("must-air-above", _MUST_AIR_ABOVE)
    if terms.valid_to is not None and terms.valid_to < max(terms.valid_from, local_date(now)):
        raise Refusal("over-before-it-begins", _OVER)
    version = bulletin.current
    sound = version.rendition if version else None
    if terms.with_sound and (sound is None or sound.state != Rendition.State.READY):
        raise Refusal("sound-absent", _SOUND_ABSENT)


def _require_open(offer: Offer) -> None:
    if offer.state != State.OPEN:
        raise Refusal("offer-withdrawn", _WITHDRAWN)


def _said(text: str) -> str:
    return clean_text(text).strip()


def _line(text: str) -> str:
    return " ".join(clean_text(text).split())


_OFFERED_ALREADY = _("This bulletin is offered already. Open its offer to change it.")
_NOT_APPROVED = _("Only what was approved, exactly as it stands now, can be offered.")
_NOTHING_NEWER = _("The newest approved text is offered already.")
_WHY_MISSING = _("Say why: those who took it must be able to act.")
_NOBODY_CHOSEN = _("Choose to whom it is offered.")
_OUT_OF_REACH = _("One of the chosen units is neither above, beside nor below yours.")
_MUST_AIR_ABOVE = _("Only a unit above may demand that an item be aired.")
_OVER = _("The last day must lie neither in the past nor before the first.")
_SOUND_ABSENT = _("There is no finished sound yet. Wait for it, or offer the text alone.")
_WITHDRAWN = _("This offer has been withdrawn.")
