"""Every write of the phrase bank."""

import hashlib
import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.journal.services import record
from vang.orgs.models import Unit
from vang.people.access import Role, may
from vang.people.models import Person
from vang.phrases import jobs
from vang.phrases.inventory import Group
from vang.phrases.models import Phrase, Pin, Saying
from vang.phrases.notices import Notice
from vang.phrases.queries import bank_of, fragments_missing, needed_numbers, wanted_of
from vang.phrases.tokens import key_of
from vang.takes.clips import RECORDERS
from vang.takes.models import Clip
from vang.voice.hearing import listener_is_installed
from vang.voice.queries import dictionary_of, speakable_text

LONGEST_PHRASE = 400
MOST_OWN = 500
LONGEST_SAYING_MS = 30_000
PINNERS = frozenset({Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR})


def add_phrase(*, unit: Unit, text: str, group: str, by: Person, now: datetime) -> Phrase:
    """A place or a standing sentence of the commune's own. Raises Refusal."""
    _require(by, unit, now)
    written = " ".join(clean_text(text).split())
    key = key_of(speakable_text(unit, written))
    if not key or len(written) > LONGEST_PHRASE or len(key) > LONGEST_PHRASE:
        raise Refusal("phrase-unfit", _UNFIT)
    if group not in {Group.PLACE, Group.SENTENCE}:
        raise Refusal("phrase-group", _GROUP)
    with transaction.atomic():
        if Phrase.objects.filter(unit=unit, own=True).count() >= MOST_OWN:
            raise Refusal("bank-full", _FULL)
        phrase, _created = Phrase.objects.update_or_create(
            unit=unit, key=key, defaults={"text": written, "group": group, "own": True}
        )
        record("add-phrase", f"phrase:{phrase.pk}", by=by, unit=unit, now=now)
    return phrase


def remove_phrase(*, phrase: Phrase, by: Person, now: datetime) -> None:
    """Take a phrase of one's own off the list; what was recorded of it stays. Raises Refusal."""
    _require(by, phrase.unit, now)
    with transaction.atomic():
        phrase.own, phrase.current = False, None
        phrase.save()
        record("remove-phrase", f"phrase:{phrase.pk}", by=by, unit=phrase.unit, now=now)


def record_phrase(*, unit: Unit, key: str, clip: Clip, by: Person, now: datetime) -> Saying:
    """A clip becomes the newest recording of a phrase of the list. Raises Refusal."""
    _require(by, unit, now)
    _check_clip(clip, unit)
    with transaction.atomic():
        phrase = _phrase(unit, key, now)
        saying = Saying.objects.create(
            phrase=phrase,
            clip=clip,
            check_state=_first_check(),
            by=by,
            at=now,
        )
        phrase.current = saying
        phrase.save(update_fields=["current"])
        record("record-phrase", f"phrase:{phrase.pk}", by=by, unit=unit, now=now, clip=clip.pk)
        if saying.check_state == Saying.Check.WAITING:
            jobs.check_sayings.enqueue(unit.pk)
    return saying


def pin_phrases(*, unit: Unit, notice: Notice, by: Person, now: datetime) -> Pin:
    """Fix the recordings that an emergency notice uses, by the hash of their bytes.

    Raises Refusal when something it needs is not recorded.
    """
    if not may(by, PINNERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)
    bank = bank_of(unit)
    lacking = fragments_missing(notice, dictionary_of(unit), bank) + needed_numbers(
        bank, local_date(now).year
    )
    if not notice.emergency or lacking:
        raise Refusal("pin-incomplete", _INCOMPLETE)
    phrases = {
        key: {"sha256": saying.clip.sha256, "saying": saying.pk} for key, saying in bank.items()
    }
    canonical = json.dumps(phrases, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with transaction.atomic():
        pin = Pin.objects.create(
            unit=unit,
            notice=notice.name,
            phrases=phrases,
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            by=by,
            at=now,
        )
        record(
            "pin-phrases", f"pin:{pin.pk}", by=by, unit=unit, now=now, notice=notice.name,
            sha256=pin.sha256,
        )  # fmt: skip
    return pin


def _phrase(unit: Unit, key: str, now: datetime) -> Phrase:
    """The row of a phrase; made when something of the list is recorded for the first time."""
    found = Phrase.objects.select_for_update().filter(unit=unit, key=key).first()
    if found is not None:
        return found
    wanted = {one.key: one for one in wanted_of(unit, local_date(now), dictionary_of(unit))}.get(
        key
    )
    if wanted is None:
        raise Refusal("phrase-unknown", _UNKNOWN)
    return Phrase.objects.create(unit=unit, key=key, text=wanted.text, group=wanted.group)


def _check_clip(clip: Clip, unit: Unit) -> None:
    if clip.unit_id != unit.pk or clip.kept_at is None or clip.duration_ms is None:
        raise Refusal("clip-not-here", _NOT_HERE)
    if "silent" in clip.levels["faults"]:
        raise Refusal("clip-silent", _SILENT)
    if clip.duration_ms > LONGEST_SAYING_MS:
        raise Refusal("saying-too-long", _TOO_LONG)


def _first_check() -> str:
    return Saying.Check.WAITING if listener_is_installed() else Saying.Check.UNHEARD


def _require(by: Person, unit: Unit, now: datetime) -> None:
    if not may(by, RECORDERS, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


_NOT_ALLOWED = _("Your role in this commune does not allow this.")
_UNFIT = _("Write the sentence or place, at most 400 characters.")
_GROUP = _("Choose whether it is a place or a sentence.")
_FULL = _("The commune has 500 phrases of its own; remove some that are no longer needed.")
_UNKNOWN = _("This phrase is no longer on the list. Load the page again.")
_NOT_HERE = _("The recording has not arrived whole yet.")
_SILENT = _("Nothing can be heard in the recording. Check the microphone and read it again.")
_TOO_LONG = _("The recording is longer than half a minute. Read only this phrase.")
_INCOMPLETE = _("Record what this notice needs first; then its phrases can be pinned.")
