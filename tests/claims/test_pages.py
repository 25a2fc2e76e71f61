"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.claims.register import OFFICE, TITLE, TRUTH, answered, in_review, judged, noted
from tests.claims.test_services import PNG
from tests.conftest import SignedIn
from vang.claims import services
from vang.claims.models import Claim, Evidence, Source
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


def address(name: str, *args: object) -> str:
    return reverse(f"claims:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("view", ["open", "overdue", "closed", "all", "nonsense"])
def test_the_list_shows_the_units_own_claims(
    view: str, claim: Claim, an: Person, chi: Person, signed_in: SignedIn
) -> None:
    shown = TITLE in body(signed_in(an).get(address("list"), {"view": view}))
    assert shown is (view in {"open", "all", "nonsense"})
    assert TITLE not in body(signed_in(chi).get(address("list"), {"view": view}))


@pytest.mark.parametrize("name", ["list", "new", "limits"])
def test_pages_of_the_register_are_guarded(
    name: str, xa_a: Unit, an: Person, binh: Person, tech: Person, signed_in: SignedIn
) -> None:
    url = address(name)
    assert signed_in(binh).get(url).status_code == 200
    assert signed_in(binh).delete(url).status_code == 405
    assert Client().get(url).status_code == 302
    assert signed_in(tech).get(url).status_code == (200 if name == "list" else 403)
    assert signed_in(an).get(url).status_code == (403 if name == "limits" else 200)


ACTS = ["step", "evidence", "source", "verdict", "answer", "unanswered", "close"]


@pytest.mark.parametrize("name", [*ACTS, "claim", "edit", "file", "remove-source"])
def test_pages_of_a_claim_are_guarded(
    name: str, claim: Claim, an: Person, tech: Person, chi: Person, now: datetime,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    by = {"by": an, "now": now}
    source = services.add_source(claim=claim, name=OFFICE, url="", **by)  # type: ignore[arg-type]
    file = services.add_evidence(claim=claim, file_name="a.png", content=PNG, by=an, now=now)
    more = {"file": file.pk, "remove-source": source.pk}
    url = address(name, claim.pk, *([more[name]] if name in more else []))
    method = "post" if name in {*ACTS, "remove-source"} else "get"
    assert getattr(signed_in(chi), method)(url).status_code == 404
    assert getattr(Client(), method)(url).status_code == 302
    assert getattr(signed_in(tech), method)(url).status_code == (200 if name == "claim" else 403)
    wrong = "get" if method == "post" else "put"
    assert getattr(signed_in(an), wrong)(url).status_code == 405


def test_a_claim_goes_through_all_its_pages(
    xa_a: Unit, an: Person, binh: Person, signed_in: SignedIn
) -> None:
    client, boss = signed_in(an), signed_in(binh)
    fields = {"title": TITLE, "where": "TALK", "seen_at": "2026-06-10T06:00"}
    assert "0905123456" in body(
        client.post(address("new"), {**fields, "text": "Gọi 0905123456 mà hỏi"})
    )
    named = {**fields, "text": "Ông Nguyễn Văn Tư nói"}
    assert "names_checked" in body(client.post(address("new"), named))
    assert not Claim.objects.exists()
    made = client.post(address("new"), {**named, "names_checked": "on"})
    claim = Claim.objects.get()
    assert made["Location"] == address("claim", claim.pk)
    assert "names_checked" not in body(client.get(address("edit", claim.pk)))
    client.post(address("edit", claim.pk), {**fields, "place": "Chợ xã"})
    assert "Chợ xã" in body(client.get(address("claim", claim.pk)))
    assert client.post(address("step", claim.pk), {"text": ""}).status_code == 422
    asked = client.post(address("step", claim.pk), {"text": "Hỏi bà Lê Thị Năm."})
    assert asked.status_code == 409
    assert "Hỏi bà Lê Thị Năm." in body(asked)
    client.post(address("step", claim.pk), {"text": "Hỏi bà Lê Thị Năm.", "names_checked": "on"})
    assert client.post(address("evidence", claim.pk)).status_code == 422
    file = SimpleUploadedFile("Ảnh chụp.png", PNG)
    client.post(address("evidence", claim.pk), {"evidence": file})
    kept = Evidence.objects.get()
    seen = client.get(address("file", claim.pk, kept.pk))
    assert b"".join(seen) == PNG
    assert Entry.objects.filter(action="open-evidence").count() == 1
    assert client.post(address("source", claim.pk), {"url": "javascript:1"}).status_code == 422
    client.post(address("source", claim.pk), {"name": OFFICE, "url": "https://quangnam.gov.vn"})
    client.post(address("source", claim.pk), {"name": "Nhầm"})
    client.post(address("remove-source", claim.pk, Source.objects.get(name="Nhầm").pk))
    assert client.post(address("verdict", claim.pk), {"finding": TRUTH}).status_code == 422
    client.post(address("verdict", claim.pk), {"verdict": "FALSE", "finding": TRUTH})
    page = body(client.get(address("claim", claim.pk)))
    assert OFFICE in page
    assert "Nhầm" not in page
    assert "Ảnh chụp.png" in page
    assert client.post(address("unanswered", claim.pk), {"reason": "x"}).status_code == 403
    begun = client.post(address("answer", claim.pk))
    claim.refresh_from_db()
    assert begun["Location"] == reverse("bulletins:edit", args=[claim.bulletin_id])
    assert client.post(address("answer", claim.pk)).status_code == 409
    assert "Thông tin chính thức" in body(client.get(address("claim", claim.pk)))
    boss.post(address("unanswered", claim.pk), {"reason": "Chưa ai chia sẻ."})
    boss.post(address("close", claim.pk), {"reason": "Đã hết lan truyền."})
    assert "Đã hết lan truyền." in body(client.get(address("claim", claim.pk)))
    assert client.post(address("edit", claim.pk), fields).status_code == 200
    claim.refresh_from_db()
    assert claim.place == "Chợ xã"


def test_a_technician_sees_no_evidence(
    claim: Claim, an: Person, tech: Person, now: datetime, signed_in: SignedIn
) -> None:
    services.add_evidence(claim=claim, file_name="Ảnh chụp.png", content=PNG, by=an, now=now)
    assert "Ảnh chụp.png" not in body(signed_in(tech).get(address("claim", claim.pk)))


def test_a_file_that_is_too_large_is_told(claim: Claim, an: Person, signed_in: SignedIn) -> None:
    file = SimpleUploadedFile("to.pdf", b"%PDF-" + bytes(20_000_001))
    answer = signed_in(an).post(address("evidence", claim.pk), {"evidence": file})
    assert answer.status_code == 422
    assert "20 MB" in body(answer)


def test_the_approver_sees_claim_and_sources_above_the_answer(
    claim: Claim, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    services.add_source(claim=claim, name=OFFICE, url="", by=an, now=now)
    bulletin = in_review(judged(claim, an, now), an, now)
    for reader, name in ((binh, "review"), (an, "detail")):
        page = body(signed_in(reader).get(reverse(f"bulletins:{name}", args=[bulletin.pk])))
        assert f"<dd>{TITLE}</dd>" in page
        assert OFFICE in page


def test_limits_are_changed_by_an_approver(
    xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    boss = signed_in(binh)
    wrong = boss.post(address("limits"), {"verify_h": 9, "answer_h": 3, "close_d": 7})
    assert "Hạn phản bác không được trước hạn kết luận." in body(wrong)
    boss.post(address("limits"), {"verify_h": 3, "answer_h": 9, "close_d": 7})
    assert noted(xa_a, an, now).answer_by == now + timedelta(hours=9)


def test_the_budgets(
    xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(5):
        claim = noted(xa_a, an, now, title=f"Tin đồn {number}")
        services.add_step(claim=claim, text="Hỏi huyện.", by=an, now=now)
        services.add_evidence(claim=claim, file_name="a.png", content=PNG, by=an, now=now)
    answered(claim, an, binh, now)
    for url in (
        address("list"),
        address("list") + "?view=overdue&q=tin",
        address("claim", claim.pk),
        address("new"),
        address("edit", claim.pk),
        address("limits"),
    ):
        client = signed_in(binh)
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200
