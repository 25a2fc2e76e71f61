"""Standing in for somebody who is away."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import person
from tests.people.entering import entered
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.notices.recipients import Holders, people_meant
from vang.orgs.models import Unit
from vang.people.access import act, may, roles
from vang.people.acting import OWN_RIGHT, Standing
from vang.people.models import Delegation, Membership, Person
from vang.people.services.delegating import Terms, delegate, end_delegation

TODAY = date(2026, 6, 10)
PAGE = "/account/delegations"


def terms(**more: object) -> Terms:
    given = Terms("LEADER", "KT", "Chủ tịch", "Phó Chủ tịch", TODAY, TODAY + timedelta(days=9))
    return replace(given, **more)  # type: ignore[arg-type]


def away(unit: Unit, who: Person, deputy: Person, now: datetime, **more: object) -> Delegation:
    return delegate(unit=unit, principal=who, deputy=deputy, terms=terms(**more), by=who, now=now)


def refusal(unit: Unit, who: Person, deputy: Person, now: datetime, **more: object) -> str:
    with pytest.raises(Refusal) as refused:
        away(unit, who, deputy, now, **more)
    return refused.value.code


def test_the_deputy_has_the_role_in_these_days_only(
    xa_a: Unit, hanh: Person, tech: Person, now: datetime
) -> None:
    away(xa_a, hanh, tech, now, first=TODAY + timedelta(days=1))
    days = [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=9), TODAY + timedelta(days=10)]
    assert [may(tech, "LEADER", xa_a, day) for day in days] == [False, True, True, False]
    assert roles(tech, xa_a, days[1]) == {"TECHNICIAN", "LEADER", "APPROVER"}
    assert roles(hanh, xa_a, days[1]) == {"LEADER", "APPROVER"}


def test_it_is_signed_as_the_decree_has_it(
    xa_a: Unit, hanh: Person, binh: Person, now: datetime
) -> None:
    made = away(xa_a, hanh, binh, now)
    assert made.signature == "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Trần Thị Bình"
    assert made.in_whose_name == "KT. CHỦ TỊCH Lý Thị Hạnh"


def test_a_part_of_the_right_may_be_lent(
    xa_a: Unit, hanh: Person, tech: Person, now: datetime
) -> None:
    away(xa_a, hanh, tech, now, role="APPROVER")
    assert roles(tech, xa_a, TODAY) == {"TECHNICIAN", "APPROVER"}


def test_it_holds_only_while_the_principal_has_what_is_lent(
    xa_a: Unit, hanh: Person, tech: Person, now: datetime
) -> None:
    away(xa_a, hanh, tech, now)
    Membership.objects.filter(person=hanh).update(role="APPROVER")
    assert roles(tech, xa_a, TODAY) == {"TECHNICIAN"}
    Membership.objects.filter(person=hanh).update(role="LEADER")
    assert "LEADER" in roles(tech, xa_a, TODAY)
    Membership.objects.filter(person=hanh).update(valid_to=TODAY)
    assert roles(tech, xa_a, TODAY) == {"TECHNICIAN"}
    Membership.objects.filter(person=hanh).update(valid_to=None)
    Person.objects.filter(pk=hanh.pk).update(is_active=False)
    assert roles(tech, xa_a, TODAY) == {"TECHNICIAN"}


def test_it_reaches_no_other_unit_and_no_closed_account(
    xa_a: Unit, xa_b: Unit, hanh: Person, tech: Person, now: datetime
) -> None:
    away(xa_a, hanh, tech, now)
    assert roles(tech, xa_b, TODAY) == frozenset()
    tech.is_active = False
    assert roles(tech, xa_a, TODAY) == frozenset()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"role": "WRITER"}, "not-lendable"),
        ({"role": "ADMINISTRATOR"}, "not-lendable"),
        ({"principal_title": " "}, "title-missing"),
        ({"first": TODAY - timedelta(days=1)}, "bad-days"),
        ({"last": TODAY - timedelta(days=1)}, "bad-days"),
        ({"form": "TM"}, "unknown-form"),
        ({"form": "TL"}, "basis-missing"),
        ({"form": "TUQ"}, "basis-missing"),
        ({"form": "TUQ", "basis_number": "12/GUQ-UBND", "last": None}, "end-missing"),
    ],
)
def test_what_cannot_be_lent_is_refused(
    xa_a: Unit, hanh: Person, binh: Person, now: datetime, more: dict[str, object], code: str
) -> None:
    assert refusal(xa_a, hanh, binh, now, **more) == code
    assert not Delegation.objects.exists()


def test_who_has_nothing_lends_nothing_and_nothing_is_lent_on(
    xa_a: Unit, xa_b: Unit, hanh: Person, an: Person, binh: Person, chi: Person, now: datetime
) -> None:
    assert refusal(xa_a, an, binh, now) == "nothing-to-lend"
    assert refusal(xa_a, binh, an, now) == "nothing-to-lend"  # an approver lends no leadership
    assert refusal(xa_a, hanh, hanh, now) == "own-deputy"
    assert refusal(xa_a, hanh, chi, now) == "deputy-elsewhere"
    away(xa_a, hanh, an, now)
    assert refusal(xa_a, an, binh, now) == "nothing-to-lend"
    assert refusal(xa_a, hanh, an, now) == "delegated-already"


def test_the_administrator_enters_it_for_others_nobody_else_does(
    xa_a: Unit, hanh: Person, binh: Person, quan: Person, chi: Person, an: Person, now: datetime
) -> None:
    for stranger in (an, chi, binh):
        with pytest.raises(Refusal) as refused:
            delegate(unit=xa_a, principal=hanh, deputy=binh, terms=terms(), by=stranger, now=now)
        assert refused.value.code == "not-allowed"
    delegate(unit=xa_a, principal=hanh, deputy=binh, terms=terms(), by=quan, now=now)
    told = Notice.objects.filter(kind="delegated").order_by("person__username")
    assert [n.person.username for n in told] == ["binh", "hanh"]
    assert told[0].title == "Trần Thị Bình quyết định thay Lý Thị Hạnh từ ngày 10/06/2026"


def test_it_can_be_ended_at_once_by_those_concerned(
    xa_a: Unit, hanh: Person, tech: Person, an: Person, quan: Person, now: datetime
) -> None:
    made = away(xa_a, hanh, tech, now)
    with pytest.raises(Refusal):
        end_delegation(delegation=made, by=an, now=now)
    end_delegation(delegation=made, by=tech, now=now)
    assert roles(tech, xa_a, TODAY) == {"TECHNICIAN"}
    with pytest.raises(Refusal) as refused:
        end_delegation(delegation=made, by=quan, now=now)
    assert refused.value.code == "delegation-ended"
    again = away(xa_a, hanh, tech, now)
    end_delegation(delegation=again, by=quan, now=now)


def test_the_database_holds_the_rules_too(
    xa_a: Unit, hanh: Person, binh: Person, now: datetime
) -> None:
    values = {
        "unit": xa_a,
        "principal": hanh,
        "delegate": binh,
        "role": "LEADER",
        "form": "KT",
        "principal_title": "CHỦ TỊCH",
        "delegate_title": "PHÓ CHỦ TỊCH",
        "valid_from": TODAY,
        "given_by": hanh,
        "given_at": now,
    }
    for wrong in (
        {"delegate": hanh},
        {"role": "WRITER"},
        {"valid_to": TODAY - timedelta(days=1)},
        {"form": "TUQ"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.create(**{**values, **wrong})
    assert Delegation.objects.create(**values).pk


# acting


def test_deciding_is_in_the_principals_name_unless_chosen_otherwise(
    xa_a: Unit, hanh: Person, binh: Person, now: datetime
) -> None:
    made = away(xa_a, hanh, binh, now)
    act(binh, "APPROVER", xa_a, TODAY)
    assert binh.acting == made
    act(binh, "WRITER", xa_a, TODAY)
    assert binh.acting is None
    binh.capacity = OWN_RIGHT
    act(binh, "APPROVER", xa_a, TODAY)
    assert binh.acting is None
    act(binh, "LEADER", xa_a, TODAY)  # only lent: there is no right of one's own
    assert binh.acting == made


def test_of_several_the_one_that_lends_most_or_the_chosen_one() -> None:
    found = Standing.of([("APPROVER", 0), ("APPROVER", 5), ("LEADER", 7), ("LEADER", 6)])
    assert found.delegations_for({"APPROVER"}, None) == [6, 7, 5]
    assert found.delegations_for({"APPROVER"}, 5) == [5, 6, 7]
    assert found.delegations_for({"LEADER"}, 5) == [6, 7]
    assert found.delegations_for({"APPROVER"}, OWN_RIGHT) == []
    assert found.delegations_for({"WRITER"}, None) == []


def test_the_journal_says_in_whose_name(
    xa_a: Unit, hanh: Person, binh: Person, now: datetime
) -> None:
    from vang.journal.services import record

    away(xa_a, hanh, binh, now)
    may(binh, "APPROVER", xa_a, TODAY)
    record("x", "bulletin:1", by=binh, unit=xa_a, now=now)
    entry = Entry.objects.get(action="x")
    assert entry.capacity == "KT. CHỦ TỊCH Lý Thị Hạnh"
    assert entry.detail["delegation"] == Delegation.objects.get().pk
    record("own", f"person:{binh.pk}", by=binh, unit=None, now=now)
    assert Entry.objects.get(action="own").capacity == ""


def test_roles_cost_one_query(
    xa_a: Unit,
    hanh: Person,
    tech: Person,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    away(xa_a, hanh, tech, now)
    unit = Unit.objects.select_related("parent__parent__parent").get(pk=xa_a.pk)
    with django_assert_num_queries(1):
        assert "LEADER" in roles(tech, unit, TODAY)
    with django_assert_num_queries(1):
        may(tech, "TECHNICIAN", unit, TODAY)


def test_what_waits_is_told_to_whoever_stands_in(
    xa_a: Unit, district: Unit, hanh: Person, tech: Person, now: datetime
) -> None:
    person("truong", "Trưởng phòng", district, "APPROVER")
    away(xa_a, hanh, tech, now)
    meant = people_meant(Holders("APPROVER", xa_a), TODAY)
    assert {one.username for one in meant} == {"hanh", "tu"}
    without = Holders("APPROVER", xa_a, frozenset({hanh.pk, tech.pk}))
    assert [one.username for one in people_meant(without, TODAY)] == ["truong"]


# pages


def posted(client: Client, principal: Person, deputy: Person, **more: str) -> int:
    today = date.today()
    fields = {
        "principal": str(principal.pk),
        "deputy": str(deputy.pk),
        "principal_title": "Chủ tịch",
        "delegate_title": "Phó Chủ tịch",
        "form": "KT",
        "role": "LEADER",
        "first": today.isoformat(),
        "last": (today + timedelta(days=3)).isoformat(),
        **more,
    }
    return client.post(f"{PAGE}/new", fields).status_code


def test_a_leader_delegates_and_the_bar_of_the_deputy_says_so(
    client: Client, hanh: Person, binh: Person
) -> None:
    entered(client, hanh)
    assert "Chưa có ủy quyền nào" in client.get(PAGE).content.decode()
    assert posted(client, hanh, binh) == 302
    assert "KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Trần Thị Bình" in client.get(PAGE).content.decode()
    deputy = entered(Client(), binh)
    assert (
        '<span class="acting">KT. CHỦ TỊCH Lý Thị Hạnh</span>' in deputy.get("/").content.decode()
    )
    made = Delegation.objects.get()
    assert deputy.post("/account/capacity", {"delegation": "0", "next": PAGE})["Location"] == PAGE
    assert '<span class="acting">' not in deputy.get("/").content.decode()
    deputy.post("/account/capacity", {"delegation": str(made.pk)})
    assert '<span class="acting">' in deputy.get("/").content.decode()
    assert deputy.post(f"{PAGE}/{made.pk}/end").status_code == 302
    assert '<span class="acting">' not in deputy.get("/").content.decode()


def test_a_title_left_empty_is_that_of_the_account(
    client: Client, hanh: Person, binh: Person
) -> None:
    Person.objects.filter(pk=hanh.pk).update(title="Chủ tịch UBND xã")
    entered(client, hanh)
    assert posted(client, hanh, binh, principal_title="") == 302
    assert Delegation.objects.get().principal_title == "CHỦ TỊCH UBND XÃ"


def test_nobody_chooses_a_capacity_that_is_not_theirs(
    client: Client, xa_a: Unit, hanh: Person, binh: Person, an: Person, chi: Person
) -> None:
    posted(entered(client, hanh), hanh, binh)
    made = Delegation.objects.get()
    for other in (an, chi):
        entered(client, other)
        assert client.post("/account/capacity", {"delegation": str(made.pk)}).status_code == 404
        assert client.post("/account/capacity", {"delegation": "x"}).status_code == 404
    assert client.post(f"{PAGE}/{made.pk}/end").status_code == 404
    assert client.get("/account/capacity").status_code == 405
    sent = client.post("/account/capacity", {"delegation": "0", "next": "https://evil.example"})
    assert sent["Location"] == "/"


def test_who_sees_and_who_may(
    client: Client, an: Person, quan: Person, hanh: Person, binh: Person, chi: Person
) -> None:
    entered(client, an)
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}/new").status_code == 403
    assert posted(entered(client, binh), hanh, binh) == 200  # only oneself is offered
    assert posted(entered(client, quan), hanh, binh) == 302
    assert "Trần Thị Bình" not in entered(client, chi).get(PAGE).content.decode()
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}/new", "/account/board", "/rights"])
def test_pages_keep_to_the_budget(
    client: Client,
    hanh: Person,
    binh: Person,
    page: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    posted(entered(client, hanh), hanh, binh)
    entered(client, binh)
    with django_assert_max_num_queries(12):
        assert client.get(page).status_code == 200
