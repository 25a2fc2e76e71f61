"""What stands on the public pages."""

import gzip
import re
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from django.utils import translation

from tests.bulletins import newsroom
from tests.channels.portal import publishing
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
from tests.conftest import person
from tests.pool.sharing import aired, offered, office, taken
from vang.airtime.models import SlotPolicy
from vang.airtime.policies import DEFAULT_POLICY
from vang.bulletins.services import withdraw_bulletin
from vang.channels.portal import paths
from vang.orgs.models import Organisation, Unit
from vang.people.models import Person


def squeezed(text: str) -> str:
    return " ".join(text.split())


def visible(html: str) -> str:
    """The page's text without its tags."""
    return squeezed(unescape(re.sub(r"<[^>]*>", " ", re.split(r"<body[^>]*>", html)[1])))


def shown_text(html: str) -> str:
    found = re.search(r'item-text">(.*?)</div>', html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]*>", " ", found[1]))


def test_the_approved_text_stands_there_word_for_word(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    text = "Kính gửi:\n- Thôn 1;\n- Thôn 2.\n\nGiá < 5 & > 3, “trích” 'dẫn' \"kép\".\n\n\n  Hết."
    edition = released(xa_a, an, binh, now, text=text)
    write_pages(edition.unit, now=now)
    assert shown_text(page(edition)).split() == edition.text.split()
    assert "- Thôn 1;\n- Thôn 2." in shown_text(page(edition))


def test_hostile_words_stay_words(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    title = "</title><script>alert('x')</script> \"><img src=x onerror=alert(1)> \u202egnol"
    edition = released(xa_a, an, binh, now, title=title, text="<script>alert(2)</script> {{ x }}")
    write_pages(xa_a, now=now)
    everywhere = [html.read_text() for html in folder(xa_a).rglob("*.html")]
    assert sum("alert('x')" in unescape(html) for html in everywhere) > 4
    for html in everywhere:
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all(' src="' in one or one == ' type="application/ld+json"' for one in scripts)
        assert len(re.findall("</script", html)) == len(scripts)
    for html in (page(edition), index(xa_a)):
        assert "<img src=x" not in html
        assert "\u202e" not in html
        assert html.count("<title>") == html.count("</title>") == 1
        assert "alert('x')" in unescape(html)


def test_equal_titles_have_pages_of_their_own(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    one = released(xa_a, an, binh, now, text="Lần một.")
    two = released(xa_a, an, binh, now, text="Lần hai.")
    write_pages(xa_a, now=now)
    assert "Lần một." in page(one)
    assert "Lần hai." in page(two)
    assert index(xa_a).count('<a href="2026/06/lich-cat-dien-') == 2


def test_a_title_without_letters_still_has_an_address(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now, title="!!! 🌀")
    write_pages(edition.unit, now=now)
    assert paths.edition_path(edition) == f"2026/06/{edition.pk.hex[:8]}.html"
    assert "!!! 🌀" in page(edition)


def test_fifty_thousand_characters_fit(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    text = ("Quyết định về việc đường dây. " * 1700)[:49_990].strip()
    edition = released(xa_a, an, binh, now, text=text)
    write_pages(edition.unit, now=now)
    assert squeezed(shown_text(page(edition))) == text


def test_a_first_visit_weighs_less_than_100_kb(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    asked = {".css", ".woff2", ".svg", ".js"}
    carried = [p for p in folder(xa_a).rglob("*") if p.suffix in asked]
    carried = [p for p in carried if not p.name.startswith("search-")]  # another page's
    largest = max(len(page(edition).encode()), 20_000)  # what test_pages_are_small allows
    texts = [gzip.compress(p.read_bytes()) for p in carried if p.suffix in {".css", ".js"}]
    rest = sum(p.stat().st_size for p in carried if p.suffix not in {".css", ".js"})
    weight = rest + sum(map(len, texts)) + largest
    assert len([p for p in carried if p.suffix == ".woff2"]) == 4
    assert weight < 100_000


def test_it_tells_where_and_when_it_was_heard_and_why_not(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one, two, three = (cluster(xa_a, number) for number in (1, 2, 3))
    item = planned(edition, [one, two, three], now + timedelta(minutes=1))
    became(item, one, "DONE", "", now)
    became(item, two, "MISSED", "node-off", now)
    write_pages(edition.unit, now=now)
    said = visible(page(edition))
    assert "Thứ Tư 10/06/2026, 12:01" in said
    assert "12:01:00 Cụm Thuận 1 Nhà văn hóa ✓ Đã phát" in said
    assert "12:01:00 Cụm Thuận 2 Nhà văn hóa ✕ Không phát được: cụm loa không có điện" in said
    assert "12:01:00 Cụm Thuận 3 Nhà văn hóa • Đang chờ" in said


def test_a_play_in_doubt_gets_no_tick(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    edition = released(xa_a, an, binh, now)
    one = cluster(xa_a, 1)
    became(planned(edition, [one], now), one, "DONE", "silence", now)
    write_pages(edition.unit, now=now)
    assert "✓" not in page(edition)
    assert "chưa chắc nghe được: loa không ra tiếng" in visible(page(edition))


def test_a_daily_notice_lists_the_latest_times_and_counts_the_others(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one = cluster(xa_a, 1)
    for day in range(-14, 7):
        item = planned(edition, [one], now + timedelta(days=day))
        if day < 0:
            became(item, one, "DONE", "", now)
    write_pages(edition.unit, now=now)
    said = visible(page(edition))
    assert "Thứ Ba 09/06/2026, 12:00" in said
    assert "và 4 lần trước đó" in said
    assert "và 4 lần nữa" in said


def test_who_answers_for_it_and_the_fingerprint_are_named(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(edition.unit, now=now)
    assert "Chịu trách nhiệm nội dung: Ủy ban nhân dân xã Quế Thuận." in visible(page(edition))
    assert edition.content_hash in page(edition)
    assert binh.full_name not in page(edition)
    Organisation.objects.create(
        unit=xa_a, kind="PEOPLES_COMMITTEE", name="UBND xã Quế Thuận", valid_from=xa_a.valid_from
    )
    write_pages(edition.unit, now=now, everything=True)
    assert "Chịu trách nhiệm nội dung: UBND xã Quế Thuận." in visible(page(edition))


def test_what_was_taken_from_another_unit_names_its_source(
    district: Unit, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    station = office(district)
    ha, lam = person("ha", "Hà", station, "WRITER"), person("lam", "Lâm", station, "APPROVER")
    bulletin = taken(offered(station, ha, lam, now), xa_a, an, now).bulletin
    assert bulletin is not None
    edition = aired(bulletin, binh, now)
    own = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert f"Nguồn {station.full_name}" in visible(page(edition))
    assert "Nguồn" not in visible(page(own))


def test_the_trial_voice_is_marked(xa_a: Unit, an: Person, binh: Person, now: datetime) -> None:
    trial = released(xa_a, an, binh, now)
    human = released(xa_a, an, binh, now, title="Lời chào", text="Chào.", trial=False)
    write_pages(xa_a, now=now)
    assert "Giọng thử" in page(trial)
    assert "Giọng thử" not in page(human)
    assert index(xa_a).count("Giọng thử") == 1


def test_a_withdrawn_notice_says_so_and_is_no_longer_heard(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    sound = folder(xa_a) / paths.audio_path(edition.audio_sha256)
    assert sound.is_file()
    withdraw_bulletin(bulletin=edition.bulletin, reason="Sai ngày.", by=binh, now=later)
    write_pages(xa_a, now=later)
    assert "Bản tin này đã được thu hồi." in visible(page(edition))
    assert "thu hồi lúc 12:05 10/06/2026" in visible(page(edition))
    assert "<audio" not in page(edition)
    assert edition.text not in page(edition)
    assert not sound.exists()
    assert "Lịch cắt điện (đã thu hồi)" in visible(index(xa_a))
    assert "Đã thu hồi" in (folder(xa_a) / "2026/06/index.html").read_text()


def test_the_sound_stays_while_another_notice_has_it(
    xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    one = released(xa_a, an, binh, now)
    two = released(xa_a, an, binh, now)
    assert one.audio_sha256 == two.audio_sha256
    write_pages(xa_a, now=now)
    withdraw_bulletin(bulletin=one.bulletin, reason="Trùng.", by=binh, now=later)
    write_pages(xa_a, now=later)
    assert (folder(xa_a) / paths.audio_path(two.audio_sha256)).is_file()


def test_the_first_page_explains_todays_loudspeakers(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    one, two = cluster(xa_a, 1), cluster(xa_a, 2)
    planned(edition, [one, two], now + timedelta(hours=5))
    planned(edition, [two], now + timedelta(hours=6))
    planned(edition, [two], now + timedelta(days=1))
    hours = [["05:00", "06:30"], ["16:30", "18:00"]]
    SlotPolicy.objects.create(unit=xa_a, hours=hours, weekend=False, changed_at=now)
    write_pages(xa_a, now=now)
    said = visible(index(xa_a))
    assert "Khung giờ được phát: 05:00–06:30, 16:30–18:00 (trừ thứ Bảy, Chủ nhật)." in said
    assert "Phát trên loa: Thứ Tư 10/06/2026" in said
    assert "17:00 Lịch cắt điện Tất cả các cụm loa" in said
    assert "18:00 Lịch cắt điện Cụm Thuận 2" in said
    assert said.count("Lịch cắt điện Cụm") == 1


def test_an_empty_commune_has_a_page_that_says_what_will_come(xa_a: Unit, now: datetime) -> None:
    write_pages(xa_a, now=now)
    assert "Chưa có bản tin nào." in visible(index(xa_a))
    assert "Không có lịch phát trong ngày này." in visible(index(xa_a))


def test_until_a_commune_sets_its_hours_the_usual_ones_are_named(xa_a: Unit, now: datetime) -> None:
    write_pages(xa_a, now=now)
    usual = ", ".join(f"{begin}–{end}" for begin, end in DEFAULT_POLICY.hours)
    assert f"Khung giờ được phát: {usual}." in visible(index(xa_a))


def test_newest_first_and_older_ones_by_month(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    old = released(xa_a, an, binh, now - timedelta(days=40), title="Tin cũ")
    new = released(xa_a, an, binh, now, title="Tin mới")
    write_pages(xa_a, now=now)
    html = index(xa_a)
    assert html.index("Tin mới") < html.index("Tin cũ")
    archive = (folder(xa_a) / paths.ARCHIVE).read_text()
    assert 'href="2026/05/index.html"' in archive
    month = (folder(xa_a) / "2026/05/index.html").read_text()
    assert f'href="../../{paths.edition_path(old)}"' in month
    assert new.title not in month


def test_every_link_leads_to_a_file_of_the_folder(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    pages = list(folder(xa_a).rglob("*.html"))
    assert len(pages) >= 14
    for html in pages:
        for target in re.findall(
            r'<(?:a|img|script|source|link)[^>]* (?:href|src)="([^"]+)"',
            re.sub(r'<link rel="canonical"[^>]*>', "", html.read_text()),
        ):
            file = target.partition("#")[0]
            assert not file.startswith(("/", "http:", "https:")), target
            found = (html.parent / file).resolve()
            assert found.is_file() or not file, (html, target)
            assert found.is_relative_to(folder(xa_a).resolve())


def test_pages_are_vietnamese_whatever_language_the_writer_uses(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    with translation.override("en"):
        write_pages(xa_a, now=now)
    assert '<html lang="vi"' in page(edition)
    assert "Nghe lại" in page(edition)
    assert "Listen" not in page(edition)


def test_invented_notices_are_called_invented(
    xa_a: Unit, an: Person, binh: Person, now: datetime, data: Path
) -> None:
    edition = released(xa_a, an, binh, now)
    write_pages(xa_a, now=now)
    assert "Trang trình diễn" not in page(edition)
    (data / "demonstration").write_text("{}")
    write_pages(xa_a, now=now, everything=True)
    assert "Trang trình diễn" in page(edition)
    assert "Trang trình diễn" in index(xa_a)


def test_only_the_villages_meant_are_named(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    whole = released(xa_a, an, binh, now)
    some = released(xa_a, an, binh, now, audience=("20662.01", "20662.03"))
    write_pages(xa_a, now=now)
    assert "Dành cho toàn xã Quế Thuận" in visible(page(whole))
    assert "Dành cho thôn Thuận 1, thôn Thuận 3" in visible(page(some))


def test_builders_release_through_the_service(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    assert newsroom.reread(edition.bulletin).state == "RELEASED"
    assert publishing.delivery(edition).state == "QUEUED"
