"""Acting on what happened to the origin: a correction, a withdrawal."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from vang.base import clock
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.content import content_of
from vang.bulletins.models import Bulletin, Edition, Version
from vang.bulletins.queries import live_edition
from vang.bulletins.services import (
    save_version,
    start_correction,
    submit_bulletin,
    withdraw_bulletin,
)
from vang.journal.services import record
from vang.people.models import Person
from vang.pool.access import guard
from vang.pool.models import Offer, Taking
from vang.pool.services.offering import approved, renew_offer, withdraw_offer
from vang.pool.services.taking import let_listen, words_of
from vang.pool.sounds import held_version, same_words

_OPEN = Offer.State.OPEN
_MOST_A_TICK = 50


def follow_withdrawal(*, taking: Taking, by: Person, now: datetime) -> Bulletin:
    """Withdraw the unit's own bulletin too, for the origin's reason. Raises Refusal."""
    with transaction.atomic():
        fresh, bulletin = _with_news(taking, by, now)
        reason = format_lazy(
            _("{unit} withdrew it: {reason}"),
            unit=fresh.offer.unit.full_name,
            reason=fresh.offer.news_reason,
        )
        withdrawn = withdraw_bulletin(bulletin=bulletin, reason=str(reason), by=by, now=now)
        _settle(fresh, "", by=by, now=now)
    return withdrawn


def follow_correction(*, taking: Taking, by: Person, now: datetime) -> Bulletin:
    """Put the corrected text in the place of the one taken, and ask the unit's own approver.

    What is released already becomes a correction there. What was adapted keeps the unit's own
    words only in its history: the page shows both texts first. Raises Refusal.
    """
    with transaction.atomic():
        fresh, bulletin = _with_news(taking, by, now)
        offer = fresh.offer
        if offer.state != _OPEN or offer.revision == fresh.revision:
            raise Refusal("nothing-newer", _NOTHING_NEWER)
        # The guard of words must hold the corrected text against the corrected offer.
        Taking.objects.filter(pk=fresh.pk).update(revision=offer.revision)
        if bulletin.state == Bulletin.State.RELEASED and live_edition(bulletin) is not None:
            _start_correction(bulletin, offer, by=by, now=now)
        _save_corrected(bulletin, offer, by=by, now=now)
        Taking.objects.filter(pk=fresh.pk).update(kind=Taking.Kind.TAKEN)
        submit_bulletin(bulletin=bulletin, by=by, now=now)
        _settle(fresh, "", by=by, now=now)
    return bulletin


def keep_as_is(*, taking: Taking, reason: str, by: Person, now: datetime) -> Taking:
    """The news concerns the unit's own bulletin not, and why. Raises Refusal."""
    clean = clean_text(reason).strip()
    if not clean:
        raise Refusal("comment-missing", _WHY_MISSING)
    with transaction.atomic():
        fresh, _bulletin = _with_news(taking, by, now)
        _settle(fresh, clean, by=by, now=now)
    return fresh


def note_words(version: Version, by: Person, now: datetime) -> None:
    """A version with words of its own makes an unchanged item an adapted one."""
    rows = Taking.objects.filter(bulletin=version.bulletin_id, kind=Taking.Kind.TAKEN)
    taking = rows.select_related("offer", "unit").first()
    if taking is None:
        return
    held = held_version(taking)
    if held is not None and same_words(content_of(held), content_of(version)):
        return
    taking.kind = Taking.Kind.ADAPTED
    taking.save(update_fields=["kind"])
    _record("offer.adapted", taking, by, now)


def on_release(edition: Edition) -> None:
    """A correction that is released is offered by itself."""
    offer = Offer.objects.filter(bulletin=edition.bulletin_id, state=_OPEN).first()
    if offer is not None and offer.version_id != edition.version_id:
        _renew_by_itself(offer, edition, clock.now())


def on_withdrawal(edition: Edition) -> None:
    """What is withdrawn is offered no longer."""
    rows = Offer.objects.filter(
        bulletin=edition.bulletin_id, state=_OPEN, bulletin__state=Bulletin.State.WITHDRAWN
    )
    for offer in rows.order_by("pk"):
        _withdraw_by_itself(offer, clock.now())


def follow_origins_due(*, now: datetime) -> int:
    """What a release or withdrawal left undone because a process died. Returns how many offers."""
    mine = Offer.objects.filter(state=_OPEN).order_by("pk").select_related("bulletin")
    gone = list(mine.filter(bulletin__state=Bulletin.State.WITHDRAWN)[:_MOST_A_TICK])
    for offer in gone:
        _withdraw_by_itself(offer, now)
    newer = mine.filter(bulletin__state=Bulletin.State.RELEASED).exclude(
        version=F("bulletin__current")
    )
    renewed = [offer for offer in newer[:_MOST_A_TICK] if _renewed(offer, now)]
    return len(gone) + len(renewed)


def _renewed(offer: Offer, now: datetime) -> bool:
    edition = live_edition(offer.bulletin)
    if edition is None or edition.version_id == offer.version_id:
        return False
    _renew_by_itself(offer, edition, now)
    return True


def _renew_by_itself(offer: Offer, edition: Edition, now: datetime) -> None:
    if approved(offer.bulletin).version_id == edition.version_id:
        renew_offer(offer=offer, change=edition.wrong, by=None, now=now)


def _withdraw_by_itself(offer: Offer, now: datetime) -> None:
    step = offer.bulletin.steps.filter(verb="withdraw").order_by("at", "id").last()
    reason = step.comment if step and step.comment else now_in_words("The bulletin was withdrawn.")
    withdraw_offer(offer=offer, reason=reason, by=None, now=now)


def _start_correction(bulletin: Bulletin, offer: Offer, *, by: Person, now: datetime) -> None:
    wrong = offer.news_reason or now_in_words("The text that was taken over.")
    because = now_in_words("%(unit)s has corrected it.") % {"unit": offer.unit.full_name}
    start_correction(bulletin=bulletin, wrong=wrong, because=because, by=by, now=now)


def _save_corrected(bulletin: Bulletin, offer: Offer, *, by: Person, now: datetime) -> None:
    """The corrected words; villages stay as the unit chose them."""
    current = Bulletin.objects.select_related("current").get(pk=bulletin.pk).current
    if current is None:
        raise Version.DoesNotExist
    words = words_of(offer.version, bulletin.unit, sound=offer.with_sound, by=by, now=now)
    if offer.with_sound:
        let_listen(offer.version, bulletin.unit)
    mine = content_of(current)
    content = replace(words, category=mine.category, priority=mine.priority, audience=mine.audience)
    save_version(bulletin=bulletin, content=content, based_on=current.number, by=by, now=now)


def _with_news(taking: Taking, by: Person, now: datetime) -> tuple[Taking, Bulletin]:
    """The taking read anew, with the bulletin that it concerns. Raises Refusal."""
    Taking.objects.select_for_update().only("pk").get(pk=taking.pk)
    rows = Taking.objects.select_related("offer__unit", "offer__version__rendition", "unit")
    fresh = rows.select_related("bulletin__unit").get(pk=taking.pk)
    guard(by, fresh.unit, now)
    news_at = fresh.offer.news_at
    if fresh.bulletin is None or news_at is None or news_at <= fresh.settled_at:
        raise Refusal("no-news", _NO_NEWS)
    return fresh, fresh.bulletin


def _settle(taking: Taking, reason: str, *, by: Person, now: datetime) -> None:
    Taking.objects.filter(pk=taking.pk).update(settled_at=now, settled_reason=reason)
    taking.settled_at, taking.settled_reason = now, reason
    _record("offer.settle", taking, by, now)


def _record(action: str, taking: Taking, by: Person, now: datetime) -> None:
    about = [f"bulletin:{taking.bulletin_id}"] if taking.bulletin_id else []
    subject = f"offer:{taking.offer_id}"
    record(action, subject, by=by, unit=taking.unit, now=now, about=about)


_NOTHING_NEWER = _("There is no corrected text to take over. Withdraw yours, or say why it stays.")
_WHY_MISSING = _("Say why yours stays as it is.")
_NO_NEWS = _("Somebody has acted on this already.")
