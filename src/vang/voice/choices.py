"""Which voices this computer has and which one a unit speaks with."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from vang.orgs.models import Unit
from vang.voice.cache import SentenceCache
from vang.voice.engines import SpeechEngine
from vang.voice.engines.espeak import NAME as TRIAL_VOICE
from vang.voice.engines.espeak import Espeak
from vang.voice.models import VoiceChoice


@dataclass(frozen=True)
class InstalledVoice:
    """A voice as the administrator chooses it."""

    name: str
    trial: bool


def sentence_cache() -> SentenceCache:
    """Where spoken sentences are kept; the folder may be deleted at any time."""
    return SentenceCache(Path(settings.DATA) / "cache" / "speech")


def engine_named(name: str) -> SpeechEngine:
    """The engine of an installed voice. Raises EngineMissing."""
    return Espeak()


def voice_of(unit: Unit) -> str:
    """The name of the voice that the unit speaks with."""
    choice = VoiceChoice.objects.filter(unit=unit).first()
    return choice.voice if choice else TRIAL_VOICE


def trial_may_air(unit: Unit) -> bool:
    """Whether the unit's administrator lets the trial voice air."""
    return VoiceChoice.objects.filter(unit=unit, trial_may_air=True).exists()
