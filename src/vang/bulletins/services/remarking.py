"""What is said about a passage: writing it, answering, settling."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.languages import VIETNAMESE
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.models import MAX_REMARK, Bulletin, Level, Remark
from vang.bulletins.notices import tell_of_remark
from vang.bulletins.services.guarding import locked, newest
from vang.bulletins.wordings import text_of
from vang.journal.services import record
from vang.people.access import roles
from vang.people.models import Person
from vang.review.anchors import MAX_QUOTE, anchor_at, find_quote
from vang.review.verbs import NEWSROOM


def add_remark(
    *,
    bulletin: Bulletin,
    quote: str,
    text: str,
    by: Person,
    now: datetime,
    near: int = 0,
    wording: tuple[str, str, str] = (VIETNAMESE, Level.FULL, ""),
) -> Remark:
    """Say something about words that stand in the newest version, the nearest to offset ``near``.

    ``wording`` is language, level and channel. Raises Refusal.
    """
    with transaction.atomic():
        fresh = locked(bulletin)
        _require_newsroom(fresh, by, now)
        version = newest(fresh)
        said, passage = _said(text), clean_text(quote).strip()
        if not passage:
            raise Refusal("quote-missing", _NO_PASSAGE)
        if len(passage) > MAX_QUOTE:
            raise Refusal("quote-too-long", _LONG_PASSAGE)
        whole = text_of(version, *wording)
        place = find_quote(passage, whole, near)
        if place is None:
            raise Refusal("quote-not-there", _NOT_THERE)
        anchor = anchor_at(whole, place.start, min(place.end, place.start + MAX_QUOTE))
        remark = Remark(version=version, quote=anchor.quote, text=said)
        remark.before, remark.after, remark.position = anchor.before, anchor.after, anchor.position
        remark.language, remark.level, remark.channel = wording
        return _kept(remark, fresh, by=by, now=now)


def answer_remark(*, remark: Remark, text: str, by: Person, now: datetime) -> Remark:
    """Answer it; an answer to an answer stands below the same remark. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(remark.bulletin)
        _require_newsroom(fresh, by, now)
        first = remark.answers or remark
        reply = Remark(version=newest(fresh), answers=first, text=_said(text))
        return _kept(reply, fresh, by=by, now=now)


def settle_remark(*, remark: Remark, by: Person, now: datetime) -> Remark:
    """It is done with; said a second time, it is open again. Raises Refusal."""
    with transaction.atomic():
        bulletin = locked(remark.bulletin)
        _require_newsroom(bulletin, by, now)
        fresh = Remark.objects.select_for_update(of=("self",)).get(
            pk=remark.answers_id or remark.pk
        )
        settled = fresh.settled_at is None
        fresh.settled_at, fresh.settled_by = (now, by) if settled else (None, None)
        fresh.save(update_fields=["settled_at", "settled_by"])
        action = "settle-remark" if settled else "reopen-remark"
        _journal(action, bulletin, fresh, by, now)
    return fresh


def _kept(remark: Remark, bulletin: Bulletin, *, by: Person, now: datetime) -> Remark:
    remark.bulletin, remark.by, remark.at = bulletin, by, now
    remark.save()
    _journal("add-remark", bulletin, remark, by, now)
    tell_of_remark(remark, bulletin, by=by, now=now)
    return remark


def _journal(action: str, bulletin: Bulletin, remark: Remark, by: Person, now: datetime) -> None:
    subject = f"bulletin:{bulletin.pk}"
    record(action, subject, by=by, unit=bulletin.unit, now=now, remark=remark.pk)


def _said(text: str) -> str:
    said = clean_text(text).strip()
    if not said:
        raise Refusal("remark-missing", _NOTHING_SAID)
    if len(said) > MAX_REMARK:
        raise Refusal("remark-too-long", _LONG_REMARK)
    return said


def _require_newsroom(bulletin: Bulletin, by: Person, now: datetime) -> None:
    if roles(by, bulletin.unit, local_date(now)).isdisjoint(NEWSROOM):
        raise Refusal("not-in-newsroom", _NOT_YOURS)


_NO_PASSAGE = _("Choose the passage that you speak of.")
_LONG_PASSAGE = _("The passage is longer than 500 characters. Choose fewer words.")
_NOT_THERE = _("These words do not stand in the text. Copy the passage as it is written.")
_NOTHING_SAID = _("Write what you want to say.")
_LONG_REMARK = _("The remark is longer than 2,000 characters. Shorten it.")
_NOT_YOURS = _("Only a writer or an approver of this commune may do this.")
