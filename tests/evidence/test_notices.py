"""Technicians are told of a journal that cannot be relied on."""

from datetime import timedelta

from tests.evidence.conftest import Stage
from vang.evidence.faults import note_fault
from vang.notices.models import Notice
from vang.people.models import Person
from vang.stations.models import Node


def told(person: Person) -> list[str]:
    mine = Notice.objects.filter(person=person, kind="journal-fault").order_by("pk")
    return list(mine.values_list("title", flat=True))


def test_a_forged_line_is_told_once_a_day_a_gap_is_not(
    stage: Stage, tech: Person, binh: Person
) -> None:
    node, now = Node.objects.select_related("cluster__unit").get(), stage.after
    note_fault(node, 1, "gap", "", now=now)
    assert told(tech) == []
    for seq in (2, 3):
        note_fault(node, seq, "altered", "", now=now)
        note_fault(node, seq, "altered", "", now=now)
    assert told(tech) == ["Nhật ký không tin cậy: Cụm Thuận 1"]
    note_fault(node, 4, "altered", "", now=now + timedelta(days=1))
    assert len(told(tech)) == 2
    assert told(binh) == []
