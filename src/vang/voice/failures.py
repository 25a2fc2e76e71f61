"""What can go wrong while sound is made, each with what a person needs to act on it."""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why an uploaded recording is not taken. Stable: stored, translated and tested by code."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_LONG = "too-long"
    NOT_AUDIO = "not-audio"
    VIDEO = "video"
    UNSUPPORTED = "unsupported"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    SILENT = "silent"


class RecordingRefused(Exception):
    """A recording that will not be aired; ``code`` is stable, ``detail`` is for the log."""

    def __init__(self, code: RefusalCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class SynthesisFailed(Exception):
    """An engine could not speak ``sentence``."""

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(f"{reason}: {sentence!r}")
        self.sentence = sentence
        self.reason = reason


class EngineMissing(Exception):
    """A voice was asked for whose program or files are not on this computer."""


class LoudnessOutOfTolerance(Exception):
    """The encoded sound missed the target; it must not be published."""

    def __init__(self, lufs: float, true_peak_dbtp: float) -> None:
        super().__init__(f"encoded sound is {lufs:.1f} LUFS, {true_peak_dbtp:.1f} dBTP")
        self.lufs = lufs
        self.true_peak_dbtp = true_peak_dbtp


class NoSignal(Exception):
    """The sound is silence, or so near to it that only noise could be amplified."""


class VoiceRefused(Exception):
    """A voice could not be installed; the message says why."""
