from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.letters.post_office import PostOffice, open_post_office
from vang.channels.mailing import views


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A mail server that takes everything, configured as ours."""
    with open_post_office() as office:
        settings.MAIL_SERVER = office.server
        yield office


@pytest.fixture(autouse=True)
def _quiet() -> None:
    views._asked.clear()
