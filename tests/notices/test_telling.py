"""Who is told, of what, in which words."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from tests.conftest import BEGIN, person
from tests.notices.conftest import LATER, NOW, QUIET
from tests.notices.telling import tell, with_address
from vang.base.refusals import Refusal
from vang.notices import services
from vang.notices.models import Notice, Preference
from vang.notices.queries import MOST_COUNTED, habits, unread_count
from vang.notices.recipients import Holders
from vang.orgs.models import Unit
from vang.people.models import Membership, Person


def told(**wanted: object) -> list[str]:
    return [n.person.username for n in Notice.objects.filter(**wanted).order_by("person__username")]


def test_each_is_told_once_but_not_who_did_it(an: Person, binh: Person, now: datetime) -> None:
    assert tell([an, binh, binh], now, by=an) == 1
    assert told() == ["binh"]


def test_a_closed_account_is_not_told(an: Person, binh: Person, now: datetime) -> None:
    an.is_active = False
    an.save()
    assert tell([an, binh], now) == 1


def test_holders_of_a_role_at_the_unit_are_told_those_above_only_without_any(
    district: Unit, xa_a: Unit, xa_b: Unit, binh: Person, hanh: Person, now: datetime
) -> None:
    person("huyen", "Trưởng phòng", district, "APPROVER")
    tell(Holders("APPROVER", xa_a), now, "xã A")
    tell(Holders("APPROVER", xa_b), now, "xã B")
    tell(Holders("APPROVER", xa_a, frozenset({binh.pk, hanh.pk})), now, "cấp trên")
    tell(Holders("TECHNICIAN", xa_b), now, "không ai")
    assert told(title="xã A") == ["binh", "hanh"]
    assert told(title="xã B") == told(title="cấp trên") == ["huyen"]
    assert told(title="không ai") == []


def test_a_role_that_ended_or_has_not_begun_counts_not(
    xa_a: Unit, binh: Person, now: datetime
) -> None:
    Membership.objects.filter(person=binh).update(valid_to=now.date())
    assert tell(Holders("APPROVER", xa_a), now) == 0


def test_each_reads_it_in_the_language_of_their_own(
    an: Person, binh: Person, now: datetime
) -> None:
    binh.language = "en"
    binh.save()
    services.notify(
        kind=NOW,
        to=[an, binh],
        unit=None,
        subject="person:1",
        title=format_lazy(_("You are now {role} in {unit}"), role="x", unit="y"),
        url="/",
        now=now,
    )
    titles = dict(Notice.objects.values_list("person__username", "title"))
    assert titles == {"an": "Bạn được giao vai trò x tại y", "binh": "You are now x in y"}


def test_what_must_be_said_once_is_said_once(an: Person, binh: Person, now: datetime) -> None:
    assert tell([an], now, once="silent:1") == 1
    assert tell([an, binh], now, once="silent:1") == 1
    assert told() == ["an", "binh"]
    assert tell([an], now, once="silent:2") == 1


def test_an_unknown_kind_is_a_fault_of_the_program(an: Person, now: datetime) -> None:
    with pytest.raises(KeyError):
        tell([an], now, kind="never-registered")


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_a_notice_leads_nowhere_else(an: Person, now: datetime, url: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        tell([an], now, url=url)


def test_long_and_hidden_text_is_cut_and_cleaned(an: Person, now: datetime) -> None:
    tell([an], now, "a\u202eb" * 200, text="x" * 5000)
    notice = Notice.objects.get()
    assert (len(notice.title), len(notice.text)) == (200, 1000)
    assert "\u202e" not in notice.title


def test_without_an_address_nothing_is_to_be_mailed(
    an: Person, binh: Person, now: datetime
) -> None:
    with_address(binh)
    for kind in (NOW, LATER, QUIET):
        tell([an, binh], now, kind=kind)
    assert {n.mail for n in Notice.objects.filter(person=an)} == {"NEVER"}
    assert {n.kind: n.mail for n in Notice.objects.filter(person=binh)} == {
        NOW: "AT_ONCE",
        LATER: "DAILY",
        QUIET: "NEVER",
    }


def test_ones_own_choice_goes_before_the_default(an: Person, binh: Person, now: datetime) -> None:
    for someone in (an, binh):
        with_address(someone)
    choose(an, {NOW: "NEVER"}, now)
    tell([an, binh], now)
    assert dict(Notice.objects.values_list("person__username", "mail")) == {
        "an": "NEVER",
        "binh": "AT_ONCE",
    }


def choose(someone: Person, choices: dict[str, str], now: datetime, hour: int = 7) -> None:
    services.choose_mail(person=someone, choices=choices, hour=hour, language="vi", now=now)


def test_a_choice_is_kept_and_changed(an: Person, now: datetime) -> None:
    choose(an, {NOW: "NEVER", LATER: "AT_ONCE"}, now, hour=19)
    choose(an, {NOW: "DAILY"}, now, hour=6)
    held = habits(an, frozenset({"WRITER"}))
    chosen = {kind.name: mail for kind, mail in held.kinds}
    assert (chosen[NOW], chosen[LATER], held.hour) == ("DAILY", "AT_ONCE", 6)
    assert QUIET not in chosen  # concerns technicians only
    assert QUIET in {kind.name for kind, _mail in habits(an, frozenset({"TECHNICIAN"})).kinds}


def test_a_choice_that_is_none_is_refused(an: Person, now: datetime) -> None:
    with pytest.raises(Refusal):
        choose(an, {NOW: "SOMETIMES"}, now)
    with pytest.raises(Refusal):
        choose(an, {}, now, hour=24)
    assert not Preference.objects.exists()


def test_reading_one_and_all_and_what_is_settled(
    an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    for number in range(3):
        tell([an, binh], now, subject=f"bulletin:{number}")
    first = Notice.objects.filter(person=an).order_by("pk")[0]
    services.mark_read(notice=first, now=now)
    services.mark_read(notice=first, now=later)
    first.refresh_from_db()
    assert first.read_at == now
    assert unread_count(an) == 2
    assert services.settle(subject="bulletin:1", kinds=[NOW], now=later) == 2
    assert (unread_count(an), unread_count(binh)) == (1, 2)
    services.mark_unread(notice=first)
    assert services.mark_all_read(person=an, now=later) == 2
    assert (unread_count(an), unread_count(binh)) == (0, 2)


def test_counting_ends_at_a_hundred_and_takes_one_query(
    an: Person, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Notice.objects.bulk_create(
        Notice(person=an, kind=NOW, subject="x:1", title="x", url="/", created_at=now)
        for _number in range(MOST_COUNTED + 5)
    )
    with django_assert_num_queries(1):
        assert unread_count(an) == MOST_COUNTED


def test_telling_many_costs_no_more_than_telling_one(
    xa_a: Unit, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [
        Person(username=f"p{n}", full_name=f"P {n}", email=f"p{n}@x.vn", created_at=now)
        for n in range(50)
    ]
    Person.objects.bulk_create(many)
    everyone = list(Person.objects.filter(username__startswith="p"))
    with django_assert_max_num_queries(5):
        assert tell(everyone, now, once="x") == 50


def test_letters_are_asked_for_only_when_something_is_to_be_mailed_at_once(
    an: Person,
    binh: Person,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with_address(binh)
    with django_capture_on_commit_callbacks() as asked:
        tell([an], now)
        tell([binh], now, kind=LATER)
    assert asked == []
    with django_capture_on_commit_callbacks() as asked:
        tell([binh], now)
    assert len(asked) == 1


def test_old_notices_are_forgotten(an: Person, now: datetime) -> None:
    tell([an], now)
    assert services.forget_notices(now=now) == 0
    assert services.forget_notices(now=now.replace(year=now.year + 2)) == 1


def test_whoever_is_given_a_role_is_told(
    xa_a: Unit, quan: Person, an: Person, now: datetime
) -> None:
    from vang.people.services import grant_role

    grant_role(person=an, unit=xa_a, role="TECHNICIAN", since=BEGIN, by=quan, now=now)
    notice = Notice.objects.get(person=an)
    assert notice.title == "Bạn được giao vai trò kỹ thuật viên tại Xã Quế Thuận"
    grant_role(person=quan, unit=xa_a, role="WRITER", since=BEGIN, by=quan, now=now)
    grant_role(person=an, unit=xa_a, role="APPROVER", since=BEGIN, by=None, now=now)
    assert Notice.objects.count() == 1
