"""A whole Vang with three virtual nodes, and Chromium in front of it."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browsing import UNGUARDED
from tests.prepared import copy, prepared_database
from vang.installation.options import RunOptions
from vang.installation.preflight import free_port
from vang.installation.supervisor import Installation

SCREENSHOTS = os.environ.get("VANG_SCREENSHOTS", "")


@dataclass(frozen=True)
class Office:
    """A running installation as its people meet it."""

    address: str
    data: Path
    passwords: dict[str, str]
    station: str
    """Of the demonstration, with two sources to relay."""


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One for all journeys of a process, which find what others left; migrated already where a
    copy is at hand."""
    data = tmp_path_factory.mktemp("office")
    if prepared_database().exists():
        copy(prepared_database(), data / "db.sqlite3")
    options = RunOptions(data, free_port("127.0.0.1"), nodes=3, bind="127.0.0.1", empty=False)
    with ExitStack() as until_the_end:
        with as_outside():
            installation = until_the_end.enter_context(Installation(options, purpose="once"))
        passwords = {a["username"]: a["password"] for a in installation.facts["accounts"]}
        addresses = installation.addresses
        yield Office(addresses.pages, data, passwords, addresses.station)


@contextmanager
def as_outside() -> Iterator[None]:
    """What is started here has every guard that the tests' own process lacks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(UNGUARDED, raising=False)
        yield


Seat = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def seat(browser: Browser, office: Office) -> Seat:
    """``with seat("an") as page``: a browser of one's own, signed in; ``seat()`` is a stranger's.

    Whatever the browser complains of on its console fails the test.
    """

    @contextmanager
    def sit(username: str = "", *, width: int = 1366, height: int = 768) -> Iterator[Page]:
        context = browser.new_context(
            base_url=office.address,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        page.on("console", lambda message: _note(message, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if username:
            sign_in(page, username, office.passwords[username])
        yield page
        context.close()
        assert complaints == []

    return sit


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # A refused page or a cut line is what some tests ask for, and leaving a page ends what it was
    # asking for; the browser and htmx report all of it as errors.
    left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort"))
    refused = "status of 40" in message.text or "status of 422" in message.text
    cut = "ERR_INTERNET_DISCONNECTED" in message.text
    if message.type == "error" and not refused and not left and not cut:
        complaints.append(message.text)


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/account/sign-in")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    with page.expect_navigation():  # else whoever goes on at once breaks it off
        page.press("input[name=password]", "Enter")


def look(page: Page, name: str) -> None:
    """Keep a picture for the documents when one is asked for."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


def assert_accessible(page: Page) -> None:
    """axe finds nothing serious or critical."""
    found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == [], [(v["id"], v["nodes"][0]["html"][:200]) for v in serious]
