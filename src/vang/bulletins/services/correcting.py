"""Preparing the correction of what is out already: it is written and approved like any bulletin."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text, fold
from vang.bulletins.content import MAX_TITLE, content_of
from vang.bulletins.models import Bulletin, Correction, Edition
from vang.bulletins.queries import live_edition, open_correction
from vang.bulletins.services.guarding import guard, locked, newest, take_step
from vang.bulletins.services.writing import next_version
from vang.journal.services import record
from vang.people.models import Person
from vang.review.verbs import CORRECT, EDIT, GIVE_UP

MAX_NOTE = 2000
PREFIX = "Đính chính: "
"""Heads the title of a correction: what villagers hear first must say what it is."""


def start_correction(
    *, bulletin: Bulletin, wrong: str, because: str, by: Person, now: datetime
) -> Correction:
    """A next version to mend, while the wrong edition stays out until it is replaced.

    ``wrong`` says what was wrong, ``because`` why; both are approved with the text and published.
    Raises Refusal.
    """
    wrong, because = _checked(wrong), _checked(because)
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(CORRECT, fresh, by=by, now=now)
        correction = Correction.objects.create(
            bulletin=fresh,
            edition=_standing(fresh),
            wrong=wrong,
            wrong_because=because,
            opened_by=by,
            opened_at=now,
        )
        same = content_of(newest(fresh))
        mended = replace(same, title=_titled(same.title))
        next_version(fresh, mended, by=by, now=now, verb=CORRECT)
    return correction


def change_correction(
    *, bulletin: Bulletin, wrong: str, because: str, by: Person, now: datetime
) -> Correction:
    """Other words for what was wrong and why, while the text may still be edited.

    Counts as an edit: an approval that was given no longer fits. Raises Refusal.
    """
    wrong, because = _checked(wrong), _checked(because)
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(EDIT, fresh, by=by, now=now)
        correction = _open(fresh)
        correction.wrong, correction.wrong_because = wrong, because
        correction.save(update_fields=["wrong", "wrong_because"])
        next_version(fresh, content_of(newest(fresh)), by=by, now=now)
        record("change-correction", f"bulletin:{fresh.pk}", by=by, unit=fresh.unit, now=now)
    return correction


def give_up_correction(*, bulletin: Bulletin, by: Person, now: datetime) -> Bulletin:
    """The edition that is out stands after all. Raises Refusal."""
    with transaction.atomic():
        fresh = locked(bulletin)
        guard(GIVE_UP, fresh, by=by, now=now)
        correction = _open(fresh)
        correction.closed_at = now
        correction.save(update_fields=["closed_at"])
        take_step(GIVE_UP, fresh, by=by, now=now)
        fresh.current = correction.edition.version
        fresh.submitted_by = None
        fresh.search_key = fold(correction.edition.title)
        fresh.save(update_fields=["current", "submitted_by", "search_key"])
    return fresh


def _open(bulletin: Bulletin) -> Correction:
    correction = open_correction(bulletin)
    if correction is None:
        raise Refusal("no-correction", _NO_CORRECTION)
    return correction


def _standing(bulletin: Bulletin) -> Edition:
    edition = live_edition(bulletin)
    if edition is None:
        raise Refusal("wrong-state", CORRECT.only_when)
    return edition


def _checked(note: str) -> str:
    clean = clean_text(note).strip()
    if not clean:
        raise Refusal("note-missing", _NOTE_MISSING)
    if len(clean) > MAX_NOTE:
        raise Refusal("note-too-long", _NOTE_TOO_LONG)
    return clean


def _titled(title: str) -> str:
    return title if title.startswith(PREFIX) else (PREFIX + title)[:MAX_TITLE].strip()


_NO_CORRECTION = _("No correction of this bulletin is being prepared.")
_NOTE_MISSING = _("Say what was wrong and why: residents read both.")
_NOTE_TOO_LONG = _("Say it in at most 2,000 characters.")
