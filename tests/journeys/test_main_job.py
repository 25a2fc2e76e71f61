"""A typed notice is approved by another person, heard, shown to the public, and proved."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible, look

pytestmark = pytest.mark.journey

TITLE = "Thông báo lịch cắt điện ngày 12/6"
TEXT = (
    "Điện lực Quế Sơn tạm ngừng cấp điện tại thôn 1 và thôn 2 từ 7h30 đến 11h30 ngày 12/6/2026. "
    "Mọi thắc mắc xin gọi 19001909."
)


def test_notice_goes_from_the_desk_to_the_village_and_back_as_proof(
    seat: Seat, office: Office
) -> None:
    with seat("an") as page:
        write_and_submit(page)
    with seat("binh") as page:
        approve_what_is_heard(page)
        put_on_the_air_now(page)
        see_it_proved(page)
        public = page.locator("a", has_text="Trang công khai").first
        page.goto("/")
        public_address = public.get_attribute("href")
    with seat() as page:
        read_as_a_resident(page, public_address or "")
    captured = sorted(office.data.glob("nodes/*/captured/*.wav"))
    assert len({Path(wav).parent for wav in captured}) == 3


def write_and_submit(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Việc cần làm")
    page.goto("/bulletins/new")
    page.fill("[name=title]", TITLE)
    page.fill("[name=text]", TEXT)
    page.locator("button.btn[name=act][value=submit]").click()
    expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()


def approve_what_is_heard(page: Page) -> None:
    look(page, "home")
    page.get_by_role("link", name=TITLE).first.click()
    if "/review" not in page.url:
        page.goto(f"{page.url}/review")
    audio = page.locator("audio")
    expect(audio).to_be_visible(timeout=60_000)
    length = audio.evaluate(
        """element => new Promise((done, failed) => {
             if (element.readyState >= 1) return done(element.duration);
             element.onloadedmetadata = () => done(element.duration);
             element.onerror = () => failed('the sound does not load');
             element.load();
           })"""
    )
    assert length > 5
    expect(page.get_by_text("mười hai tháng sáu").first).to_be_visible()
    look(page, "bulletin")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()


def put_on_the_air_now(page: Page) -> None:
    bulletin = re.search(r"/bulletins/(\d+)", page.url)
    assert bulletin is not None
    page.goto(f"/airtime/place/{bulletin[1]}")
    page.locator("button[name=preview]").click()
    expect(page.get_by_text("Nếu xếp như vậy")).to_be_visible()
    page.locator("button[name=place]").click()
    expect(page.get_by_text("Sẽ phát lúc")).to_be_visible()
    expect(page.locator("table").get_by_text(TITLE)).to_be_visible()
    look(page, "timeline")
    page.goto("/stations/")
    look(page, "nodes")


def see_it_proved(page: Page) -> None:
    """The row turns green by itself, without the page being asked for again."""
    page.goto("/as-run/")
    done = page.locator("tbody tr", has_text=TITLE).filter(has_text="Đã phát")
    expect(done).to_have_count(3, timeout=120_000)
    expect(done.first.locator(".tone-ok").first).to_be_visible()
    look(page, "as-run")


def read_as_a_resident(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_text("tạm ngừng cấp điện")).to_be_visible()
    expect(page.locator("audio")).to_have_count(1)
    expect(page.get_by_text("Cụm loa Thôn 1").first).to_be_visible()
    look(page, "public-page")
    assert_accessible(page)


def test_writer_cannot_approve_what_he_wrote(seat: Seat) -> None:
    with seat("an") as page:
        page.goto("/bulletins/1/review")
        expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)
    with seat("binh") as page:
        page.goto("/bulletins/1/review")
        expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(1)


def test_stranger_of_another_commune_finds_nothing(seat: Seat) -> None:
    with seat("chi") as page:
        for address in ("/bulletins/1", "/bulletins/1/review", "/airtime/place/1", "/stations/1"):
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 404, address
    with seat("an") as page:
        answer = page.goto("/bulletins/1")
        assert answer is not None
        assert answer.status == 200
