"""Which voices this computer has and which one a unit speaks with."""

from pathlib import Path

from django.conf import settings

from vang.orgs.models import Unit
from vang.voice import voices
from vang.voice.cache import SentenceCache
from vang.voice.engines import USUAL_PACE, SpeechEngine
from vang.voice.engines.espeak import NAME
from vang.voice.failures import EngineMissing, VoiceRefused
from vang.voice.models import VoiceChoice
from vang.voice.voices import InstalledVoice

TRIAL_VOICE = NAME
"""The voice of a unit that has chosen none."""


def installed_voices() -> list[InstalledVoice]:
    """The voices that could speak now; real ones first."""
    return voices.installed_voices(voices_folder())


def engine_named(name: str, pace: int = USUAL_PACE) -> SpeechEngine:
    """The engine of an installed voice, at ``pace`` percent of its usual speed.

    Raises EngineMissing, also for a voice whose files are no longer those that were installed.
    """
    try:
        return voices.engine_named(name, voices_folder(), pace)
    except VoiceRefused as error:
        raise EngineMissing(str(error)) from None


def voices_folder() -> Path:
    """Where neural voices are installed."""
    return Path(settings.DATA) / "voices"


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


def pace_of(unit: Unit) -> int:
    """The speed at which the unit has its texts read, in percent."""
    choice = choice_of(unit)
    return choice.pace if choice else USUAL_PACE


def trial_may_air(unit: Unit) -> bool:
    """Whether the unit's administrator lets the trial voice air."""
    choice = choice_of(unit)
    return choice is not None and choice.trial_may_air
