"""The main screens look as they did: on the demonstration, at one fixed noon.

A change that is wanted is taken over by running this with VANG_ACCEPT_SCREENS=1 and looking at the
pictures in ``screens`` before they are committed.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.journeys.comparing import difference, keep
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.channels.portal.services import write_site
from vang.installation.demonstration import HOME_COMMUNE, load_demonstration
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.search.services import rebuild

pytestmark = pytest.mark.journey

ACCEPT = os.environ.get("VANG_ACCEPT_SCREENS") == "1"
SCREENS = Path(__file__).parent / "screens"
ALLOWED = 0.008
DESK, PHONE = (1366, 768), (390, 800)
# What tells of a moment, and what the browser draws by itself, is no part of the picture.
UNSEEN = "time, audio, input[type=date], input[type=time] { visibility: hidden !important }"


@dataclass(frozen=True)
class Screen:
    """One picture. ``who`` is a sign-in name, "" for a resident."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False


PUBLIC = f"/pages/{HOME_COMMUNE}/"
SCREENS_WANTED = (
    Screen("home", "binh", "/"),
    Screen("list", "an", "/bulletins/"),
    Screen("write", "an", "/bulletins/new"),
    Screen("review", "binh", "/bulletins/1/review"),
    Screen("bulletin", "an", "/bulletins/2"),
    Screen("calendar", "binh", "/airtime/week"),
    Screen("logbook", "binh", "/as-run/logbook"),
    Screen("devices", "tu", "/stations/"),
    Screen("public-home", "", PUBLIC),
    Screen("public-item", "", "newest"),
    Screen("home-dark", "binh", "/", dark=True),
    Screen("bulletin-dark", "an", "/bulletins/2", dark=True),
    Screen("home-phone", "binh", "/", PHONE),
    Screen("write-phone", "an", "/bulletins/new", PHONE),
)


@pytest.fixture
def demonstration(live_server: LiveServer, now: datetime) -> Iterator[str]:
    """Its pages, at noon of 10/06/2026."""
    clock.use_clock(ManualClock(now))
    load_demonstration(nodes=3, now=now)
    write_site(Unit.objects.get(code=HOME_COMMUNE), now=now)
    rebuild()
    yield live_server.url
    clock.use_clock(SystemClock())


def test_the_main_screens_look_as_before(
    browser: Browser, demonstration: str, now: datetime, tmp_path: Path
) -> None:
    sessions = {name: session_of(name) for name in {one.who for one in SCREENS_WANTED if one.who}}
    for one in SCREENS_WANTED:
        take(browser, demonstration, one, sessions.get(one.who, ""), now, tmp_path)
    if ACCEPT:
        for one in SCREENS_WANTED:
            keep(tmp_path / f"{one.name}.png", SCREENS / f"{one.name}.png")
    apart = {
        one.name: f"{share:.1%}"
        for one in SCREENS_WANTED
        if (share := difference(shot := tmp_path / f"{one.name}.png", SCREENS / shot.name))
        > ALLOWED
    }
    assert apart == {}, f"look at {tmp_path}; VANG_ACCEPT_SCREENS=1 takes them over"


def session_of(username: str) -> str:
    """The key of a session of one's own."""
    client = Client()
    someone = Person.objects.get(username=username)
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def take(
    browser: Browser, address: str, one: Screen, session: str, now: datetime, folder: Path
) -> None:
    context = browser.new_context(
        base_url=address,
        viewport={"width": one.size[0], "height": one.size[1]},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        color_scheme="dark" if one.dark else "light",
        reduced_motion="reduce",
        bypass_csp=True,  # for UNSEEN
    )
    if session:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": address}])
    page = context.new_page()
    page.clock.set_fixed_time(now)
    if one.path == "newest":
        page.goto(PUBLIC)
        with page.expect_navigation():
            page.locator("main").get_by_role("link", name=re.compile("gieo sạ")).first.click()
    else:
        answer = page.goto(one.path)
        assert answer is not None
        assert answer.status == 200, one
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.screenshot(path=folder / f"{one.name}.png", animations="disabled", style=UNSEEN)
    context.close()
