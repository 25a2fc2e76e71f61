"""The first look at an uploaded recording."""

from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.library.models import Recording
from vang.library.recordings import MAX_RECORDING, check_recording, kind_of
from vang.library.services import clean_name, keep_recording, note_duration
from vang.orgs.models import Unit
from vang.people.models import Person

MP3 = b"ID3\x04" + bytes(100)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"OggS\x00\x02", ".ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ".wav"),
        (b"\x00\x00\x00\x20ftypM4A ", ".m4a"),
        (MP3, ".mp3"),
        (b"\xff\xfb\x90\x64", ".mp3"),
        (b"\xff\xf3\x84\x64", ".mp3"),
        (b"\xff\xff\xff\xff", None),
        (b"\xff\xfe\x00\x00", None),
        (b"RIFF\x24\x00\x00\x00AVI LIST", None),
        (b"\x89PNG", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_the_first_bytes(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "recording-empty"),
        (b"MZ" + bytes(100), "recording-wrong-kind"),
        (MP3 + bytes(MAX_RECORDING), "recording-too-large"),
    ],
)
def test_what_cannot_be_a_recording_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_recording(content)
    assert refused.value.code == code


def test_the_original_is_kept_byte_for_byte(xa_a: Unit, an: Person, now: datetime) -> None:
    kept = keep_recording(unit=xa_a, file_name="loa.mp3", content=MP3, by=an, now=now)
    assert FileStore(Path(settings.DATA) / "files").read(kept.sha256) == MP3
    assert (kept.size, kept.duration_ms, kept.uploaded_by) == (len(MP3), None, an)


def test_the_same_file_of_a_unit_is_one_recording(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    first = keep_recording(unit=xa_a, file_name="a.mp3", content=MP3, by=an, now=now)
    assert keep_recording(unit=xa_a, file_name="b.mp3", content=MP3, by=an, now=now) == first
    assert keep_recording(unit=xa_b, file_name="b.mp3", content=MP3, by=chi, now=now) != first


def test_the_length_is_noted_once(xa_a: Unit, an: Person, now: datetime) -> None:
    kept = keep_recording(unit=xa_a, file_name="a.mp3", content=MP3, by=an, now=now)
    note_duration(recording=kept, duration_ms=5000)
    note_duration(recording=kept, duration_ms=9000)
    assert Recording.objects.get().duration_ms == 5000


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\Users\\an\\loa.mp3", "loa.mp3"),
        ("../../etc/passwd", "passwd"),
        ("bản\u202egpj.mp3", "bảngpj.mp3"),
        ("a\r\nb.mp3", "a b.mp3"),
        ("", "recording"),
    ],
)
def test_names_of_files_are_made_harmless(given: str, name: str) -> None:
    assert clean_name(given) == name
