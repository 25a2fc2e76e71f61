"""What rests on what is known, and nobody overlooks that a basis has ended."""

from datetime import date, datetime, timedelta

import pytest

from tests.conftest import person
from tests.documents.conftest import ND49, QD52, Registering, entry
from vang.base.refusals import Refusal
from vang.documents import services
from vang.documents.models import Document, Recipient
from vang.documents.queries import listed, visible, weak
from vang.documents.state import load_state_documents
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person

Status = Document.Status
TODAY = date(2026, 6, 8)


def test_a_decision_that_ended_makes_a_plan_that_rests_on_it_stand_out(
    registered: Registering, xa_a: Unit
) -> None:
    plan = registered(bases=[f"Căn cứ {QD52};", f"Căn cứ {ND49}"])
    old, new = plan.bases.select_related("basis__replaced_by")
    assert old.basis is not None
    assert old.basis.status(TODAY) == Status.REPLACED
    assert old.basis.replaced_by == new.basis
    assert [row.words for row in weak(xa_a, TODAY)] == [f"Căn cứ {QD52};"]
    assert not weak(xa_a, date(2024, 6, 30))
    assert list(listed(xa_a, "weak", "", TODAY)) == [plan]


def test_a_basis_is_looked_at_once_and_the_reason_stays(
    registered: Registering, xa_a: Unit, an: Person, now: datetime
) -> None:
    plan = registered(bases=[QD52])
    basis = plan.bases.get()
    with pytest.raises(Refusal, match="Hãy nêu"):
        services.keep_on_basis(basis=basis, why=" \u200b ", by=an, now=now)
    services.keep_on_basis(basis=basis, why="NĐ 49 giữ nguyên nội dung này", by=an, now=now)
    assert not weak(xa_a, TODAY)
    changed = entry(bases=["Luật mới", QD52])
    services.change_document(document=plan, entry=changed, by=an, now=now)
    assert [(row.words, row.kept) for row in plan.bases.all()] == [
        ("Luật mới", ""),
        (QD52, "NĐ 49 giữ nguyên nội dung này"),
    ]


def test_a_line_is_linked_when_the_document_it_names_is_registered_later(
    registered: Registering, an: Person, now: datetime
) -> None:
    plan = registered(bases=["Thực hiện Kế hoạch số 90/KH-UBND của UBND huyện"])
    assert plan.bases.get().basis is None
    parent = registered(number="90/KH-UBND", issuer="UBND huyện Quế Sơn", way="IN")
    assert plan.bases.get().basis == parent
    services.end_document(
        document=parent, ends_on=date(2026, 6, 1), replaced_by=None, by=an, now=now
    )
    assert weak(plan.unit, TODAY).count() == 1  # type: ignore[arg-type]


def test_the_district_shares_its_plan_with_communes_and_nothing_else(
    registered: Registering, district: Unit, hoa: Person, xa_a: Unit, xa_b: Unit
) -> None:
    shared = registered(district, hoa, number="90/KH-UBND", shared_below=True)
    kept = registered(district, hoa, number="91/KH-UBND")
    own = registered(number="5/KH-UBND", bases=["Thực hiện Kế hoạch số 90/KH-UBND"])
    assert own.bases.get().basis == shared
    assert {shared, own} <= set(visible(xa_a))
    assert kept not in visible(xa_a)
    assert own not in visible(xa_b)


def test_the_same_document_is_not_registered_twice(registered: Registering) -> None:
    registered()
    with pytest.raises(Refusal, match="12/KH-UBND"):
        registered(number="12 / KH–UBND")
    registered(number="12/KH-UBND", issued_on=date(2025, 1, 12))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"abstract": " \u200b"}, "entry-empty"),
        ({"in_force_to": date(2025, 1, 1)}, "ends-before"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(
    registered: Registering, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        registered(**changed)
    assert refused.value.code == code
    assert Document.objects.filter(unit__isnull=False).count() == 0


def test_only_who_writes_for_the_unit_keeps_its_register(
    registered: Registering, xa_a: Unit, chi: Person, tech: Person, now: datetime
) -> None:
    plan = registered()
    for stranger in (chi, tech):
        with pytest.raises(Refusal):
            services.register_document(unit=xa_a, entry=entry(number="1/QĐ"), by=stranger, now=now)
        with pytest.raises(Refusal):
            services.end_document(
                document=plan, ends_on=TODAY, replaced_by=None, by=stranger, now=now
            )


def test_a_document_of_the_state_is_nobodys_to_change(
    of_the_state: None, an: Person, now: datetime
) -> None:
    law = Document.objects.get(number="49/2024/NĐ-CP")
    with pytest.raises(Refusal) as refused:
        services.end_document(document=law, ends_on=TODAY, replaced_by=None, by=an, now=now)
    assert refused.value.code == "of-the-state"


def test_a_document_is_replaced_only_by_one_that_the_unit_sees(
    registered: Registering, xa_b: Unit, chi: Person, an: Person, now: datetime
) -> None:
    plan, newer = registered(), registered(number="13/KH-UBND")
    other = services.register_document(unit=xa_b, entry=entry(), by=chi, now=now)
    for wrong in (other, plan):
        with pytest.raises(Refusal) as refused:
            services.end_document(document=plan, ends_on=TODAY, replaced_by=wrong, by=an, now=now)
        assert refused.value.code == "replaced-by"
    ended = services.end_document(document=plan, ends_on=TODAY, replaced_by=newer, by=an, now=now)
    assert ended.status(TODAY) == Status.REPLACED
    assert ended.status(TODAY - timedelta(days=1)) == Status.IN_FORCE


def test_recipients_that_use_vang_receive_it_there(
    registered: Registering, district: Unit, hoa: Person, xa_a: Unit, xa_b: Unit, an: Person,
    binh: Person, chi: Person, now: datetime,
) -> None:  # fmt: skip
    lines = ["Thường trực Huyện ủy", "UBND các xã, thị trấn", "Lưu: VT, VX"]
    plan = registered(district, hoa, number="90/KH-UBND", recipients=lines)
    assert [row.unit for row in plan.recipients.all()] == [None, xa_b, xa_a, None]
    assert plan not in visible(xa_a)
    assert services.send_document(document=plan, by=hoa, now=now) == 4
    assert plan in visible(xa_a)
    assert set(Notice.objects.values_list("person__username", flat=True)) == {"an", "binh", "chi"}
    row = plan.recipients.get(unit=xa_a)
    with pytest.raises(Refusal):
        services.receive_document(recipient=row, unit=xa_a, by=chi, now=now)
    services.receive_document(recipient=row, unit=xa_a, by=an, now=now)
    row.refresh_from_db()
    assert (row.received_by, row.received_at) == (an, now)
    with pytest.raises(Refusal, match="Đã gửi"):
        services.send_document(document=plan, by=hoa, now=now)


def test_one_commune_is_known_by_its_whole_name(
    registered: Registering, district: Unit, hoa: Person, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    longer = Unit.objects.create(
        code="20690", valid_from=date(2017, 1, 1), level="COMMUNE", kind="XA",
        name="Quế Thuận Đông", parent=district,
    )  # fmt: skip
    lines = ["UBND xã Quế Thuận;", "UBND xã Quế Thuận Đông", "UBND xã Quế Phong (để phối hợp)"]
    plan = registered(district, hoa, recipients=lines)
    assert [row.unit for row in plan.recipients.all()] == [xa_a, longer, xa_b]


def test_who_was_sent_to_stays_when_the_entry_is_changed(
    registered: Registering, an: Person, now: datetime
) -> None:
    plan = registered(recipients=["Đảng ủy", "Lưu: VT"])
    services.send_document(document=plan, by=an, now=now)
    changed = entry(recipients=["MTTQ xã", "Lưu: VT"])
    services.change_document(document=plan, entry=changed, by=an, now=now)
    told = [(row.name, row.sent_at is not None) for row in plan.recipients.all()]
    assert told == [("MTTQ xã", False), ("Lưu: VT", True), ("Đảng ủy", True)]


def test_words_are_found_with_marks_and_numbers_without(
    registered: Registering, xa_a: Unit
) -> None:
    plan = registered()
    for words in ("12/kh-ubnd", "thông tin 2026", "quế thuận"):
        assert plan in listed(xa_a, "out", words, TODAY)
    assert not listed(xa_a, "out", "90/kh-ubnd", TODAY)


def test_the_states_documents_are_loaded_once(now: datetime, db: None) -> None:
    assert load_state_documents(now=now) > 5
    assert load_state_documents(now=now) == 0


def test_a_person_of_another_place_never_receives(
    registered: Registering, district: Unit, hoa: Person, xa_a: Unit, now: datetime
) -> None:
    plan = registered(district, hoa, recipients=["UBND xã Quế Thuận"])
    row = Recipient.objects.get(document=plan)
    stranger = person("la", "Người Lạ", district, "READER")
    with pytest.raises(Refusal):
        services.receive_document(recipient=row, unit=xa_a, by=stranger, now=now)
