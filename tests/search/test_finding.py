"""Finding things: with and without marks, in either database, and only what one may see."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.airtime.factories import cluster, daily
from tests.bulletins import newsroom
from tests.conftest import BEGIN, person
from vang.airtime.services import end_programme
from vang.base import clock
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.people.searching import scopes_of
from vang.people.services import end_role, grant_role
from vang.search import kinds
from vang.search.kinds import Item, Kind
from vang.search.models import Entry, Word
from vang.search.queries import A_PAGE, entries_seen, find, find_page
from vang.search.services import rebuild, refresh
from vang.voice.services import remove_pronunciation, save_pronunciation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon(now: datetime) -> Iterator[None]:
    clock.use_clock(clock.ManualClock(now))
    yield
    clock.use_clock(clock.SystemClock())


def write(unit: Unit, by: Person, now: datetime, title: str, text: str = "Nội dung.") -> Bulletin:
    content = Content(title=title, text=text)
    return newsroom.draft(unit, by, now, content)


def titles(typed: str, someone: Person, now: datetime) -> list[str]:
    groups = find(typed, scopes_of(someone, clock.local_date(now)), a_group=50)
    return [hit.entry.title for group in groups for hit in group.hits]


@pytest.mark.parametrize(
    "typed", ["duong", "DUONG lang", "đường", "đường làng", "lang duong", "duo"]
)
def test_a_road_is_found_however_it_is_typed(
    xa_a: Unit, an: Person, now: datetime, typed: str
) -> None:
    write(xa_a, an, now, "Sửa đường làng")
    assert titles(typed, an, now) == ["Sửa đường làng"]


@pytest.mark.parametrize("typed", ["đườngg", "xyz", "đường xyz", "'; DROP TABLE", '"*', " "])
def test_what_is_not_there_is_not_found(xa_a: Unit, an: Person, now: datetime, typed: str) -> None:
    write(xa_a, an, now, "Sửa đường làng")
    assert titles(typed, an, now) == []


def test_the_very_marks_come_first_then_the_newest(xa_a: Unit, an: Person, now: datetime) -> None:
    for title in ("Đường một", "Dương liễu", "Đường hai", "Dưỡng sinh"):
        write(xa_a, an, now, title)
    assert titles("đường", an, now) == ["Đường hai", "Đường một", "Dưỡng sinh", "Dương liễu"]
    assert titles("duong", an, now) == ["Dưỡng sinh", "Đường hai", "Dương liễu", "Đường một"]


def test_the_text_is_found_too_and_quoted(xa_a: Unit, an: Person, now: datetime) -> None:
    write(xa_a, an, now, "Thông báo", "Tiêm vắc-xin dại cho chó mèo tại nhà văn hóa thôn Thuận 1.")
    groups = find("vac xin", scopes_of(an, clock.local_date(now)))
    told = groups[0].hits[0].quote
    assert [part.text for part in told if part.hit] == ["vắc", "xin"]


def test_nobody_finds_what_they_may_not_see(
    xa_a: Unit, an: Person, chi: Person, dung: Person, now: datetime
) -> None:
    write(xa_a, an, now, "Của xã A")
    assert titles("cua xa", chi, now) == []
    assert titles("cua xa", dung, now) == ["Của xã A"]
    Membership.objects.filter(person=an).delete()
    assert titles("cua xa", an, now) == []


def test_typing_the_marks_of_scope_opens_nothing(
    xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    write(xa_a, an, now, "Của xã A")
    for typed in (f"unit{xa_a.pk}", "kindbulletin", f"unit{xa_a.pk} cua"):
        assert titles(typed, chi, now) == []


def test_only_administrators_find_colleagues(
    xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    binh = person("binh", "Trần Thị Bình", xa_a)
    role = grant_role(
        person=binh, unit=xa_a, role="APPROVER", since=clock.local_date(now), by=quan, now=now
    )
    assert titles("tran thi", quan, now) == ["Trần Thị Bình"]
    assert titles("tran thi", an, now) == []
    end_role(membership=role, by=quan, now=now, on=clock.local_date(now) + timedelta(days=1))
    assert titles("tran thi", quan, now) == []


def test_an_office_is_searched_by_its_own_people_and_those_who_oversee(
    xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    office = Unit.objects.create(
        code="VH", valid_from=BEGIN, level="OFFICE", kind="CO_QUAN", name="Văn hóa", parent=xa_a
    )
    own = person("van", "Lê Văn", office, "WRITER")
    write(office, own, now, "Tin của phòng")
    assert titles("tin cua phong", own, now) == ["Tin của phòng"]
    assert titles("tin cua phong", quan, now) == ["Tin của phòng"]
    assert titles("tin cua phong", an, now) == []


def test_every_act_keeps_the_index_as_a_rebuild_would_make_it(
    xa_a: Unit, an: Person, binh: Person, tech: Person, quan: Person, now: datetime
) -> None:
    """A morning's work; then the index is made anew and nothing differs."""
    bulletin = write(xa_a, an, now, "Bản đầu", "Chữ cũ.")
    newsroom.services.save_version(
        bulletin=bulletin,
        content=Content(title="Bản sau", text="Chữ mới."),
        based_on=1,
        by=an,
        now=now,
    )
    newsroom.services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    newsroom.services.return_bulletin(bulletin=bulletin, comment="Sai.", by=binh, now=now)
    edition = newsroom.released(xa_a, an, binh, now)
    newsroom.services.withdraw_bulletin(bulletin=edition.bulletin, reason="Nhầm.", by=binh, now=now)
    programme = daily(xa_a, binh)
    word = save_pronunciation(unit=xa_a, written="Noru", spoken="nô ru", by=an, now=now)
    save_pronunciation(unit=xa_a, written="FM", spoken="ép em", by=an, now=now)
    remove_pronunciation(entry=word, by=an, now=now)
    today = clock.local_date(now)
    for role in ("WRITER", "TECHNICIAN"):
        grant_role(person=binh, unit=xa_a, role=role, since=today, by=quan, now=now)
    for someone in (an, tech, quan):
        refresh(f"person:{someone.pk}")
    place = cluster(xa_a, 1)
    refresh(f"cluster:{place.pk}")
    end_programme(programme=programme, last_day=today, by=binh, now=now)

    def told() -> set[tuple[str, ...]]:
        kept = Entry.objects.exclude(kind="unit")
        return set(kept.values_list("kind", "key", "title", "state", "words"))

    before = told()
    assert len(before) >= 7
    rebuild()
    assert told() == before
    assert titles("chu moi", an, now) == ["Bản sau"]
    assert titles("chu cu", an, now) == []
    assert titles("noru", an, now) == []


def test_what_fails_is_not_found(xa_a: Unit, an: Person, now: datetime) -> None:
    """The index is in the transaction of the act: both or neither."""

    @transaction.atomic
    def fail() -> None:
        write(xa_a, an, now, "Không bao giờ có")
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        fail()
    assert titles("khong bao gio", an, now) == []


def test_a_thing_shared_below_is_found_by_all_below(
    district: Unit, xa_a: Unit, an: Person, chi: Person, now: datetime
) -> None:
    shared = Item("1", district, "Định hướng tuần", "/x", shared_below=True)
    own = Item("2", district, "Việc riêng của huyện", "/y")
    kinds.register(Kind("guide", "Định hướng", "news", lambda _keys: [shared, own]))
    try:
        refresh("guide:1")
        assert titles("dinh huong", an, now) == ["Định hướng tuần"]
        assert titles("dinh huong", chi, now) == ["Định hướng tuần"]
        assert titles("viec rieng", an, now) == []
    finally:
        kinds._kinds.pop("guide")


def test_a_word_that_every_commune_has_is_read_of_the_units_asked_for(
    xa_a: Unit, xa_b: Unit, quan: Person, chi: Person, now: datetime
) -> None:
    for unit, by in ((xa_a, quan), (xa_b, chi)):
        save_pronunciation(unit=unit, written="UBND", spoken="ủy ban nhân dân", by=by, now=now)
    key = ("pronunciation", "UBND")
    scopes = scopes_of(quan, now.date())
    assert entries_seen([key], scopes, units=[xa_a.pk])[key].unit == xa_a
    assert entries_seen([key], scopes, units=[xa_b.pk]) == {}
    assert entries_seen([key], scopes)[key].unit == xa_a


def test_hits_are_paged(xa_a: Unit, an: Person, now: datetime) -> None:
    for number in range(A_PAGE + 3):
        write(xa_a, an, now, f"Họp thôn {number}")
    scopes = scopes_of(an, clock.local_date(now))
    (group,) = find("hop thon", scopes)
    assert (len(group.hits), group.more) == (5, True)
    first = find_page("hop thon", scopes, "bulletin", 1)
    second = find_page("hop thon", scopes, "bulletin", 2)
    assert first is not None
    assert second is not None
    assert (len(first.hits), first.more) == (A_PAGE, True)
    assert (len(second.hits), second.more) == (3, False)
    seen = [hit.entry.title for hit in (*first.hits, *second.hits)]
    assert seen == [f"Họp thôn {number}" for number in reversed(range(A_PAGE + 3))]


def browser(someone: Person) -> Client:
    client = Client()
    client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_groups_marks_and_escapes(xa_a: Unit, an: Person, now: datetime) -> None:
    write(xa_a, an, now, "Đường <b>lớn</b>")
    page = browser(an).get("/search?q=duong").content.decode()
    assert "<mark>Đường</mark> &lt;b&gt;" in page
    assert "Bản tin" in page
    assert "Không tìm thấy “&lt;i&gt;”" in browser(an).get("/search?q=<i>").content.decode()
    assert "Tìm mọi nội dung" in browser(an).get("/search").content.decode()


def test_one_kind_has_pages_of_its_own(xa_a: Unit, an: Person, now: datetime) -> None:
    for number in range(A_PAGE + 1):
        write(xa_a, an, now, f"Họp thôn {number}")
    client = browser(an)
    assert "kind=bulletin" in client.get("/search?q=hop").content.decode()
    page = client.get("/search?q=hop&kind=bulletin&page=2").content.decode()
    assert "Họp</mark> thôn 0" in page
    for odd in ("page=0", "page=x", "page=99999999999"):
        assert client.get(f"/search?q=hop&kind=bulletin&{odd}").status_code == 200
    assert client.get("/search?q=hop&kind=person").status_code == 404
    assert client.get("/search?q=hop&kind=nothing").status_code == 404


def test_searching_is_for_people_with_an_account(client: Client, an: Person) -> None:
    assert client.get("/search").headers["Location"].startswith("/account/sign-in")
    assert browser(an).post("/search").status_code == 405


def test_searching_costs_few_queries(
    xa_a: Unit, an: Person, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        write(xa_a, an, now, f"Họp thôn {number}")
    client = browser(an)
    with django_assert_max_num_queries(9):
        client.get("/search?q=họp")


def test_an_unfinished_word_is_looked_up_among_all_words(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    write(xa_a, an, now, "Phòng chống thiên tai")
    kept = set(Word.objects.values_list("word", flat=True))
    assert {"phong", "thien", "thiên"} <= kept
    assert not [word for word in kept if word.startswith(("kind", "unit", "over"))]
    assert titles("phong thi", an, now) == ["Phòng chống thiên tai"]
    assert titles("thiê", an, now) == ["Phòng chống thiên tai"]
    Word.objects.all().delete()
    rebuild()
    assert kept <= set(Word.objects.values_list("word", flat=True))


def test_a_word_longer_than_its_column_does_no_harm(xa_a: Unit, an: Person, now: datetime) -> None:
    write(xa_a, an, now, "Âm " + "각" * 60)  # decomposed, each is three letters
    assert titles("âm", an, now)
    assert Word.objects.filter(word="âm").exists()
