"""The technician's manual, walked from end to end with real devices: a place, its first device, a
replacement whose sound output fails, the fault, the repair on the phone, the proof.

With VANG_SCREENSHOTS it takes the pictures of docs/vi/ky-thuat-vien.md (docs/technician.sh).
"""

import os
import re
import subprocess
import sys
import wave
from array import array
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible, look
from tests.node.test_technician import NMCLI
from vang_node.home import Home

pytestmark = pytest.mark.journey

COMMAND = [sys.executable, "-m", "vang_node.cli"]
PHONE = {"width": 390, "height": 800}
SOON, LATER = 60_000, 180_000  # ms: generous, for a loaded machine
PLACE = "Cụm loa Xóm Bắc"
FIRST, SECOND = "MH1-0101", "MH1-0102"


class Box:
    """A loudspeaker's computer: its folder, its programs, what comes out of it."""

    def __init__(self, root: Path) -> None:
        self.home, self.sound = Home(root / "home"), root / "sound"
        self.log = root / "log"
        spoken = {"LANG": "vi_VN.UTF-8", "LC_ALL": "", "LC_MESSAGES": ""}
        self.around = {**os.environ, **spoken, "VANG_NODE_SINK": f"wav:{self.sound}"}
        self.programs: list[subprocess.Popen[str]] = []
        programs = root / "bin"
        programs.mkdir(parents=True)
        self.around["PATH"] = f"{programs}:{os.environ['PATH']}"
        nmcli = programs / "nmcli"
        nmcli.write_text(NMCLI)
        nmcli.chmod(0o755)

    def call(self, *words: str) -> str:
        line = [*COMMAND, *words, "--home", str(self.home.root)]
        done = subprocess.run(
            line, capture_output=True, text=True, check=False, env=self.around, timeout=120
        )
        return done.stdout + done.stderr

    def start(self, *words: str) -> "subprocess.Popen[str]":
        line = [*COMMAND, *words, "--home", str(self.home.root)]
        with self.log.open("a") as log:
            program = subprocess.Popen(
                line, stdout=subprocess.PIPE, stderr=log, text=True, env=self.around
            )
        self.programs.append(program)
        return program

    def run(self) -> None:
        self.start("run", "--sink", f"wav:{self.sound}")

    def switch_off(self) -> None:
        for program in self.programs:
            program.kill()
            program.wait()
            program.stdout.close()  # type: ignore[union-attr]
        self.programs = []

    def loudest(self) -> int:
        """Of all that came out of it."""
        return max((max(map(abs, samples(file))) for file in self.sound.glob("*.wav")), default=0)


def samples(file: Path) -> "array[int]":
    with wave.open(str(file), "rb") as sound:
        return array("h", sound.readframes(sound.getnframes()))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Callable[[str], Box]]:
    made: list[Box] = []

    def make(name: str) -> Box:
        made.append(Box(tmp_path / name))
        return made[-1]

    yield make
    for one in made:
        one.switch_off()


def press(page: Page, name: str) -> None:
    """A button that sends its form; the answer is there afterwards."""
    button = page.locator("main").get_by_role("button", name=name, exact=True)
    with page.expect_navigation(wait_until="domcontentloaded", timeout=SOON):
        button.first.click()


def follow(page: Page, name: str) -> None:
    link = page.locator("main").get_by_role("link", name=name, exact=True)
    with page.expect_navigation(wait_until="domcontentloaded", timeout=SOON):
        link.first.click()


def show(page: Page, part: Locator, name: str) -> None:
    """A picture that begins a little above ``part``."""
    part.evaluate("one => window.scrollTo(0, one.getBoundingClientRect().top + scrollY - 130)")
    look(page, name)


def until_it_says(page: Page, words: str) -> None:
    """Open the page anew until it says so, as one does."""
    found = page.locator("main").get_by_text(words)
    for _ in range(LATER // 1000):
        if found.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(found.first).to_be_visible()


def test_a_device_is_enrolled_replaced_found_faulty_and_repaired(
    seat: Seat, office: Office, box: Callable[[str], Box]
) -> None:
    with seat("tu") as desk, seat("tu", **PHONE) as phone:
        describe_devices(desk)
        add_the_place(phone)
        first, second = box("first"), box("second")
        enrol_by_command(phone, first)
        replace_by_telephone(desk, phone, first, second)
        keep_the_place(phone)
        look_at_register_and_map(desk)
        see_the_fault(phone)
        repair(phone, second)
        ask_for_a_test(phone, seat)
        close_with_proof(phone, second)
        read_the_figures(desk)
        take_down(desk, second)


def describe_devices(page: Page) -> None:
    for serial in (FIRST, SECOND):
        page.goto("/equipment/devices/new")
        page.get_by_label("Tên, ký hiệu").fill("Hộp thu IP MH-1")
        page.get_by_label("Số máy").fill(serial)
        page.get_by_label("Bảo hành đến").fill("2029-06-10")
        press(page, "Lưu")
        expect(page.get_by_text("Trong kho").first).to_be_visible()


def add_the_place(page: Page) -> None:
    page.goto("/stations/new")
    page.get_by_label("Tên cụm loa").fill(PLACE)
    page.get_by_label("Vị trí lắp đặt").fill("Cột điện số 12, cuối xóm")
    page.get_by_label("Tọa độ").fill("15.6915, 108.2015")
    page.get_by_label("Thôn 4").check()
    press(page, "Lưu")
    expect(page.locator("h1")).to_have_text(PLACE)
    page.goto("/equipment/")
    page.get_by_label("Nơi lắp đặt, thiết bị").fill("xóm bắc")
    press(page, "Lọc")
    look(page, "places")
    follow(page, PLACE)
    expect(page.get_by_text("Chưa kết nối lần nào")).to_be_visible()


def code_for(page: Page, serial: str) -> str:
    """The code for a device from the store."""
    follow(page, "Đăng ký hoặc thay thiết bị")
    page.get_by_label(serial).check()
    if serial == FIRST:
        look(page, "which-device")
    press(page, "Tạo mã")
    expect(page.get_by_text("Đang chờ thiết bị")).to_be_visible()
    return page.locator("#code").inner_text()


def enrol_by_command(page: Page, box: Box) -> None:
    code = code_for(page, FIRST)
    look(page, "code")
    server = urlsplit(page.url)
    line = ["enrol", "--server", f"{server.scheme}://{server.netloc}", "--code"]
    assert "Mã không đúng" in box.call(*line, "AAAA-BBBB")
    assert "Đã đăng ký với tên" in box.call(*line, code.replace("-", "").lower())
    assert "vang-node reset" in box.call(*line, code), "an enrolled device is enrolled once"
    assert "Đã phát âm thử" in box.call("test-tone")
    assert box.loudest() > 1000
    box.run()
    expect(page.get_by_text("đã đăng ký và đang kết nối")).to_be_visible(timeout=LATER)
    look(page, "arrived")
    assert_accessible(page)
    follow(page, PLACE)
    expect(page.get_by_role("link", name=f"Hộp thu IP MH-1 ({FIRST})")).to_be_visible()
    look(page, "place")


def replace_by_telephone(desk: Page, phone: Page, first: Box, second: Box) -> None:
    """The second device's output is blocked from the beginning, as by a cable pulled out."""
    code_for(phone, SECOND)
    second.sound.write_text("no folder")
    setup = second.start("setup", "--interface", "lo", "--port", "0")
    assert setup.stdout is not None
    shown = re.search(r"http://\S+", setup.stdout.readline())
    assert shown is not None
    link = phone.get_by_role("link", name="Mở trang cài đặt của thiết bị")
    desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
    desk.goto(f"{shown[0]}?{urlsplit(link.get_attribute('href')).query}")  # type: ignore[type-var]
    look(desk, "setup")
    assert_accessible(desk)
    desk.get_by_label("Tên Wi-Fi").fill("UBND xa")
    desk.get_by_label("Mật khẩu").fill("mat-khau-sai")
    desk.get_by_role("button", name="Kết nối Wi-Fi và đăng ký").click()
    expect(desk.get_by_text("Chưa kết nối được")).to_be_visible(timeout=SOON)
    desk.get_by_label("Mật khẩu").fill("mat-khau-dung")
    desk.get_by_role("button", name="Kết nối Wi-Fi và đăng ký").click()
    expect(desk.get_by_text("Đã đăng ký loa")).to_be_visible(timeout=SOON)
    assert setup.wait(60) == 0, "the page closes by itself"
    desk.set_viewport_size({"width": 1366, "height": 768})
    second.run()
    expect(phone.get_by_text("đã đăng ký và đang kết nối")).to_be_visible(timeout=LATER)
    for _ in range(120):
        if "đình chỉ" in first.call("status"):
            break
        phone.wait_for_timeout(500)
    else:
        pytest.fail("the device that was replaced does not know it")
    first.switch_off()


def keep_the_place(page: Page) -> None:
    """The place is the same; what differs tomorrow is read and confirmed."""
    follow(page, PLACE)
    expect(page.get_by_role("link", name=f"({SECOND})")).to_be_visible()
    expect(page.get_by_text("Thiết bị trước đây")).to_be_visible()
    expect(page.get_by_role("link", name=f"({FIRST})")).to_be_visible()
    look(page, "replaced")
    follow(page, "Thiết bị đang làm gì, âm lượng và độ trễ")
    expect(page.get_by_text("ngày mai có gì khác")).to_be_visible()
    look(page, "differences")
    press(page, "Đã xem: xác nhận thiết bị")
    expect(page.get_by_text("Đã xác nhận thiết bị")).to_be_visible()


def look_at_register_and_map(page: Page) -> None:
    page.goto("/equipment/devices?q=MH1-010")
    expect(page.locator("tbody tr")).to_have_count(2)
    follow(page, "Hộp thu IP MH-1")
    look(page, "device")
    with page.expect_response(lambda answer: "/equipment/map/points" in answer.url):
        page.goto("/equipment/map")
    page.wait_for_load_state("networkidle")
    show(page, page.locator(".fleet-map"), "map")


def see_the_fault(page: Page) -> None:
    """Devices are looked at once a minute."""
    page.goto("/repairs/")
    until_it_says(page, PLACE)
    row = page.locator("tr", has_text=PLACE)
    expect(row.get_by_text("Đầu ra không có tiếng")).to_be_visible()
    look(page, "fault")
    with page.expect_navigation():
        row.get_by_role("button", name="Lập phiếu sửa chữa").click()
    expect(page.locator("h1")).to_contain_text(PLACE)


def repair(page: Page, box: Box) -> None:
    page.goto("/repairs/")
    follow(page, "Việc của tôi")
    with page.expect_navigation():
        page.locator(".card", has_text=PLACE).get_by_role("link", name="Mở phiếu").click()
    press(page, "Nhận và lên đường")
    look(page, "ticket")
    press(page, "Tôi đã đến nơi")
    box.sound.unlink()
    page.get_by_label("Nguyên nhân").select_option(label="Dây, giắc cắm")
    page.get_by_label("Đã làm gì").fill("Thay giắc ra tăng âm")
    press(page, "Ghi nhận")
    page.get_by_label("Lấy từ kho").select_option(
        page.locator("select[name=part] option", has_text="Giắc loa").get_attribute("value")
    )
    press(page, "Thêm vật tư")
    file = {"name": "hong.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.set_input_files("input[name=photo]", files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Lưu ảnh").click()
    expect(page.locator(".photos img")).to_have_count(1, timeout=SOON)
    show(page, page.locator(".card", has=page.locator(".photos")), "repair")
    assert_accessible(page)


def picture() -> bytes:
    """A plug that came off, as well as one can draw it."""
    image = Image.new("RGB", (900, 1200), "#7d8a97")
    image.paste("#3a4048", (300, 250, 600, 700))
    image.paste("#c7b37a", (420, 700, 480, 950))
    held = BytesIO()
    image.save(held, "JPEG")
    return held.getvalue()


def ask_for_a_test(phone: Page, seat: Seat) -> None:
    press(phone, "Xin phát thử")
    expect(phone.get_by_text("người soạn sẽ soạn")).to_be_visible()
    with seat("an") as page:
        follow(page, f"Cần phát thử: {PLACE}")
        press(page, "Soạn buổi phát thử")
        expect(page.get_by_text("đang chờ người duyệt")).to_be_visible()
    with seat("binh") as page:
        follow(page, f"Phát thử: {PLACE}")
        approve = page.get_by_role("button", name="Duyệt", exact=True)
        for _ in range(LATER // 1000):  # the sound is being made
            if approve.count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        press(page, "Duyệt")
        follow(page, "Phát")
        page.locator("button[name=place]").click()
        expect(page.get_by_text("Sẽ phát lúc")).to_be_visible(timeout=SOON)


def close_with_proof(page: Page, box: Box) -> None:
    until_it_says(page, "Mức tín hiệu ra")
    show(page, page.locator(".card", has=page.get_by_text("Mức tín hiệu ra")), "proof")
    assert box.loudest() > 1000, "heard at the captured output"
    press(page, "Đóng phiếu: đã chứng minh")
    expect(page.get_by_text("Đã sửa, có buổi phát chứng minh")).to_be_visible()
    expect(page.get_by_text("Thay giắc ra tăng âm")).to_be_visible()


def read_the_figures(page: Page) -> None:
    page.goto("/repairs/figures")
    cells = page.locator("tr", has_text=PLACE).locator("td").all_inner_texts()
    assert cells[3] == "1", "one repair"
    assert re.search(r"phút|giây", cells[4]), "how long it took"
    assert cells[5] not in {"0", "–"}, "what the parts cost"
    look(page, "figures")


def take_down(page: Page, box: Box) -> None:
    """Out of service for good, and into the store; the place too, so that others find it gone."""
    page.goto("/stations/")
    follow(page, PLACE)
    page.get_by_role("button", name="Ngừng sử dụng thiết bị").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Ngừng sử dụng").click()
    expect(page.get_by_text("Chưa có thiết bị")).to_be_visible()
    box.switch_off()
    follow(page, "Sửa")
    page.get_by_label("Đang sử dụng").uncheck()
    press(page, "Lưu")
    page.goto(f"/equipment/devices?q={SECOND}")
    follow(page, "Hộp thu IP MH-1")
    press(page, "Tháo, cất vào kho")
    expect(page.get_by_text("Trong kho").first).to_be_visible()
