"""Words in capitals: titles go to small letters, unknown abbreviations are spelt."""

import re

from vang.voice.speech.letters import letter_name, spell
from vang.voice.speech.syllables import has_marks, is_pronounceable, is_syllable

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capitals of Vietnamese, for use inside a character class."""

_CAPITALS = re.compile(rf"(?<!\w)[{UPPER}]{{2,}}(?!\w)")
_CONSONANT = re.compile(r"(?<![\w'-])([bcdđfghjklmnpqrstvwxzBCDĐFGHJKLMNPQRSTVWXZ])(?![\w'])")
_ENOUGH_LETTERS = 8
_MOST = 0.8


def is_title(line: str) -> bool:
    """Whether nearly all letters of the line are capitals."""
    upper = sum(1 for c in line if c.isupper())
    cased = upper + sum(1 for c in line if c.islower())
    return cased >= _ENOUGH_LETTERS and upper >= _MOST * cased


def speak_capitals(line: str) -> str:
    """Capitals that can be read as words in small letters, the rest letter by letter."""
    title = is_title(line)
    return _CAPITALS.sub(lambda m: _capitals(m, title=title), line)


def speak_letters(line: str) -> str:
    """Consonants that stand alone by name ("điểm b" is "điểm bê"); vowels name themselves."""
    return _CONSONANT.sub(lambda m: letter_name(m[1]), line)


def _capitals(match: re.Match[str], *, title: bool) -> str:
    word = match[0]
    if not (has_marks(word) or is_syllable(word) or (is_pronounceable(word))):
        return spell(word)
    foreign = not title and not has_marks(word) and not is_syllable(word)
    return word.capitalize() if foreign or _begins_sentence(match) else word.lower()


def _begins_sentence(match: re.Match[str]) -> bool:
    left = match.string[max(0, match.start() - 4) : match.start()].rstrip()
    return not left or left[-1] in ".!?"
