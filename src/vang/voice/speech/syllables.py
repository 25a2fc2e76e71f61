"""Which words can be read as Vietnamese and which must be expanded or spelt."""

import re

from vang.voice.speech.letters import toneless

_ONSET = r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
_NUCLEUS = (
    "(?:uyê|uya|uyu|uôi|ươi|ươu|iêu|yêu|oai|oay|oao|oeo|uây|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă"
    "|oe|oi|ôi|ơi|ua|uâ|uê|ui|uơ|uô|uy|ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}{_NUCLEUS}(?:ch|ng|nh|[cmnpt])?")
_VOWELS = re.compile(r"[aăâeêioôơuưy]+")
_HEAP_OF_CONSONANTS = re.compile(r"[bcdđfghjklmnpqrstvwxz]{5,}")


def is_syllable(word: str) -> bool:
    """Whether the word has the shape of one Vietnamese syllable, whatever its case."""
    return _SYLLABLE.fullmatch(toneless(word.lower())) is not None


def is_pronounceable(word: str) -> bool:
    """Whether a foreign word can be read as a word ("NORU", "YAGI") and need not be spelt."""
    plain = toneless(word.lower())
    return (
        len(plain) >= 4
        and len(_VOWELS.findall(plain)) >= 2
        and not _HEAP_OF_CONSONANTS.search(plain)
    )


def has_marks(word: str) -> bool:
    """Whether the word carries a tone mark, which no abbreviation does."""
    return toneless(word) != word
