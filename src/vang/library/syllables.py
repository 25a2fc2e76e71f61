"""Whether a word could be Vietnamese: how a wrongly read encoding gives itself away. Pure."""

import re
import unicodedata
from collections.abc import Iterable

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ONSETS = "ngh ng nh gh gi kh ph qu th tr ch b c d đ g h k l m n p r s t v x"
_NUCLEI = (
    "iêu yêu ươi uôi uyê ươu oai oay oeo uây uya uyu iê yê uô ươ ia ya ua ưa ai ao au ay âu ây "
    "eo êu iu oa oă oe oi ôi ơi oo ua uâ uê ui uơ uy ưi ưu a ă â e ê i o ô ơ u ư y"
)
_CODAS = "ch ng nh c m n p t"
_SYLLABLE = re.compile(
    f"({'|'.join(_ONSETS.split())})?({'|'.join(_NUCLEI.split())})({'|'.join(_CODAS.split())})?"
)
_WORD = re.compile(r"[^\W\d_]+")


def is_syllable(word: str) -> bool:
    """Built as a Vietnamese syllable is: onset, nucleus, coda, at most one tone."""
    parts = unicodedata.normalize("NFD", word.lower())
    if sum(part in _TONES for part in parts) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONES))
    return _SYLLABLE.fullmatch(bare) is not None


def marked_words(text: str) -> list[str]:
    """The words with a letter beyond ASCII: only these tell one encoding from another."""
    return [word for word in _WORD.findall(text) if not word.isascii()]


def share_of_syllables(words: Iterable[str]) -> float:
    """How many of the words are syllables, 0 to 1; 0 without words."""
    verdicts = [is_syllable(word) for word in words]
    return sum(verdicts) / len(verdicts) if verdicts else 0.0
