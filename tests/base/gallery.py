"""A little site that shows every component, served without a database.

``python -m tests.base.gallery FOLDER [PAGE …]`` writes screenshots of it.
"""

import os
import sys
import threading
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from zoneinfo import ZoneInfo

import django
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.test import override_settings
from django.urls import include, path
from django.views.i18n import set_language
from django_htmx.http import trigger_client_event
from playwright.sync_api import sync_playwright

from tests.browsing import BROWSER, BROWSER_ARGUMENTS
from vang.base.calendars import Entry, month_of, week_of
from vang.base.charts import Chart, ChartRow, by_day
from vang.base.daystrip import Span, day_strip
from vang.base.matrices import Cell, Matrix, MatrixRow
from vang.base.states import LOOKS
from vang.base.theme import set_theme
from vang.base.threads import Remark
from vang.base.undo import Offer
from vang.base.widgets import DateInput, LongText, TimeInput

VILLAGES = [(str(n), f"Thôn Thuận {n}") for n in range(1, 7)]
MORNING = datetime(2026, 6, 10, 5, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CLUSTERS = ("Cụm UBND xã", "Cụm Thuận 1", "Cụm Thuận 2")
TEXT = (
    "THÔNG BÁO\nVề việc tạm ngừng cung cấp điện ngày 12/6/2026\n\n"
    "Điện lực Quế Sơn thông báo: từ 6h30 đến 17h00 ngày 12/6/2026, tạm ngừng cung cấp điện tại "
    "thôn Thuận 1 và thôn Thuận 2 để sửa chữa đường dây 22 kV.\n\n"
    "Đề nghị các hộ dân tắt các thiết bị điện trước giờ cắt điện và không lại gần nơi đang "
    "thi công. Mọi thắc mắc xin gọi số 19001909."
)


SAVED: list[str] = []  # titles that autosave brought, newest last


class Someone:
    """Stands for a signed-in person where there is no database."""

    pk = 7
    is_authenticated = True

    def __str__(self) -> str:
        return "Nguyễn Văn An"


class BulletinForm(forms.Form):
    title = forms.CharField(label="Tiêu đề", max_length=200)
    text = forms.CharField(
        label="Nội dung",
        widget=LongText(),
        max_length=50_000,
        help_text="Viết như khi đọc cho bà con nghe: câu ngắn, rõ ngày giờ.",
    )
    category = forms.ChoiceField(
        label="Loại thông tin",
        choices=[("a", "Thông báo của chính quyền"), ("b", "Phòng, chống thiên tai")],
    )
    priority = forms.ChoiceField(
        label="Mức ưu tiên",
        widget=forms.RadioSelect,
        choices=[("NORMAL", "Thông thường"), ("PRIORITY", "Ưu tiên"), ("EMERGENCY", "Khẩn cấp")],
    )
    villages = forms.MultipleChoiceField(
        label="Thôn được nghe",
        widget=forms.CheckboxSelectMultiple,
        choices=VILLAGES,
        help_text="Không chọn thôn nào nghĩa là phát cho toàn xã.",
        required=False,
    )
    day = forms.DateField(label="Ngày phát", widget=DateInput())
    hour = forms.TimeField(label="Giờ phát", widget=TimeInput(), required=False)
    file = forms.FileField(
        label="Tệp ghi âm",
        required=False,
        help_text="Tệp .mp3, .wav, .m4a hoặc .ogg, tối đa 50 MB.",
    )
    sure = forms.BooleanField(label="Tôi đã đọc lại toàn bộ nội dung")


GROUPS: tuple[tuple[str, str, str, tuple[tuple[str, str, str, int, str], ...]], ...] = (
    ("home", "", "", (("home", "Việc cần làm", "checklist", 3, "Việc"),)),
    (
        "writing",
        "Soạn tin",
        "pencil",
        (
            ("bulletins", "Bản tin", "news", 2, "Bản tin"),
            ("edit", "Kho ghi âm", "microphone", 0, ""),
        ),
    ),
    (
        "air",
        "Phát sóng",
        "broadcast",
        (("day", "Lịch phát", "calendar-time", 0, "Lịch"), ("nodes", "Cụm loa", "", 0, "Loa")),
    ),
    (
        "settings",
        "Thiết lập",
        "settings",
        (("dictionary", "Từ điển phát âm", "book-2", 4, ""), ("people", "Cán bộ", "users", 0, "")),
    ),
)


class FilterForm(forms.Form):
    """What a list is filtered by."""

    state = forms.ChoiceField(
        label="Trạng thái",
        choices=[("", "Mọi trạng thái"), ("DRAFT", "Bản thảo"), ("RELEASED", "Đã phát hành")],
        required=False,
    )
    since = forms.DateField(label="Từ ngày", widget=DateInput(), required=False)


REMARKS = [
    Remark(
        "1",
        "Trần Thị Bình",
        MORNING,
        "Ghi rõ giờ theo thông báo mới của Điện lực.",
        quote="từ 6h30 đến 17h00",
        replies=[Remark("2", "Nguyễn Văn An", MORNING, "Đã sửa thành 7h00.")],
        reply_url="/toast",
        settle_url="/toast",
        settle_label="Xong",
    ),
    Remark("3", "Nguyễn Văn An", MORNING, "Cần phát cả thôn Thuận 3?", state="finished"),
]
MATRIX = Matrix(
    "Phiên bản theo ngôn ngữ và mức độ",
    "Ngôn ngữ",
    ("Toàn văn", "Bản đọc ngắn", "Một dòng", "Âm thanh"),
    [
        MatrixRow(
            "Tiếng Việt", [Cell(state="yes"), Cell(state="yes"), Cell(state="yes"), Cell("2 phút")]
        ),
        MatrixRow(
            "Tiếng Cơ Tu",
            [
                Cell(state="yes", url="#"),
                Cell(state="no"),
                Cell("dài quá", "part"),
                Cell(state="missed"),
            ],
            note="cụm Thuận 3",
        ),
    ],
)
_WEEK = [MORNING.date() + timedelta(days=n) for n in range(14)]
AIRTIME = Chart(
    "airtime",
    "Thời lượng phát",
    "Ngày",
    ("Tự sản xuất", "Tiếp âm"),
    [by_day(day, (12 + n % 5 * 3, 30 if n % 7 else 0)) for n, day in enumerate(_WEEK)],
    unit="phút",
    lead="Từ 10/06/2026 đến 23/06/2026",
    downloads=[("CSV", "#"), ("XLSX", "#")],
)
LATENESS = Chart(
    "lateness",
    "Từ khi duyệt đến khi phát",
    "Ngày",
    ("Một nửa số bản tin", "Chín phần mười"),
    [by_day(day, (40 + n, None if n == 5 else 90 + 7 * n)) for n, day in enumerate(_WEEK)],
    kind="lines",
    unit="phút",
)
CATEGORIES = Chart(
    "categories",
    "Theo loại thông tin",
    "Loại",
    ("Tự sản xuất", "Tiếp âm"),
    [
        ChartRow("Thông báo của chính quyền", (125.5, 0)),
        ChartRow("Chủ trương, pháp luật", (48, 210.25), url="#"),
        ChartRow("Phòng, chống thiên tai", (12.25, 3)),
    ],
    kind="meters",
    unit="phút",
    decimals=1,
)


def navigation(active: str) -> list[dict[str, Any]]:
    """As vang.desk.navigation gives it."""
    return [
        {
            "name": name,
            "label": label,
            "icon": icon,
            "open": name != "settings",
            "count": sum(place[3] for place in places),
            "lines": [_line(place, active) for place in places],
        }
        for name, label, icon, places in GROUPS
    ]


def _line(place: tuple[str, str, str, int, str], active: str) -> dict[str, Any]:
    name, label, icon, count, short = place
    return {
        "label": label,
        "url": f"/{name}",
        "icon": icon or "speakerphone",
        "active": name == active,
        "count": count,
        "short": short,
    }


def console(request: HttpRequest) -> dict[str, Any]:
    """In place of the console's own context processor."""
    sections = navigation(request.path.strip("/"))
    return {
        "navigation": sections,
        "dock": [line for section in sections for line in section["lines"] if line["short"]],
        "user": Someone(),
        "current_unit": "Xã Quế Thuận",
        "current_role": "Người soạn, xã Quế Thuận",
        "unit_choices": [
            {"value": 1, "label": "Xã Quế Thuận", "active": True},
            {"value": 2, "label": "Xã Quế Phong", "active": False},
        ],
        "unit_switch_url": "/unit",
        "undo_offers": [
            Offer("abc", "Đã dừng: Lịch cắt điện ngày 12/6.", MORNING, fresh=True),
            Offer("def", "Đã bỏ khỏi lịch phát: Họp thôn.", MORNING, fresh=False),
        ]
        if request.path == "/bulletins"
        else [],
        "demonstration": True,
    }


def strip() -> Any:
    spans = [
        Span(1, time(5, 0), 180, "Nhạc hiệu và chào buổi sáng", "done", CLUSTERS),
        Span(2, time(5, 3), 420, "Thông báo lịch cắt điện ngày 12/6", "done", CLUSTERS, url="#"),
        Span(3, time(5, 10), 900, "Bản tin xã", "playing", CLUSTERS, url="#"),
        Span(4, time(5, 30), 600, "Tiếp âm Đài tỉnh", "planned", CLUSTERS[:1]),
        Span(5, time(13, 5), 60, "Cảnh báo mưa lớn", "planned", CLUSTERS, url="#"),
        Span(6, time(17, 0), 420, "Lịch tiêm chủng tháng 6", "armed", CLUSTERS[1:], url="#"),
        Span(
            7,
            time(17, 10),
            600,
            "Gương người tốt: tổ dân vận thôn Thuận 3",
            "missed",
            CLUSTERS[2:],
            url="#",
            note="Quá dài so với khung giờ; chỗ trống tiếp theo 05:20 11/06/2026",
        ),
    ]
    return day_strip(
        spans,
        lanes=CLUSTERS,
        windows=[(time(5), time(6, 30)), (time(16, 30), time(18))],
        now=time(5, 16),
    )


def home(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Đã gửi bản tin “Lịch cắt điện” đi duyệt.")
    return render(request, "gallery/home.html", {"strip": strip(), "morning": MORNING})


def bulletins(request: HttpRequest) -> HttpResponse:
    rows = [
        ("Lịch cắt điện ngày 12/6/2026", "DRAFT", "Thông báo", 1),
        ("Tiêm chủng mở rộng tháng 6", "IN_REVIEW", "Y tế", 2),
        ("Phòng, chống bệnh dại", "RETURNED", "Y tế", 3),
        ("Họp thôn góp ý nghị quyết", "APPROVED", "Chủ trương, pháp luật", 4),
        ("Mưa lớn diện rộng", "RELEASED", "Thiên tai", 5),
        ("Vệ sinh đường làng", "EXPIRED", "Đời sống địa phương", 6),
        ("Thông báo nhầm ngày", "WITHDRAWN", "Thông báo", 7),
    ]
    tabs = [
        {"label": "Tất cả", "url": "?", "active": True, "count": 128},
        {"label": "Của tôi", "url": "?mine", "active": False, "count": 12},
        {"label": "Chờ duyệt", "url": "?review", "active": False, "count": 3},
    ]
    page = Paginator(range(128), 20).page(2)
    return render(
        request, "gallery/bulletins.html", {"rows": rows, "tabs": tabs, "page": page, "at": MORNING}
    )


def edit(request: HttpRequest) -> HttpResponse:
    data = {
        "title": "",
        "text": TEXT,
        "priority": "PRIORITY",
        "villages": ["1", "2"],
        "category": "a",
    }
    if request.method == "POST" and "refuse" not in request.GET:
        return redirect("/home")
    if request.method == "POST":
        data |= {"title": request.POST["title"]}
    form = BulletinForm(data if "wrong" in request.GET else None, initial=data)
    return render(
        request,
        "gallery/edit.html",
        {
            "form": form,
            "answer": request.GET.get("answer", "204"),
            "kept_at": request.GET.get("kept_at", ""),
        },
    )


def autosave(request: HttpRequest, answer: int) -> HttpResponse:
    """Takes what is sent and answers as the test wishes."""
    SAVED.append(request.POST.get("title", ""))
    return redirect("/sign-in") if answer == 302 else HttpResponse(status=answer)


def review(request: HttpRequest) -> HttpResponse:
    after = TEXT.replace("6h30", "7h00").replace("thôn Thuận 1 và thôn Thuận 2", "thôn Thuận 1")
    steps = [
        ("Soạn", "done"),
        ("Trình duyệt", "done"),
        ("Duyệt", "current"),
        ("Lên lịch", "todo"),
        ("Phát", "todo"),
    ]
    returned = [("Soạn", "done"), ("Trình duyệt", "done"), ("Trả lại", "problem"), ("Phát", "todo")]
    return render(
        request,
        "gallery/review.html",
        {
            "text": TEXT,
            "after": after,
            "hash": "3f9a17c2e08b44d1" * 4,
            "steps": steps,
            "returned": returned,
        },
    )


def day(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/day.html", {"strip": strip(), "at": MORNING})


def nodes(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/nodes.html", {"at": MORNING})


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/components.html", {"states": list(LOOKS), "at": MORNING})


def panels(request: HttpRequest) -> HttpResponse:
    """Texts side by side, a talk, a matrix, calendars, charts, filters."""
    after = TEXT.replace("6h30", "7h00").replace("thôn Thuận 1 và thôn Thuận 2", "thôn Thuận 1")
    day, today = MORNING.date(), MORNING.date()
    entries = [
        Entry(today + timedelta(days=n % 9), f"Bản tin số {n}", time(5 + n % 12, 0), "#", tone)
        for n, tone in enumerate(["ok", "warn", "bad", "note", "wait", "plain"] * 3)
    ]
    return render(
        request,
        "gallery/panels.html",
        {
            "text": TEXT,
            "after": after,
            "remarks": REMARKS,
            "matrix": MATRIX,
            "weeks": month_of(day, entries, today=today, link="/day?{day}"),
            "days": week_of(day, entries, today=today, link="/day?{day}"),
            "views": [
                {"label": "Tuần", "url": "#", "active": False},
                {"label": "Tháng", "url": "#", "active": True},
            ],
            "bars": AIRTIME,
            "lines": LATENESS,
            "meters": CATEGORIES,
            "nothing": Chart("none", "Chưa có gì", "Ngày", ("Phút",), ()),
            "filters": FilterForm(request.GET if "state" in request.GET else None),
        },
    )


def take_file(request: HttpRequest) -> HttpResponse:
    """Takes a file, or refuses it with the form again."""
    SAVED.append(request.FILES["file"].name or "")
    if "refuse" in request.GET:
        messages.error(request, "Tệp này không phải là tệp âm thanh.")
        return render(request, "gallery/upload.html", {"form": BulletinForm()}, status=422)
    return redirect("/home")


def words(request: HttpRequest) -> HttpResponse:
    """What htmx gets from a button that only wants a toast."""
    told = {"text": "Đã dừng", "kind": "ok", "undo": "abc"}
    return trigger_client_event(HttpResponse(), "vang:toast", told)


def sound(request: HttpRequest) -> HttpResponse:
    """A tenth of a second of silence."""
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(1600))
    return HttpResponse(file.getvalue(), content_type="audio/wav")


def plain(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, {"form": BulletinForm()})


PEOPLE = (
    [path("sign-out", home, name="sign-out"), path("account", home, name="account")],
    "people",
)
DESK_PAGES = (
    ("undo", "undo"),
    ("undo/keep", "leave-it"),
    ("search", "search"),
    ("palette", "palette"),
    ("opened", "opened"),
)
HELP = ([path("screen", home, name="screen"), path("", home, name="contents")], "help")
DESK = ([path(address, home, name=name) for address, name in DESK_PAGES], "desk")
urlpatterns = [
    path("", home),
    path("home", home),
    path("bulletins", bulletins),
    path("edit", edit),
    path("review", review),
    path("day", day),
    path("nodes", nodes),
    path("components", components),
    path("panels", panels),
    path("upload", plain, {"template": "gallery/upload.html"}),
    path("take-file", take_file),
    path("sign-in", plain, {"template": "gallery/sign_in.html"}),
    path("error-<int:code>", lambda request, code: render(request, f"{code}.html")),
    path("portal", plain, {"template": "gallery/portal.html"}),
    path("autosave/<int:answer>", autosave),
    path("toast", words),
    path("sound.wav", sound),
    path("poll", plain, {"template": "gallery/poll.html"}),
    path("language", set_language, name="set_language"),
    path("appearance", set_theme, name="set_theme"),
    path("account/", include(PEOPLE)),
    path("desk/", include(DESK)),
    path("help/", include(HELP)),
]
PAGES = (
    "home",
    "bulletins",
    "edit",
    "edit?wrong",
    "review",
    "day",
    "nodes",
    "components",
    "panels",
    "panels?state=RELEASED&since=2026-06-01",
    "upload",
    "sign-in",
    "error-404",
    "error-500",
    "portal",
)


def gallery_settings() -> Any:
    usual: dict[str, Any] = settings.TEMPLATES[0]
    options = {
        **usual["OPTIONS"],
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.messages.context_processors.messages",
            "tests.base.gallery.console",
        ],
        "string_if_invalid": "UNDEFINED:%s",
    }
    folder = Path(__file__).parent / "gallery_templates"
    return override_settings(
        ROOT_URLCONF="tests.base.gallery",
        TEMPLATES=[{**usual, "DIRS": [folder], "OPTIONS": options}],
        FILE_UPLOAD_HANDLERS=["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
        MIDDLEWARE=[
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
    )


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """The test tells what matters."""


@contextmanager
def serve() -> Iterator[str]:
    """The gallery on a free port; gives its address."""
    with gallery_settings():
        server = WSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


SCREENS = ((1366, 768), (390, 844))


def picture(folder: Path, names: Sequence[str]) -> None:
    """Screenshots of the pages, by day and night, on an office PC and a telephone."""
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=BROWSER_ARGUMENTS)
        for scheme, (width, height) in product(("light", "dark"), SCREENS):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="light" if scheme == "light" else "dark",
                locale="vi-VN",
            )
            for name in names:
                page.goto(f"{address}/{name}")
                file = f"{name.partition('?')[0]}{'-2' * ('?' in name)}-{scheme}-{width}.png"
                page.screenshot(path=folder / file, full_page=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    picture(target, sys.argv[2:] or PAGES)
