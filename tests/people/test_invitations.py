"""Coming in by invitation."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import BEGIN, person
from tests.letters.post_office import PostOffice, text_of
from tests.people.entering import at_work, entered, link_in_letter, sign_in, signed_in
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.letters.models import Letter
from vang.orgs.models import Unit
from vang.people.models import Invitation, Membership, Person
from vang.people.services.invitations import (
    accept_as_new,
    invite,
    renew_invitation,
    withdraw_invitation,
)

NEW = {"full_name": "Lê Thị Hoa", "title": "Công chức", "email": "", "roles": ["WRITER"]}
JOIN = {"username": "hoa", "password": "mot-cau-dai-hon", "again": "mot-cau-dai-hon"}


@pytest.fixture(autouse=True)
def hand() -> Iterator[ManualClock]:
    """Today, but held still: sessions of Django's own run by the real clock."""
    manual = ManualClock(timezone.now())
    clock.use_clock(manual)
    yield manual
    clock.use_clock(SystemClock())


def invited(client: Client, quan: Person, **more: object) -> str:
    """The administrator invites; the link's path, read from the page."""
    page = at_work(client, quan).post("/account/invitations", {**NEW, **more})
    found = re.search(r"http://testserver(/account/invitation/[\w-]+)", page.content.decode())
    assert found is not None
    return found.group(1)


def test_the_invited_choose_name_and_password_and_have_the_roles(
    client: Client, quan: Person, xa_a: Unit
) -> None:
    link = invited(client, quan, roles=["WRITER", "TECHNICIAN"])
    guest = Client()
    page = guest.get(link).content.decode()
    assert "Lê Thị Hoa" in page
    assert "Xã Quế Thuận" in page
    assert not Person.objects.filter(username="hoa").exists()
    assert guest.post(link, JOIN)["Location"] == "/"
    assert signed_in(guest)
    hoa = Person.objects.get(username="hoa")
    assert hoa.check_password("mot-cau-dai-hon")
    held = Membership.objects.filter(person=hoa)
    assert {(m.unit, m.role) for m in held} == {(xa_a, "WRITER"), (xa_a, "TECHNICIAN")}
    assert Entry.objects.filter(action="invitation.accept", by=hoa).exists()


def test_the_link_opens_once_and_is_kept_nowhere(client: Client, quan: Person) -> None:
    link = invited(client, quan)
    token = link.rpartition("/")[2]
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert not any(token in str(entry.detail) for entry in Entry.objects.all())
    assert token not in client.get("/account/people").content.decode()
    Client().post(link, JOIN)
    again = Client().post(link, {**JOIN, "username": "hoa2"})
    assert again.status_code == 410
    assert "Lời mời này đã được sử dụng" in again.content.decode()
    assert not Person.objects.filter(username="hoa2").exists()


def test_looking_does_not_use_it_up(client: Client, quan: Person) -> None:
    link = invited(client, quan)
    assert [Client().get(link).status_code for _look in range(3)] == [200] * 3
    assert Client().head(link).status_code in {200, 405}
    assert Client().post(link, JOIN).status_code == 302


def test_after_seven_days_it_opens_nothing(client: Client, quan: Person, hand: ManualClock) -> None:
    link = invited(client, quan)
    hand.set(hand.now() + timedelta(days=7, seconds=-1))
    assert Client().get(link).status_code == 200
    hand.set(hand.now() + timedelta(seconds=1))
    assert Client().get(link).status_code == 410
    assert Client().post(link, JOIN).status_code == 410
    assert not Person.objects.filter(username="hoa").exists()


def test_withdrawn_or_renewed_the_old_link_opens_nothing(client: Client, quan: Person) -> None:
    link = invited(client, quan)
    pk = Invitation.objects.get().pk
    renewed = client.post(f"/account/invitations/{pk}/renew").content.decode()
    found = re.search(r"(/account/invitation/[\w-]+)", renewed)
    assert found is not None
    assert Client().get(link).status_code == 410
    assert Client().get(found.group(1)).status_code == 200
    client.post(f"/account/invitations/{pk}/withdraw")
    assert Client().get(found.group(1)).status_code == 410
    assert client.post(f"/account/invitations/{pk}/renew").status_code == 404


def test_an_invented_link_is_as_closed_as_an_old_one(client: Client, db: None) -> None:
    answer = client.get("/account/invitation/khong-co-that")
    assert answer.status_code == 410
    assert "Liên kết này không còn mở được" in answer.content.decode()


def test_an_administrator_who_left_lets_nobody_in(client: Client, quan: Person, xa_a: Unit) -> None:
    link = invited(client, quan)
    Membership.objects.filter(person=quan).update(valid_to=clock.local_date(clock.now()))
    assert Client().post(link, JOIN).status_code == 410


def test_a_weak_password_or_a_name_in_use_is_said_beside_the_field(
    client: Client, quan: Person, an: Person
) -> None:
    link = invited(client, quan)
    taken = Client().post(link, {**JOIN, "username": "an"})
    assert "Tên đăng nhập này đã có người dùng." in taken.content.decode()
    for password in ("ngan", "password123", "lê thị hoa"):
        weak = Client().post(link, {**JOIN, "password": password, "again": password})
        assert weak.status_code == 200, password
    differ = Client().post(link, {**JOIN, "again": "khac-hoan-toan"})
    assert "Hai lần nhập mật khẩu không giống nhau." in differ.content.decode()
    assert not Person.objects.filter(username="hoa").exists()
    assert Client().post(link, JOIN).status_code == 302


def test_somebody_with_an_account_takes_the_roles_with_it(
    client: Client, quan: Person, dung: Person, xa_a: Unit
) -> None:
    link = invited(client, quan)
    guest = entered(Client(), dung)
    assert "Phạm Dũng" in guest.get(link).content.decode()
    assert guest.post(link)["Location"] == "/"
    assert Membership.objects.filter(person=dung, unit=xa_a, role="WRITER").exists()
    assert Person.objects.count() == 2


def test_by_letter_the_address_is_proved_by_coming(
    client: Client, quan: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    page = at_work(client, quan).post("/account/invitations", {**NEW, "email": "hoa@xa.vn"})
    shown = re.search(r"(/account/invitation/[\w-]+)", page.content.decode())
    link = link_in_letter(post_office, hand.now())
    assert shown is not None
    assert shown.group(1) != link
    message = post_office.taken[0]
    assert message["To"] == "hoa@xa.vn"
    assert message["Subject"] == "Lời mời làm việc trên hệ thống Vang tại Xã Quế Thuận"
    assert "Võ Quân" in text_of(message)
    assert Client().post(link, JOIN).status_code == 302
    assert Person.objects.get(username="hoa").email == "hoa@xa.vn"


def test_by_the_shown_link_the_address_must_still_be_confirmed(
    client: Client, quan: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    link = invited(client, quan, email="hoa@xa.vn")
    Client().post(link, JOIN)
    assert Person.objects.get(username="hoa").email == ""
    confirm = link_in_letter(post_office, hand.now())
    assert "/account/address/" in confirm
    Client().post(confirm)
    assert Person.objects.get(username="hoa").email == "hoa@xa.vn"


def test_a_letter_for_a_withdrawn_invitation_does_not_leave(
    client: Client, quan: Person, post_office: PostOffice, hand: ManualClock
) -> None:
    from vang.letters.delivering import deliver_due

    invited(client, quan, email="hoa@xa.vn")
    client.post(f"/account/invitations/{Invitation.objects.get().pk}/withdraw")
    assert deliver_due(clock=hand.now) == 0
    assert Letter.objects.get().state == "DROPPED"


def test_without_a_mail_server_the_link_is_handed_over(client: Client, quan: Person) -> None:
    page = at_work(client, quan).get("/account/invitations").content.decode()
    assert "tự chuyển liên kết" in page
    assert Client().post(invited(client, quan, email="hoa@xa.vn"), JOIN).status_code == 302
    assert not Letter.objects.exists()


@pytest.mark.parametrize("roles", [[], ["READER"], ["KING"]])
def test_a_commune_invites_to_its_own_roles_only(
    client: Client, quan: Person, roles: list[str]
) -> None:
    at_work(client, quan).post("/account/invitations", {**NEW, "roles": roles})
    assert not Invitation.objects.exists()


def test_the_district_may_invite_a_reader(district: Unit, now: datetime) -> None:
    head = person("truong", "Trưởng phòng", district, "ADMINISTRATOR")
    fields = {"full_name": "Hoa", "title": "", "email": "", "roles": ["READER"]}
    invitation, _token = invite(unit=district, **fields, by=head, now=now)  # type: ignore[arg-type]
    assert invitation.roles == ["READER"]


def test_only_administrators_invite(
    client: Client, an: Person, chi: Person, quan: Person, xa_a: Unit, now: datetime
) -> None:
    assert entered(client, an).get("/account/invitations").status_code == 403
    fields = {"full_name": "Hoa", "title": "", "email": "", "roles": ["WRITER"]}
    with pytest.raises(Refusal) as refused:
        invite(unit=xa_a, **fields, by=chi, now=now)  # type: ignore[arg-type]
    assert refused.value.code == "not-allowed"
    invitation, _token = invite(unit=xa_a, **fields, by=quan, now=now)  # type: ignore[arg-type]
    entered(client, chi)
    for what in ("renew", "withdraw"):
        assert client.post(f"/account/invitations/{invitation.pk}/{what}").status_code == 404
        assert client.get(f"/account/invitations/{invitation.pk}/{what}").status_code == 405


def test_a_settled_invitation_is_settled(xa_a: Unit, quan: Person, now: datetime) -> None:
    fields = {"full_name": "Hoa", "title": "", "email": "", "roles": ["WRITER"]}
    invitation, token = invite(unit=xa_a, **fields, by=quan, now=now)  # type: ignore[arg-type]
    accept_as_new(
        invitation=invitation, token=token, username="hoa", password="mot-cau-dai-hon", now=now
    )
    for act in (renew_invitation, withdraw_invitation):
        with pytest.raises(Refusal):
            act(invitation=invitation, by=quan, now=now)  # type: ignore[operator]


def test_strangers_are_led_to_sign_in(client: Client, db: None) -> None:
    assert "sign-in" in client.get("/account/invitations")["Location"]


def test_the_account_made_so_signs_in_like_any_other(client: Client, quan: Person) -> None:
    Client().post(invited(client, quan), JOIN)
    later = Client()
    assert sign_in(later, "hoa", "mot-cau-dai-hon") == "/"
    assert Membership.objects.get(person__username="hoa").valid_from >= BEGIN
