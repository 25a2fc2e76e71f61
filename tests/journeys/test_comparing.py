"""What counts as another picture, and what does not."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.journeys.comparing import difference, keep
from tests.journeys.test_screens import ALLOWED


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    keep(saved(screen(), tmp_path), tmp_path / "baseline.png")
    return tmp_path / "baseline.png"


def screen(*, words: int = 20, down_px: int = 0) -> Image.Image:
    """A page with so many words, each a dark bar."""
    page = Image.new("RGB", (390, 800), "#f8f5ee")
    pen = ImageDraw.Draw(page)
    for word in range(words):
        top = 40 + 36 * word + down_px
        pen.rectangle((20, top, 200, top + 14), fill="#12324f")
    return page


def saved(page: Image.Image, folder: Path) -> Path:
    page.save(folder / "shot.png")
    return folder / "shot.png"


def test_the_same_screen_drawn_a_shade_softer_is_the_same(baseline: Path, tmp_path: Path) -> None:
    assert difference(saved(screen(), tmp_path), baseline) == 0
    softer = screen().filter(ImageFilter.GaussianBlur(0.7))
    assert difference(saved(softer, tmp_path), baseline) < ALLOWED / 4


def test_a_word_that_is_gone_or_has_moved_is_seen(baseline: Path, tmp_path: Path) -> None:
    assert difference(saved(screen(words=19), tmp_path), baseline) > ALLOWED
    assert difference(saved(screen(down_px=5), tmp_path), baseline) > ALLOWED


def test_another_size_is_another_picture(baseline: Path, tmp_path: Path) -> None:
    assert difference(saved(screen().resize((412, 800)), tmp_path), baseline) == 1
