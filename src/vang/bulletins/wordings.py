"""How a bulletin is told in each language, level and channel: reading, and nothing replaced.

What is missing is None here. Whoever shows or plays a wording says so and lets a person decide;
no function of this module puts another language or level in its place.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from vang.base.languages import VIETNAMESE, languages
from vang.bulletins.models import Edition, EditionWording, Level, Version, Wording


@dataclass(frozen=True, slots=True)
class Sound:
    """A finished sound as nodes fetch it; ``size`` in bytes."""

    language: str
    sha256: str
    size: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Told:
    """One wording of an edition. ``text`` is empty when the recording alone tells it."""

    language: str
    level: str
    channel: str
    title: str
    text: str
    sound: Sound | None


def edition_wordings(edition: Edition) -> list[Told]:
    """Every wording, the main one first, then by the list of languages. One query."""
    main = Told(VIETNAMESE, Level.FULL, "", edition.title, edition.text, main_sound(edition))
    rows = sorted(edition.wordings.all(), key=_place)
    return [main, *(_told(row) for row in rows)]


def wording_for(
    edition: Edition,
    language: str = VIETNAMESE,
    level: str = Level.FULL,
    channel: str = "",
) -> Told | None:
    """Exactly this language and level: the channel's own words, else those for every channel."""
    fitting = [
        told
        for told in edition_wordings(edition)
        if told.language == language and told.level == level and told.channel in {"", channel}
    ]
    return max(fitting, key=lambda told: told.channel, default=None)


def main_sound(edition: Edition) -> Sound:
    """The Vietnamese sound."""
    return Sound(VIETNAMESE, edition.audio_sha256, edition.audio_size, edition.duration_ms)


def edition_sounds(edition: Edition) -> dict[str, Sound]:
    """By language: everything that the edition can be heard in."""
    further = further_sounds(EditionWording.objects.filter(edition=edition))
    return {VIETNAMESE: main_sound(edition), **further.get(edition.pk, {})}


def further_sounds(rows: QuerySet[EditionWording]) -> dict[UUID, dict[str, Sound]]:
    """By edition and language, the sounds among ``rows``. One query."""
    columns = ("edition_id", "language", "audio_sha256", "audio_size", "duration_ms")
    found: dict[UUID, dict[str, Sound]] = {}
    sounding = rows.exclude(audio_sha256="").order_by("pk")
    for edition, *sound in sounding.values_list(*columns):
        found.setdefault(edition, {})[sound[0]] = Sound(*sound)
    return found


def wordings_of(version: Version) -> list[Wording]:
    """The further wordings of a version with their sounds; asked of the database once."""
    read_wordings([version])
    return sorted(version.wordings.all(), key=_place)


def read_wordings(versions: Sequence[Version]) -> None:
    """Ask for those of several versions at once."""
    rows = Wording.objects.select_related("rendition", "recording")
    prefetch_related_objects(versions, Prefetch("wordings", queryset=rows))


def text_of(version: Version, language: str, level: str, channel: str) -> str:
    """The text of one wording of a version, the main one among them; "" when there is none."""
    if (language, level, channel) == (VIETNAMESE, Level.FULL, ""):
        return version.text
    for row in wordings_of(version):
        if (row.language, row.level, row.channel) == (language, level, channel):
            return row.text
    return ""


def spoken_level(levels: Collection[str]) -> str:
    """Which of a language's levels is the one that sounds."""
    return Level.SPOKEN if Level.SPOKEN in levels or Level.FULL not in levels else Level.FULL


def _place(row: Wording | EditionWording) -> tuple[int, str, int, str]:
    order = list(languages())
    known = order.index(row.language) if row.language in order else len(order)
    return known, row.language, list(Level).index(Level(row.level)), row.channel


def _told(row: EditionWording) -> Told:
    return Told(row.language, row.level, row.channel, row.title, row.text, _sound(row))


def _sound(row: EditionWording) -> Sound | None:
    if not row.audio_sha256:
        return None
    return Sound(row.language, row.audio_sha256, row.audio_size, row.duration_ms)
