"""The machine hears each recorded phrase once: a hint that something else was read."""

import logging

from vang.base.refusals import Refusal
from vang.phrases.models import Saying
from vang.phrases.splicing import phrase_sound
from vang.phrases.tokens import tokens_of, tokens_of_key, words_only
from vang.takes.clips import samples_of_clip
from vang.voice.comparing import compare_heard
from vang.voice.failures import EngineMissing, RecordingRefused
from vang.voice.hearing import Heard, Listener, ListenerFailed

log = logging.getLogger(__name__)

_AT_A_TIME = 50
_ENOUGH_PERCENT = 75


def check_sayings(unit_pk: int) -> None:
    """Every phrase of the commune that nobody has listened to, with the recogniser loaded once."""
    waiting = Saying.objects.filter(
        phrase__unit=unit_pk, check_state=Saying.Check.WAITING
    ).select_related("phrase", "clip")[:_AT_A_TIME]
    if not waiting:
        return
    try:
        with Listener() as listener:
            for saying in waiting:
                _check(saying, listener)
    except (EngineMissing, ListenerFailed) as error:
        log.warning("phrases were not listened to: %s", error)
        Saying.objects.filter(pk__in=[s.pk for s in waiting], check_state="WAITING").update(
            check_state=Saying.Check.UNHEARD
        )


def _check(saying: Saying, listener: Listener) -> None:
    try:
        phrase_sound(saying.clip.sha256)  # decoded now, so that no notice waits for it
        heard = listener.words(samples_of_clip(saying.clip))
    except (Refusal, RecordingRefused, FileNotFoundError) as error:
        log.warning("saying %s cannot be heard: %s", saying.pk, error)
        heard = ""
    saying.heard = heard[:400]
    saying.check_state = verdict(saying.phrase.key, heard)
    saying.save(update_fields=["heard", "check_state"])


def verdict(key: str, heard: str) -> str:
    """SAME when most words were heard, give or take what recognisers confuse."""
    wanted = " ".join(words_only(tokens_of_key(key)))
    compared = compare_heard(wanted, [Heard(0, 0, heard)])
    if compared is None or len(words_only(tokens_of(heard))) > 2 * compared.words + 1:
        return Saying.Check.OTHER
    same = compared.percent >= _ENOUGH_PERCENT
    return Saying.Check.SAME if same else Saying.Check.OTHER
