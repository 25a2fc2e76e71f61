"""Taken in, told of, ended by what follows: and never more than a row that somebody reads."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cap.messages import EXAMPLES, INFO, NOW, STORM
from tests.upstream.conftest import Receive
from vang.base.refusals import Refusal
from vang.cap.findings import NotAccepted
from vang.cap.model import Alert, MsgType, Reference, Status
from vang.cap.places import area_of_units
from vang.cap.signing import make_signer, sign
from vang.cap.writing import to_xml
from vang.journal.models import Entry
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.upstream import drafting
from vang.upstream.models import Decision, Feed, Received
from vang.upstream.queries import concerning, fresh
from vang.upstream.receiving import receive
from vang.upstream.services import begin_warning, dismiss

pytestmark = pytest.mark.django_db


def following(kind: MsgType, number: int, **more: object) -> Alert:
    named = Reference(STORM.sender, STORM.identifier, STORM.sent)
    changed = replace(STORM, identifier=f"n{number}", msg_type=kind, references=(named,))
    return replace(changed, sent=NOW + timedelta(minutes=number), **more)


def test_a_warning_is_kept_as_it_came(
    received: Receive, district: Unit, binh: Person, now: datetime
) -> None:
    row = received()
    assert bytes(row.content) == to_xml(STORM)
    assert (row.headline, row.severity, row.signature) == (INFO.headline, "Severe", "UNSIGNED")
    assert [place.unit.code for place in row.places.all()] == ["20662"]
    journal = Entry.objects.get(action="receive-warning")
    assert (journal.subject, journal.unit) == (f"received:{row.pk}", district)
    assert fresh(district, now).get() == row


def test_leaders_of_the_unit_are_told_of_a_real_warning_only(
    received: Receive, son: Person
) -> None:
    received(identifier="thu", status=Status.TEST)
    assert not Notice.objects.exists()
    row = received()
    assert Notice.objects.get(person=son).subject == f"received:{row.pk}"


def test_the_same_is_taken_once_and_another_of_its_name_never(
    received: Receive, district: Unit, xa_a: Unit
) -> None:
    row = received()
    with pytest.raises(Refusal) as again:
        received()
    with pytest.raises(Refusal) as other:
        received(note="khác")
    assert (again.value.code, other.value.code) == ("already-received", "identifier-reused")
    assert received(unit=xa_a).unit == xa_a
    assert Received.objects.get(unit=district) == row


def test_what_is_refused_leaves_nothing(district: Unit, now: datetime) -> None:
    with pytest.raises(NotAccepted):
        receive(content=EXAMPLES["example1"][:-9], unit=district, now=now)
    assert not Received.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("first", [STORM, None], ids=["in order", "the other way round"])
@pytest.mark.parametrize("kind", [MsgType.UPDATE, MsgType.CANCEL])
def test_an_update_or_cancellation_ends_what_it_names_in_whatever_order_they_come(
    kind: MsgType, first: Alert | None, received: Receive, district: Unit, now: datetime
) -> None:
    later = following(kind, 2)
    rows = [received(one) for one in ((STORM, later) if first else (later, STORM))]
    storm, ender = rows if first else rows[::-1]
    storm.refresh_from_db()
    assert storm.ended_by == ender
    assert list(fresh(district, now)) == [ender]


@pytest.mark.parametrize(
    "later",
    [
        following(MsgType.CANCEL, 2, sender="other@example.vn"),
        following(MsgType.CANCEL, 2, status=Status.TEST),
        following(MsgType.ACK, 2),
        following(MsgType.ALERT, 2),
    ],
    ids=["of another sender", "of a test", "an answer", "a new one"],
)
def test_nothing_else_ends_a_warning(later: Alert, received: Receive) -> None:
    storm = received()
    received(later)
    storm.refresh_from_db()
    assert storm.ended_by is None


def test_what_was_signed_is_ended_only_by_what_is_signed(
    district: Unit, son: Person, now: datetime
) -> None:
    office = make_signer("Đài khí tượng thủy văn", now=now)
    feed = Feed.objects.create(
        unit=district, name="Đài", url="https://a.example.vn/", certificate=office.pem,
        added_by=son, added_at=now, due_at=now,
    )  # fmt: skip
    storm = receive(content=sign(to_xml(STORM), office, now=now), unit=district, feed=feed, now=now)
    assert storm.signature == "VERIFIED"
    forged = to_xml(following(MsgType.CANCEL, 2))
    assert receive(content=forged, unit=district, feed=feed, now=now).signature == "UNSIGNED"
    attacker = make_signer("Đài khí tượng thủy văn", now=now)
    signed = sign(to_xml(following(MsgType.CANCEL, 3)), attacker, now=now)
    assert receive(content=signed, unit=district, feed=feed, now=now).signature == "FAILED"
    storm.refresh_from_db()
    assert storm.ended_by is None
    genuine = sign(to_xml(following(MsgType.CANCEL, 4)), office, now=now)
    ender = receive(content=genuine, unit=district, feed=feed, now=now)
    storm.refresh_from_db()
    assert storm.ended_by == ender


def test_a_certificate_in_the_message_proves_nothing(district: Unit, now: datetime) -> None:
    content = sign(to_xml(STORM), make_signer("Bất kỳ ai", now=now), now=now)
    assert receive(content=content, unit=district, now=now).signature == "UNKNOWN"


def test_a_warning_concerns_whom_it_names_and_everybody_if_it_names_nobody(
    received: Receive, xa_a: Unit, xa_b: Unit, district: Unit
) -> None:
    for_a = received()
    for_all = received(identifier="all", infos=(replace(INFO, areas=()),))
    unknown = (replace(INFO, areas=(area_of_units("Nơi khác", ["99999"]),)),)
    elsewhere = received(identifier="unknown", infos=unknown)
    assert set(concerning(xa_a)) == {for_a, for_all, elsewhere}
    assert set(concerning(xa_b)) == {for_all, elsewhere}
    assert set(concerning(district)) == {for_a, for_all, elsewhere}
    village = Unit.objects.get(code="20662.01")
    assert for_a in set(concerning(village))


def test_each_unit_decides_once_for_itself(
    received: Receive, xa_a: Unit, district: Unit, an: Person, binh: Person, son: Person,
    now: datetime,
) -> None:  # fmt: skip
    row = received()
    with pytest.raises(Refusal) as refusal:
        dismiss(received=row, unit=xa_a, reason="Đã qua", by=an, now=now)
    assert refusal.value.code == "not-allowed"
    with pytest.raises(Refusal) as refusal:
        dismiss(received=row, unit=xa_a, reason="  ", by=binh, now=now)
    assert refusal.value.code == "no-reason"
    dismiss(received=row, unit=xa_a, reason="Đã qua", by=binh, now=now)
    with pytest.raises(Refusal) as refusal:
        dismiss(received=row, unit=xa_a, reason="Lần nữa", by=binh, now=now)
    assert refusal.value.code == "decided"
    assert not fresh(xa_a, now).exists()
    assert fresh(district, now).exists()
    assert Entry.objects.filter(action="dismiss-warning", unit=xa_a).count() == 1


def test_a_warning_is_begun_by_whoever_makes_them_and_never_from_a_forged_one(
    received: Receive, xa_a: Unit, binh: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = received()
    monkeypatch.setattr(drafting, "makers", [])
    with pytest.raises(Refusal) as refusal:
        begin_warning(received=row, unit=xa_a, by=binh, now=now)
    assert refusal.value.code == "nobody-makes-warnings"
    monkeypatch.setattr(drafting, "makers", [lambda one, unit, by, at: f"/{unit.code}/{one.pk}"])
    Received.objects.filter(pk=row.pk).update(signature="FAILED")
    row.refresh_from_db()
    with pytest.raises(Refusal) as refusal:
        begin_warning(received=row, unit=xa_a, by=binh, now=now)
    assert refusal.value.code == "not-genuine"
    Received.objects.filter(pk=row.pk).update(signature="UNSIGNED")
    row.refresh_from_db()
    assert begin_warning(received=row, unit=xa_a, by=binh, now=now) == f"/20662/{row.pk}"
    assert Decision.objects.get().state == "TAKEN"


def test_a_warning_leaves_what_is_due_when_it_is_over(
    received: Receive, district: Unit, now: datetime
) -> None:
    received(infos=(replace(INFO, expires=None),))
    assert fresh(district, now + timedelta(days=2)).exists()
    assert not fresh(district, now + timedelta(days=3)).exists()
