"""The vice chairwoman speaks into a microphone that plays a file; three loudspeakers say it after
her, at the same moment, and the page knows it from them."""

import json
import re
from array import array
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browsing import BROWSER, BROWSER_ARGUMENTS
from tests.journeys.conftest import Office, assert_accessible, look, sign_in
from tests.node.pole import RATE, best_match
from tests.node.tape import noise
from tests.voice.sounds import wav_bytes
from vang_node.decoder import decoded_blocks

pytestmark = pytest.mark.journey


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
    context = microphone.new_context(
        base_url=office.address, viewport={"width": 390, "height": 800}, locale="vi-VN"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, "binh", office.passwords["binh"])
    page.goto("/live/new")
    page.locator("[data-try]").click()
    expect(page.locator("[data-meter]")).to_have_attribute("data-verdict", "good")
    page.get_by_label("Nói về việc gì?").fill("Mưa lớn chiều nay")
    for box in page.locator("input[name=clusters]").all():
        box.check()
    assert_accessible(page)
    look(page, "live-new")
    page.get_by_role("button", name="Tiếp tục ký").click()
    page.get_by_label("Mật khẩu", exact=True).fill(office.passwords["binh"])
    look(page, "live-sign")
    page.get_by_role("button", name="Ký bằng khóa trình diễn").click()
    expect(page.get_by_text("Chưa ai nghe bạn")).to_be_visible()
    page.locator("[data-speak]").click()
    expect(page.get_by_text("Bạn đang lên sóng")).to_be_visible()
    expect(page.locator("#hearing .tile b").first).to_have_text(re.compile("3/3"))
    assert_accessible(page)
    page.wait_for_timeout(6_000)
    look(page, "live-on-air")
    page.get_by_role("button", name="Đóng micro").click()
    for _look in range(20):
        if page.locator("audio").count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(page.locator("audio")).to_be_visible()
    look(page, "live-over")
    context.close()
    assert complaints == []
    check_heard(office.data)


def check_heard(data: Path) -> None:
    """Every loudspeaker's output is what was aired, and all three were together."""
    (file,) = (data / "live").glob("*.opus")
    aired = array("h", chain(*decoded_blocks(BytesIO(file.read_bytes()))))[2 * RATE : 4 * RATE]
    heard = sorted(data.rglob("captured/*-command-*.wav"), key=lambda one: one.stat().st_mtime)[-3:]
    moments = []
    for wav in heard:
        lag, likeness = best_match(array("h", wav.read_bytes()[44:]), aired)
        assert likeness > 0.8, (wav, likeness)
        note = json.loads(wav.with_suffix(".jsonl").read_text().splitlines()[-1])
        moments.append(note["wall_us"] + (lag - note["sample"]) * 1_000_000 // RATE)
    assert len(moments) == 3
    # A shared machine's sound cards of the air; ./bench sync measures it properly.
    assert max(abs(one - two) for one, two in combinations(moments, 2)) < 100_000
