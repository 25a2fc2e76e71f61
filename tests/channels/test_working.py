"""Deliveries: worked off once, tried again for ever, never written over by a late outcome."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from tests.channels.releasing import corrected, released, row
from vang.base.refusals import Refusal
from vang.bulletins.models import Delivery, Edition
from vang.bulletins.services import withdraw_bulletin
from vang.channels import registry
from vang.channels.channel import Channel, Done, NotDelivered, Outcome, Waiting
from vang.channels.queries import channels_on, names_on
from vang.channels.registry import find_channel
from vang.channels.services import choose_channel, retry_delivery
from vang.channels.working import LEASE, pause_after, work_off
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person


class Telegraph(Channel):
    """A channel of the tests' own that does what it is told."""

    name = "telegraph"
    label = "Điện báo"
    about = "Dots and dashes."
    icon = "send"
    on_at_first = True
    answers: ClassVar[list[Callable[[Delivery], Outcome]]] = []
    heard: ClassVar[list[str]] = []

    def deliver(self, delivery: Delivery, *, now: datetime) -> Outcome:
        self.heard.append(delivery.act)
        return self.answers.pop(0)(delivery) if self.answers else Done()

    correct = withdraw = deliver


@pytest.fixture(autouse=True)
def telegraph() -> Iterator[Telegraph]:
    channel = Telegraph()
    registry.register(channel)
    yield channel
    registry.unregister("telegraph")
    Telegraph.answers.clear()
    Telegraph.heard.clear()


@pytest.fixture
def edition(xa_a: Unit, an: Person, binh: Person, now: datetime) -> Edition:
    return released(xa_a, an, binh, now)


def fail(delivery: Delivery) -> Outcome:
    raise NotDelivered("Dây đứt.")


def test_what_is_done_is_not_done_again(edition: Edition, now: datetime) -> None:
    work_off(now=now)
    work_off(now=now + timedelta(days=1))
    assert Telegraph.heard == ["DELIVER"]
    told = row(edition, "telegraph")
    assert (told.state, told.delivered_at) == ("DONE", now)


def test_a_failure_tells_why_and_waits_longer_each_time(edition: Edition, now: datetime) -> None:
    at = now
    for minutes in (2, 4, 8, 16, 32, 64, 64):
        Telegraph.answers.append(fail)
        work_off(now=at)
        told = row(edition, "telegraph")
        assert (told.state, told.detail, told.due_at) == (
            "FAILED",
            "Dây đứt.",
            at + timedelta(minutes=minutes),
        )
        at = at + timedelta(minutes=minutes)
    work_off(now=at)
    assert (row(edition, "telegraph").state, row(edition, "telegraph").attempts) == ("DONE", 0)
    kinds = Entry.objects.filter(detail__channel="telegraph").order_by("id")
    assert [one.action for one in kinds] == ["channel.failed", "channel.done"]


def test_a_final_failure_is_not_tried_again_by_itself(edition: Edition, now: datetime) -> None:
    def final(delivery: Delivery) -> Outcome:
        raise NotDelivered("Không có đường dây.", final=True)

    Telegraph.answers.append(final)
    work_off(now=now)
    work_off(now=now + timedelta(days=30))
    assert Telegraph.heard == ["DELIVER"]
    assert row(edition, "telegraph").state == "FAILED"


def test_an_unexpected_error_is_told_without_its_inside_and_holds_up_nobody(
    edition: Edition, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(delivery: Delivery) -> Outcome:
        raise RuntimeError("secret password")

    Telegraph.answers.append(breaks)
    work_off(now=now)
    assert "secret" not in row(edition, "telegraph").detail
    assert "secret" in caplog.text
    assert row(edition, "portal").state == "DONE"


def test_what_spoils_the_shared_part_of_one_does_not_hold_up_the_others(
    xa_a: Unit, an: Person, binh: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (released(xa_a, an, binh, now, title=title) for title in ("Tin lành", "Tin hỏng"))
    turns: list[list[str]] = []

    def shared(_unit: Unit, deliveries: list[Delivery], **_now: datetime) -> None:
        turns.append(sorted(one.edition.title for one in deliveries))
        if bad.title in turns[-1]:
            raise NotDelivered("Bảng đã đầy.")

    monkeypatch.setattr(find_channel("telegraph"), "settle", shared)
    work_off(now=now)
    assert (row(good, "telegraph").state, row(bad, "telegraph").state) == ("DONE", "FAILED")
    assert turns[0] == ["Tin hỏng", "Tin lành"]
    assert sorted(turns[1:]) == [["Tin hỏng"], ["Tin lành"]]


def test_waiting_is_asked_again_when_it_said(edition: Edition, now: datetime) -> None:
    again = now + timedelta(seconds=30)
    Telegraph.answers.append(lambda _d: Waiting("12 / 300", again))
    work_off(now=now)
    told = row(edition, "telegraph")
    assert (told.state, told.detail, told.due_at) == ("QUEUED", "12 / 300", again)
    work_off(now=now + timedelta(seconds=29))
    assert len(Telegraph.heard) == 1
    work_off(now=again)
    assert row(edition, "telegraph").state == "DONE"


def test_what_somebody_else_works_on_is_left_alone_until_they_died(
    edition: Edition, now: datetime
) -> None:
    Telegraph.answers.append(lambda _d: work_off(now=now) and Done())  # type: ignore[arg-type]
    work_off(now=now)
    assert Telegraph.heard == ["DELIVER"]
    died = now + timedelta(hours=1)
    Delivery.objects.filter(channel="telegraph").update(state="QUEUED", due_at=died + LEASE)
    work_off(now=died)
    assert len(Telegraph.heard) == 1
    work_off(now=died + LEASE)
    assert len(Telegraph.heard) == 2


def test_a_withdrawal_while_it_is_delivered_wins(
    edition: Edition, binh: Person, now: datetime, later: datetime
) -> None:
    def overtaken(delivery: Delivery) -> Outcome:
        withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=now)
        return Done()

    Telegraph.answers.append(overtaken)
    work_off(now=now)
    assert (row(edition, "telegraph").act, row(edition, "telegraph").state) == (
        "WITHDRAW",
        "QUEUED",
    )
    work_off(now=later)
    assert Telegraph.heard == ["DELIVER", "WITHDRAW"]
    assert row(edition, "telegraph").state == "DONE"


def test_a_correction_replaces_what_was_not_delivered_yet(
    edition: Edition, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    Telegraph.answers.append(fail)
    work_off(now=now)
    correction = corrected(edition, an, binh, later)
    work_off(now=later)
    assert row(edition, "telegraph").state == "DROPPED"
    assert (row(correction, "telegraph").act, row(correction, "telegraph").state) == (
        "CORRECT",
        "DONE",
    )
    assert Telegraph.heard == ["DELIVER", "CORRECT"]


def test_a_correction_goes_to_a_channel_that_is_off_by_now(
    edition: Edition, an: Person, binh: Person, quan: Person, now: datetime, later: datetime
) -> None:
    work_off(now=now)
    channel = find_channel("telegraph")
    assert channel
    choose_channel(unit=edition.unit, channel=channel, on=False, by=quan, now=now)
    assert "telegraph" not in names_on(edition.unit)
    correction = corrected(edition, an, binh, later)
    assert row(correction, "telegraph").act == "CORRECT"


def test_a_channel_that_is_gone_says_so(edition: Edition, now: datetime) -> None:
    registry.unregister("telegraph")
    work_off(now=now)
    told = row(edition, "telegraph")
    assert (told.state, told.due_at) == ("FAILED", None)
    assert "không còn được cài đặt" in told.detail


def test_only_the_administrator_chooses_channels(
    xa_a: Unit, an: Person, quan: Person, chi: Person, now: datetime
) -> None:
    channel = find_channel("telegraph")
    assert channel
    for person in (an, chi):
        with pytest.raises(Refusal) as refused:
            choose_channel(unit=xa_a, channel=channel, on=False, by=person, now=now)
        assert refused.value.code == "not-allowed"
    assert channel in channels_on(xa_a)
    choose_channel(unit=xa_a, channel=channel, on=False, by=quan, now=now)
    assert channel not in channels_on(xa_a)


def test_staff_try_again_at_once_and_strangers_do_not(
    edition: Edition, an: Person, chi: Person, now: datetime, later: datetime
) -> None:
    Telegraph.answers.extend([fail, fail])
    work_off(now=now)
    failed = row(edition, "telegraph")
    with pytest.raises(Refusal) as refused:
        retry_delivery(delivery=failed, by=chi, now=later)
    assert refused.value.code == "not-allowed"
    retry_delivery(delivery=failed, by=an, now=later)
    assert (failed.state, failed.due_at, failed.attempts) == ("QUEUED", later, 0)
    with pytest.raises(Refusal) as refused:
        retry_delivery(delivery=failed, by=an, now=later)
    assert refused.value.code == "not-failed"


def test_pauses_never_exceed_an_hour_or_so() -> None:
    assert [pause_after(n).seconds // 60 for n in (1, 2, 6, 7, 1000)] == [2, 4, 64, 64, 64]
