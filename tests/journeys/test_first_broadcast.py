"""From an empty folder to the first broadcast, as the first administrator meets it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import as_outside, assert_accessible, look, sign_in
from vang.installation.preflight import free_port

pytestmark = pytest.mark.journey

ANSWERS = "Xã Quế Sơn\nĐà Nẵng\n20641\n\nTrần Thị Hà\nha\n"
PASSWORD = "mot hai ba bon nam"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a real installation without any data, and its administrator's password."""
    port = str(free_port("127.0.0.1"))
    command = [sys.executable, "-m", "vang.cli", "run", "--empty", "--data", str(tmp_path)]
    with as_outside():
        process = subprocess.Popen(
            [*command, "--port", port],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    assert process.stdin
    assert process.stdout
    process.stdin.write(ANSWERS)
    process.stdin.close()
    told = ""
    for line in process.stdout:
        told += line
        if line.startswith("ready:"):
            break
    password = re.search(r"shown only now\): (\S+)", told)
    assert password, told
    yield f"http://127.0.0.1:{port}", password[1]
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    process.stdout.close()


def seated(browser: Browser, address: str, width: int = 1366, height: int = 768) -> Page:
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def step(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=name, exact=True).first.click()


def press(page: Page, name: str) -> None:
    """A button that sends its form; the answer is there afterwards."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_the_first_administrator_comes_to_the_first_broadcast(
    browser: Browser, empty: tuple[str, str]
) -> None:
    address, password = empty
    ha, binh = seated(browser, address), seated(browser, address, 390, 800)
    sign_in(ha, "ha", password)
    assert_accessible(ha)
    look(ha, "start")
    step(ha, "Nhập tên thôn")
    ha.get_by_label("Tên các thôn").fill("Thôn 1\nThôn 2")
    press(ha, "Thêm")
    expect(ha.get_by_text("Đã xong 1/7")).to_be_visible()

    step(ha, "Mời đồng nghiệp")
    ha.get_by_label("Họ và tên").fill("Lê Văn Bình")
    ha.get_by_label("Người duyệt").check()
    press(ha, "Tạo lời mời")
    link = re.search(r"http://\S+", ha.locator("main").inner_text())
    assert link
    binh.goto(link[0])
    binh.fill("[name=username]", "binh")
    for field in binh.locator("input[type=password]").all():
        field.fill(PASSWORD)
    with binh.expect_navigation():
        binh.locator("main button[type=submit]").click()
    expect(binh).to_have_url(f"{address}/")
    ha.goto("/")
    press(ha, "Tôi cũng soạn tin")

    step(ha, "Xem khung giờ")
    ha.locator("textarea").first.fill("00:00-24:00")
    press(ha, "Xem sẽ thay đổi gì")
    press(ha, "Đồng ý đổi khung giờ")
    step(ha, "Chọn giọng đọc")
    ha.get_by_label("Cho phép phát giọng thử").check()
    press(ha, "Lưu")

    step(ha, "Kết nối cụm loa")
    ha.get_by_label("Tên cụm loa").fill("Loa phòng Văn hóa")
    press(ha, "Thêm")
    press(ha, "Thử với loa ảo")
    ha.get_by_role("link", name="Tiếp theo: phát thử").click()
    assert_accessible(ha)
    press(ha, "Gửi duyệt bản phát thử")
    trial = ha.url

    binh.goto(f"{trial}/review")
    approve = binh.get_by_role("button", name="Duyệt", exact=True)
    while not approve.count():  # the sound is being made
        binh.wait_for_timeout(500)
        binh.reload()
    with binh.expect_navigation():
        approve.click()
    ha.goto("/start/trial")
    ha.get_by_role("link", name="Chọn giờ phát").click()
    ha.wait_for_load_state()
    look(ha, "place")
    press(ha, "Đưa lên lịch phát")
    ha.goto("/start")
    expect(ha.get_by_text("Đã xong 6/7")).to_be_visible(timeout=120_000)  # heard, by itself
    for name, address in (("as-run", "/as-run/"), ("stations", "/stations/")):
        ha.goto(address)
        look(ha, name)
