"""The administrator's list of people."""

from datetime import UTC, date, datetime

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests.conftest import BEGIN, person
from tests.people.entering import at_work, entered
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.people.services import create_person, end_role, grant_role, random_password

PEOPLE = "/account/people"
ADD = "/account/people/add"
NEW = {"full_name": "Lê Thị Hoa", "title": "Công chức", "username": "hoa", "roles": ["WRITER"]}


@pytest.mark.parametrize("page", [PEOPLE, ADD])
def test_only_the_administrator_gets_in(
    client: Client, quan: Person, an: Person, xa_a: Unit, page: str
) -> None:
    assert entered(client, an).get(page).status_code == 403
    assert at_work(client, quan).get(page).status_code == 200


def test_a_colleague_is_added_with_a_password_shown_once(client: Client, quan: Person) -> None:
    at_work(client, quan)
    page = client.post(ADD, NEW)
    password = page.context["password"]
    assert password in page.content.decode()
    assert password not in client.get(PEOPLE).content.decode()
    assert Person.objects.get(username="hoa").check_password(password)
    assert not any(password in str(entry.detail) for entry in Entry.objects.all())
    other = Client()
    other.post("/account/sign-in", {"username": "hoa", "password": password})
    assert "_auth_user_id" in other.session


def test_what_the_colleague_may_do_is_what_was_ticked(
    client: Client, quan: Person, xa_a: Unit
) -> None:
    at_work(client, quan).post(ADD, {**NEW, "roles": ["WRITER", "TECHNICIAN"]})
    held = Membership.objects.filter(person__username="hoa")
    assert {(m.unit, m.role) for m in held} == {(xa_a, "WRITER"), (xa_a, "TECHNICIAN")}


def test_a_name_in_use_is_refused_beside_the_field_and_nothing_is_lost(
    client: Client, quan: Person, an: Person
) -> None:
    page = at_work(client, quan).post(ADD, {**NEW, "username": "an"})
    assert "Tên đăng nhập này đã có người dùng." in page.content.decode()
    assert 'value="Lê Thị Hoa"' in page.content.decode()
    assert not Person.objects.filter(full_name="Lê Thị Hoa").exists()


@pytest.mark.parametrize("username", ["Hoa", "hoa b", "a", "../x", "hoà", ""])
def test_a_sign_in_name_is_plain(client: Client, quan: Person, username: str) -> None:
    at_work(client, quan).post(ADD, {**NEW, "username": username})
    assert not Person.objects.filter(full_name="Lê Thị Hoa").exists()


def test_a_commune_names_no_reader_of_the_district(client: Client, quan: Person) -> None:
    at_work(client, quan).post(ADD, {**NEW, "roles": ["READER"]})
    assert not Person.objects.filter(username="hoa").exists()


def test_a_role_ends_today_and_its_past_stays(
    client: Client, quan: Person, an: Person, xa_a: Unit
) -> None:
    membership = Membership.objects.get(person=an)
    at_work(client, quan).post(f"/account/roles/{membership.pk}/end")
    membership.refresh_from_db()
    assert membership.valid_to is not None
    assert Entry.objects.filter(action="role.end", subject=f"person:{an.pk}").exists()
    assert entered(client, an).get("/").status_code == 403


def test_the_own_administration_cannot_be_ended(client: Client, quan: Person) -> None:
    membership = Membership.objects.get(person=quan)
    at_work(client, quan).post(f"/account/roles/{membership.pk}/end")
    membership.refresh_from_db()
    assert membership.valid_to is None


def test_an_ended_role_is_not_lengthened(quan: Person, an: Person, now: datetime) -> None:
    membership = Membership.objects.get(person=an)
    end_role(membership=membership, by=quan, now=now, on=date(2026, 1, 1))
    with pytest.raises(Refusal) as refusal:
        end_role(membership=membership, by=quan, now=now, on=date(2026, 6, 10))
    assert refusal.value.code == "role-ended"
    membership.refresh_from_db()
    assert membership.valid_to == date(2026, 1, 1)


def test_people_and_roles_of_another_commune_are_out_of_reach(
    client: Client, quan: Person, chi: Person, an: Person
) -> None:
    at_work(client, quan)
    theirs = Membership.objects.filter(person=chi)[0]
    assert client.post(f"/account/people/{chi.pk}/password").status_code == 404
    assert client.post(f"/account/roles/{theirs.pk}/end").status_code == 404
    assert "Lê Thị Chi" not in client.get(PEOPLE).content.decode()
    assert client.post(f"/account/people/{an.pk}/password").status_code == 200


def test_a_new_password_opens_the_account_and_ends_its_sessions(
    client: Client, quan: Person, an: Person
) -> None:
    working = entered(Client(), an)
    for _ in range(5):
        client.post("/account/sign-in", {"username": "an", "password": "sai"})
    assert AccessAttempt.objects.filter(username="an").exists()
    page = at_work(client, quan).post(f"/account/people/{an.pk}/password")
    password = page.context["password"]
    assert password in page.content.decode()
    assert working.get("/account/").status_code == 302
    again = Client()
    sent = again.post("/account/sign-in", {"username": "an", "password": password})
    assert sent.status_code == 302


def test_whoever_also_works_elsewhere_gets_no_password_here(
    client: Client, quan: Person, an: Person, district: Unit, xa_b: Unit
) -> None:
    before = an.password
    Membership.objects.create(person=an, unit=district, role="READER", valid_from=date(2027, 1, 1))
    at_work(client, quan)
    sent = client.post(f"/account/people/{an.pk}/password", follow=True)
    assert "còn giữ vai trò ở đơn vị khác" in sent.content.decode()
    an.refresh_from_db()
    assert an.password == before


def test_somebody_who_left_is_out_of_reach(
    client: Client, quan: Person, an: Person, xa_b: Unit
) -> None:
    Membership.objects.filter(person=an).update(valid_to=date(2020, 1, 1))
    Membership.objects.create(person=an, unit=xa_b, role="APPROVER", valid_from=date(2020, 1, 1))
    assert at_work(client, quan).post(f"/account/people/{an.pk}/password").status_code == 404


def test_one_changes_ones_own_password_only_knowing_the_old(client: Client, an: Person) -> None:
    entered(client, an)
    fields = {"new_password1": "mot-cau-dai-hon", "new_password2": "mot-cau-dai-hon"}
    client.post("/account/", {**fields, "old_password": "sai"})
    an.refresh_from_db()
    assert an.check_password("mat-khau-thu-nghiem")
    client.post("/account/", {**fields, "old_password": "mat-khau-thu-nghiem"})
    an.refresh_from_db()
    assert an.check_password("mot-cau-dai-hon")
    assert Entry.objects.filter(action="person.change-password").exists()
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("weak", ["ngan", "password123", "nguyenvanan"])
def test_a_weak_password_is_refused(client: Client, weak: str, xa_a: Unit) -> None:
    an = person("nguyenvanan", "Nguyễn Văn An", xa_a, "WRITER")
    fields = {"new_password1": weak, "new_password2": weak}
    entered(client, an).post("/account/", {**fields, "old_password": "mat-khau-thu-nghiem"})
    an.refresh_from_db()
    assert an.check_password("mat-khau-thu-nghiem")


def test_random_passwords_are_legible_and_differ() -> None:
    made = {random_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(word) == 17 and not set("0o1il") & set(word) for word in made)


def test_a_role_given_twice_is_held_once(quan: Person, an: Person, xa_a: Unit) -> None:
    now = datetime(2026, 6, 10, tzinfo=UTC)
    first = Membership.objects.get(person=an)
    again = grant_role(person=an, unit=xa_a, role="WRITER", since=BEGIN, by=quan, now=now)
    assert again == first
    end_role(membership=first, by=quan, now=now, on=date(2026, 6, 10))
    after = grant_role(
        person=an, unit=xa_a, role="WRITER", since=date(2026, 6, 11), by=quan, now=now
    )
    assert after != first


def test_names_are_cleaned(quan: Person, xa_a: Unit, now: datetime) -> None:
    made = create_person(
        username="hoa",
        full_name="Le\u0302\u202e  Hoa\n",
        title=" Công\tchức ",
        password="mot-cau-dai-hon",
        by=quan,
        unit=xa_a,
        now=now,
    )
    assert made.full_name == "Lê Hoa"
    assert made.title == "Công chức"
