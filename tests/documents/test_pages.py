"""Each page: it works, the wrong method, signed out, a stranger, and its budget of queries."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.documents.conftest import QD52, Registering
from tests.guidance.test_services import PDF
from vang.documents import services
from vang.documents.models import Attachment, Campaign, Document
from vang.orgs.models import Unit
from vang.orgs.reach import Aim
from vang.people.models import Person


def address(name: str, *args: object) -> str:
    return reverse(f"documents:{name}", args=args)


def body(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


FIELDS = {
    "way": "OUT",
    "kind": "Kế hoạch",
    "number": "12/KH-UBND",
    "issuer": "UBND xã Quế Thuận",
    "issued_on": "2026-01-12",
    "abstract": "Công tác thông tin cơ sở năm 2026",
    "bases": f"- {QD52};\n\n• Luật Báo chí",
    "recipients": "- Đảng ủy;\n- Lưu: VT.",
}


def test_a_document_is_registered_changed_filed_sent_and_ended(
    an: Person, of_the_state: None, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert "bắt buộc" in body(client.post(address("new"), {**FIELDS, "abstract": ""}))
    made = client.post(address("new"), FIELDS)
    document = Document.objects.get(unit__isnull=False)
    assert made["Location"] == address("document", document.pk)
    page = body(client.get(address("document", document.pk)))
    assert QD52 in page
    assert "Đã được thay thế" in page
    assert "49/2024/NĐ-CP" in page
    assert "12/KH-UBND" in body(client.post(address("new"), FIELDS))
    client.post(address("edit", document.pk), {**FIELDS, "number": "13/KH-UBND"})
    assert client.post(address("attach", document.pk)).status_code == 422
    client.post(address("attach", document.pk), {"attachment": SimpleUploadedFile("a.pdf", PDF)})
    file = Attachment.objects.get()
    assert b"".join(client.get(address("file", document.pk, file.pk))) == PDF  # type: ignore[call-overload]
    client.post(address("send", document.pk))
    assert client.post(address("send", document.pk)).status_code == 409
    basis = document.bases.exclude(basis=None).get()
    assert client.post(address("keep", document.pk, basis.pk), {"why": ""}).status_code == 409
    client.post(address("keep", document.pk, basis.pk), {"why": "Còn dùng đến hết năm"})
    assert client.post(address("end", document.pk), {"ends_on": ""}).status_code == 422
    client.post(address("end", document.pk), {"ends_on": "2026-06-10", "replaced_by": ""})
    client.post(address("remove", document.pk, file.pk))
    document.refresh_from_db()
    assert (document.number, str(document.in_force_to)) == ("13/KH-UBND", "2026-06-10")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Tệp rỗng"), (b"MZ\0\0", "Không gắn được"), (bytes(21_000_000), "lớn hơn 20 MB")],
)
def test_a_file_that_cannot_be_kept_is_refused_at_the_file_and_the_log_says_why(
    content: bytes, said: str, registered: Registering, an: Person, signed_in: SignedIn,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    document = registered()
    sent = {"attachment": SimpleUploadedFile("a.docx", content)}
    with caplog.at_level("INFO", "vang.library"):
        answer = signed_in(an).post(address("attach", document.pk), sent)
    assert answer.status_code == 422
    assert [said in words for words in answer.context["file_form"].errors["attachment"]] == [True]
    assert f"/documents/{document.pk}/attach was not kept: attachment-" in caplog.text
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("name", ["edit", "end", "send", "receive", "attach", "start"])
def test_a_document_is_a_secret_to_strangers(
    name: str, registered: Registering, chi: Person, an: Person, signed_in: SignedIn
) -> None:
    plan = registered()
    url = address(name, plan.pk)
    assert signed_in(chi).post(url).status_code == 404
    assert Client().post(url).status_code == 302
    assert signed_in(an).delete(url).status_code == 405
    assert signed_in(chi).get(address("document", plan.pk)).status_code == 404


def test_who_only_reads_the_register_changes_nothing(
    registered: Registering, tech: Person, signed_in: SignedIn
) -> None:
    plan = registered()
    client = signed_in(tech)
    assert client.get(address("document", plan.pk)).status_code == 200
    assert client.get(address("new")).status_code == 403
    assert client.post(address("end", plan.pk), {"ends_on": "2026-06-10"}).status_code == 403
    assert client.post(address("send", plan.pk)).status_code == 403


@pytest.mark.parametrize("view", ["now", "out", "in", "state", "past", "weak", "wrong"])
def test_every_view_of_the_register_asks_little(
    view: str, registered: Registering, an: Person, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for number in range(15):
        registered(number=f"{number}/KH-UBND", bases=[QD52], recipients=["Đảng ủy"])
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        page = body(client.get(address("list"), {"view": view}))
    assert ("KH-UBND" in page) is (view not in {"state", "past", "in"})
    assert ("49/2024/NĐ-CP" in page) is (view in {"state", "past"})
    with django_assert_max_num_queries(12):
        found = body(client.get(address("list"), {"view": view, "q": "không có gì"}))
    assert "Không tìm thấy" in found or view == "past" or "Chưa có" in found


@pytest.fixture
def campaign(
    registered: Registering, district: Unit, xa_a: Unit, hoa: Person, now: datetime
) -> Campaign:
    plan = registered(district, hoa, number="90/KH-UBND", bases=[QD52])
    return services.start_campaign(
        document=plan, unit=district, text="", due_on=now.date(), aims=[Aim(xa_a)], by=hoa, now=now
    )


def test_a_campaign_is_begun_confirmed_met_about_and_closed(
    registered: Registering, district: Unit, xa_a: Unit, hoa: Person, an: Person,
    signed_in: SignedIn,
) -> None:  # fmt: skip
    plan = registered(district, hoa, number="90/KH-UBND")
    client, boss = signed_in(an), signed_in(hoa)
    asked = {"due_on": "2026-06-20", "whom": "chosen", "chosen": [xa_a.pk], "text": "Nêu rõ hạn"}
    assert "bắt buộc" in body(boss.post(address("start", plan.pk), {**asked, "due_on": ""}))
    made = boss.post(address("start", plan.pk), asked)
    campaign = Campaign.objects.get()
    assert made["Location"] == address("campaign", campaign.pk)
    home = body(client.get("/"))
    assert "90/KH-UBND" in home
    page = body(client.get(address("campaign", campaign.pk)))
    assert "Nêu rõ hạn" in page
    client.post(address("confirm", campaign.pk))
    wrong = client.post(address("session", campaign.pk), {"held_on": "2026-06-09"})
    assert wrong.status_code == 422
    told = {"held_on": "2026-06-09", "place": "Thôn 1", "attended": "40"}
    client.post(address("session", campaign.pk), told)
    boss_page = body(boss.get(address("campaign", campaign.pk)))
    assert "buổi quán triệt" in boss_page
    assert "Thôn 1" in boss_page
    assert "90/KH-UBND" not in body(client.get("/"))
    assert client.post(address("close", campaign.pk)).status_code == 404
    boss.post(address("remind", campaign.pk))
    boss.post(address("close", campaign.pk))
    assert boss.post(address("close", campaign.pk)).status_code == 409


@pytest.mark.parametrize("name", ["confirm", "session", "close", "remind"])
def test_a_campaign_is_closed_to_whom_it_does_not_reach(
    name: str, campaign: Campaign, chi: Person, an: Person, signed_in: SignedIn
) -> None:
    assert signed_in(chi).post(address(name, campaign.pk)).status_code == 404
    assert signed_in(chi).get(address("campaign", campaign.pk)).status_code == 404
    assert Client().post(address(name, campaign.pk)).status_code == 302
    assert signed_in(an).get(address(name, campaign.pk)).status_code == 405


def test_pages_of_a_document_and_a_campaign_ask_little(
    campaign: Campaign, hoa: Person, an: Person, signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for someone in (hoa, an):
        client = signed_in(someone)
        for url in (
            address("document", campaign.document_id), address("campaign", campaign.pk),
        ):  # fmt: skip
            with django_assert_max_num_queries(12):
                assert client.get(url).status_code == 200


def test_the_first_page_names_the_basis_that_ended(
    registered: Registering, binh: Person, signed_in: SignedIn
) -> None:
    registered(bases=[QD52])
    home = body(signed_in(binh).get("/"))
    assert "Căn cứ đã hết hiệu lực" in home
    assert "49/2024/NĐ-CP" in home
