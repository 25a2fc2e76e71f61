import json
import subprocess
from typing import Any

import pytest

from vang.voice.engines.piper_config import ids_of, parse_config, trained_phonemes
from vang.voice.failures import VoiceRefused


def description(**changes: Any) -> bytes:
    told: dict[str, Any] = {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": "vi"},
        "phoneme_type": "espeak",
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2], " ": [3], "a": [14], "ˈ": [120]},
    }
    return json.dumps(told | changes).encode()


def test_phonemes_become_numbers_with_padding_between() -> None:
    config = parse_config(description())
    assert ids_of(config, "ˈa a") == ([1, 0, 120, 0, 14, 0, 3, 0, 14, 0, 2], [])
    assert ids_of(config, "aʘ") == ([1, 0, 14, 0, 2], ["ʘ"])


@pytest.mark.parametrize(
    ("text", "trained"),
    [
        # What the phonemiser used in training gives for the same words.
        (
            "Uỷ ban nhân dân xã Quế Sơn thông báo lịch cắt điện",
            "wˈi4 bˈaːn ɲˈən zˈən sˈaː5 kwˈeɜ sˈəːn tˈoŋ bˈaːɜw lˈi6c kˈaɜt̪ ɗˈiɛ6n",
        ),
        (
            "Lễ hội ẩm thực được tổ chức tại nhà văn hoá thôn Nghi Thượng",
            "lˈe5 hˈo6j ˈə4m tˈy6c ɗˌyə6c t̪ˈo4 tʃˈyɜc t̪ˈaː6j ɲˈaː2 vˈan hwˈaːɜ tˈon ŋˈi tˈyə6ŋ",
        ),
    ],
)
def test_vietnamese_phonemes_are_those_voices_were_trained_on(text: str, trained: str) -> None:
    told = subprocess.run(
        ["espeak-ng", "-b", "1", "-q", "--ipa", "-v", "vi", "--stdin"],
        input=text.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert trained_phonemes(parse_config(description()), told.splitlines()) == trained


def test_tone_figures_are_kept_for_other_languages() -> None:
    english = parse_config(description(espeak={"voice": "en-us"}))
    assert trained_phonemes(english, ["a1", "(en)b7"]) == "a1 b7"


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * 1_000_001,
        description(espeak={"voice": "../../etc/passwd"}),
        description(espeak={"voice": "-w"}),
        description(espeak={"voice": "vi; reboot"}),
        description(audio={"sample_rate": 10**9}),
        description(phoneme_type="pinyin"),
        description(phoneme_id_map={"a": [1]}),
        description(phoneme_id_map={"_": "x", "^": [1], "$": [2]}),
    ],
)
def test_what_is_no_piper_description_is_refused(hostile: bytes) -> None:
    with pytest.raises(VoiceRefused):
        parse_config(hostile)
    assert parse_config(description()).language == "vi"
