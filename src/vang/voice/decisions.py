"""How a unit is to speak: its dictionary and its voice, as its people decide."""

import csv
from dataclasses import dataclass
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
from vang.voice.engines import USUAL_PACE
from vang.voice.manners import FASTEST, SLOWEST
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


@dataclass(frozen=True)
class Taken:
    """What an imported table brought: entries saved, and lines that could not be."""

    saved: int
    wrong: tuple[str, ...]


def import_pronunciations(*, unit: Unit, content: bytes, by: Person, now: datetime) -> Taken:
    """Take over a table of two columns (CSV: written, spoken), as it was exported. Raises Refusal.

    Entries that are there already are said as the table has them; others stay.
    """
    _require(DICTIONARY_ROLES, unit, by, now)
    saved, wrong = 0, []
    with transaction.atomic():
        for line, row in enumerate(_rows(content), start=1):
            written, spoken = row
            try:
                save_pronunciation(unit=unit, written=written, spoken=spoken, by=by, now=now)
                saved += 1
            except Refusal as refusal:
                if refusal.code == "dictionary-full":
                    raise
                wrong.append(f"{line}: {refusal}")
    return Taken(saved, tuple(wrong))


def _rows(content: bytes) -> list[tuple[str, str]]:
    """The table without its head. Raises Refusal when it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("table-encoding", _ENCODING) from None
    sign = max(";,\t", key=text.partition("\n")[0].count)
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=sign) if any(row)]
    except csv.Error:
        raise Refusal("table-unreadable", _UNREADABLE) from None
    if not rows or any(len(row) < 2 for row in rows) or len(rows) > MOST_ENTRIES + 1:
        raise Refusal("table-unreadable", _UNREADABLE)
    pairs = [(row[0].removeprefix("'"), row[1].removeprefix("'")) for row in rows]
    heads = {str(_WRITTEN).lower(), "written", "viết"}
    return pairs[1:] if pairs[0][0].strip().lower() in heads else pairs


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
        entry.delete()
        record(
            "remove-pronunciation",
            f"pronunciation:{entry.written}"[:80],
            by=by,
            unit=entry.unit,
            now=now,
            spoken=entry.spoken,
        )


def choose_voice(
    *,
    unit: Unit,
    voice: str,
    trial_may_air: bool,
    by: Person,
    now: datetime,
    pace: int = USUAL_PACE,
) -> VoiceChoice:
    """The administrator's decision. Sound made before it keeps its voice. Raises Refusal."""
    _require({Role.ADMINISTRATOR}, unit, by, now)
    if voice not in {installed.name for installed in installed_voices()}:
        raise Refusal("voice-unknown", _VOICE_UNKNOWN)
    if not SLOWEST <= pace <= FASTEST:
        raise Refusal("pace-impossible", _PACE)
    with transaction.atomic():
        choice, _created = VoiceChoice.objects.update_or_create(
            unit=unit,
            defaults={
                "voice": voice,
                "pace": pace,
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
            pace=pace,
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


_WRITTEN = _("Written")
_ENCODING = _("The file is not saved as UTF-8. In Excel choose “CSV UTF-8”.")
_UNREADABLE = _("The file is no table of two columns: what is written, and how it is spoken.")
_FULL = _("The dictionary holds 2,000 words; remove some that are no longer needed.")
_VOICE_UNKNOWN = _("This voice is not installed on the server. Choose one from the list.")
_PACE = _("The speed lies between 70 and 130 percent.")
_NOT_ALLOWED = _("Your role in this commune does not allow this.")
