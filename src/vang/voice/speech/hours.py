"""Hours of the day ("6h30", "7h00", "16:30", "06h00-11h30", "17g30", "7 giờ 05")."""

import re

from vang.voice.speech.numbers import DIGITS, cardinal

_H = r"(?:[01]?\d|2[0-4])"
_MIN = r"[0-5]\d"
_START = r"(?<![\w.,/:+-])"
_TIME = rf"(?:{_H}\s?[hH](?:\s?{_MIN})?|{_H}[gG]{_MIN}|{_H}:{_MIN})(?!\w|:\d)"

_RANGE = re.compile(rf"{_START}({_TIME}(?:')?|{_H})\s?[-–]\s?(?={_TIME})")
_WRITTEN_RANGE = re.compile(r"(giờ(?:\s?\d{1,2})?(?:\s?phút)?)\s?[-–]\s?(?=\d{1,2}\s?giờ)")
_SHORT = re.compile(rf"{_START}({_H})\s?[hH]\s?([0-5]?\d)?(?:\s?(?:'|ph?(?!\w)|phút))?(?!\w)")
_SOUTHERN = re.compile(rf"{_START}({_H})[gG]({_MIN})(?:\s?(?:'|ph?(?!\w)|phút))?(?!\w)")
_CLOCK = re.compile(rf"{_START}({_H}):({_MIN})(?::({_MIN}))?(?:\s?(?:h|giờ))?(?!\w|:\d)")
_WRITTEN = re.compile(rf"{_START}({_H}) giờ ({_MIN})(?!\d|[.,]\d|\s?[-–/]\s?\d)(?:\s?phút)?(?!\w)")
_RATIO = re.compile(r"(?:tỷ|tỉ)\s(?:lệ|số)[^\d]{0,12}\Z", re.IGNORECASE)


def speak_hours(line: str) -> str:
    """The hours of the line in words; a full hour has no "không phút"."""
    line = _RANGE.sub(r"\1 đến ", line)
    line = _WRITTEN_RANGE.sub(r"\1 đến ", line)
    line = _SHORT.sub(lambda m: clock(m[1], m[2]), line)
    line = _SOUTHERN.sub(lambda m: clock(m[1], m[2]), line)
    line = _CLOCK.sub(_clock, line)
    return _WRITTEN.sub(lambda m: clock(m[1], m[2]), line)


def clock(hour: str, minute: str | None, second: str | None = None) -> str:
    """ "6", "30" is "sáu giờ ba mươi phút"; minutes below ten keep their zero."""
    words = f"{cardinal(int(hour))} giờ"
    if minute and int(minute):
        words += f" {_two_figures(minute)} phút"
    if second and int(second):
        words += f" {_two_figures(second)} giây"
    return words


def _two_figures(text: str) -> str:
    return f"không {DIGITS[int(text)]}" if text[0] == "0" and len(text) > 1 else cardinal(int(text))


def _clock(match: re.Match[str]) -> str:
    if _RATIO.search(match.string[max(0, match.start() - 24) : match.start()]):
        return match[0]
    return clock(match[1], match[2], match[3])
