"""What a verb depends on besides the state of the thing and the roles of the person."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Sound(StrEnum):
    """How far the sound of the current text has come."""

    ABSENT = "ABSENT"
    BEING_MADE = "BEING_MADE"
    READY = "READY"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Facts:
    """Facts about one person and one bulletin at one moment."""

    took_part: bool = False
    """The person created, edited or submitted it."""
    emergency: bool = False
    sound: Sound = Sound.ABSENT
    trial_voice: bool = False
    """The sound was made by the trial voice ("giọng thử")."""
    trial_may_air: bool = False
    """The unit's administrator lets the trial voice air."""
    unspoken: tuple[str, ...] = ()
    """Names of the languages that have words to be spoken but no recording of them."""
    sensitive: bool = False
    leader: bool = False
    """The person leads the unit."""
    approved_by_leader: bool = False
    undecided: tuple[str, ...] = ()
    """What proposes that the topic is sensitive, while nobody has said whether it is."""
    correcting: bool = False
    """A correction of what was released is being prepared."""


@dataclass(frozen=True)
class Reason:
    """Why not: a stable code, and a sentence for the person."""

    code: str
    message: str | Promise


Condition = Callable[[Facts], Reason | None]
"""None when the facts allow the verb, otherwise the reason."""


def independent(facts: Facts) -> Reason | None:
    """Approver ≠ creator, any editor, submitter."""
    return _NOT_INDEPENDENT if facts.took_part else None


def sound_ready(facts: Facts) -> Reason | None:
    return _SOUND.get(facts.sound)


def not_emergency(facts: Facts) -> Reason | None:
    """An emergency needs two people's personal keys, which this way does not use."""
    return _EMERGENCY if facts.emergency else None


def voice_may_air(facts: Facts) -> Reason | None:
    return _TRIAL_VOICE if facts.trial_voice and not facts.trial_may_air else None


def spoken_by_somebody(facts: Facts) -> Reason | None:
    """Only Vietnamese has a computer voice."""
    if not facts.unspoken:
        return None
    languages = ", ".join(facts.unspoken)
    return Reason("recording-missing", format_lazy(_UNSPOKEN, languages=languages))


def correction_open(facts: Facts) -> Reason | None:
    return None if facts.correcting else NO_CORRECTION


def leader_for_sensitive(facts: Facts) -> Reason | None:
    """Founding plan II.1.b.2: a sensitive topic needs the higher approval."""
    return _NEEDS_LEADER if facts.sensitive and not facts.leader else None


def approved_high_enough(facts: Facts) -> Reason | None:
    """It may have been called sensitive after an approver had approved it."""
    return _NEEDS_LEADER if facts.sensitive and not facts.approved_by_leader else None


def sensitivity_decided(facts: Facts) -> Reason | None:
    """What the list proposes is answered by a person: yes or no."""
    if not facts.undecided:
        return None
    topics = ", ".join(facts.undecided)
    return Reason("sensitive-undecided", format_lazy(_UNDECIDED, topics=topics))


_NEEDS_LEADER = Reason(
    "needs-leader",
    _("This is a sensitive topic: only a leader of the unit may approve it."),
)
_UNDECIDED = _(
    "It may be a sensitive topic ({topics}). Say whether it is: a sensitive one is approved by a "
    "leader of the unit."
)
_NOT_INDEPENDENT = Reason(
    "not-independent",
    _(
        "You wrote, edited or submitted this bulletin. Another person must approve it; "
        "nobody approves their own work."
    ),
)
_UNSPOKEN = _(
    "Nobody speaks {languages} yet: there is no computer voice for it. Attach a recording, or take "
    "its spoken form away."
)
_SOUND = {
    Sound.ABSENT: Reason("sound-absent", _("The sound has not been made yet.")),
    Sound.BEING_MADE: Reason(
        "sound-being-made",
        _("The sound is still being made. Wait until you can listen to it."),
    ),
    Sound.FAILED: Reason(
        "sound-failed",
        _("The sound could not be made. Have the reason put right before going on."),
    ),
}
_EMERGENCY = Reason(
    "emergency-needs-keys",
    _(
        "An emergency is not a bulletin: it is sent under “Emergency”, where two people sign it "
        "with their personal keys and every loudspeaker sounds within seconds. For what can wait, "
        "choose “priority”: it is played first in its session."
    ),
)
_TRIAL_VOICE = Reason(
    "trial-voice",
    _(
        "The sound was made by the trial voice, which the administrator has not allowed on the "
        "air. Attach a recording, install a better voice, or ask the administrator."
    ),
)
NO_CORRECTION = Reason("no-correction", _("No correction of this bulletin is being prepared."))
