"""Pictures and documents of a notice: on its page, in the feeds, and gone when it is over."""

import hashlib
import json
import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import feedparser
import pytest
from django.test import Client

from tests.channels.portal.publishing import (
    brought,
    delivery,
    folder,
    page,
    released,
    write_pages,
)
from tests.channels.releasing import corrected
from tests.library.material import notice, picture
from vang.bulletins.models import Edition, EditionAttachment
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.material import documents_of, pictures_of, public_files
from vang.channels.working import work_off
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.models import Person

PAGE = "<!doctype html><title>Chi</title><p>Chỉ thị số 5.</p><script>alert(1)</script>".encode()


@pytest.fixture
def photo(xa_a: Unit, an: Person, now: datetime) -> Item:
    return brought(xa_a, an, now, picture(1200, 800, place=True), "hoa.jpg")


@pytest.fixture
def paper(xa_a: Unit, an: Person, now: datetime) -> Item:
    return brought(xa_a, an, now, notice(), "Thông báo số 45.docx")


@pytest.fixture
def edition(
    xa_a: Unit, an: Person, binh: Person, now: datetime, photo: Item, paper: Item
) -> Edition:
    found = released(xa_a, an, binh, now, items=[photo, paper])
    write_pages(xa_a, now=now)
    return found


def lying(unit: Unit) -> set[str]:
    root = folder(unit)
    return {
        str(one.relative_to(root)) for name in ("anh", "tep") for one in (root / name).glob("*")
    }


def test_the_page_shows_what_was_approved_with_its_words_and_sizes(edition: Edition) -> None:
    html = unescape(page(edition))
    (shown,), (offered,) = pictures_of(edition), documents_of(edition)
    assert 'alt="Chợ hoa bên sông"' in html
    assert "Nguồn: Lê Đức" in html
    assert [one.width for one in shown.webp] == [480, 960, 1200]
    assert f'srcset="../../{shown.webp[0].path} 480w, ' in html
    assert f'width="{shown.middle.width}" height="{shown.middle.height}"' in html
    assert f'download="thong-bao-so-45.docx">{offered.caption}</a>' in html
    assert "(DOCX, " in html
    assert "(JPG, " in html
    told = json.loads(re.findall(r'ld\+json">(.*?)</script>', page(edition))[0])
    assert told["image"][0].endswith(shown.largest.path)


def test_every_file_is_the_one_that_the_approval_bound(edition: Edition, photo: Item) -> None:
    files = public_files(edition)
    assert lying(edition.unit) == {one.path for one in files}
    for one in files:
        content = (folder(edition.unit) / one.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one.sha256
        assert len(content) == one.size
    assert photo.sha256 not in {one.sha256 for one in files}, "the original holds the place"


def test_they_are_sent_with_their_kind_and_kept_for_ever(client: Client, edition: Edition) -> None:
    for one in public_files(edition):
        answer = client.get(f"/pages/{edition.unit.code}/{one.path}")
        assert answer["Content-Type"] == one.kind
        assert "immutable" in answer["Cache-Control"]
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_page_of_markup_is_handed_out_as_plain_text(
    client: Client, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    item = brought(xa_a, an, now, PAGE, "chi-thi.html")
    edition = released(xa_a, an, binh, now, items=[item])
    write_pages(xa_a, now=now)
    (offered,) = documents_of(edition)
    assert offered.name == "chi-thi.txt"
    answer = client.get(f"/pages/{xa_a.code}/{offered.file.path}")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_a_withdrawal_removes_them_from_page_folder_and_feeds(
    edition: Edition, binh: Person, now: datetime
) -> None:
    withdraw_bulletin(bulletin=edition.bulletin, reason="Sai.", by=binh, now=now)
    write_pages(edition.unit, now=now)
    assert lying(edition.unit) == set()
    assert '<img src="../../anh' not in page(edition)
    assert "/tep/" not in page(edition)
    for path in (paths.RSS, paths.ATOM, paths.JSON_FEED):
        content = (folder(edition.unit) / path).read_text()
        assert "/anh/" not in content
        assert "/tep/" not in content


def test_what_another_notice_shows_stays(
    edition: Edition, xa_a: Unit, an: Person, binh: Person, now: datetime, photo: Item
) -> None:
    other = released(xa_a, an, binh, now, title="Khác", items=[photo])
    write_pages(xa_a, now=now)
    corrected(edition, an, binh, now)
    write_pages(xa_a, now=now)
    # The correction was written anew without attachments; the other notice keeps its picture.
    assert lying(xa_a) == {one.path for one in public_files(other)}


def test_a_stored_file_that_is_not_the_approved_one_is_never_shown(
    xa_a: Unit, an: Person, binh: Person, now: datetime, data: Path, paper: Item
) -> None:
    edition = released(xa_a, an, binh, now, items=[paper])
    stored = next(data.glob(f"files/**/{paper.sha256}*"))
    whole = stored.read_bytes()
    stored.chmod(0o644)
    stored.write_bytes(whole + b"!")
    work_off(now=now)
    assert delivery(edition).state == "FAILED"
    assert "tài liệu" in delivery(edition).detail
    assert lying(xa_a) == set()
    stored.write_bytes(whole)
    work_off(now=now + timedelta(minutes=2))
    assert delivery(edition).state == "DONE"


def test_feeds_carry_them(edition: Edition) -> None:
    root = folder(edition.unit)
    (shown,), (offered,) = pictures_of(edition), documents_of(edition)
    atom = feedparser.parse((root / paths.ATOM).read_bytes()).entries[0]
    found = {one["href"].rpartition("/pages/")[2]: one["type"] for one in atom.enclosures}
    for file in (shown.middle, offered.file):
        assert found[f"{edition.unit.code}/{file.path}"] == file.kind
    rss = feedparser.parse((root / paths.RSS).read_bytes()).entries[0]
    assert 'alt="Chợ hoa bên sông"' in rss.content[0].value
    assert offered.file.path in rss.content[0].value
    (item,) = json.loads((root / paths.JSON_FEED).read_text())["items"]
    assert item["image"].endswith(shown.middle.path)
    assert {one["mime_type"] for one in item["attachments"]} >= {"image/jpeg", offered.file.kind}


def test_hostile_words_beside_a_picture_stay_words(edition: Edition) -> None:
    words = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    row = EditionAttachment.objects.filter(edition=edition)[0]
    hostile = EditionAttachment(
        edition=edition, item=row.item, place=9, kind=row.kind, caption=words, alt_text=words,
        credit=words, sha256=row.sha256, file_name=words, media_type=row.media_type,
        size=row.size, pictures=row.pictures,
    )  # fmt: skip
    hostile.save()
    write_pages(edition.unit, now=edition.released_at, everything=True)
    assert unescape(page(edition)).count("alert(2)") == 3
    assert "<img src=x" not in page(edition)
    assert "<script>alert" not in page(edition)
