"""Every pair of text and ground can be read, by day and by night (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "frontend" / "styles" / "tokens.scss"
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunk")
TONES = ("ok", "warn", "bad", "note", "wait", "plain")
PAIRS = (
    *product(("ink", "ink-soft", "link", "bad"), GROUNDS, (TEXT,)),
    *((tone, f"{tone}-soft", TEXT) for tone in TONES),
    *(("ink", f"{tone}-soft", TEXT) for tone in TONES),
    *((tone, "surface", TEXT) for tone in TONES),
    ("sun-ink", "sun-soft", TEXT),
    ("link", "blue-soft", TEXT),
    ("on-button", "button", TEXT),
    ("on-button", "button-hover", TEXT),
    ("surface", "bad-button", TEXT),
    ("surface", "bad-button-hover", TEXT),
    ("side-ink", "side", TEXT),
    ("on-sun", "sun", TEXT),
    *product(("edge", "focus", "blue"), GROUNDS, (EDGE,)),
    ("sun", "side", EDGE),
    *((f"series-{n}", "surface", EDGE) for n in range(1, 9)),
    *(("on-pale", f"shade-{n}", TEXT) for n in (1, 2, 3)),
    *(("on-deep", f"shade-{n}", TEXT) for n in (4, 5)),
)


def colours(theme: str) -> dict[str, str]:
    """The tokens that are plain colours. What the night does not change is as by day."""
    night, day = TOKENS.read_text().split("@mixin night", 1)[1].split("\n:root {", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", day))
    if theme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", night))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_reckoned_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_can_be_read(theme: str) -> None:
    tokens = colours(theme)
    weak = [
        f"{front} on {ground}: {ratio:.2f}"
        for front, ground, least in PAIRS
        if (ratio := contrast(tokens[front], tokens[ground])) < least
    ]
    assert weak == []
