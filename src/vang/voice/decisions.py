"""How a unit is to speak: its dictionary and its voice, as its people decide."""

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
from vang.voice.choices import installed_voices
from vang.voice.models import Pronunciation, VoiceChoice

WRITTEN_LENGTH = 80
SPOKEN_LENGTH = 200
MOST_ENTRIES = 2_000
DICTIONARY_ROLES = frozenset({Role.WRITER, Role.ADMINISTRATOR})


def save_pronunciation(
    *, unit: Unit, written: str, spoken: str, by: Person, now: datetime
) -> Pronunciation:
    """Add a word to the unit's dictionary or change how it is said. Raises Refusal."""
    _require(DICTIONARY_ROLES, unit, by, now)
    word, reading = _one_line(written), _one_line(spoken)
    _check_entry(word, reading)
    with transaction.atomic():
        others = Pronunciation.objects.filter(unit=unit).exclude(written=word)
        if others.count() >= MOST_ENTRIES:
            raise Refusal("dictionary-full", _FULL)
        entry, _created = Pronunciation.objects.update_or_create(
            unit=unit,
            written=word,
            defaults={"spoken": reading, "updated_by": by, "updated_at": now},
        )
        record("save-pronunciation", f"pronunciation:{word}"[:80], by=by, unit=unit, now=now)
    return entry


def change_pronunciation(
    *, entry: Pronunciation, written: str, spoken: str, by: Person, now: datetime
) -> Pronunciation:
    """Another reading, or another word in the place of the old one. Raises Refusal."""
    with transaction.atomic():
        changed = save_pronunciation(
            unit=entry.unit, written=written, spoken=spoken, by=by, now=now
        )
        if changed.pk != entry.pk:
            remove_pronunciation(entry=entry, by=by, now=now)
    return changed


def remove_pronunciation(*, entry: Pronunciation, by: Person, now: datetime) -> None:
    """Take a word out of its unit's dictionary. Raises Refusal."""
    _require(DICTIONARY_ROLES, entry.unit, by, now)
    with transaction.atomic():
        record(
            "remove-pronunciation",
            f"pronunciation:{entry.written}"[:80],
            by=by,
            unit=entry.unit,
            now=now,
            spoken=entry.spoken,
        )
        entry.delete()


def choose_voice(
    *, unit: Unit, voice: str, trial_may_air: bool, by: Person, now: datetime
) -> VoiceChoice:
    """The administrator's decision. Sound made before it keeps its voice. Raises Refusal."""
    _require({Role.ADMINISTRATOR}, unit, by, now)
    if voice not in {installed.name for installed in installed_voices()}:
        raise Refusal("voice-unknown", _VOICE_UNKNOWN)
    with transaction.atomic():
        choice, _created = VoiceChoice.objects.update_or_create(
            unit=unit,
            defaults={
                "voice": voice,
                "trial_may_air": trial_may_air,
                "decided_by": by,
                "decided_at": now,
            },
        )
        record(
            "choose-voice",
            f"unit:{unit.pk}",
            by=by,
            unit=unit,
            now=now,
            voice=voice,
            trial_may_air=trial_may_air,
        )
    return choice


def _require(wanted: frozenset[str] | set[str], unit: Unit, by: Person, now: datetime) -> None:
    if not may(by, wanted, unit, local_date(now)):
        raise Refusal("not-allowed", _NOT_ALLOWED)


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _check_entry(written: str, spoken: str) -> None:
    for code, wrong, message in (
        ("written-missing", not written, _("Say which word or abbreviation is meant.")),
        ("written-too-long", len(written) > WRITTEN_LENGTH, _("The word is too long.")),
        ("spoken-missing", not spoken, _("Say how it is to be spoken.")),
        ("spoken-too-long", len(spoken) > SPOKEN_LENGTH, _("The reading is too long.")),
    ):
        if wrong:
            raise Refusal(code, message)


_FULL = _("The dictionary holds 2,000 words; remove some that are no longer needed.")
_VOICE_UNKNOWN = _("This voice is not installed on the server. Choose one from the list.")
_NOT_ALLOWED = _("Your role in this commune does not allow this.")
