"""The station's sounds and what a programme consists of, from the library to the loudspeaker."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import released, take
from tests.dispatch.radio import cluster_in, device_on, plan_of
from vang.airtime import services
from vang.airtime.models import Programme, ProgrammePart, StationSound
from vang.airtime.queries import day_timeline
from vang.airtime.services.rundown import parts_in_force
from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.base.files import FileStore
from vang.base.refusals import Refusal
from vang.dispatch.models import PlannedItem
from vang.dispatch.queries import orders
from vang.dispatch.services import publish_plan
from vang.evidence.logbook.facts import logbook
from vang.evidence.models import AsRun
from vang.journal.models import Entry
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Rendition

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 6, 10), date(2026, 6, 11)
BUDGET = 20


@pytest.fixture(autouse=True)
def _noon(settings: object, tmp_path: Path, now: datetime) -> object:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    use_clock(ManualClock(now))
    yield
    use_clock(SystemClock())


def recording(unit: Unit, by: Person, now: datetime, name: str, licence: str = "OWN") -> Item:
    item = take(unit, by, now, f"{name}.mp3").item
    item.licence, item.title = licence, name
    item.save()
    return item


def sound(
    unit: Unit,
    by: Person,
    other: Person,
    now: datetime,
    name: str = "Nhạc hiệu",
    kind: str = "TUNE",
    ms: int = 8000,
    relayed_from: str = "",
) -> StationSound:
    """Chosen by one and approved by another; ``ms`` long."""
    item = recording(unit, by, now, name)
    made = services.choose_sound(
        unit=unit, item=item, kind=kind, relayed_from=relayed_from, by=by, now=now
    )
    ready(made.rendition, ms)
    return services.approve_sound(sound=made, sha256=made.rendition.sha256, by=other, now=now)


def ready(rendition: Rendition, ms: int) -> None:
    opus = b"OggS" + hashlib.sha256(rendition.key.encode()).digest()
    rendition.sha256 = FileStore(Path(_data()) / "files").put(opus)
    rendition.state, rendition.size, rendition.duration_ms = "READY", len(opus), ms
    rendition.worked_until = None
    rendition.save()


def _data() -> str:
    from django.conf import settings

    return str(settings.DATA)


@pytest.fixture
def evening(xa_a: Unit, binh: Person, tech: Person, now: datetime) -> Programme:
    """Every day at 17:00 on one cluster."""
    cluster_in(xa_a, tech, now)
    return services.create_programme(
        unit=xa_a,
        name="Tin chiều",
        starts_at=time(17),
        weekdays="1111111",
        valid_from=TODAY,
        valid_to=None,
        by=binh,
        now=now,
    )


def titles(unit: Unit, day: date = TODAY) -> list[str]:
    return [item.title for item in day_timeline(unit, day).items]


def clocks(unit: Unit, day: date = TODAY) -> list[str]:
    there = [item.start + timedelta(hours=7) for item in day_timeline(unit, day).items]
    return [f"{start:%H:%M:%S}" for start in there]


def with_news(programme: Programme, an: Person, binh: Person, now: datetime) -> None:
    edition = released(programme.unit, an, binh, now)
    services.place_in_programme(
        edition=edition, programme=programme, from_day=TODAY, to_day=None, by=binh, now=now
    )


def test_a_session_goes_tune_news_relay_closing_music(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    unit = evening.unit
    with_news(evening, an, binh, now)
    tune = sound(unit, an, binh, now)
    closing = sound(unit, an, binh, now, "Nhạc kết", "CLOSING", 6000)
    sound(unit, an, binh, now, "Dân ca", "MUSIC", 60_000)
    services.add_sound_part(programme=evening, sound=closing, before=False, by=binh, now=now)
    services.add_sound_part(programme=evening, sound=tune, before=True, by=binh, now=now)
    services.add_window(
        programme=evening, source="VOV1", lasts_s=600, before=False, by=binh, now=now
    )
    assert titles(unit) == ["Nhạc hiệu", "Lịch cắt điện", "Nhạc kết", "VOV1"]
    last = parts_in_force(evening, now)[-1]
    services.shift_part(part=last, earlier=True, by=binh, now=now)
    services.set_fill(programme=evening, fill_s=15 * 60, by=binh, now=now)
    assert titles(unit)[:5] == ["Nhạc hiệu", "Lịch cắt điện", "VOV1", "Nhạc kết", "Dân ca"]
    assert clocks(unit)[:4] == ["17:00:00", "17:00:10", "17:00:17", "17:10:19"]
    assert day_timeline(unit, TODAY).unplaced == ()
    told = Entry.objects.filter(subject=f"programme:{evening.pk}").values_list("action", flat=True)
    assert {"add-programme-part", "order-programme-parts", "fill-programme"} <= set(told)


def test_node_fetches_plays_and_proves_the_tune(
    evening: Programme, an: Person, binh: Person, tech: Person, now: datetime
) -> None:
    unit = evening.unit
    with_news(evening, an, binh, now)
    services.add_sound_part(
        programme=evening, sound=sound(unit, an, binh, now), before=True, by=binh, now=now
    )
    services.add_window(
        programme=evening, source="VOV1", lasts_s=600, before=False, by=binh, now=now
    )
    device = device_on(unit.clusters.get(), tech, now)
    publish_plan(unit, now=now)
    assert device.get("plan").status_code == 200
    tune, news = [item for item in orders(plan_of(unit)).items if item.start.day == TODAY.day]
    assert (tune.title, news.title) == ("Nhạc hiệu", "Lịch cắt điện")
    audio = device.get(f"files/{tune.audio.sha256}")
    assert hashlib.sha256(b"".join(audio.streaming_content)).hexdigest() == tune.audio.sha256
    for item in (tune, news):
        device.play(item, plan=plan_of(unit).version)
    assert device.upload().status_code == 200
    row = AsRun.objects.get(planned__item=tune.id)
    assert (row.state, row.planned.edition_id, row.planned.title) == ("DONE", None, "Nhạc hiệu")
    book = logbook(unit, TODAY, TODAY, now=now + timedelta(hours=9))
    assert [line.title for line in book] == ["Nhạc hiệu", "Lịch cắt điện"]
    assert book[0].writers == ("Nguyễn Văn An",)
    assert book[0].approver == "Trần Thị Bình"


def test_relayed_programme_is_counted_as_relayed(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    relay = sound(evening.unit, an, binh, now, "Thời sự tỉnh", "RELAY", 60_000, "Đài tỉnh")
    services.add_sound_part(programme=evening, sound=relay, before=True, by=binh, now=now)
    publish_plan(evening.unit, now=now)
    after = now + timedelta(hours=9)
    (line,) = logbook(evening.unit, TODAY, TODAY, now=after)
    assert line.relayed_from == "Đài tỉnh"


def test_who_chose_a_sound_does_not_approve_it(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    item = recording(xa_a, binh, now, "Nhạc hiệu")
    made = services.choose_sound(unit=xa_a, item=item, kind="TUNE", by=binh, now=now)
    ready(made.rendition, 8000)
    right = made.rendition.sha256
    for who, sha256, code in (
        (binh, right, "own-sound"),
        (an, right, "not-allowed"),
    ):
        with pytest.raises(Refusal) as refused:
            services.approve_sound(sound=made, sha256=sha256, by=who, now=now)
        assert refused.value.code == code
    mine = recording(xa_a, an, now, "Nhạc kết")
    other = services.choose_sound(unit=xa_a, item=mine, kind="CLOSING", by=an, now=now)
    with pytest.raises(Refusal) as early:
        services.approve_sound(sound=other, sha256="", by=binh, now=now)
    ready(other.rendition, 6000)
    with pytest.raises(Refusal) as changed:
        services.approve_sound(sound=other, sha256="0" * 64, by=binh, now=now)
    assert (early.value.code, changed.value.code) == ("no-sound-yet", "sound-changed")
    services.approve_sound(sound=other, sha256=other.rendition.sha256, by=binh, now=now)


def test_a_recording_of_unknown_rights_or_of_others_is_refused(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    unknown = recording(xa_a, an, now, "Ai hát", licence="UNKNOWN")
    foreign = recording(xa_b, chi, now, "Của xã B")
    for item, code in ((unknown, "rights-unknown"), (foreign, "not-a-recording")):
        with pytest.raises(Refusal) as refused:
            services.choose_sound(unit=xa_a, item=item, kind="TUNE", by=an, now=now)
        assert refused.value.code == code
    nameless = recording(xa_a, an, now, "Thời sự")
    with pytest.raises(Refusal) as unnamed:
        services.choose_sound(unit=xa_a, item=nameless, kind="RELAY", by=an, now=now)
    assert unnamed.value.code == "station-unnamed"


def test_session_that_has_begun_keeps_its_parts(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    with_news(evening, an, binh, now)
    part = services.add_sound_part(
        programme=evening, sound=sound(evening.unit, an, binh, now), before=True, by=binh, now=now
    )
    during = now + timedelta(hours=5, seconds=3)
    services.remove_part(part=part, by=binh, now=during)
    assert titles(evening.unit) == ["Nhạc hiệu", "Lịch cắt điện"]
    assert titles(evening.unit, TOMORROW) == ["Lịch cắt điện"]
    with pytest.raises(Refusal) as gone:
        services.remove_part(part=part, by=binh, now=during)
    assert gone.value.code == "part-gone"


def test_removing_before_the_session_spares_today(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    with_news(evening, an, binh, now)
    part = services.add_window(
        programme=evening, source="VOV1", lasts_s=600, before=True, by=binh, now=now
    )
    assert titles(evening.unit) == ["VOV1", "Lịch cắt điện"]
    services.remove_part(part=part, by=binh, now=now)
    assert titles(evening.unit) == ["Lịch cắt điện"]


def test_parts_go_on_when_the_programme_moves_to_another_hour(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    with_news(evening, an, binh, now)
    services.add_sound_part(
        programme=evening, sound=sound(evening.unit, an, binh, now), before=True, by=binh, now=now
    )
    services.set_fill(programme=evening, fill_s=600, by=binh, now=now)
    Programme.objects.filter(pk=evening.pk).update(valid_from=TODAY - timedelta(days=9))
    changed = services.change_programme(
        programme=Programme.objects.get(pk=evening.pk),
        name=evening.name,
        starts_at=time(18),
        weekdays="1111111",
        valid_to=None,
        by=binh,
        now=now,
    )
    assert changed.pk != evening.pk
    assert changed.fill_s == 600
    assert clocks(evening.unit)[0] == "17:00:00"
    assert clocks(evening.unit, TOMORROW)[0] == "18:00:00"
    assert titles(evening.unit, TOMORROW) == ["Nhạc hiệu", "Lịch cắt điện"]


def test_retired_sound_falls_silent_and_stays_in_the_records(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    with_news(evening, an, binh, now)
    tune = sound(evening.unit, an, binh, now)
    services.add_sound_part(programme=evening, sound=tune, before=True, by=binh, now=now)
    publish_plan(evening.unit, now=now)
    services.retire_sound(sound=tune, by=binh, now=now)
    publish_plan(evening.unit, now=now)
    assert titles(evening.unit) == ["Lịch cắt điện"]
    assert PlannedItem.objects.filter(sound=tune, withdrawn_at=None).count() == 0


def test_pages_work_and_strangers_see_nothing(
    evening: Programme,
    an: Person,
    binh: Person,
    chi: Person,
    now: datetime,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = evening.unit
    with_news(evening, an, binh, now)
    item = recording(unit, an, now, "Nhạc hiệu")
    sounds, rundown = reverse("airtime:sounds"), reverse("airtime:rundown", args=[evening.pk])
    assert client.get(rundown).status_code == 302
    client.force_login(an)
    refused = client.post(sounds, {"item": item.pk, "kind": "RELAY"}).content.decode()
    assert "Hãy ghi tên đài thực hiện chương trình." in refused
    client.post(sounds, {"item": item.pk, "kind": "TUNE"})
    tune = StationSound.objects.get()
    ready(tune.rendition, 8000)
    client.force_login(binh)
    approve = reverse("airtime:approve-sound", args=[tune.pk])
    assert client.get(approve).status_code == 405
    page = client.post(approve, {"sha256": tune.rendition.sha256}, follow=True).content.decode()
    assert "Đã duyệt: Nhạc hiệu." in page
    client.post(rundown, {"what": "sound", "sound": tune.pk, "where": "before"})
    shown = client.post(
        rundown, {"what": "window", "source": "VOV1", "minutes": 45, "where": "before"}
    ).content.decode()
    assert "Việc này làm thay đổi bản tin khác." in shown
    assert ProgrammePart.objects.filter(kind="WINDOW").count() == 0
    client.post(rundown, {"what": "window", "source": "VOV1", "minutes": 5, "where": "after"})
    client.post(rundown, {"what": "fill", "minutes": 10})
    part = ProgrammePart.objects.get(kind="WINDOW")
    client.post(reverse("airtime:shift-part", args=[part.pk]), {"to": "earlier"})
    with django_assert_max_num_queries(BUDGET):
        text = client.get(rundown).content.decode()
    assert text.index("Nhạc hiệu") < text.index("VOV1") < text.index("Lịch cắt điện")
    day = client.get(reverse("airtime:day")).content.decode()
    assert "giờ dành cho tiếp âm" in day
    assert client.get(reverse("airtime:week")).status_code == 200
    client.force_login(chi)
    part = ProgrammePart.objects.filter(to_day=None, kind="WINDOW").get()
    for address in (rundown, reverse("airtime:remove-part", args=[part.pk]), approve):
        assert client.post(address).status_code == 404
    assert client.get(rundown).status_code == 404


def test_the_station_sounds_of_an_hour_long_gone_are_not_touched(
    evening: Programme, an: Person, binh: Person, now: datetime
) -> None:
    """A filler has its start in its name: it can be stopped like anything else."""
    with_news(evening, an, binh, now)
    sound(evening.unit, an, binh, now, "Dân ca", "MUSIC", 60_000)
    services.set_fill(programme=evening, fill_s=240, by=binh, now=now)
    filler = next(i for i in day_timeline(evening.unit, TODAY).items if i.id[0] == "f")
    services.stop_item(unit=evening.unit, item=filler.id, by=an, now=now)
    left = [item for item in day_timeline(evening.unit, TODAY).items if item.id[0] == "f"]
    assert left == []
    assert datetime(2026, 6, 10, 10, tzinfo=UTC) < filler.start
