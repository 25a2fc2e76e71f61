"""The .onnx.json beside a Piper voice: what it must say, and phonemes to numbers. Pure."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vang.voice.failures import VoiceRefused

LARGEST_CONFIG = 1_000_000
"""Bytes; the published ones have 5,000."""

_BEGIN, _END, _BETWEEN = "^", "$", "_"
_ESPEAK_VOICE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,12})*", re.IGNORECASE)
_RATES = range(8_000, 48_001)
# Newer espeak-ng writes neither the level tone nor the fall of a question for Vietnamese;
# published Vietnamese voices were trained without them, so older programs must not add them.
_UNTRAINED_TONES = str.maketrans("", "", "17")


@dataclass(frozen=True)
class PiperConfig:
    """How a voice turns text into model input, and what comes out."""

    rate: int
    espeak_voice: str
    spells_letters: bool
    ids: dict[str, list[int]]
    noise_scale: float
    length_scale: float
    noise_w: float
    speakers: int

    @property
    def language(self) -> str:
        return self.espeak_voice.partition("-")[0].lower()


def parse_config(content: bytes) -> PiperConfig:
    """Read a voice's description. Raises VoiceRefused when it is no Piper voice."""
    if len(content) > LARGEST_CONFIG:
        raise VoiceRefused(f"the description is larger than {LARGEST_CONFIG} bytes")
    try:
        return _checked(_read(json.loads(content)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VoiceRefused(f"the description is not that of a Piper voice: {error!r}") from None


def ids_of(config: PiperConfig, phonemes: str) -> tuple[list[int], list[str]]:
    """Model input for the phonemes of one utterance, and the phonemes the voice never learnt."""
    characters = list(unicodedata.normalize("NFD", phonemes))
    unknown = [c for c in characters if c not in config.ids]
    known = [c for c in characters if c in config.ids]
    between = config.ids[_BETWEEN]
    numbers = [*config.ids[_BEGIN], *between]
    for character in known:
        numbers += [*config.ids[character], *between]
    return [*numbers, *config.ids[_END]], unknown


def trained_phonemes(config: PiperConfig, lines: Iterable[str]) -> str:
    """espeak-ng's phoneme lines for one clause in the form voices were trained on."""
    joined = " ".join(line.strip() for line in lines if line.strip())
    without_switches = re.sub(r"\([^)]*\)", "", joined)
    if config.language == "vi":
        without_switches = without_switches.translate(_UNTRAINED_TONES)
    return re.sub(r"\s+", " ", without_switches).strip()


def _read(told: dict[str, Any]) -> PiperConfig:
    inference = told.get("inference", {})
    kind = told.get("phoneme_type", "espeak")
    if kind not in ("espeak", "text"):
        raise ValueError(f"phonemes of the kind {kind!r} are not supported")
    return PiperConfig(
        rate=int(told["audio"]["sample_rate"]),
        espeak_voice=str(told["espeak"]["voice"]),
        spells_letters=kind == "text",
        ids={str(k): [int(n) for n in v] for k, v in told["phoneme_id_map"].items()},
        noise_scale=float(inference.get("noise_scale", 0.667)),
        length_scale=float(inference.get("length_scale", 1.0)),
        noise_w=float(inference.get("noise_w", 0.8)),
        speakers=int(told.get("num_speakers", 1)),
    )


def _checked(config: PiperConfig) -> PiperConfig:
    if config.rate not in _RATES:
        raise ValueError(f"sample rate {config.rate}")
    # The name goes to espeak-ng, which also takes paths.
    if not _ESPEAK_VOICE.fullmatch(config.espeak_voice):
        raise ValueError(f"espeak voice {config.espeak_voice!r}")
    for needed in (_BEGIN, _END, _BETWEEN):
        if needed not in config.ids:
            raise ValueError(f"no number for {needed!r}")
    return config
