"""Every word of the interface is said in Vietnamese, and the compiled catalogues are current."""

import gettext
import os
import re
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
    for inner in copy.glob("*/locale"):  # a room within a room has its own words
        shutil.rmtree(inner.parent)
    django_admin = [sys.executable, "-m", "django"]
    run(*django_admin, "makemessages", "-l", "vi", "--no-location", "-v", "0", cwd=copy)
    fresh = copy / "locale/vi/LC_MESSAGES/django.po"
    told = run("msgfmt", "--check", "--statistics", "-o", os.devnull, str(fresh), cwd=copy)
    assert "untranslated" not in told
    assert "fuzzy" not in told

    compiled = room / "locale/vi/LC_MESSAGES/django.mo"
    run("msgfmt", "-o", str(tmp_path / "now.mo"), str(compiled.with_suffix(".po")), cwd=copy)
    assert messages(compiled) == messages(tmp_path / "now.mo")


GLOSSARY = dict(
    line.split("\t") for line in Path(__file__).with_name("glossary.tsv").read_text().splitlines()
)
"""One English word, one Vietnamese word (with its other forms): the same on every page."""

# Sentences that say it without the word, as a Vietnamese would.
WITHOUT_THE_WORD = {
    "The approval does not fit this text and sound. Submit the bulletin again.",
    "The sound is made when the bulletin is submitted. You may have it made now to listen first.",
    "the place has no loudspeaker device yet",
    (
        "There is no notice yet. What the commune broadcasts will stand here, "
        "to read and to hear again."
    ),
    "Commune",
    "Nobody here is %(role)s",
    "Until you decide, only recordings of people can be released.",
}
# Heads of columns, where the place decides the word.
AS_THE_PLACE_WANTS = {"When"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def sayings() -> list[tuple[str, str, str, str]]:
    """(room, context, English, Vietnamese) of every catalogue."""
    found = []
    for room in ROOMS:
        for key, said in messages(room / "locale/vi/LC_MESSAGES/django.mo").items():
            words = key[0] if isinstance(key, tuple) else str(key)
            context, _, english = str(words).rpartition("\x04")
            found.append((room_name(room), context, english, said))
    return found


def test_each_word_of_the_glossary_is_said_the_same_everywhere() -> None:
    wrong = []
    for room, _context, english, vietnamese in sayings():
        plain = PLACEHOLDER.sub("", english)
        wrong += [
            f"{room}: {english!r} -> {vietnamese!r} lacks {wanted!r}"
            for word, wanted in GLOSSARY.items()
            if re.search(rf"\b{word}s?\b", plain, re.IGNORECASE)
            and not re.search(wanted, vietnamese, re.IGNORECASE)
            and english not in WITHOUT_THE_WORD
        ]
    assert wrong == []


def test_the_same_label_is_the_same_word_in_every_room() -> None:
    said: dict[tuple[str, str], dict[str, str]] = {}
    for room, context, english, vietnamese in sayings():
        said.setdefault((context, english), {})[room] = vietnamese
    unlike = {
        english: rooms
        for (_context, english), rooms in said.items()
        if len(set(rooms.values())) > 1 and english not in AS_THE_PLACE_WANTS
    }
    assert unlike == {}, "use one word, or pgettext with a context"
