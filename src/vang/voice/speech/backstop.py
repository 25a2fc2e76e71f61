"""What no rule of ours knows goes, word by word, through sea-g2p's Vietnamese normaliser."""

import re
from functools import cache, lru_cache

from sea_g2p import Normalizer

from vang.voice.speech.dictionary import HELD

_SPOKEN = re.compile(rf"(?:[^\W\d_]|[\u0300-\u036f]|{HELD}|[ .,;:!?'])+\Z")
_TOKEN = re.compile(r"\S+")
_TAG = re.compile(r"</?en>")
_UNSPOKEN = re.compile(rf"(?![\u0300-\u036f]|{HELD})(?:[^\w\s.,;:!?']|[\d_])")
_LONGEST = 40
"""sea-g2p's expressions give up with a panic on long hostile text: only short words go there."""


def speak_rest(line: str) -> str:
    """The line with every word that holds an unknown sign read by sea-g2p or left out."""
    return _TOKEN.sub(lambda m: m[0] if _SPOKEN.match(m[0]) else _rest(m[0]), line)


def _rest(token: str) -> str:
    if len(token) <= _LONGEST and re.search(r"[^\W_]", token) and not re.search(HELD, token):
        token = _normalized(token)
    return _UNSPOKEN.sub(" ", token)


@lru_cache(maxsize=4096)
def _normalized(token: str) -> str:
    return _TAG.sub("", str(_normalizer().normalize(token)))


@cache
def _normalizer() -> Normalizer:
    return Normalizer(lang="vi")
