"""Every word of the interface is said in Vietnamese, and the compiled catalogues are current."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "vang"
CATALOGUES = sorted(SOURCE.glob("**/locale/vi/LC_MESSAGES/django.po"))
ROOMS = [catalogue.parents[3] for catalogue in CATALOGUES]


def room_name(room: Path) -> str:
    return room.relative_to(SOURCE).as_posix()


def messages(compiled: Path) -> dict[object, str]:
    """What a compiled catalogue says, without its head."""
    with compiled.open("rb") as file:
        said = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    said.pop("", None)
    return said


def run(*command: str, cwd: Path) -> str:
    # The rooms' own words need no settings of the project.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_rooms_with_words_have_a_catalogue() -> None:
    assert len(ROOMS) >= 12
    for module in SOURCE.rglob("*.py"):
        if "gettext" in module.read_text() and module.parent != SOURCE:
            assert any(module.is_relative_to(room) for room in ROOMS), module


@pytest.mark.parametrize("room", ROOMS, ids=room_name)
def test_catalogue_is_complete_and_compiled(room: Path, tmp_path: Path) -> None:
    copy = tmp_path / room.name
    shutil.copytree(room, copy, ignore=shutil.ignore_patterns("static", "__pycache__"))
    if room.name == "channels":
        shutil.rmtree(copy / "portal", ignore_errors=True)
    django_admin = [sys.executable, "-m", "django"]
    run(*django_admin, "makemessages", "-l", "vi", "--no-location", "-v", "0", cwd=copy)
    fresh = copy / "locale/vi/LC_MESSAGES/django.po"
    told = run("msgfmt", "--check", "--statistics", "-o", os.devnull, str(fresh), cwd=copy)
    assert "untranslated" not in told
    assert "fuzzy" not in told

    compiled = room / "locale/vi/LC_MESSAGES/django.mo"
    run("msgfmt", "-o", str(tmp_path / "now.mo"), str(compiled.with_suffix(".po")), cwd=copy)
    assert messages(compiled) == messages(tmp_path / "now.mo")
