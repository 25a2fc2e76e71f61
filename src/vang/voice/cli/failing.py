"""Expected failures told in one sentence and an exit code, without a trace."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from vang.voice.failures import (
    EngineMissing,
    LoudnessOutOfTolerance,
    SynthesisFailed,
    VoiceRefused,
)

P = ParamSpec("P")
_EXPECTED = (
    EngineMissing,
    LoudnessOutOfTolerance,
    SynthesisFailed,
    VoiceRefused,
    OSError,
    UnicodeDecodeError,
)


def telling(do: Callable[P, None]) -> Callable[P, int]:
    """``do`` with 0 when it came to its end and 1 after an expected failure."""

    @wraps(do)
    def told(*arguments: P.args, **named: P.kwargs) -> int:
        try:
            do(*arguments, **named)
        except BrokenPipeError:
            return 1
        except _EXPECTED as error:
            print(f"vang: {error}", file=sys.stderr)
            return 1
        return 0

    return told
