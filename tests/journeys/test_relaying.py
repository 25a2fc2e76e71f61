"""A station is named, a programme keeps time for it, and three loudspeakers carry it. Its first
source goes away; they carry the second, and the pages tell both."""

import io
import re
from array import array
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible, look
from tests.node.pole import RATE, best_match
from vang.base.clock import VIETNAM, now
from vang.installation.model_station import PATHS
from vang.installation.model_station.programme import programme_of

pytestmark = pytest.mark.journey

NAME, PROGRAMME = "Đài hai nguồn", "Tiếp âm thử"
PIECE = 2 * RATE
HANGING = re.compile("Cụm loa Thôn [123]")
"""Another journey may have added a cluster that has no loudspeaker."""
PATIENCE, SLOW = 60, 60_000
"""Seconds, and milliseconds for the browser."""
AHEAD = timedelta(seconds=20)
"""From the programme's making to its hour: rundown, plan and the listening to the sources."""


def test_the_second_source_is_carried_when_the_first_goes_away(seat: Seat, office: Office) -> None:
    sounds = [sound_of(number) for number in range(len(PATHS))]
    with seat("binh") as page:
        named = name_station(page, office.station)
        start = keep_time(page)
        check_tried(page, named)
        wait_until(page, lambda: carried(office.data, start, sounds) == {0}, most_s=150)
        switch(page, office.station, 1, "Tắt nguồn này")
        try:
            wait_until(page, lambda: carried(office.data, start, sounds) == {1}, most_s=PATIENCE)
        finally:
            switch(page, office.station, 1, "Bật lại")
        stop(page)
        check_told(page, start)


def sound_of(source: int) -> "array[int]":
    """A little more than one round of what the source sends."""
    programme = programme_of(source)
    sent = programme.piece(0, programme.frames + 100)
    with av.open(io.BytesIO(sent)) as container:
        heard = np.concatenate([part.to_ndarray()[0] for part in container.decode(audio=0)])
    return array("h", (heard * 32_767).astype(np.int16).tobytes())


def name_station(page: Page, address: str) -> str:
    """The address of its page."""
    page.goto("/relays/")
    page.get_by_label("Tên đài").fill(NAME)
    page.get_by_role("button", name="Thêm").click()
    for path in PATHS:
        page.locator("input[name=address]").fill(address + path)
        page.get_by_role("button", name="Thêm và nghe thử").click()
        expect(page.locator("#sources code").last).to_have_text(address + path, timeout=SLOW)
    return page.url


def check_tried(page: Page, named: str) -> None:
    """Each source was listened to when it was added."""
    page.goto(named)
    expect(page.get_by_text("Đang hoạt động")).to_have_count(2, timeout=SLOW)
    assert_accessible(page)
    look(page, "relay")


def keep_time(page: Page) -> datetime:
    """At the next minute there is time for; when that is."""
    page.goto("/airtime/programmes/new")
    page.fill("[name=name]", PROGRAMME)
    start = (now() + AHEAD + timedelta(seconds=59)).replace(second=0, microsecond=0)
    page.fill("[name=starts_at]", start.astimezone(VIETNAM).strftime("%H:%M"))
    page.locator("main form").get_by_role("button").last.click()
    page.goto("/airtime/programmes")
    card = page.locator("section, article").filter(has_text=PROGRAMME)
    page.goto(str(card.locator("a[href$=rundown]").last.get_attribute("href")))
    form = page.locator("form:has(input[name=what][value=window])")
    form.locator("[name=relay]").select_option(label=NAME)
    form.locator("[name=minutes]").fill("2")
    form.get_by_role("button").click()
    if form.locator("[name=confirmed]").count():  # something else of this hour gives way
        form.get_by_role("button").click()
    expect(page.locator("table").get_by_text(NAME)).to_be_visible(timeout=SLOW)
    return start


def carried(data: Path, start: datetime, sounds: "list[array[int]]") -> set[int]:
    """The sources that every loudspeaker was heard with last; while the words are alike, both."""
    since = start.timestamp() - 5
    homes = [path for path in data.glob("nodes/20662-0[123]/captured") if path.is_dir()]
    found = []
    for home in homes:
        wavs = [one for one in home.glob("*-r*.wav") if one.stat().st_mtime > since]
        if not wavs:
            return set()
        newest = max(wavs, key=lambda one: one.stat().st_mtime)
        found.append(_last_heard(newest, sounds))
    return set.intersection(*found) if len(found) == 3 else set()


def _last_heard(wav: Path, sounds: "list[array[int]]") -> set[int]:
    content = wav.read_bytes()[44:]
    last = array("h", content[: len(content) // 2 * 2])[-PIECE:]
    if len(last) < PIECE:
        return set()
    return {number for number, sound in enumerate(sounds) if best_match(sound, last)[1] > 0.7}


def wait_until(page: Page, done: Callable[[], bool], *, most_s: int) -> None:
    for _second in range(most_s):
        if done():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"not within {most_s} s")


def switch(page: Page, station: str, source: int, words: str) -> None:
    """On the station's own page, as its owner would."""
    page.goto(f"{station}/")
    row = page.locator("li").filter(has_text=f"Nguồn {source}")
    row.get_by_role("button", name=words).click()
    expect(row.get_by_role("button")).not_to_have_text(words, timeout=SLOW)


def stop(page: Page) -> None:
    page.goto("/airtime/")
    row = page.locator("tr").filter(has_text=NAME)
    row.get_by_role("button", name="Dừng").click()
    stopped = page.locator("tr").filter(has_text=NAME).get_by_text("Đã dừng")
    expect(stopped).to_be_visible(timeout=SLOW)


def check_told(page: Page, start: datetime) -> None:
    began = start.astimezone(VIETNAM).strftime("%H:%M")
    page.goto("/as-run/")
    rows = page.locator("tr").filter(has_text=NAME).filter(has_text=HANGING)
    expect(rows).to_have_count(3, timeout=SLOW)
    for row in rows.all():
        expect(row).to_contain_text(re.compile(f"{began}.*{began}", re.DOTALL), timeout=SLOW)
    look(page, "relay-as-run")
    page.goto("/relays/carried/")
    row = page.locator("tr").filter(has_text=NAME)
    for _second in range(PATIENCE):  # the process that carried it writes it down at its end
        if row.get_by_text(PATHS[1]).count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(row).to_contain_text(re.compile(f"{PATHS[0]}.*{PATHS[1]}", re.DOTALL))
    expect(row).to_contain_text(re.compile("[3-9] / [3-9]"))
    look(page, "relay-carried")
