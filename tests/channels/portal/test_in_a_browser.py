"""The folder, copied to a plain web server, as a resident's browser shows it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.channels.portal.publishing import (
    became,
    brought,
    cluster,
    folder,
    planned,
    released,
    write_pages,
)
from tests.channels.releasing import corrected
from tests.claims.register import answered, noted
from tests.library.material import notice, picture
from vang.airtime.models import SlotPolicy
from vang.bulletins.models import Edition, EditionWording
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.freshness import refresh_due
from vang.channels.portal.jobs import freeze_site_search
from vang.channels.portal.telling import save_profile, save_section
from vang.orgs.models import Unit
from vang.people.models import Person

pytestmark = pytest.mark.journey
TEXT = """Công ty Điện lực thông báo tạm ngừng cấp điện để sửa chữa đường dây 22 kV như sau:

1. Thời gian: từ 7 giờ 30 đến 11 giờ 30 ngày 12/6/2026.
2. Khu vực: thôn Thuận 1, thôn Thuận 2 và trụ sở Ủy ban nhân dân xã.

Đề nghị người dân tắt các thiết bị điện trước giờ ngừng cấp điện; không lại gần đường dây và trạm \
biến áp, kể cả khi không có điện. Nếu thời tiết xấu, lịch chuyển sang ngày 13/6/2026.

Mọi thắc mắc xin gọi số 19001909 (24/24 giờ)."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def written(xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime) -> Edition:
    """A commune with a lively page."""
    yesterday = now - timedelta(days=1)
    hours = [["05:00", "06:30"], ["16:30", "18:00"]]
    SlotPolicy.objects.create(unit=xa_a, hours=hours, changed_at=now)
    gone = released(xa_a, an, binh, yesterday, title="Lịch tiêm phòng cho trâu bò", text="Hoãn.")
    withdraw_bulletin(bulletin=gone.bulletin, reason="Hoãn.", by=binh, now=now)
    wrong = released(xa_a, an, binh, yesterday, title="Lịch cấp nước luân phiên")
    for number in range(30):
        at = now - timedelta(days=30 + number)
        released(xa_a, an, binh, at, title=f"Mời họp thôn {number}", text="Mời.", trial=False)
    edition = released(
        xa_a,
        an,
        binh,
        now,
        title="Lịch ngừng cấp điện ngày 12/6/2026 tại thôn Thuận 1 và thôn Thuận 2",
        text=TEXT,
        items=[
            brought(xa_a, an, now, picture(1200, 800), "hoa.jpg"),
            brought(xa_a, an, now, notice(), "Thông báo 45.docx"),
        ],
    )
    EditionWording.objects.create(
        edition=edition, language="en", level="FULL", title="Power cut on 12 June", text="Friday."
    )
    clusters = [cluster(xa_a, number) for number in (1, 2, 3)]
    past = planned(edition, clusters, now - timedelta(minutes=10))
    became(past, clusters[0], "DONE", "", now)
    became(past, clusters[1], "DONE", "", now)
    became(past, clusters[2], "MISSED", "node-off", now)
    planned(edition, clusters, now + timedelta(hours=5))
    write_pages(xa_a, now=now)
    corrected(wrong, an, binh, now)
    fields = {"phone": "0235 3886 123", "responsible_name": "Trần Thị Bình", "about_en": "Three."}
    save_profile(unit=xa_a, fields=fields, by=quan, now=now)
    save_section(unit=xa_a, section=None, fields={"name": "Văn phòng"}, by=quan, now=now)
    write_pages(xa_a, now=now)
    answered(noted(xa_a, an, now), an, binh, now - timedelta(hours=1))
    write_pages(xa_a, now=now)
    freeze_site_search.func(xa_a.pk)
    refresh_due(now=now)
    return edition


@contextmanager
def served(written: Edition) -> Iterator[str]:
    """The whole public folder on a plain web server; the commune's first page."""
    handler = partial(Quiet, directory=str(folder(written.unit).parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{written.unit.code}/"
        server.shutdown()


@pytest.fixture
def site(written: Edition) -> Iterator[str]:
    with served(written) as address:
        yield address


@contextmanager
def opened(
    browser: Browser,
    address: str,
    *,
    width: int = 360,
    scheme: Literal["light", "dark"] = "light",
    **more: Any,
) -> Iterator[Page]:
    """A page whose console stays silent and whose requests all succeed."""
    wrong: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, **more
    )
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.goto(address, wait_until="networkidle")
    yield page
    context.close()
    assert wrong == []


def pages_of(written: Edition) -> dict[str, str]:
    right = Edition.objects.exclude(corrects=None).select_related("corrects").get()
    assert right.corrects
    return {
        "front": "",
        "notice": paths.edition_path(written),
        "english notice": paths.edition_path(written, "en"),
        "correction": paths.edition_path(right),
        "corrected": paths.edition_path(right.corrects),
        "withdrawn": paths.edition_path(Edition.objects.exclude(withdrawn_at=None).get()),
        "month": "2026/06/index.html",
        "subject": paths.category_path(written.category),
        "schedule": paths.SCHEDULE,
        "sounds": paths.LISTEN,
        "corrections": paths.CORRECTIONS,
        "claims checked": paths.CHECKED,
        "archive": paths.ARCHIVE,
        "search": paths.SEARCH,
        "about": paths.ABOUT,
        "accessibility": paths.ACCESSIBILITY,
        "offline": paths.OFFLINE,
        "English": paths.ENGLISH[paths.INDEX],
        "English about": paths.ENGLISH[paths.ABOUT],
        "district": "../509/",
    }


WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""


def test_every_page_is_readable_for_everybody(
    browser: Browser, site: str, written: Edition
) -> None:
    """WCAG 2.2 AA by axe, in light and dark; no scrolling sideways at 320 px, also with the text
    spacing of success criterion 1.4.12; the right language; two weights of the letters."""
    for name, path in pages_of(written).items():
        wide = [(1280, "light")] if name in {"front", "notice", "district"} else []
        for width, scheme in (*wide, (320, "dark")):
            with opened(browser, site + path, width=width, scheme=scheme, bypass_csp=True) as page:
                found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
                violations = found.response["violations"]
                assert [(v["id"], v["nodes"][0]["html"][:120]) for v in violations] == [], name
                if width == 320:
                    page.add_style_tag(content=SPACED)
                fits = "document.documentElement.scrollWidth <= window.innerWidth"
                assert page.evaluate(fits), (name, width)
                fonts = page.evaluate(
                    "[...document.fonts].filter(f => f.status == 'loaded').length"
                )
                assert fonts >= 2, name


def test_the_way_from_the_first_page_to_the_sound(
    browser: Browser, site: str, written: Edition
) -> None:
    with opened(browser, site) as page:
        page.locator(f"main a[href='{paths.edition_path(written)}']").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == written.title
        source = page.locator("audio source")
        sound = page.request.get(page.evaluate("s => s.src", source.element_handle()))
        assert sound.ok
        assert len(sound.body()) == written.audio_size
        page.get_by_role("link", name="Tiếng Anh").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Power cut on 12 June"


def test_by_keyboard_alone(browser: Browser, site: str, written: Edition) -> None:
    with opened(browser, site) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        for _press in range(12):
            if page.evaluate("document.activeElement.textContent") == written.title:
                break
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == written.title


def test_search_with_and_without_marks_in_the_recent_and_the_frozen_part(
    browser: Browser, site: str, written: Edition, an: Person, binh: Person, now: datetime
) -> None:
    released(written.unit, an, binh, now + timedelta(minutes=1), title="Phun thuốc muỗi")
    write_pages(written.unit, now=now + timedelta(minutes=1))
    with opened(browser, site + paths.SEARCH) as page:
        field = page.get_by_label("Từ trong bản tin")
        for typed, wanted, count in (
            ("ngung cap dien", written.title, 1),
            ("ngừng cấp điện", written.title, 1),
            ("22 kv", written.title, 1),
            ("phun thuoc", "Phun thuốc muỗi", 1),
            ("MỜI HỌP", "Mời họp thôn 0", 30),
        ):
            field.fill(typed)
            field.press("Enter")
            page.get_by_text(f"Tìm thấy: {count}", exact=True).wait_for()
            assert page.locator("#found a").first.inner_text() == wanted
        assert page.locator("#found li").count() == 20
        page.get_by_role("button", name="Xem thêm").press("Enter")
        page.locator("#found li").nth(29).wait_for()
        field.fill("khong co gi")
        field.press("Enter")
        page.get_by_text("Không có bản tin nào chứa đủ các từ này.").wait_for()
        field.fill("trau bo")  # withdrawn
        field.press("Enter")
        page.get_by_text("Không có bản tin nào chứa đủ các từ này.").wait_for()
    with opened(browser, site + paths.SEARCH + "?q=ngung+dien") as page:
        page.locator("#found a").first.click()
        assert page.get_by_role("heading", level=1).inner_text() == written.title


def test_without_a_script_everything_but_the_search_is_there(
    browser: Browser, site: str, written: Edition
) -> None:
    with opened(browser, site + paths.SEARCH, java_script_enabled=False) as page:
        page.get_by_text("Tìm kiếm cần kịch bản").wait_for()
        page.locator("main").get_by_role("link", name="Tất cả bản tin theo tháng").click()
        page.get_by_role("link", name="Tháng 06/2026").click()
        page.get_by_role("link", name=written.title).click()
        assert "tạm ngừng cấp điện" in page.locator(".item-text").inner_text()


def test_on_a_telephone_the_name_of_the_commune_has_the_room_there_is(
    browser: Browser, site: str
) -> None:
    with opened(browser, site) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        name = page.locator(".masthead a:not(.twin)").bounding_box()
        twin = page.locator(".masthead .twin").bounding_box()
        assert name
        assert twin
        assert twin["x"] - (name["x"] + name["width"]) <= 16.5


def test_what_was_read_is_there_without_a_connection(browser: Browser, written: Edition) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    with served(written) as site:
        page.goto(site, wait_until="networkidle")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_function(
            "caches.open('vang-20662-pages').then(c => c.keys()).then(keys => keys.length >= 6)"
        )
        page.wait_for_function(
            "caches.open('vang-20662-small-pictures').then(c => c.keys()).then(k => k.length >= 3)"
        )
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "Bản tin của xã Quế Thuận"
    page.get_by_text("Không có mạng: bạn đang đọc bản lưu").wait_for()
    page.locator(f"main a[href='{paths.edition_path(written)}']").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == written.title
    image = page.get_by_alt_text("Chợ hoa bên sông")
    image.scroll_into_view_if_needed()  # never seen with a connection: its smallest width is kept
    page.wait_for_function("document.querySelector('.picture img').naturalWidth > 0")
    page.goto(site + paths.ACCESSIBILITY)
    assert page.get_by_role("heading", level=1).inner_text() == "Không có mạng"
    context.close()
