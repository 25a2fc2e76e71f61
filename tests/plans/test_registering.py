"""A plan in the register of documents, and units named in "Nơi nhận"."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from tests.plans.conftest import FOUNDING, begun
from vang.documents.models import Document
from vang.documents.services import Entry, register_document
from vang.documents.state import load_state_documents
from vang.library.models import Item
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans import services
from vang.plans.models import Draft, Plan
from vang.plans.services import Heads
from vang.plans.services.registering import is_ours, recipients_of_lines

pytestmark = pytest.mark.usefixtures("_still")
SignedIn = Callable[[Person], Client]
QD52 = "Quyết định số 52/2016/QĐ-TTg ngày 06/12/2016 của Thủ tướng Chính phủ"


def test_the_file_is_kept_in_the_library_and_goes_into_the_register(
    draft: Draft, an: Person, binh: Person, signed_in: SignedIn, now: datetime
) -> None:
    item = Item.objects.get()
    assert draft.item == item
    plan = services.adopt_plan(
        plan=services.make_plan(draft=draft, by=an, now=now), by=binh, now=now
    )
    document = Document.objects.get(unit=plan.unit)
    assert (plan.document, document.item) == (document, item)
    assert (document.number, document.way, document.kind) == ("90/KH-UBND", "IN", "Kế hoạch")
    assert document.bases.filter(words__contains="07-CT/TW").exists()
    assert document.recipients.count() >= 8
    assert not plan.recipients.filter(unit__isnull=False).exists()
    page = signed_in(an).get(f"/plans/{plan.pk}").content.decode()
    assert f"/documents/{document.pk}" in page
    assert f"/library/{item.pk}" in page


def test_it_is_never_written_down_twice(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    entry = Entry(
        kind="Kế hoạch",
        number="90/KH-UBND",
        issuer="UBND huyện",
        issued_on=date(2017, 10, 5),
        abstract="Thông tin cơ sở",
    )
    known = register_document(unit=xa_a, entry=entry, by=an, now=now)
    for _again in range(2):
        draft = services.take_document(
            unit=xa_a, file_name="90.txt", content=FOUNDING.read_bytes(), by=an, now=now
        )
        plan = services.make_plan(draft=draft, by=an, now=now)
        assert services.adopt_plan(plan=plan, by=binh, now=now).document == known
    services.reopen_plan(plan=plan, by=binh, now=now)
    assert services.adopt_plan(plan=plan, by=binh, now=now).document == known
    document = Document.objects.get(unit=xa_a)
    assert document.item == Item.objects.get()


def test_a_basis_that_has_ended_is_said_on_the_page(
    xa_a: Unit, an: Person, binh: Person, signed_in: SignedIn, now: datetime
) -> None:
    load_state_documents(now=now)
    plan = begun(xa_a, an, now)
    heads = Heads(plan.title, plan.starts_on, plan.ends_on, number="7/KH-UBND", bases=QD52)
    services.change_plan(plan=plan, heads=heads, by=an, now=now)
    plan = services.adopt_plan(plan=plan, by=binh, now=now)
    assert plan.document is not None
    assert plan.document.way == "OUT"
    assert plan.document.bases.get().basis is not None
    page = signed_in(an).get(f"/plans/{plan.pk}").content.decode()
    assert "Một căn cứ của kế hoạch này đã hết hiệu lực." in page


def test_units_named_in_the_lines_acknowledge(
    district: Unit, xa_a: Unit, xa_b: Unit, hoa: Person, an: Person, now: datetime
) -> None:
    plan = begun(district, hoa, now)
    lines = ["Thường trực Huyện ủy", f"UBND {xa_a.full_name}", "UBND các xã, thị trấn", "Lưu: VT"]
    rows = recipients_of_lines(plan, lines, now)
    assert [row.unit for row in rows] == [None, xa_a, xa_b, None]
    assert [row.name for row in rows][1:3] == [f"UBND {xa_a.full_name}", xa_b.full_name]
    for row in rows:
        row.save()
    plan = services.adopt_plan(plan=plan, to_communes=True, by=hoa, now=now)
    assert plan.recipients.count() == len(rows)
    assert Notice.objects.filter(person=an, subject=f"official-plan:{plan.pk}").exists()
    services.acknowledge(plan=plan, unit=xa_a, text="", by=an, now=now)


def test_what_others_issued_is_not_sent_on(plan: Plan, xa_b: Unit, now: datetime) -> None:
    plan.issuer = "UBND huyện khác"
    lines = [f"UBND {xa_b.full_name}", "UBND các xã"]
    assert [row.unit for row in recipients_of_lines(plan, lines, now)] == [None, None]
    plan.issuer = ""
    # Other communes are not below a commune: only one that is named is meant.
    assert [row.unit for row in recipients_of_lines(plan, lines, now)] == [xa_b, None]


def test_whose_plan_it_is(xa_a: Unit) -> None:
    assert is_ours("", xa_a)
    assert is_ours(f"ỦY BAN NHÂN DÂN\n{xa_a.full_name.upper()}", xa_a)
    assert not is_ours("UBND HUYỆN QUẾ SƠN", xa_a)
