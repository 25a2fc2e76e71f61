"""What is due for whom, worst to forget first."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from tests.bulletins import newsroom
from tests.conftest import BEGIN
from tests.desk import at_work
from tests.desk.at_work import due, titles
from vang.bulletins.models import Delivery, Version
from vang.evidence.models import JournalFault
from vang.orgs.models import Unit
from vang.people.models import Membership, Person


def test_the_approver_is_asked_for_what_others_wrote_and_not_for_her_own(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Của An")
    Membership.objects.create(person=binh, unit=xa_a, role="WRITER", valid_from=BEGIN)
    at_work.waiting(xa_a, binh, now, "Của Bình")
    found = due(binh, xa_a, now, "APPROVER")
    assert titles(found) == ["Của An"]
    assert "Nguyễn Văn An" in found[0].text


def test_what_the_approver_corrected_herself_is_not_hers_to_approve(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = at_work.waiting(xa_a, an, now, "Đã sửa")
    assert titles(due(binh, xa_a, now, "APPROVER")) == ["Đã sửa"]
    first = newsroom.current(bulletin)
    Version.objects.create(
        bulletin=bulletin,
        number=99,
        title="x",
        text="x",
        edited_by=binh,
        created_at=first.created_at,
    )
    assert due(binh, xa_a, now, "APPROVER") == []


def test_a_decided_bulletin_is_no_longer_due(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = at_work.waiting(xa_a, an, now, "Của An")
    assert due(binh, xa_a, now, "APPROVER")
    newsroom.approved(bulletin, binh, now)
    assert "Của An" not in [
        t.title for t in due(binh, xa_a, now, "APPROVER") if t.icon == "hourglass"
    ]


def test_the_urgent_comes_first_then_who_waited_longest(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now - timedelta(hours=1), "Cũ")
    at_work.waiting(xa_a, an, now, "Mới")
    at_work.waiting(xa_a, an, now, "Gấp", priority="PRIORITY")
    found = due(binh, xa_a, now, "APPROVER")
    assert titles(found) == ["Gấp", "Cũ", "Mới"]
    assert [task.tone for task in found] == ["bad", "wait", "wait"]


def test_the_writer_reads_why_it_came_back(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    bulletin = at_work.returned(xa_a, an, binh, now, "Sai ngày họp.")
    task = due(an, xa_a, now, "WRITER")[0]
    assert "Sai ngày họp." in task.text
    assert task.url == reverse("bulletins:edit", args=[bulletin.pk])


def test_the_writer_learns_that_a_sound_failed_and_why(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    at_work.without_sound(xa_a, an, now)
    task = due(an, xa_a, now, "WRITER")[0]
    assert task.title == "Không tiếng"
    assert task.tone == "bad"
    assert task.text != "Chưa tạo được bản đọc."


@pytest.mark.parametrize("role", ["WRITER", "APPROVER"])
def test_what_is_approved_waits_for_its_time(
    xa_a: Unit, an: Person, binh: Person, now: datetime, role: str
) -> None:
    bulletin = at_work.approved(xa_a, an, binh, now)
    task = due(an, xa_a, now, role)[0]
    assert task.url == reverse("airtime:place", args=[bulletin.pk])


def test_a_released_bulletin_is_nobodys_task(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    at_work.released(xa_a, an, binh, now)
    assert due(an, xa_a, now, "WRITER", "APPROVER") == []


def test_the_technician_sees_what_was_not_heard_today(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    places = [at_work.cluster(xa_a, number) for number in (1, 2, 3)]
    for place in places:
        at_work.node(place, now)
    at_work.listening(now)
    today = at_work.planned(edition, places, now - timedelta(hours=1))
    at_work.became(today, places[0], "DONE", "", now)
    at_work.became(today, places[1], "MISSED", "node-off", now)
    yesterday = at_work.planned(edition, places, now - timedelta(days=1))
    at_work.became(yesterday, places[0], "MISSED", "node-off", now)
    found = due(tech, xa_a, now, "TECHNICIAN")
    assert titles(found) == ["Cụm Thuận 2: Lịch cắt điện"]
    assert "11:00" in found[0].text
    at_work.became(today, places[0], "DONE", "silence", now)
    assert len(due(tech, xa_a, now, "TECHNICIAN")) == 2


def test_many_misses_are_counted_not_listed(
    xa_a: Unit, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    places = [at_work.cluster(xa_a, number) for number in range(1, 9)]
    item = at_work.planned(edition, places, now - timedelta(hours=1))
    for place in places:
        at_work.node(place, now)
        at_work.became(item, place, "UNKNOWN", "no-word", now)
    at_work.listening(now)
    found = due(tech, xa_a, now, "TECHNICIAN")
    assert len(found) == 6
    assert found[-1].title == "và 3 lượt phát nữa"


def test_the_technician_sees_silent_absent_and_bare_loudspeakers_in_that_order(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    good, silent, absent, _bare = (at_work.cluster(xa_a, number) for number in (1, 2, 3, 4))
    at_work.node(good, now, sink="ok")
    at_work.node(silent, now, sink="failed")
    at_work.node(absent, now - timedelta(hours=2), sink="ok")
    at_work.listening(now)
    found = due(tech, xa_a, now, "TECHNICIAN")
    assert titles(found) == ["Cụm Thuận 2", "Cụm Thuận 3", "Cụm Thuận 4"]
    assert "10:00 10/06/2026" in found[1].text


def test_a_loudspeaker_out_of_use_worries_nobody(xa_a: Unit, tech: Person, now: datetime) -> None:
    place = at_work.cluster(xa_a, 1)
    at_work.cluster(xa_a, 2)
    assert len(due(tech, xa_a, now, "TECHNICIAN")) == 2
    place.active = False
    place.save()
    assert titles(due(tech, xa_a, now, "TECHNICIAN")) == ["Cụm Thuận 2"]


def test_a_journal_that_does_not_hold_together_is_shown_until_it_does(
    xa_a: Unit, tech: Person, now: datetime
) -> None:
    device = at_work.node(at_work.cluster(xa_a, 1), now)
    at_work.listening(now)
    fault = JournalFault.objects.create(node=device, seq=7, reason="gap", noticed_at=now)
    assert "nhật ký" in due(tech, xa_a, now, "TECHNICIAN")[0].title
    fault.resolved_at = now
    fault.save()
    assert due(tech, xa_a, now, "TECHNICIAN") == []


def test_a_page_that_could_not_be_written_is_told_with_its_reason(
    xa_a: Unit, an: Person, binh: Person, quan: Person, now: datetime
) -> None:
    edition = at_work.released(xa_a, an, binh, now)
    Delivery.objects.filter(edition=edition, channel="portal").update(
        state="FAILED", detail="Ổ đĩa đã đầy."
    )
    found = [t for t in due(quan, xa_a, now, "ADMINISTRATOR") if t.icon == "world"]
    assert "Ổ đĩa đã đầy." in found[0].text


def test_the_administrator_decides_about_the_trial_voice_once(
    xa_a: Unit, quan: Person, now: datetime
) -> None:
    voice = reverse("voice:voices")
    assert voice in [task.url for task in due(quan, xa_a, now, "ADMINISTRATOR")]
    newsroom.allow_trial_voice(xa_a, now)
    assert voice not in [task.url for task in due(quan, xa_a, now, "ADMINISTRATOR")]


def test_the_administrator_learns_which_roles_nobody_holds(
    xa_a: Unit, quan: Person, an: Person, now: datetime
) -> None:
    newsroom.allow_trial_voice(xa_a, now)
    at_work.cluster(xa_a, 1)
    found = due(quan, xa_a, now, "ADMINISTRATOR")
    assert titles(found) == ["Chưa có người duyệt", "Chưa có kỹ thuật viên"]


def test_a_commune_without_loudspeakers_is_told(xa_a: Unit, tech: Person, now: datetime) -> None:
    assert titles(due(tech, xa_a, now, "TECHNICIAN")) == ["Chưa có cụm loa nào"]
    at_work.cluster(xa_a, 1)
    assert "Chưa có cụm loa nào" not in titles(due(tech, xa_a, now, "TECHNICIAN"))


def test_nothing_of_another_commune_is_due_here(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    at_work.waiting(xa_a, an, now, "Của xã A")
    at_work.waiting(xa_b, chi, now, "Của xã B")
    assert titles(due(an, xa_b, now, "APPROVER")) == ["Của xã B"]


def test_a_reader_has_nothing_to_do(xa_a: Unit, an: Person, dung: Person, now: datetime) -> None:
    at_work.waiting(xa_a, an, now, "Của An")
    assert due(dung, xa_a, now, "READER") == []
