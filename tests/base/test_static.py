"""What a browser fetches for the console: small, self-contained, allowed by the policy."""

import re
from pathlib import Path

import pytest

from vang.base.states import LOOKS

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/vang/base/static/base"
TEMPLATES = sorted((ROOT / "src/vang").glob("**/templates/**/*.html"))
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))


def test_everything_together_stays_below_a_megabyte() -> None:
    """A page loads its own part only: the calendar's, the map's and the charts' are separate."""
    assert sum(file.stat().st_size for file in STATIC.rglob("*") if file.is_file()) < 1_000_000


def test_public_pages_load_a_small_style_and_no_script() -> None:
    assert (STATIC / "portal.css").stat().st_size < 30_000


@pytest.mark.parametrize("name", ["app.css", "portal.css"])
def test_styles_fetch_nothing_but_files_beside_them(name: str) -> None:
    addresses = re.findall(r"url\(([^)]*)\)", (STATIC / name).read_text())
    assert addresses
    missing = [a for a in addresses if not (STATIC / a.strip("\"'")).is_file()]
    assert missing == []


def test_every_icon_of_a_state_is_in_the_sprite() -> None:
    assert {look.icon for look in LOOKS.values()} <= ICONS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_name_only_icons_of_the_sprite(template: Path) -> None:
    source = template.read_text()
    named = re.findall(r'{%\s*icon\s+"([^"]+)"', source) + re.findall(
        r'icon_name="([^"]+)"', source
    )
    assert set(named) <= ICONS


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_the_policy_refuses(template: Path) -> None:
    source = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", source)
    # A block of data is no script: the policy has nothing against it, and nothing runs.
    assert not re.search(r'<script(?![^>]*\s(?:src=|type="application/ld\+json"))', source)


def test_the_lock_names_no_registry() -> None:
    assert "://registry" not in (ROOT / "frontend/package-lock.json").read_text()
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()


def test_no_icon_lies_there_unused() -> None:
    """Named in a template, in Python or in a script, as one word."""
    places = [*(ROOT / "src/vang").glob("**/*.py"), *(ROOT / "frontend/scripts").rglob("*.*")]
    words = "\n".join(one.read_text() for one in [*TEMPLATES, *places])
    named = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", words))
    assert ICONS - named == set()
