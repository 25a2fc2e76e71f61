"""The folder, copied to a plain web server, as a resident's browser shows it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.channels.portal.publishing import became, cluster, folder, planned, released, write_pages
from vang.airtime.models import SlotPolicy
from vang.bulletins.models import Edition
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
        chromium = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def written(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    """A commune with a lively page."""
    yesterday = now - timedelta(days=1)
    hours = [["05:00", "06:30"], ["16:30", "18:00"]]
    SlotPolicy.objects.create(unit=xa_a, hours=hours, changed_at=now)
    gone = released(xa_a, an, binh, yesterday, title="Lịch tiêm phòng cho trâu bò", text="Hoãn.")
    withdraw_bulletin(bulletin=gone.bulletin, reason="Hoãn.", by=binh, now=now)
    released(
        xa_a, an, binh, now - timedelta(days=30), title="Mời họp thôn", text="Mời.", trial=False
    )
    edition = released(
        xa_a,
        an,
        binh,
        now,
        title="Lịch ngừng cấp điện ngày 12/6/2026 tại thôn Thuận 1 và thôn Thuận 2",
        text=TEXT,
    )
    clusters = [cluster(xa_a, number) for number in (1, 2, 3)]
    past = planned(edition, clusters, now - timedelta(minutes=10))
    became(past, clusters[0], "DONE", "", now)
    became(past, clusters[1], "DONE", "", now)
    became(past, clusters[2], "MISSED", "node-off", now)
    planned(edition, clusters, now + timedelta(hours=5))
    write_pages(xa_a, now=now)
    return edition


@pytest.fixture
def site(written: Edition) -> Iterator[str]:
    handler = partial(Quiet, directory=str(folder(written.unit)))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def opened(browser: Browser, address: str, width: int, scheme: str) -> tuple[Page, list[str]]:
    wrong: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.goto(address, wait_until="networkidle")
    return page, wrong


@pytest.mark.parametrize(
    ("which", "width", "scheme"),
    [
        ("index", 1280, "light"),
        ("index", 360, "dark"),
        ("edition", 1280, "light"),
        ("edition", 360, "dark"),
        ("month", 360, "light"),
        ("withdrawn", 360, "light"),
    ],
)
def test_readable_for_everybody(
    browser: Browser,
    site: str,
    written: Edition,
    tmp_path: Path,
    which: str,
    width: int,
    scheme: str,
) -> None:
    gone = Edition.objects.exclude(withdrawn_at=None).get()
    path = {
        "index": "",
        "edition": paths.edition_path(written),
        "month": "2026/06/index.html",
        "withdrawn": paths.edition_path(gone),
    }[which]
    page, wrong = opened(browser, site + path, width, scheme)
    page.screenshot(path=str(tmp_path / f"{which}-{width}-{scheme}.png"), full_page=True)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert [v["id"] for v in found.response["violations"]] == []
    assert not wrong
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    fonts = page.evaluate("[...document.fonts].filter(f => f.status == 'loaded').length")
    assert fonts >= 2
    page.context.close()


def test_the_way_from_the_first_page_to_the_sound(
    browser: Browser, site: str, written: Edition
) -> None:
    page, _wrong = opened(browser, site, 360, "light")
    page.locator(f"a[href='{paths.edition_path(written)}']").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == written.title
    source = page.locator("audio source")
    sound = page.request.get(page.evaluate("s => s.src", source.element_handle()))
    assert sound.ok
    assert len(sound.body()) == written.audio_size
    page.context.close()
