"""What there is of a bulletin is asked in one query; a page then shows all of it, no less."""

from datetime import datetime

from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import draft, released
from vang.base.clock import local_date
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.models import Bulletin
from vang.bulletins.present import has, questions
from vang.bulletins.reach import FURTHER
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster


def shown(person: Person, bulletin: Bulletin, now: datetime) -> Bulletin:
    return open_bulletin(person, bulletin.pk, local_date(now), showing=True).bulletin


def test_nothing_is_found_where_nothing_is(an: Person, drafted: Bulletin, now: datetime) -> None:
    found = shown(an, drafted, now)
    assert [name for name in questions if has(found, name)] == []


def test_what_is_there_is_found(
    an: Person, binh: Person, xa_a: Unit, xa_b: Unit, chi: Person, now: datetime
) -> None:
    bulletin = released(xa_a, an, binh, now).bulletin
    elsewhere = draft(xa_b, chi, now)
    found = shown(an, bulletin, now)
    assert {name for name in questions if has(found, name)} == {"steps", "editions", "voice"}
    services.add_remark(bulletin=bulletin, quote="Từ 8 giờ", text="?", by=binh, now=now)
    assert has(shown(an, bulletin, now), "remarks")
    assert not has(shown(chi, elsewhere, now), "remarks")


def test_another_language_is_looked_for_where_a_cluster_in_use_speaks_it(
    an: Person, drafted: Bulletin, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    common = {"code": "c-1", "name": "Cụm A Roo", "language": "ktv"}
    Cluster.objects.create(unit=xa_b, **common)
    Cluster.objects.create(unit=xa_a, **{**common, "code": "c-2", "active": False})
    Cluster.objects.create(unit=xa_a, **{**common, "code": "c-3", "language": "vi"})
    assert not has(shown(an, drafted, now), FURTHER)
    Cluster.objects.create(unit=xa_a, **{**common, "code": "c-4"})
    assert has(shown(an, drafted, now), FURTHER)


def test_a_bulletin_of_which_nobody_asked_may_have_everything(drafted: Bulletin) -> None:
    assert all(has(drafted, name) for name in questions)


def test_it_costs_no_query_of_its_own(
    an: Person,
    drafted: Bulletin,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        found = shown(an, drafted, now)
        assert found.current is not None
        assert list(found.current.wordings.all()) == []
        assert list(found.current.attachments.all()) == []
