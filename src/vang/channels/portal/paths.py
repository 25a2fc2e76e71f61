"""Where each page lies. Relative everywhere, so that the folder may be copied to any web server."""

import re
from datetime import date, datetime

from vang.base.clock import local_date
from vang.base.languages import VIETNAMESE
from vang.base.text import slug
from vang.bulletins.models import Category, Edition

INDEX = "index.html"
SCHEDULE = "lich-phat.html"
VILLAGES = "o-thon-toi.html"
LISTEN = "nghe-lai.html"
CORRECTIONS = "dinh-chinh.html"
CHECKED = "tin-da-kiem-tra.html"
ARCHIVE = "luu-tru.html"
SEARCH = "tim-kiem.html"
ABOUT = "gioi-thieu.html"
ACCESSIBILITY = "tro-nang.html"
OFFLINE = "ngoai-tuyen.html"
ENGLISH = {
    INDEX: "en/index.html",
    ABOUT: "en/about.html",
    ACCESSIBILITY: "en/accessibility.html",
}
RSS, ATOM, JSON_FEED, PODCAST = "rss.xml", "atom.xml", "feed.json", "podcast.xml"
SEARCH_INDEX = "search/index.json"
MOVED = ".moved"
"""In the folder of a unit that has become another: its first page leads on and stays so."""
_FOLDER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,15}")

# Addresses must not change with the wording of the categories.
CATEGORIES: dict[str, str] = {
    Category.POLICY_LAW: "chinh-sach-phap-luat",
    Category.EVENTS: "su-kien",
    Category.PROJECTS: "du-an-chuong-trinh",
    Category.LOCAL_LIFE: "kinh-te-van-hoa-xa-hoi",
    Category.SCIENCE: "khoa-hoc-ky-thuat",
    Category.SECURITY: "an-ninh-trat-tu-quoc-phong",
    Category.DISASTER: "thien-tai-chay-no-dich-benh",
    Category.ROLE_MODELS: "nguoi-tot-viec-tot",
    Category.AGAINST_WRONG: "phong-chong-vi-pham",
    Category.LOCAL_PRODUCTS: "hang-hoa-dich-vu",
    Category.DIRECTION: "thong-bao-dieu-hanh",
}


def folder_name(code: str) -> str:
    """The folder of the unit with this code. Raises ValueError for a code unfit for a file name."""
    if not _FOLDER_NAME.fullmatch(code):
        raise ValueError("unit code is not a folder name")
    return code


def month_folder(released_at: datetime) -> str:
    """``2026/06``, by the calendar of Vietnam."""
    return f"{local_date(released_at):%Y/%m}"


def edition_path(edition: Edition, language: str = VIETNAMESE) -> str:
    """``2026/06/lich-cat-dien-1a2b3c4d.html``: the same for ever, and apart for equal titles.

    In another language ``….en.html``.
    """
    words = slug(edition.title)
    name = f"{words}-{edition.pk.hex[:8]}" if words else edition.pk.hex[:8]
    ending = "html" if language == VIETNAMESE else f"{language}.html"
    return f"{month_folder(edition.released_at)}/{name}.{ending}"


def month_path(month: date) -> str:
    """The list of one month's notices."""
    return f"{month:%Y/%m}/{INDEX}"


def category_path(category: str, year: int | None = None) -> str:
    """The newest of one category, or all of one year."""
    name = CATEGORIES[category]
    return f"chu-de/{name}.html" if year is None else f"chu-de/{name}-{year}.html"


def audio_path(sha256: str, kind: str = "opus") -> str:
    """``kind`` is opus, or mp3 for what cannot play it."""
    return f"audio/{sha256}.{kind}"


def picture_path(sha256: str, ending: str) -> str:
    """``ending`` is webp or jpg."""
    return f"anh/{sha256}.{ending}"


def document_path(sha256: str, ending: str) -> str:
    """``ending`` with its dot."""
    return f"tep/{sha256}{ending}"


def way_up(path: str) -> str:
    """From a page back to the unit's folder: ``../../`` for a page two folders deep."""
    return "../" * path.count("/")
