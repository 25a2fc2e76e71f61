"""From journals to the as-run log."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from tests.bulletins.newsroom import NOTICE, co_tu, released, take
from tests.dispatch.radio import cluster_in, device_on, on_air, place, plan_of
from tests.evidence.conftest import Stage
from tests.protocol.province import a_command, a_manifest, signed
from vang.airtime.models import Placement, StoppedOccurrence
from vang.dispatch.commands import dispatch
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence import changes
from vang.evidence.models import AsRun, JournalFault
from vang.evidence.outcomes import is_proved
from vang.evidence.rows import lines
from vang.evidence.services import mark_overdue_due
from vang.people.models import Person
from vang.stations.enrolment import retire_node
from vang.stations.models import Cluster
from vang_protocol.commands import item_of
from vang_protocol.manifests import encode_manifest
from vang_protocol.reasons import Reason
from vang_protocol.records import End, Silence
from vang_protocol.strict_json import digest

pytestmark = pytest.mark.django_db


def told(stage: Stage) -> tuple[str, str]:
    stage.device.upload()
    row = stage.row
    return row.state, row.reason


def test_a_published_item_is_expected_on_every_cluster(stage: Stage, tech: Person) -> None:
    row = stage.row
    assert (row.state, row.planned_start, row.node) == ("PLANNED", stage.item.start, None)
    cluster_in(stage.unit, tech, stage.hand.now(), "Cụm mới")
    publish_plan(stage.unit, now=stage.hand.now())
    assert AsRun.objects.filter(planned__item=stage.item.id).count() == 2


def test_a_whole_play_is_proved(stage: Stage) -> None:
    stage.device.play(stage.item)
    assert told(stage) == ("DONE", "")
    row = stage.row
    assert is_proved(row.state, row.reason)
    assert (row.error_us, row.played_ms, row.rms_cdb) == (3000, 5000, -1800)
    assert row.actual_start == stage.item.start + timedelta(milliseconds=3)
    assert row.node_id == stage.device.id


def test_a_play_that_has_begun_shows_as_playing(stage: Stage) -> None:
    stage.device.start(stage.item)
    assert told(stage) == ("PLAYING", "")
    stage.device.end(stage.item)
    assert told(stage) == ("DONE", "")


@pytest.mark.parametrize(
    ("end", "state", "reason"),
    [
        (End.STOPPED, "STOPPED", "stopped"),
        (End.PRE_EMPTED, "PARTIAL", "pre-empted"),
        (End.MAX_PLAY, "PARTIAL", "max-play"),
        (End.ERROR, "PARTIAL", "play-error"),
        (End.POWER_LOST, "PARTIAL", "power-lost"),
    ],
)
def test_a_play_that_was_cut_off_says_why(end: End, state: str, reason: str, stage: Stage) -> None:
    stage.device.start(stage.item)
    stage.device.end(stage.item, end=end, ms=1000)
    assert told(stage) == (state, reason)
    assert stage.row.played_ms == 1000


def test_a_short_play_is_not_green_though_the_node_says_done(stage: Stage) -> None:
    stage.device.play(stage.item, ms=4000)
    assert told(stage) == ("PARTIAL", "too-short")


def test_silence_is_not_green(stage: Stage) -> None:
    stage.device.start(stage.item)
    stage.device.write(Silence(stage.item.id, 3000, -9600), stage.item.start)
    stage.device.end(stage.item)
    state, reason = told(stage)
    assert (state, reason) == ("DONE", "silence")
    assert not is_proved(state, reason)


def test_another_sound_than_the_approved_is_not_green_and_a_fault(stage: Stage) -> None:
    stage.device.start(stage.item, sha256="ab" * 32)
    stage.device.end(stage.item)
    assert told(stage) == ("DONE", "wrong-audio")
    assert JournalFault.objects.get().reason == "wrong-audio"


def test_a_missed_item_says_why(stage: Stage) -> None:
    stage.device.miss(stage.item, Reason.NOT_FETCHED)
    assert told(stage) == ("MISSED", "not-fetched")


def test_a_play_that_nobody_planned_is_a_fault(stage: Stage) -> None:
    stage.device.play(replace(stage.item, id="o999"))
    assert told(stage) == ("PLANNED", "")
    fault = JournalFault.objects.get()
    assert (fault.seq, fault.reason, fault.detail) == (1, "unplanned-play", "o999")


def test_the_sound_of_a_command_is_no_fault_unless_it_is_another(
    stage: Stage, settings: Settings
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, link_internal_url="")
    now, manifest = stage.hand.now(), encode_manifest(a_manifest())
    command = a_command(issued=now, not_before=now, expires=now + timedelta(minutes=10))
    dispatch(signed(command, "binh", "hanh"), manifest, issuer=stage.unit, now=now)
    item = replace(stage.item, id=item_of(command.id), edition=item_of(command.id))
    stage.device.start(item, sha256=digest(manifest))
    assert told(stage) == ("PLANNED", "")
    assert not JournalFault.objects.exists()
    stage.device.start(item, sha256="ab" * 32)
    told(stage)
    assert JournalFault.objects.get().reason == "unplanned-play"


def test_an_occurrence_played_twice_is_a_fault(stage: Stage) -> None:
    stage.device.play(stage.item)
    stage.device.play(stage.item)
    told(stage)
    assert [fault.reason for fault in JournalFault.objects.all()] == ["played-twice"]


def test_a_play_on_a_cluster_it_was_not_meant_for_is_a_fault(stage: Stage, tech: Person) -> None:
    now = stage.hand.now()
    other = device_on(cluster_in(stage.unit, tech, now, "Cụm chưa có lịch"), tech, now)
    other.play(stage.item)
    assert other.upload().status_code == 200
    assert JournalFault.objects.get().node_id == other.id
    assert stage.row.state == "PLANNED"


def stop(stage: Stage, by: Person, at: datetime) -> None:
    StoppedOccurrence.objects.create(
        unit=stage.unit, item=stage.item.id, start=stage.item.start, stopped_at=at, stopped_by=by
    )
    publish_plan(stage.unit, now=at)


def test_what_is_stopped_before_its_time_is_withdrawn(stage: Stage, binh: Person) -> None:
    stop(stage, binh, stage.item.start - timedelta(minutes=10))
    assert stage.row.state == "WITHDRAWN"
    stage.device.miss(stage.item, Reason.STOPPED)
    assert told(stage) == ("WITHDRAWN", "stopped")


def test_what_is_stopped_while_it_sounds_waits_for_the_nodes_word(
    stage: Stage, binh: Person
) -> None:
    stop(stage, binh, stage.item.start + timedelta(seconds=2))
    assert stage.row.state == "PLANNED"
    stage.device.start(stage.item)
    stage.device.end(stage.item, end=End.STOPPED, ms=2100)
    assert told(stage) == ("STOPPED", "stopped")


def test_what_is_ordered_again_is_expected_again_at_its_new_time(
    stage: Stage, binh: Person
) -> None:
    before = stage.item.start - timedelta(minutes=30)
    stop(stage, binh, before)
    assert stage.row.state == "WITHDRAWN"
    StoppedOccurrence.objects.all().delete()
    moved = stage.item.start + timedelta(minutes=7)
    Placement.objects.filter(pk=stage.placement.pk).update(start=moved)
    publish_plan(stage.unit, now=before + timedelta(minutes=1))
    assert (stage.row.state, stage.row.planned_start) == ("PLANNED", moved)
    assert stage.row.planned.withdrawn_at is None


def test_a_cluster_taken_out_of_service_is_no_longer_expected(stage: Stage, tech: Person) -> None:
    now = stage.hand.now()
    cluster_in(stage.unit, tech, now, "Cụm còn lại")
    publish_plan(stage.unit, now=now)
    Cluster.objects.filter(pk=stage.cluster.pk).update(active=False)
    publish_plan(stage.unit, now=now)
    assert stage.row.state == "WITHDRAWN"
    states = AsRun.objects.order_by("cluster").values_list("state", flat=True)
    assert list(states) == ["WITHDRAWN", "PLANNED"]


def test_a_play_after_its_withdrawal_is_shown(stage: Stage, binh: Person) -> None:
    stop(stage, binh, stage.item.start - timedelta(minutes=10))
    stage.device.play(stage.item)
    assert told(stage) == ("DONE", "after-withdrawal")


def test_silence_of_a_node_is_unknown_not_missed_and_a_late_word_counts(stage: Stage) -> None:
    end = stage.item.start + timedelta(milliseconds=stage.item.duration_ms)
    assert mark_overdue_due(now=end + timedelta(minutes=5)) == 0
    assert mark_overdue_due(now=end + timedelta(minutes=5, seconds=1)) == 1
    assert (stage.row.state, stage.row.reason) == ("UNKNOWN", "no-word")
    assert mark_overdue_due(now=end + timedelta(hours=1)) == 0
    stage.device.play(stage.item)
    assert told(stage) == ("DONE", "")


def test_a_cluster_without_a_device_was_silent_for_certain(stage: Stage, tech: Person) -> None:
    retire_node(stage.device.row, by=tech, now=stage.hand.now())
    mark_overdue_due(now=stage.after + timedelta(minutes=10))
    assert (stage.row.state, stage.row.reason) == ("MISSED", "no-node")


def test_listeners_hear_of_changed_editions(stage: Stage) -> None:
    heard: list[object] = []

    def listener(editions: object, _now: object) -> None:
        heard.append(editions)

    changes.on_as_run_changed(listener)
    try:
        stage.device.play(stage.item)
        stage.device.upload()
    finally:
        changes._listeners.remove(listener)
    assert heard == [frozenset({stage.placement.edition_id})]


def test_ten_plays_need_no_more_queries_than_one(
    stage: Stage, an: Person, binh: Person, django_assert_max_num_queries: object
) -> None:
    now = stage.hand.now()
    for minutes in range(1, 6):
        on_air(stage.unit, an, binh, now, stage.item.start + timedelta(minutes=minutes))
    publish_plan(stage.unit, now=now)
    for item in orders(plan_of(stage.unit)).items:
        stage.device.play(item, plan=2)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        stage.device.upload()
    assert AsRun.objects.filter(state="DONE").count() == 6


def test_each_language_is_held_against_its_own_sound(
    stage: Stage, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    """A device that played the Vietnamese where Cơ Tu was ordered has not done its work."""
    Cluster.objects.filter(pk=stage.cluster.pk).update(language="ktv")
    content = replace(NOTICE, wordings=(co_tu(take(stage.unit, an, now)),))
    edition = released(stage.unit, an, binh, now, content)
    start = stage.item.start + timedelta(minutes=5)
    placement = place(edition, binh, now, start)
    publish_plan(stage.unit, now=now)
    items = {item.id: item for item in orders(plan_of(stage.unit)).items}
    item = items[f"o{placement.pk}-ktv"]
    assert (item.audio.duration_ms, item.duration_ms) == (7000, 7000)
    stage.device.play(replace(item, audio=replace(item.audio, sha256=edition.audio_sha256)))
    stage.device.upload()
    row = AsRun.objects.get(planned__item=item.id)
    assert (row.planned.language, row.reason) == ("ktv", "wrong-audio")
    (line,) = lines([row])
    assert line.language == "tiếng Cơ Tu"


def test_the_right_sound_in_its_language_is_proved(
    stage: Stage, an: Person, binh: Person, now: datetime
) -> None:
    Cluster.objects.filter(pk=stage.cluster.pk).update(language="ktv")
    content = replace(NOTICE, wordings=(co_tu(take(stage.unit, an, now)),))
    placement = place(
        released(stage.unit, an, binh, now, content),
        binh,
        now,
        stage.item.start + timedelta(minutes=5),
    )
    publish_plan(stage.unit, now=now)
    (item,) = [
        item for item in orders(plan_of(stage.unit)).items if item.id == f"o{placement.pk}-ktv"
    ]
    stage.device.play(item)
    stage.device.upload()
    row = AsRun.objects.get(planned__item=item.id)
    assert is_proved(row.state, row.reason)
