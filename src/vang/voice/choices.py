"""Which voices this computer has and which one a unit speaks with."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from vang.orgs.models import Unit
from vang.voice.cache import SentenceCache
from vang.voice.engines import SpeechEngine
from vang.voice.engines.espeak import NAME, Espeak
from vang.voice.failures import EngineMissing
from vang.voice.models import VoiceChoice

TRIAL_VOICE = NAME
"""The voice of a unit that has chosen none."""


@dataclass(frozen=True)
class InstalledVoice:
    """A voice as the administrator chooses it."""

    name: str
    trial: bool


def installed_voices() -> list[InstalledVoice]:
    """The voices that could speak now; real ones first."""
    engines = []
    for name in (TRIAL_VOICE,):
        try:
            engines.append(engine_named(name))
        except EngineMissing:
            continue
    voices = [InstalledVoice(engine.name, engine.trial) for engine in engines]
    return sorted(voices, key=lambda voice: (voice.trial, voice.name))


def engine_named(name: str) -> SpeechEngine:
    """The engine of an installed voice. Raises EngineMissing."""
    if name == TRIAL_VOICE:
        return Espeak()
    raise EngineMissing(f"no voice of the name {name!r} is installed")


def sentence_cache() -> SentenceCache:
    """Where spoken sentences are kept; the folder may be deleted at any time."""
    return SentenceCache(Path(settings.DATA) / "cache" / "speech")


def choice_of(unit: Unit) -> VoiceChoice | None:
    """What the unit's administrator decided, if anything."""
    return VoiceChoice.objects.filter(unit=unit).select_related("decided_by").first()


def voice_of(unit: Unit) -> str:
    """The name of the voice that the unit speaks with."""
    choice = choice_of(unit)
    return choice.voice if choice else TRIAL_VOICE


def trial_may_air(unit: Unit) -> bool:
    """Whether the unit's administrator lets the trial voice air."""
    choice = choice_of(unit)
    return choice is not None and choice.trial_may_air
