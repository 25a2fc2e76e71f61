"""The pages beside the notices: schedule, sounds, corrections, subjects, organisation, English."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.channels.portal.publishing import (
    became,
    cluster,
    folder,
    index,
    page,
    planned,
    released,
    write_pages,
)
from tests.channels.portal.test_pages import visible
from tests.channels.releasing import BECAUSE, MENDED, WRONG, corrected
from vang.airtime.models import QuietZone
from vang.base.files import FileStore
from vang.bulletins.models import EditionWording
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.channels.portal.addresses import site_url
from vang.channels.portal.assets import bundle
from vang.channels.portal.freshness import refresh_due
from vang.channels.portal.telling import save_profile, save_section
from vang.orgs.models import Unit
from vang.people.models import Person


def read(unit: Unit, path: str) -> str:
    return (folder(unit) / path).read_text(encoding="utf-8")


def json_ld(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_the_schedule_tells_the_week_where_and_why(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one, two = cluster(xa_a, 1), cluster(xa_a, 2)
    yesterday = planned(edition, [one], now - timedelta(days=1))
    became(yesterday, one, "DONE", "", now)
    planned(edition, [one, two], now + timedelta(hours=5))
    planned(edition, [two], now + timedelta(days=6))
    write_pages(xa_a, now=now)
    said = visible(read(xa_a, paths.SCHEDULE))
    assert "Thứ Ba 09/06/2026 12:00 Lịch cắt điện Cụm Thuận 1" in said
    assert "đã phát" in said
    assert "Thứ Tư 10/06/2026 · hôm nay 17:00 Lịch cắt điện Tất cả các cụm loa" in said
    assert "Thứ Ba 16/06/2026 12:00 Lịch cắt điện Cụm Thuận 2" in said
    assert "Thứ Năm 11/06/2026 Không có lịch phát trong ngày này." in said
    assert "Loa chỉ phát nội dung đã được Ủy ban nhân dân xã Quế Thuận duyệt" in said


def test_a_correction_stands_on_top_and_the_old_page_leads_to_it(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    sound = folder(xa_a) / paths.audio_path(edition.audio_sha256)
    assert sound.is_file()
    correction = corrected(edition, an, binh, later)
    write_pages(xa_a, now=later)
    new, old = visible(page(correction)), page(edition)
    assert WRONG in new
    assert BECAUSE in new
    assert MENDED in new
    assert f"<s>{edition.title}</s>" in old
    assert f"<del>{edition.text}</del>" in old
    assert "Bản tin này đã được đính chính. Từ 12:05 10/06/2026" in visible(old)
    assert paths.edition_path(correction).rpartition("/")[2] in old
    assert "<audio" not in old
    assert not sound.exists()
    assert "Đã đính chính, thu hồi 10/06/2026" in visible(index(xa_a))
    listed = visible(read(xa_a, paths.CORRECTIONS))
    assert WRONG in listed
    assert BECAUSE in listed
    month = read(xa_a, "2026/06/index.html")
    assert f"<s>{edition.title}</s>" in month
    assert "application/ld+json" not in old
    assert json_ld(page(correction))["correction"]["text"] == WRONG  # type: ignore[index]


def test_after_two_corrections_every_old_page_leads_to_the_newest(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    first = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    second = corrected(first, an, binh, later)
    write_pages(xa_a, now=later)
    third = corrected(second, an, binh, later + timedelta(minutes=1))
    write_pages(xa_a, now=later + timedelta(minutes=1))
    newest = paths.edition_path(third).rpartition("/")[2]
    assert newest in page(first)
    assert newest in page(second)


def test_what_was_withdrawn_before_anybody_saw_it_is_told_too(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    withdraw_bulletin(
        bulletin=edition.bulletin, reason="Nhầm.", by=binh, now=now, publicly="UNINTENDED"
    )
    write_pages(xa_a, now=now)
    assert "phát hành nhầm" in visible(page(edition))
    assert "Thu hồi: phát hành nhầm." in visible(read(xa_a, paths.CORRECTIONS))


def test_subjects_and_months_lead_to_everything_without_a_script(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    old = released(xa_a, an, binh, now - timedelta(days=400), title="Tin năm trước")
    new = released(xa_a, an, binh, now, title="Tin năm nay")
    write_pages(xa_a, now=now)
    newest = read(xa_a, paths.category_path(new.category))
    assert "Tin năm nay" in newest
    assert "Tin năm trước" in newest
    by_year = read(xa_a, paths.category_path(old.category, 2025))
    assert "Tin năm trước" in by_year
    assert "Tin năm nay" not in by_year
    archive = visible(read(xa_a, paths.ARCHIVE))
    assert "2026 Tháng 06/2026 (1)" in archive
    assert "2025 Tháng 05/2025 (1)" in archive


def test_organisation_and_contact_in_both_languages(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime, later: datetime
) -> None:
    write_pages(xa_a, now=now)
    save_profile(
        unit=xa_a,
        fields={
            "name_en": "Que Thuan Commune",
            "phone": "0235 3886 123",
            "responsible_name": "Trần Thị Bình",
            "responsible_title": "Phó Chủ tịch",
            "responsible_title_en": "Vice Chairperson",
            "about": "Xã có ba thôn. <script>alert(1)</script>",
            "about_en": "Three villages.",
        },
        by=quan,
        now=later,
    )
    save_section(
        unit=xa_a,
        section=None,
        fields={"name": "Văn phòng", "name_en": "Office", "head_name": "Võ Quân"},
        by=quan,
        now=later,
    )
    refresh_due(now=later)
    vietnamese = visible(read(xa_a, paths.ABOUT))
    english = visible(read(xa_a, paths.ENGLISH[paths.ABOUT]))
    for words in ("0235 3886 123", "Trần Thị Bình", "Phó Chủ tịch", "Văn phòng", "Võ Quân"):
        assert words in vietnamese
    for words in ("Que Thuan Commune", "Vice Chairperson", "Office", "Three villages."):
        assert words in english
    assert "alert(1)" in vietnamese
    assert "<script>alert" not in read(xa_a, paths.ABOUT)
    assert 'href="tel:02353886123"' in index(xa_a)


def test_the_english_shell_marks_what_is_vietnamese(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    html = read(xa_a, paths.ENGLISH[paths.INDEX])
    assert '<html lang="en"' in html
    assert "Notices of" in html
    assert f'lang="vi"><a href="../{paths.edition_path(edition)}">' in html
    assert 'href="../index.html" hreflang="vi"' in html


def test_each_language_has_a_page_and_a_sound_of_its_own(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    EditionWording.objects.bulk_create(
        [
            EditionWording(
                edition=edition, language="en", level="FULL", title="Power cut", text="Friday."
            ),
            EditionWording(edition=edition, language="vi", level="ONE_LINE", text="Cắt điện."),
        ]
    )
    write_pages(xa_a, now=now)
    english = read(xa_a, paths.edition_path(edition, "en"))
    assert '<h1 lang="en">Power cut</h1>' in english
    assert 'item-text" lang="en"' in english
    assert "<audio" not in english
    assert "Bản tin này chưa có bản đọc bằng thứ tiếng này." in english
    whole = f'hreflang="vi" href="{site_url(xa_a)}{paths.edition_path(edition)}"'
    assert whole in english
    assert whole in page(edition)
    assert "Friday." in english
    assert paths.edition_path(edition, "en").rpartition("/")[2] in page(edition)
    assert 'hreflang="en"' in page(edition)
    assert not (folder(xa_a) / paths.edition_path(edition, "ktv")).exists()


def test_a_language_has_its_own_sound_and_a_borrowed_title_is_said_to_be_vietnamese(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    sound = FileStore(folder(xa_a).parent.parent / "files").put(b"OggS tien Co Tu")
    EditionWording.objects.create(
        edition=edition,
        language="ktv",
        level="SPOKEN",
        text="Prá Cơ Tu.",
        audio_sha256=sound,
        audio_size=15,
        duration_ms=7000,
    )
    write_pages(xa_a, now=now)
    html = read(xa_a, paths.edition_path(edition, "ktv"))
    assert paths.audio_path(sound) in html
    assert paths.audio_path(edition.audio_sha256) not in html
    assert (folder(xa_a) / paths.audio_path(sound)).read_bytes() == b"OggS tien Co Tu"
    assert f"<h1>{edition.title}</h1>" in html
    assert 'item-text" lang="ktv"' in html
    assert paths.audio_path(sound) not in page(edition)


def test_json_ld_cannot_end_its_element(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    title = "Bão </script><img src=x onerror=alert(1)> & mưa"
    edition = released(xa_a, an, binh, now, title=title)
    write_pages(xa_a, now=now)
    assert json_ld(page(edition))["headline"] == title
    assert json_ld(page(edition))["@type"] == "NewsArticle"
    assert "</script><img" not in page(edition)


def test_a_disaster_is_a_special_announcement(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now, category="DISASTER")
    write_pages(xa_a, now=now)
    kinds = [one["@type"] for one in json_ld(page(edition))["@graph"]]  # type: ignore[attr-defined]
    assert kinds == ["NewsArticle", "SpecialAnnouncement"]


def test_installable_and_kept_offline(xa_a: Unit, now: datetime) -> None:
    write_pages(xa_a, now=now)
    manifest = json.loads(read(xa_a, "manifest.webmanifest"))
    assert (manifest["name"], manifest["display"]) == ("Xã Quế Thuận", "standalone")
    for icon in manifest["icons"]:
        assert (folder(xa_a) / icon["src"]).is_file()
    worker = read(xa_a, "sw.js")
    told = json.loads(re.search(r"const SITE = (\{.*?\});", worker)[1])  # type: ignore[index]
    assert told["version"] == bundle().version
    for name in told["shell"]:
        assert (folder(xa_a) / name).is_file(), name


def test_the_cache_has_another_name_when_any_asset_changes() -> None:
    carried = bundle()
    changed = replace(carried, files={**carried.files, "mark.svg": b"x"})
    assert changed.version != carried.version


def test_the_district_lists_its_communes_and_their_newest(
    xa_a: Unit,
    xa_b: Unit,
    district: Unit,
    an: Person,
    binh: Person,
    now: datetime,
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    write_pages(xa_b, now=now)
    assert refresh_due(now=now) == [district.code]
    html = index(district)
    assert f'href="../{xa_a.code}/{paths.edition_path(edition)}"' in html
    assert f'href="../{xa_b.code}/"' in html
    assert "Xã Quế Phong" in visible(html)
    found = json.loads(read(district, paths.SEARCH_INDEX))
    assert found["units"] == ["Xã Quế Phong", "Xã Quế Thuận"]
    assert found["recent"][0][0] == f"../{xa_a.code}/{paths.edition_path(edition)}"
    assert found["recent"][0][5] == 2


def test_fifty_thousand_characters_and_two_hundred_in_the_title_fit_everywhere(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    title = ("Thông báo rất dài " * 12)[:199].strip()
    released(xa_a, an, binh, now, title=title, text=("Đường dây. " * 4600)[:49_990])
    write_pages(xa_a, now=now)
    assert title in index(xa_a)
    assert len(index(xa_a).encode()) < 30_000


@pytest.mark.parametrize("path", [paths.INDEX, paths.SCHEDULE, paths.ABOUT, paths.SEARCH])
def test_pages_are_small(xa_a: Unit, an: Person, binh: Person, now: datetime, path: str) -> None:
    for number in range(12):
        released(xa_a, an, binh, now, title=f"Tin số {number}", text="Nội dung. " * 300)
    write_pages(xa_a, now=now)
    assert len(read(xa_a, path).encode()) < 20_000


def test_a_village_reads_what_it_hears_and_when_it_is_quiet(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one, two = cluster(xa_a, 1), cluster(xa_a, 2)
    for number, there in ((1, one), (2, two)):
        there.villages.set(Unit.objects.filter(code=f"{xa_a.code}.0{number}"))
    QuietZone.objects.create(
        cluster=two,
        quiet=[["11:30", "13:30"]],
        because="cạnh trường học",
        changed_by=binh,
        changed_at=now,
    )
    planned(edition, [one], now + timedelta(hours=5))
    write_pages(xa_a, now=now)
    html = read(xa_a, paths.VILLAGES)
    said = visible(html)
    first, second = said.split("Thôn Thuận 2 Cụm loa:")
    assert "Thôn Thuận 1 Cụm loa: Cụm Thuận 1." in first
    assert "Chưa có loa: Thôn Thuận 3. Đọc bản tin tại đây" in first
    assert "17:00 Lịch cắt điện" in first
    assert "Ngoài các giờ này, loa ở đây im." in first
    assert "Lịch cắt điện" not in second
    assert "giờ yên tĩnh 11:30–13:30 (cạnh trường học)" in second
    assert "<script" not in html.split("<main")[1]
    assert paths.VILLAGES in read(xa_a, paths.SCHEDULE)
