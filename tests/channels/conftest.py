"""Each test has its own data folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig
from pytest_django import Settings

from vang.channels import registry


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def board(data: Path) -> Iterator[Path]:
    """The example channel, ready as a directory of its own would be. Gives its folder.

    Not through INSTALLED_APPS, by which every app would get ready again and be told twice.
    """
    AppConfig.create("tests.channels.noticeboard").ready()
    folder = data / "noticeboard"
    folder.mkdir()
    yield folder
    registry.unregister("noticeboard")
