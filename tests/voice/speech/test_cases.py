"""The table of readings: what is typed and what must be spoken."""

import unicodedata
from pathlib import Path

import pytest

from vang.voice.speech import speakable

TABLE = Path(__file__).parents[2] / "speech_cases.tsv"
CASES = [
    tuple(line.split("\t"))
    for line in TABLE.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_the_table_covers_the_field() -> None:
    assert len(CASES) >= 220
    topics = {case[2] for case in CASES}
    assert {"date", "hour", "document", "range", "money", "unit", "phone", "roman"} <= topics


@pytest.mark.parametrize(("typed", "spoken"), [case[:2] for case in CASES])
def test_reads(typed: str, spoken: str) -> None:
    assert speakable(typed) == spoken


@pytest.mark.parametrize("spoken", [case[1] for case in CASES])
def test_what_is_spoken_is_not_read_again(spoken: str) -> None:
    assert speakable(spoken) == spoken


@pytest.mark.parametrize("typed", [case[0] for case in CASES])
def test_decomposed_letters_read_alike(typed: str) -> None:
    assert speakable(unicodedata.normalize("NFD", typed)) == speakable(typed)
