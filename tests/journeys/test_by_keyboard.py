"""The main job without a mouse: written, submitted, approved, put on the air, released."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Office, Seat, assert_accessible
from tests.journeys.keys import Keys

pytestmark = pytest.mark.journey

TITLE = "Mời họp thôn 1 tối thứ bảy"
TEXT = "Kính mời bà con thôn 1 đến nhà văn hóa họp lúc 19 giờ."
NO_MOUSE = (
    """() => addEventListener('pointerdown', () => console.error('a mouse was used'), true)"""
)


def come_in(page: Page, office: Office, username: str) -> Keys:
    """The sign-in page begins in the field for the name."""
    page.add_init_script(f"({NO_MOUSE})()")
    keys = Keys(page)
    page.goto("/")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(office.passwords[username])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Việc cần làm")
    assert_accessible(page)
    keys.skip_to_content()
    return keys


def test_from_the_first_word_to_the_loudspeaker_by_keyboard_only(
    seat: Seat, office: Office
) -> None:
    with seat() as page:
        keys = come_in(page, office, "an")
        write_and_submit(page, keys)
    with seat() as page:
        keys = come_in(page, office, "binh")
        approve(page, keys)
        put_on_the_air(page, keys)
        see_it_released(page, keys)


def write_and_submit(page: Page, keys: Keys) -> None:
    keys.press(page.locator("main").get_by_role("link", name="Soạn bản tin"))
    expect(page.locator("h1")).to_have_text("Soạn bản tin")
    keys.write(page.locator("[name=title]"), TITLE)
    keys.write(page.locator("[name=text]"), TEXT)
    assert_accessible(page)
    keys.press(page.locator("button.btn[name=act][value=submit]"))
    expect(page.get_by_role("heading", name=TITLE).first).to_be_visible()
    expect(page.get_by_text("Chờ duyệt").first).to_be_visible()


def approve(page: Page, keys: Keys) -> None:
    keys.press(page.locator("main").get_by_role("link", name=TITLE).first)
    sound = page.locator("audio").first
    expect(sound).to_be_visible(timeout=60_000)
    keys.reach(sound)
    assert_accessible(page)
    keys.press(page.get_by_role("button", name="Duyệt", exact=True))
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()


def put_on_the_air(page: Page, keys: Keys) -> None:
    keys.press(page.locator("main").get_by_role("link", name="Phát", exact=True))
    expect(page.locator("h1")).to_have_text("Đưa lên lịch phát")
    keys.press(page.locator("button[name=preview]"))
    expect(page.get_by_text("Nếu xếp như vậy")).to_be_visible()
    assert_accessible(page)
    keys.press(page.locator("button[name=place]"))
    expect(page.get_by_text("Sẽ phát lúc")).to_be_visible()


def see_it_released(page: Page, keys: Keys) -> None:
    """By the palette, which opens from the keyboard on every page."""
    page.keyboard.press("ControlOrMeta+K")
    page.keyboard.type("moi hop thon 1 toi")
    found = page.get_by_role("option", name=TITLE).or_(page.get_by_role("link", name=TITLE))
    expect(found.first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.get_by_text("Đã phát hành").first).to_be_visible()
    assert_accessible(page)
