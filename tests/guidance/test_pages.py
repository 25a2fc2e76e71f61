"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import submitted
from tests.conftest import SignedIn
from tests.guidance.noting import drafted, issued
from tests.guidance.test_services import PDF
from tests.pool.sharing import STORM
from vang.guidance import services
from vang.guidance.models import Attachment, Guidance, Reading
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person


def address(name: str, *args: object) -> str:
    return reverse(f"guidance:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("view", ["now", "past", "own"])
def test_the_list_shows_what_holds_what_is_over_and_what_is_ones_own(
    view: str, note: Guidance, an: Person, hien: Person, signed_in: SignedIn
) -> None:
    reader = hien if view == "own" else an
    answer = signed_in(reader).get(address("list"), {"view": view})
    assert (note.title in body(answer)) is (view != "past")
    assert signed_in(an).post(address("list")).status_code == 405
    assert Client().get(address("list")).status_code == 302


def test_a_note_is_open_to_those_it_goes_to_and_a_draft_to_nobody_else(
    committee: Unit, xa_a: Unit, note: Guidance, hien: Person, loc: Person, an: Person,
    chi: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    draft = drafted(committee, hien, now)
    only_a = issued(committee, hien, loc, now, aims=[Aim(xa_a)])
    for reader, row, status in (
        (an, note, 200), (an, draft, 404), (hien, draft, 200), (an, only_a, 200),
        (chi, only_a, 404),
    ):  # fmt: skip
        assert signed_in(reader).get(address("note", row.pk)).status_code == status
    assert Client().get(address("note", note.pk)).status_code == 302
    assert signed_in(an).post(address("note", note.pk)).status_code == 405


ACTS = ["attach", "issue", "revoke", "read", "remind"]


@pytest.mark.parametrize("name", ACTS)
def test_acts_on_a_note_are_guarded(
    name: str, note: Guidance, committee: Unit, xa_a: Unit, an: Person, chi: Person,
    hien: Person, loc: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    only_a = issued(committee, hien, loc, now, aims=[Aim(xa_a)])
    url = address(name, only_a.pk)
    assert signed_in(chi).post(url, {"reason": "x"}).status_code == 404
    assert signed_in(an).get(url).status_code == 405
    assert Client().post(url).status_code == 302
    if name != "read":
        assert signed_in(an).post(url, {"reason": "x"}).status_code == 404
    only_a.refresh_from_db()
    assert only_a.state == "ISSUED"


@pytest.mark.parametrize("name", ["new", "edit", "receipts", "file", "remove"])
def test_pages_of_the_issuing_office_are_its_own(
    name: str, committee: Unit, note: Guidance, hien: Person, an: Person, chi: Person,
    tech: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    draft = drafted(committee, hien, now)
    services.attach_file(guidance=draft, file_name="a.pdf", content=PDF, by=hien, now=now)
    file = Attachment.objects.get()
    args = {
        "new": (), "edit": (draft.pk,), "receipts": (note.pk,), "file": (draft.pk, file.pk),
        "remove": (draft.pk, file.pk),
    }[name]  # fmt: skip
    url = address(name, *args)
    method = "post" if name == "remove" else "get"
    assert getattr(Client(), method)(url).status_code == 302
    if name == "new":
        assert signed_in(tech).get(url).status_code == 403
    else:
        assert getattr(signed_in(chi), method)(url).status_code == 404
    wrong = {"remove": "get"}.get(name, "delete")
    assert getattr(signed_in(hien), wrong)(url).status_code == 405


def test_a_note_is_written_changed_attached_issued_and_revoked(
    committee: Unit, district: Unit, hien: Person, loc: Person, signed_in: SignedIn
) -> None:
    client = signed_in(hien)
    fields = {
        "title": "Phòng, chống bão", "number": "12-HD/BTGHU", "starts_on": "2026-06-10",
        "ends_on": "2026-06-01", "do": "Nêu số trực", "whom": district.pk,
    }  # fmt: skip
    assert "Ngày cuối không được trước ngày đầu." in body(client.post(address("new"), fields))
    made = client.post(address("new"), {**fields, "ends_on": "2026-06-30"})
    note = Guidance.objects.get()
    assert made["Location"] == address("note", note.pk)
    assert "12-HD/BTGHU" in body(client.get(address("edit", note.pk)))
    client.post(address("edit", note.pk), {**fields, "ends_on": "2026-06-30", "topics": "bão"})
    file = SimpleUploadedFile("Hướng dẫn.pdf", PDF)
    assert client.post(address("attach", note.pk)).status_code == 422
    client.post(address("attach", note.pk), {"attachment": file})
    attached = Attachment.objects.get()
    answer = client.get(address("file", note.pk, attached.pk))
    assert b"".join(answer) == PDF  # type: ignore[call-overload]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.post(address("issue", note.pk)).status_code == 409
    boss = signed_in(loc)
    boss.post(address("issue", note.pk))
    note.refresh_from_db()
    assert (note.state, note.topics) == ("ISSUED", ["bão"])
    assert client.post(address("remove", note.pk, attached.pk)).status_code == 409
    boss.post(address("revoke", note.pk), {"reason": "Thay văn bản."})
    assert "Thay văn bản." in body(client.get(address("note", note.pk)))


def test_a_file_that_is_too_large_is_told(
    committee: Unit, hien: Person, now: datetime, signed_in: SignedIn
) -> None:
    draft = drafted(committee, hien, now)
    file = SimpleUploadedFile("to.pdf", b"%PDF-" + bytes(20_000_001))
    answer = signed_in(hien).post(address("attach", draft.pk), {"attachment": file})
    assert answer.status_code == 422
    assert "20 MB" in body(answer)


def test_reading_leaves_a_receipt_that_the_office_sees(
    note: Guidance, xa_a: Unit, an: Person, hien: Person, dung: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert address("read", note.pk) in body(client.get(address("note", note.pk)))
    client.post(address("read", note.pk))
    assert Reading.objects.get().unit == xa_a
    office = signed_in(hien)
    page = office.get(address("receipts", note.pk), {"unit": xa_a.pk})
    assert an.full_name in body(page)
    unread = office.get(address("receipts", note.pk), {"view": "unread"})
    assert xa_a not in [row.unit for row in unread.context["rows"]]
    office.post(address("remind", note.pk))


def test_guidance_stands_beside_the_text_while_it_is_written_and_decided(
    note: Guidance, xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = submitted(xa_a, an, now, STORM)
    for reader, url in (
        (an, reverse("bulletins:new")),
        (an, reverse("bulletins:detail", args=[bulletin.pk])),
        (binh, reverse("bulletins:review", args=[bulletin.pk])),
    ):
        page = body(signed_in(reader).get(url))
        assert "Nêu số điện thoại trực" in page
        assert "Nêu tin chưa kiểm chứng" in page


def test_guidance_follows_the_typing_and_stays_as_it_is_without_news(
    note: Guidance, an: Person, signed_in: SignedIn
) -> None:
    client, url = signed_in(an), address("beside")
    typed = {"title": "Họp", "text": "Chuẩn bị sơ tán.", "category": "EVENTS", "seen": ""}
    answer = client.post(url, typed)
    assert "sơ tán" in body(answer)
    assert f"{note.pk}." in body(answer)
    assert client.post(url, {**typed, "seen": f"{note.pk}."}).status_code == 204
    assert client.post(url, {**typed, "text": "Họp thôn."}).status_code == 204
    assert client.get(url).status_code == 405
    assert Client().post(url).status_code == 302


def test_guidance_whose_period_is_over_is_not_shown_to_writers(
    note: Guidance, an: Person, signed_in: SignedIn
) -> None:
    Guidance.objects.update(
        starts_on=note.starts_on - timedelta(days=60), ends_on=note.starts_on - timedelta(days=1)
    )
    assert "Nêu số điện thoại trực" not in body(signed_in(an).get(reverse("bulletins:new")))
    assert note.title in body(signed_in(an).get(address("list"), {"view": "past"}))


def test_the_budgets(
    note: Guidance, committee: Unit, district: Unit, hien: Person, loc: Person, an: Person,
    now: datetime, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(7):
        issued(committee, hien, loc, now, title=f"Định hướng {number}")
        Unit.objects.create(
            code=f"9{number:04}", valid_from=now.date(), level="COMMUNE", kind="XA",
            name=f"Xã {number}", parent=district,
        )  # fmt: skip
    for who, url in (
        (an, address("list")),
        (hien, address("list") + "?view=own"),
        (an, address("note", note.pk)),
        (hien, address("new")),
        (hien, address("receipts", note.pk)),
    ):
        client = signed_in(who)
        client.get(url)
        with django_assert_max_num_queries(13):
            assert client.get(url).status_code == 200, url
