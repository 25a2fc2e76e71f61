"""Nothing grows for ever, and nothing that is needed is thrown away."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from vang.desk.tidying import tidy_due
from vang.voice.choices import sentence_cache
from vang.voice.jobs import make_rendition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def abandoned(now: datetime) -> Path:
    """What a writer that was killed two hours ago left behind."""
    path = sentence_cache().root / "sentences" / ".writing-x"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    long_ago = (now - timedelta(hours=2)).timestamp()
    os.utime(path, (long_ago, long_ago))
    return path


def test_leftovers_go_and_spoken_sentences_stay(now: datetime) -> None:
    leftover = abandoned(now)
    spoken = leftover.with_name("spoken.wav")
    spoken.write_bytes(b"sound")
    assert tidy_due(now=now) == 1
    assert not leftover.exists()
    assert spoken.exists()


def test_it_is_done_once_an_hour(now: datetime) -> None:
    tidy_due(now=now)
    abandoned(now)
    assert tidy_due(now=now + timedelta(minutes=59)) == 0
    assert tidy_due(now=now + timedelta(minutes=61)) == 1


def test_speech_waits_in_a_queue_of_its_own() -> None:
    """A page must not wait for ten minutes of speech."""
    make_rendition.enqueue(1)
    assert DBTaskResult.objects.get().queue_name == "voice"
