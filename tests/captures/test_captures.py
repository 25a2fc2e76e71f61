"""What may be asked for, and what becomes of it, up to the loudspeaker."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.relays.conftest import Station as Radio
from tests.relays.conftest import sound_file
from vang.airtime.models import StationSound
from vang.airtime.services import choose_sound
from vang.base.clock import ManualClock, now
from vang.base.processes import alone
from vang.base.refusals import Refusal
from vang.captures.models import Capture
from vang.captures.process import begin_due, capture, due, finish, folder, processes
from vang.captures.services import ask_capture, cancel_capture
from vang.captures.shown import shown
from vang.captures.taping import Tape
from vang.journal.models import Entry
from vang.library.models import Item
from vang.library.storing import store
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station
from vang.relays.services import end_station
from vang.voice import opus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data")]
RATE = 48_000


def asked(
    unit: Unit, station: Station, by: Person, starts_at: datetime, *, minutes: int = 1,
    at: datetime | None = None, permitted: bool = True,
) -> Capture:  # fmt: skip
    return ask_capture(
        unit=unit, station=station, starts_at=starts_at, minutes=minutes, permitted=permitted,
        by=by, now=at or starts_at,
    )  # fmt: skip


def taped(row: Capture, seconds: float, number: int = 1) -> Path:
    part = folder() / f"{row.pk}-{number}.ogg"
    tape = Tape(part)
    tone = (9000 * np.sin(2 * np.pi * 440 * np.arange(2880) / RATE)).astype(np.int16)
    for _block in range(round(seconds / 0.06)):
        tape.write(tone)
    tape.close()
    return part


def hertz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.argmax(spectrum) * RATE / len(sound))


def test_a_programme_is_recorded_and_can_be_aired(
    station: Radio, vov: Station, xa_a: Unit, an: Person, tmp_path: Path
) -> None:
    """A real stream by the real clock: the last eighteen seconds of a minute."""
    station.files["/second"] = sound_file(tmp_path / "b.ogg", hz=880, seconds=40, form="ogg")
    station.hanging.add("/second")
    began = now()
    row = asked(xa_a, vov, an, began - timedelta(seconds=42), at=began - timedelta(seconds=42))
    assert capture(row.pk) == 0
    row.refresh_from_db()
    assert row.ended_at is not None
    assert 2_500 < row.recorded_ms < 18_000
    assert [(source, why) for _at, source, why in row.changes] == [
        (station.url + "/second", "begun")
    ]
    item = row.item
    assert item is not None
    assert (item.unit, item.source, item.licence) == (xa_a, "VOV1", Item.Licence.PERMITTED)
    sound = np.concatenate(list(opus.decode(store().read(item.sha256))))
    assert abs(len(sound) / RATE * 1000 - row.recorded_ms) < 100
    assert abs(hertz(sound[RATE : 2 * RATE]) - 880) < 5
    assert "VOV1" in Notice.objects.get(person=an).title
    chosen = choose_sound(unit=xa_a, item=item, kind="RELAY", relayed_from="VOV1", by=an, now=now())
    assert StationSound.objects.get() == chosen
    assert list(folder().iterdir()) == []


def test_the_parts_of_processes_that_died_are_put_together(
    vov: Station, xa_a: Unit, an: Person, manual: ManualClock
) -> None:
    row = asked(xa_a, vov, an, manual.now())
    taped(row, 2.0)
    broken = taped(row, 3.0, number=2)
    broken.write_bytes(broken.read_bytes()[:-2000])
    taped(row, 1.0, number=10)
    (folder() / f"{row.pk}-11.ogg").write_bytes(b"")
    finish(row, now=row.ends_at)
    assert 4_500 < row.recorded_ms < 6_100
    assert row.item is not None


def test_what_could_not_be_recorded_is_told(
    vov: Station, xa_a: Unit, an: Person, manual: ManualClock
) -> None:
    row = asked(xa_a, vov, an, manual.now())
    manual.set(row.ends_at)
    assert capture(row.pk) == 0
    row.refresh_from_db()
    assert (row.problem, row.item, row.recorded_ms) == ("missed", None, 0)
    assert "VOV1" in Notice.objects.get(person=an).title
    assert not due(manual.now()).exists()


def test_a_station_that_gives_nothing_is_told_with_its_reason(
    station: Radio, vov: Station, xa_a: Unit, an: Person
) -> None:
    began = now()
    row = asked(xa_a, vov, an, began - timedelta(seconds=50), at=began - timedelta(seconds=50))
    capture(row.pk)
    row.refresh_from_db()
    assert (row.problem, row.item) == ("refused", None)
    assert row.ended_at is not None
    assert station.asked


def test_a_second_process_leaves_it_to_the_first(
    vov: Station, xa_a: Unit, an: Person, manual: ManualClock
) -> None:
    row = asked(xa_a, vov, an, manual.now())
    manual.set(row.ends_at)
    with alone(f"capture-{row.pk}") as mine:
        assert mine
        capture(row.pk)
    row.refresh_from_db()
    assert row.ended_at is None


def test_without_room_what_was_taped_is_kept_and_tried_again(
    vov: Station, xa_a: Unit, an: Person, manual: ManualClock, data: Path
) -> None:
    row = asked(xa_a, vov, an, manual.now())
    part = taped(row, 2.0)
    (data / "files").write_bytes(b"")  # no folder can be made there
    with pytest.raises(OSError, match="files"):
        finish(row, now=row.ends_at)
    row.refresh_from_db()
    assert row.ended_at is None
    assert part.exists()
    finish(row, now=row.ends_at + timedelta(days=1))
    assert (row.problem, row.item) == ("no-room", None)
    assert shown(row, manual.now()).state == "failed"
    other = asked(xa_a, vov, an, manual.now())
    (data / "files").unlink()
    taped(other, 2.0)
    finish(other, now=other.ends_at)
    assert other.item is not None


def test_what_was_taped_over_a_merger_comes_to_the_new_unit(
    vov: Station, xa_a: Unit, xa_b: Unit, an: Person, manual: ManualClock
) -> None:
    row = asked(xa_a, vov, an, manual.now())
    taped(row, 1.0)
    Capture.objects.filter(pk=row.pk).update(unit=xa_b)
    finish(row, now=row.ends_at)
    assert row.item is not None
    assert row.item.unit == xa_b


def test_a_stray_file_stops_nothing(vov: Station, xa_a: Unit, an: Person, now: datetime) -> None:
    for name in ("a-b.ogg", "1-.ogg", "²-1.ogg"):
        (folder() / name).write_bytes(b"")
    assert begin_due(now=now) == 0


def test_one_is_begun_twenty_seconds_ahead_and_what_is_cancelled_is_forgotten(
    vov: Station, xa_a: Unit, an: Person, manual: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = manual.now() + timedelta(hours=1)
    row = asked(xa_a, vov, an, begins, at=manual.now())
    assert not due(begins - timedelta(seconds=30)).exists()
    assert list(due(begins - timedelta(seconds=20))) == [row]
    taped(row, 1.0)
    cancel_capture(capture=row, by=an, now=manual.now())
    assert begin_due(now=begins) == 0
    assert processes.running == {}
    assert list(folder().iterdir()) == []
    finish(row, now=begins)
    row.refresh_from_db()
    assert row.ended_at is None
    with pytest.raises(Refusal, match="đã xong"):
        cancel_capture(capture=row, by=an, now=manual.now())


@pytest.mark.parametrize(
    ("off", "minutes", "permitted", "code"),
    [
        (timedelta(minutes=-3), 15, True, "bad-time"),
        (timedelta(days=15), 15, True, "bad-time"),
        (timedelta(hours=1), 0, True, "bad-length"),
        (timedelta(hours=1), 61, True, "bad-length"),
        (timedelta(hours=1), 15, False, "not-permitted"),
    ],
)
def test_what_cannot_be_is_refused(
    vov: Station, xa_a: Unit, an: Person, now: datetime, off: timedelta, minutes: int, *,
    permitted: bool, code: str,
) -> None:  # fmt: skip
    with pytest.raises(Refusal) as refused:
        asked(xa_a, vov, an, now + off, minutes=minutes, at=now, permitted=permitted)
    assert refused.value.code == code
    assert not Capture.objects.exists()


def test_who_vouched_for_the_rights_stands_in_the_journal(
    vov: Station, xa_a: Unit, an: Person, now: datetime
) -> None:
    row = asked(xa_a, vov, an, now)
    cancel_capture(capture=row, by=an, now=now)
    told = {one.action: one.detail for one in Entry.objects.filter(subject=f"capture:{row.pk}")}
    assert told["ask-capture"]["permitted"] is True
    assert "permitted" not in told["cancel-capture"]


def test_now_lasts_as_long_as_was_asked_for(
    vov: Station, xa_a: Unit, an: Person, now: datetime
) -> None:
    row = asked(xa_a, vov, an, now.replace(second=0), minutes=5, at=now + timedelta(seconds=50))
    assert row.ends_at == now + timedelta(minutes=5, seconds=50)


def test_a_station_is_not_recorded_twice_at_a_time_nor_three_at_once(
    vov: Station, xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    others = [Station.objects.create(unit=xa_a, name=n, added_by=binh, added_at=now) for n in "AB"]
    asked(xa_a, vov, an, later, minutes=30, at=now)
    asked(xa_a, vov, an, later + timedelta(minutes=30), minutes=30, at=now)
    between = later + timedelta(minutes=10)
    assert refusal(xa_a, vov, an, between, now) == "recorded-already"
    asked(xa_a, others[0], an, between, at=now)
    assert refusal(xa_a, others[1], an, between, now) == "too-many-at-once"


def refusal(unit: Unit, station: Station, by: Person, starts_at: datetime, now: datetime) -> str:
    with pytest.raises(Refusal) as refused:
        asked(unit, station, by, starts_at, at=now)
    return refused.value.code


def test_only_who_brings_material_and_only_a_station_that_serves_the_unit(
    vov: Station, xa_a: Unit, xa_b: Unit, an: Person, tech: Person, chi: Person, binh: Person,
    now: datetime,
) -> None:  # fmt: skip
    for by in (tech, chi):
        assert refusal(xa_a, vov, by, now, now) == "not-allowed"
    end_station(station=vov, by=binh, now=now)
    assert refusal(xa_a, vov, an, now, now) == "station-ended"


def test_what_waits_for_a_station_that_ends_is_called_off_and_told(
    vov: Station, xa_a: Unit, an: Person, binh: Person, manual: ManualClock
) -> None:
    later = manual.now() + timedelta(hours=1)
    row = asked(xa_a, vov, an, later, at=manual.now())
    taped(row, 1.0)
    end_station(station=vov, by=binh, now=manual.now())
    row.refresh_from_db()
    assert (row.cancelled_at, row.problem) == (manual.now(), "station-ended")
    assert not due(later).exists()
    assert begin_due(now=later) == 0
    assert list(folder().iterdir()) == []
    told = Notice.objects.get(person=an)
    assert "VOV1" in told.title
    assert "không còn được tiếp âm" in told.text
    assert Entry.objects.filter(action="cancel-capture", subject=f"capture:{row.pk}").exists()
