"""What surrounds every console page."""

from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from tests.conftest import BEGIN
from tests.desk import at_work
from vang.desk.context import Console, console
from vang.desk.navigation import COOKIE, PLACES, Line, dock, sections
from vang.notices.models import Notice
from vang.notices.queries import MOST_COUNTED
from vang.orgs.models import Unit
from vang.people.models import Membership, Person


def asked_by(someone: Person | AnonymousUser, unit: Unit | None = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = someone
    request.session = SessionStore()
    if unit is not None:
        request.session["unit"] = unit.pk
    return request


def lines(someone: Person) -> list[Line]:
    return [line for section in Console(asked_by(someone)).navigation for line in section.lines]


def labels(someone: Person) -> list[str]:
    return [str(line.label) for line in lines(someone)]


def groups(roles: set[str], here: str = "", kept: str = "") -> dict[str, bool]:
    """Each group that is shown as one, and whether it stands open."""
    return {s.name: s.open for s in sections(roles, here, {}, kept) if s.label}


def test_everybody_finds_their_own_places(an: Person, tech: Person, quan: Person) -> None:
    assert "Bản tin" in labels(an)
    assert "Cán bộ" not in labels(an)
    assert "Cán bộ" in labels(quan)
    assert "Cụm loa" in labels(tech)
    assert "Từ điển phát âm" not in labels(tech)


EVERYTHING = {"WRITER", "APPROVER", "TECHNICIAN", "READER", "ADMINISTRATOR"}


def test_every_place_exists() -> None:
    found = [line.url for section in sections(EVERYTHING, "", {}) for line in section.lines]
    assert len(set(found)) == len(PLACES)


def test_daily_work_stands_open_and_settings_stay_folded() -> None:
    shown = groups({"WRITER"})
    assert shown["air"]
    assert not shown["settings"]
    assert groups({"ADMINISTRATOR"})["settings"]


def test_the_group_of_the_page_is_open() -> None:
    assert groups({"WRITER"}, "voice:pronunciations")["settings"]
    assert groups({"WRITER"}, "voice:edit-pronunciation", "-settings")["settings"]


def test_a_group_stays_as_the_person_left_it() -> None:
    assert groups({"WRITER"}, kept="+settings.-air") == {
        **groups({"WRITER"}),
        "settings": True,
        "air": False,
    }
    assert groups({"WRITER"}, kept="nonsense") == groups({"WRITER"})


def test_the_browser_brings_back_what_was_opened(an: Person) -> None:
    request = asked_by(an)
    request.COOKIES[COOKIE] = "+settings"
    opened = {section.name for section in Console(request).navigation if section.open}
    assert "settings" in opened


def test_one_place_needs_no_group() -> None:
    (went,) = [s for s in sections({"WRITER"}, "", {}) if s.name == "channels"]
    assert not went.label


def test_a_telephone_keeps_four_places_at_most() -> None:
    for role in EVERYTHING:
        kept = dock(sections({role}, "", {}))
        assert 2 <= len(kept) <= 4
        assert str(kept[0].short) == "Việc"


def test_one_place_is_marked_as_here() -> None:
    for here, wanted in (
        ("desk:home", "Việc cần làm"),
        ("bulletins:edit", "Bản tin"),
        ("stations:detail", "Cụm loa"),
        ("airtime:sounds", "Chương trình"),
        ("captures:list", "Đài được tiếp âm"),
        ("voice:voices", "Giọng đọc"),
        ("voice:edit-pronunciation", "Từ điển phát âm"),
    ):
        found = sections(EVERYTHING, here, {})
        marked = [str(line.label) for s in found for line in s.lines if line.active]
        assert marked == [wanted]
    assert not [line for s in sections(EVERYTHING, "", {}) for line in s.lines if line.active]


def test_the_approver_is_told_how_many_wait(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Một")
    at_work.waiting(xa_a, an, now, "Hai")
    counts = {str(line.label): line.count for line in lines(binh)}
    assert counts["Bản tin"] == 2
    assert not any(line.count for line in lines(an))


def test_what_waits_and_what_is_unread_is_counted_in_one_query_up_to_a_hundred(
    xa_a: Unit,
    an: Person,
    binh: Person,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at_work.waiting(xa_a, an, now, "Một")
    Notice.objects.all().delete()
    Notice.objects.bulk_create(
        Notice(person=binh, kind="x", subject="x:1", title="x", url="/", created_at=now)
        for _number in range(MOST_COUNTED + 5)
    )
    around = Console(asked_by(binh))
    assert "APPROVER" in around.roles
    with django_assert_num_queries(1):
        assert around.counts == {"bulletins:list": 1, "notices:list": MOST_COUNTED}
        assert around.bell is not None
        assert around.bell["count"] == "99+"
    assert Console(asked_by(an)).counts == {"bulletins:list": 0, "notices:list": 0}


def test_the_commune_is_the_chosen_one_or_the_first(
    xa_a: Unit, xa_b: Unit, dung: Person, chi: Person
) -> None:
    assert Console(asked_by(dung)).unit == xa_b
    assert Console(asked_by(dung, xa_a)).unit == xa_a
    assert Console(asked_by(chi, xa_a)).unit == xa_b


def test_roles_are_named_as_they_hold_in_the_commune(xa_a: Unit, xa_b: Unit, dung: Person) -> None:
    Membership.objects.create(person=dung, unit=xa_a, role="WRITER", valid_from=BEGIN)
    here = Console(asked_by(dung, xa_a)).current_role
    assert here == "người soạn, người theo dõi cấp trên"
    assert Console(asked_by(dung, xa_b)).current_role == "người theo dõi cấp trên"


def test_four_queries_are_enough(
    xa_a: Unit,
    xa_b: Unit,
    an: Person,
    dung: Person,
    binh: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for someone in (an, binh, dung):
        request = asked_by(someone, xa_a)
        with django_assert_max_num_queries(4):
            given = console(request)
            assert list(given["navigation"])
            assert list(given["unit_choices"])
            assert given["current_role"]
            assert str(given["current_unit"])


def test_nothing_is_asked_until_it_is_shown(
    an: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = asked_by(an)
    with django_assert_num_queries(0):
        console(request)


def test_strangers_and_requests_without_anything_are_served(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for request in (asked_by(AnonymousUser()), HttpRequest()):
        with django_assert_num_queries(0):
            given = console(request)
            assert list(given["navigation"]) == []
            assert not given["current_unit"]
            assert list(given["unit_choices"]) == []


def test_a_page_that_is_not_there_says_so_to_everybody(client: Client, an: Person) -> None:
    assert client.get("/khong-co").status_code == 404
    client.force_login(an, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/khong-co").status_code == 404


def test_the_demonstration_is_marked(an: Person, settings: Settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    assert console(asked_by(an))["demonstration"] is False
    (tmp_path / "demonstration").write_text("{}")
    assert console(asked_by(an))["demonstration"] is True
