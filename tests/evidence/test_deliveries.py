"""Whether the loudspeakers delivered an edition."""

from datetime import timedelta

import pytest

from tests.evidence.conftest import Stage
from vang.bulletins.models import Delivery
from vang.evidence.deliveries import outcome
from vang.evidence.services import mark_overdue_due
from vang_protocol.reasons import Reason


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "QUEUED"),
        ([("PLANNED", "")], "QUEUED"),
        ([("PLANNED", ""), ("MISSED", "late")], "QUEUED"),
        ([("PLANNED", ""), ("DONE", "")], "DONE"),
        ([("DONE", "silence")], "FAILED"),
        ([("MISSED", "late"), ("UNKNOWN", "no-word")], "FAILED"),
        ([("MISSED", "late"), ("DONE", "")], "DONE"),
    ],
)
def test_one_proved_play_delivers_and_only_the_end_of_all_fails(
    rows: list[tuple[str, str]], state: str
) -> None:
    assert outcome(rows) == state


def delivery(stage: Stage) -> tuple[str, str]:
    row = Delivery.objects.get(edition=stage.placement.edition, channel="speaker")
    return row.state, row.detail


@pytest.mark.django_db
def test_a_journal_settles_the_delivery(stage: Stage) -> None:
    assert delivery(stage) == ("QUEUED", "")
    stage.device.miss(stage.item, Reason.LATE)
    stage.device.upload()
    assert delivery(stage) == ("FAILED", "no-play-proved")


@pytest.mark.django_db
def test_silence_of_the_node_fails_it_until_its_word_arrives(stage: Stage) -> None:
    mark_overdue_due(now=stage.after + timedelta(minutes=10))
    assert delivery(stage) == ("FAILED", "no-play-proved")
    stage.device.play(stage.item)
    stage.device.upload()
    assert delivery(stage) == ("DONE", "")
