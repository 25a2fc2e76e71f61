"""The vice chairwoman speaks into a microphone that plays a file; three loudspeakers say it after
her, at the same moment, and the page knows it from them. A village leader, given leave by the
chairwoman, is heard in the village and nowhere else."""

import json
import re
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browsing import BROWSER, BROWSER_ARGUMENTS
from tests.journeys.conftest import Office, Seat, assert_accessible, look, sign_in
from tests.node.pole import RATE, best_match
from tests.node.tape import noise
from tests.voice.sounds import wav_bytes
from vang_node.decoder import decoded_blocks

pytestmark = pytest.mark.journey
VILLAGES = ("Cụm loa Thôn 1", "Cụm loa Thôn 2", "Cụm loa Thôn 3")
"""Where a loudspeaker hangs; another journey may have added a cluster that has none."""
SLOW = 60_000


@pytest.fixture(scope="module")
def microphone(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Chromium whose microphone hears a file, over and over."""
    spoken = tmp_path_factory.mktemp("voice") / "spoken.wav"
    sound = np.array(noise(8.0, head_s=0, level=4000), float)
    words = np.repeat(np.random.default_rng(5).uniform(0.05, 1, 40), len(sound) // 40)
    sound[: len(words)] *= words
    spoken.write_bytes(wav_bytes(sound / 32768))
    arguments = [
        *BROWSER_ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    ]
    chromium = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
    yield chromium
    chromium.close()


def test_what_is_said_in_the_browser_is_heard_at_the_loudspeakers(
    microphone: Browser, office: Office
) -> None:
    with phone(microphone, office, "binh") as page:
        open_microphone(page, office.passwords["binh"], "Mưa lớn chiều nay", VILLAGES)
        assert_accessible(page)
        look(page, "live-sign")
        speak(page, places=3)
        look(page, "live-on-air")
        close_microphone(page)
        look(page, "live-over")
    moments = moments_heard(office.data, places=3)
    # A shared machine's sound cards of the air; ./bench sync measures it properly.
    assert max(abs(one - two) for one, two in combinations(moments, 2)) < 100_000


def test_a_village_leader_with_leave_is_heard_in_the_village_alone(
    microphone: Browser, office: Office, seat: Seat
) -> None:
    before = set(office.data.rglob("captured/*-command-*.wav"))
    with seat("hanh") as page:
        give_leave(page)
    with phone(microphone, office, "loi") as page:
        open_microphone(page, office.passwords["loi"], "Mời bà con họp thôn", VILLAGES[:1])
        speak(page, places=1)
        close_microphone(page)
    moments_heard(office.data, places=1)
    (new,) = set(office.data.rglob("captured/*-command-*.wav")) - before
    assert new.parent.parent.name == "20662-01"


def give_leave(page: Page) -> None:
    """At the village's loudspeakers, at any hour: the demonstration's own leave ends at night."""
    page.goto("/live/leave")
    page.locator("select[name=person]").select_option(label="Huỳnh Tấn Lợi")
    page.get_by_label(VILLAGES[0]).check()
    page.fill("input[name=hours_from]", "00:00")
    page.fill("input[name=hours_to]", "23:59")
    assert_accessible(page)
    page.locator("main form").filter(has=page.locator("select[name=person]")).get_by_role(
        "button"
    ).last.click()
    expect(page.get_by_text("00:00–23:59")).to_be_visible(timeout=SLOW)


@contextmanager
def phone(microphone: Browser, office: Office, username: str) -> Iterator[Page]:
    """Signed in; whatever goes wrong in the page fails the test."""
    context = microphone.new_context(
        base_url=office.address, viewport={"width": 390, "height": 800}, locale="vi-VN"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, username, office.passwords[username])
    yield page
    context.close()
    assert complaints == []


def open_microphone(page: Page, password: str, subject: str, places: Sequence[str]) -> None:
    """Up to the signature."""
    page.goto("/live/new")
    page.locator("[data-try]").click()
    expect(page.locator("[data-meter]")).to_have_attribute("data-verdict", "good", timeout=SLOW)
    page.get_by_label("Nói về việc gì?").fill(subject)
    for place in places:
        page.get_by_label(place).check()
    assert_accessible(page)
    look(page, "live-new")
    page.get_by_role("button", name="Tiếp tục ký").click()
    page.get_by_label("Mật khẩu", exact=True).fill(password)


def speak(page: Page, *, places: int) -> None:
    """Six seconds, once every loudspeaker has said that it plays."""
    page.get_by_role("button", name="Ký bằng khóa trình diễn").click()
    expect(page.get_by_text("Chưa ai nghe bạn")).to_be_visible(timeout=SLOW)
    page.locator("[data-speak]").click()
    expect(page.get_by_text("Bạn đang lên sóng")).to_be_visible(timeout=SLOW)
    tile = page.locator("#hearing .tile b").first
    expect(tile).to_have_text(re.compile(f"{places}/{places}"), timeout=SLOW)
    assert_accessible(page)
    page.wait_for_timeout(6_000)


def close_microphone(page: Page) -> None:
    page.get_by_role("button", name="Đóng micro").click()
    for _look in range(20):
        if page.locator("audio").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.locator("audio")).to_be_visible()


def moments_heard(data: Path, *, places: int) -> list[int]:
    """So many loudspeakers' output is what was aired last; when each played the same piece, us."""
    file = max((data / "live").glob("*.opus"), key=_written)
    aired = array("h", chain(*decoded_blocks(BytesIO(file.read_bytes()))))[2 * RATE : 4 * RATE]
    moments = []
    for wav in sorted(data.rglob("captured/*-command-*.wav"), key=_written)[-places:]:
        lag, likeness = best_match(array("h", wav.read_bytes()[44:]), aired)
        assert likeness > 0.8, (wav, likeness)
        note = json.loads(wav.with_suffix(".jsonl").read_text().splitlines()[-1])
        moments.append(note["wall_us"] + (lag - note["sample"]) * 1_000_000 // RATE)
    assert len(moments) == places
    return moments


def _written(path: Path) -> float:
    return path.stat().st_mtime
