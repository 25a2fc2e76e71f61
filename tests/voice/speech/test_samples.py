"""The samples shipped with the repository are read to the last word."""

import re
from pathlib import Path

import pytest

from vang.voice.speech import LONGEST, sentences, speakable

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.mark.parametrize("name", ["ke-hoach-90.txt", "thong-bao-lich-cat-dien.txt"])
def test_a_sample_is_spoken_without_figures_or_capitals(name: str) -> None:
    text = (SAMPLES / name).read_text("utf-8")
    spoken = speakable(text)
    assert len(spoken.split("\n")) == len(text.split("\n"))
    assert not re.search(r"\d|[A-ZĐ]{2}|[/–()…\"“”&+%]", spoken)
    assert all(len(s.text) <= LONGEST for s in sentences(spoken))


def test_the_power_cut_notice_says_its_hours_and_its_telephone() -> None:
    spoken = speakable((SAMPLES / "thong-bao-lich-cat-dien.txt").read_text("utf-8"))
    assert "bảy giờ đến mười sáu giờ ba mươi phút" in spoken
    assert "gọi tổng đài một chín không không một chín không chín" in spoken
    assert "khoảng một nghìn hai trăm năm mươi hộ" in spoken
