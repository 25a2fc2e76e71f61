"""A bulletin is read into a microphone that plays a file, over a line that breaks."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browsing import BROWSER, BROWSER_ARGUMENTS
from tests.journeys.conftest import Office, assert_accessible, look, sign_in
from tests.voice.sounds import wav_bytes
from tests.voice.spoken import sentences_read
from vang.base.files import FileStore
from vang.voice import opus
from vang.voice.loudness import measure

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def microphone(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Chromium whose microphone hears a file, over and over."""
    spoken = tmp_path_factory.mktemp("microphone") / "spoken.wav"
    spoken.write_bytes(wav_bytes(sentences_read([6, 7, 6, 8], pause_ms=300)))
    arguments = [
        *BROWSER_ARGUMENTS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken}",
    ]
    chromium = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
    yield chromium
    chromium.close()


def record(page: Page, seconds: float) -> None:
    page.locator("button[data-record]").click()
    page.wait_for_timeout(1000 * seconds)
    page.locator("button[data-record]").click()


def test_a_bulletin_is_recorded_and_an_upload_survives_a_broken_line(
    microphone: Browser, office: Office
) -> None:
    context = microphone.new_context(
        base_url=office.address, viewport={"width": 1366, "height": 768}, locale="vi-VN"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, "an", office.passwords["an"])
    write(page)
    page.get_by_role("link", name="Tự đọc và thu âm").click()
    assert_accessible(page)
    page.locator("button[data-record]").click()  # turns the microphone on
    expect(page.locator("[data-meter]")).to_have_attribute("data-verdict", "good")
    record(page, 2.5)
    expect(page.locator("[data-progress-words]")).to_contain_text("1 trong 2")

    context.set_offline(True)
    record(page, 2.5)
    expect(page.locator("[data-outbox]")).to_contain_text("Mất kết nối")
    address = page.url
    page.close()  # the computer is switched off before the line is back
    context.set_offline(False)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.locator("[data-progress-words]")).to_contain_text("Đã đọc đủ")
    expect(page.locator("[data-outbox]")).to_contain_text("Máy chủ đã nhận đủ")
    look(page, "studio")

    page.locator("[data-join]").click()
    page.get_by_role("button", name="Dùng bản thu này").click(timeout=60_000)
    expect(page.locator("audio")).to_be_visible(timeout=60_000)
    check_sound(office.data, page.locator("audio").get_attribute("src") or "")
    context.close()
    assert complaints == []


def write(page: Page) -> None:
    page.goto("/bulletins/new")
    page.fill("[name=title]", "Họp dân thôn 3")
    page.fill("[name=text]", "Mời bà con họp lúc 19h30.")
    page.locator("button.btn[name=act][value=save]").click()


def check_sound(data: Path, address: str) -> None:
    """The file to be aired: loud enough, whole, both sentences in it."""
    number = int(address.rpartition("/")[2].removesuffix(".ogg"))
    with sqlite3.connect(data / "db.sqlite3") as database:
        (sha256,) = database.execute(
            "SELECT sha256 FROM voice_rendition WHERE id = ?", (number,)
        ).fetchone()
    chunks = list(opus.decode(FileStore(data / "files").read(sha256)))
    assert measure(chunks).is_acceptable()
    assert 4 < len(np.concatenate(chunks)) / 48_000 < 9
