"""What moves when communes merge: people, loudspeakers, programmes, drafts, pages. Nothing that
happened is rewritten."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.bulletins.newsroom import draft, released, submitted
from tests.conftest import BEGIN, SignedIn, person
from tests.dispatch.radio import cluster_in, device_on, on_air
from tests.refusals import refused
from vang.airtime.models import Placement, Programme, ProgrammePart, SlotPolicy
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.bulletins.models import Bulletin, Edition
from vang.captures.models import Capture
from vang.channels.portal.leading import kept_archive
from vang.channels.portal.paths import MOVED
from vang.channels.portal.services import portal_folder, write_site
from vang.desk.ticks import tick
from vang.dispatch.models import PlannedItem
from vang.dispatch.services import publish_plan
from vang.equipment.models import Place
from vang.equipment.services import (
    Coverage,
    Facts,
    Line,
    Spot,
    add_device,
    open_place,
    open_segment,
)
from vang.mergers.carrying import carry_out_due
from vang.mergers.models import Decision
from vang.mergers.services import announce_change, cancel_change, decide, waiting, what_moves
from vang.notices.models import Notice
from vang.orgs.models import Lineage, Organisation, Unit, UnitChange
from vang.orgs.queries import villages
from vang.orgs.services import Newcomer, Part
from vang.people.access import roles
from vang.people.models import Membership, Person
from vang.relays.access import stations_for
from vang.relays.models import Source
from vang.relays.models import Station as RelayedStation
from vang.stations.models import Cluster, Node

DAY = date(2026, 7, 1)
MORNING = datetime.fromisoformat("2026-07-01T00:05:00+07:00")
BASIS = "Nghị quyết số 1659/NQ-UBTVQH15"


@pytest.fixture(autouse=True)
def manual(now: datetime, settings: Any, tmp_path: Path) -> Iterator[ManualClock]:
    settings.DATA = tmp_path
    hand = ManualClock(now)
    clock.use_clock(hand)
    yield hand
    clock.use_clock(SystemClock())


@pytest.fixture
def chief(district: Unit) -> Person:
    return person("thanh", "Nguyễn Văn Thành", district, "ADMINISTRATOR")


def merge(units: list[Unit], by: Person, now: datetime, on: date = DAY) -> UnitChange:
    new = Newcomer("20662", "XA", "Quế Sơn Trung", "COMMUNE", units[0].parent)
    parts = [Part(unit, new) for unit in units]
    return announce_change(
        kind="MERGE", effective_on=on, legal_basis=BASIS, parts=parts, by=by, now=now
    )


def new_unit() -> Unit:
    return Unit.objects.get(code="20662", valid_to=None)


def held(unit: Unit, on: date = DAY) -> set[tuple[str, str]]:
    rows = Membership.objects.filter(unit=unit, valid_from__lte=on).exclude(valid_to__lte=on)
    return set(rows.values_list("person__username", "role"))


def test_nothing_moves_before_the_day(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, tech: Person, chief: Person, now: datetime
) -> None:
    cluster = cluster_in(xa_a, tech, now)
    merge([xa_a, xa_b], chief, now)
    assert carry_out_due(now=now) == 0
    assert Cluster.objects.get(pk=cluster.pk).unit == xa_a
    assert held(new_unit()) == set()


def test_on_the_day_the_worker_carries_everything_out(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, tech: Person, chief: Person, now: datetime
) -> None:
    merge([xa_a, xa_b], chief, now)
    assert "changes of units carried out: 1" in tick(now=MORNING)
    new = new_unit()
    assert held(new) == {
        ("an", "WRITER"), ("tu", "TECHNICIAN"), ("chi", "WRITER"), ("chi", "APPROVER"),
        ("chi", "TECHNICIAN"), ("chi", "ADMINISTRATOR"),
    }  # fmt: skip
    assert held(xa_a) == held(xa_b) == set()
    assert roles(an, new, DAY) == {"WRITER"}
    old = Unit.objects.get(pk=xa_a.pk)
    assert roles(an, old, DAY) == {"READER"}  # what was there can still be read
    assert roles(chi, old, DAY) == {"READER", "APPROVER"}
    assert carry_out_due(now=MORNING) == 0


def test_of_two_leaders_somebody_chooses_one(
    xa_a: Unit, xa_b: Unit, hanh: Person, chief: Person, now: datetime
) -> None:
    other = person("phuc", "Đỗ Văn Phúc", xa_b, "LEADER")
    change = merge([xa_a, xa_b], chief, now)
    assert waiting(change) == 2
    (mine,) = Membership.objects.filter(person=hanh)
    (theirs,) = Membership.objects.filter(person=other)
    decide(change, "people", {str(theirs.pk): "end"}, by=chief, now=now)
    assert waiting(change) == 1
    carry_out_due(now=MORNING)
    assert held(new_unit()) == set()
    decide(change, "people", {str(mine.pk): str(new_unit().pk)}, by=chief, now=MORNING)
    assert held(new_unit()) == {("hanh", "LEADER")}
    assert waiting(change) == 0


def test_a_person_with_the_same_role_in_both_holds_it_once(
    xa_a: Unit, xa_b: Unit, chi: Person, chief: Person, now: datetime
) -> None:
    Membership.objects.create(person=chi, unit=xa_a, role="WRITER", valid_from=BEGIN)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    rows = Membership.objects.filter(person=chi, unit=new_unit(), role="WRITER")
    assert rows.count() == 1


def test_loudspeakers_of_both_become_one_station_and_nobody_climbs(
    xa_a: Unit, xa_b: Unit, tech: Person, chi: Person, chief: Person, now: datetime
) -> None:
    mine = device_on(cluster_in(xa_a, tech, now), tech, now)
    theirs = device_on(cluster_in(xa_b, chi, now, name="Cụm Phong 1"), chi, now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    new = new_unit()
    assert set(Cluster.objects.filter(unit=new)) == {mine.row.cluster, theirs.row.cluster}
    assert {place.parent for place in mine.row.cluster.villages.all()} == {new}
    assert {node.obeys for node in Node.objects.all()} == {xa_a, xa_b}
    publish_plan(new, now=MORNING)
    clock.use_clock(ManualClock(MORNING))
    for device, code in ((mine, "20662"), (theirs, "20683")):
        device.sign_in()
        assert device.get("plan").status_code == 200
        assert device.answer["unit"] == code


def test_programmes_go_on_where_they_sounded_before(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, tech: Person, chi: Person, chief: Person,
    now: datetime,
) -> None:  # fmt: skip
    cluster_in(xa_a, tech, now)
    cluster_in(xa_b, chi, now, name="Cụm Phong 1")
    edition = released(xa_a, an, binh, now)
    programme = Programme.objects.create(
        unit=xa_a, name="Bản tin chiều", starts_at=time(17), valid_from=BEGIN
    )
    Placement.objects.create(
        unit=xa_a, edition=edition, kind="PROGRAMME", programme=programme, from_day=now.date(),
        placed_by=binh, placed_at=now,
    )  # fmt: skip
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    new = new_unit()
    twin = Programme.objects.get(unit=new)
    assert (twin.name, twin.starts_at, twin.valid_from) == ("Bản tin chiều", time(17), DAY)
    assert Programme.objects.get(pk=programme.pk).valid_to == DAY - timedelta(days=1)
    publish_plan(new, now=MORNING)
    items = PlannedItem.objects.filter(unit=new)
    assert items
    code = Cluster.objects.get(name="Cụm Thuận 1").code
    assert {tuple(item.clusters) for item in items} == {(code,)}
    assert all(item.edition and item.edition.unit == xa_a for item in items)


def test_what_was_released_and_heard_stays_with_the_old_unit(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, tech: Person, chief: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    on_air(xa_a, an, binh, now)
    publish_plan(xa_a, now=now)
    before = list(PlannedItem.objects.values_list("pk", "unit", "clusters"))
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    assert list(PlannedItem.objects.values_list("pk", "unit", "clusters")) == before
    assert Edition.objects.get().unit == xa_a


def test_drafts_are_finished_in_the_new_unit_and_reviewed_anew(
    xa_a: Unit, xa_b: Unit, an: Person, chief: Person, now: datetime
) -> None:
    one = draft(xa_a, an, now)
    two = submitted(xa_a, an, now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    for bulletin in Bulletin.objects.filter(pk__in=[one.pk, two.pk]):
        assert (bulletin.unit, bulletin.state, bulletin.submitted_by) == (new_unit(), "DRAFT", None)


def test_where_the_hours_differ_somebody_chooses(
    xa_a: Unit, xa_b: Unit, chief: Person, now: datetime
) -> None:
    for unit, opens in ((xa_a, "05:00"), (xa_b, "06:00")):
        SlotPolicy.objects.create(unit=unit, hours=[[opens, "07:00"]], changed_at=now)
    change = merge([xa_a, xa_b], chief, now)
    (hours,) = [one for one in what_moves(change) if one.mover.name == "hours"]
    assert hours.waiting == 1
    decide(change, "hours", {hours.things[0].thing.key: str(xa_b.pk)}, by=chief, now=now)
    carry_out_due(now=MORNING)
    assert SlotPolicy.objects.get(unit=new_unit()).hours == [["06:00", "07:00"]]


def test_organisations_keep_their_lineage(
    xa_a: Unit, xa_b: Unit, chief: Person, now: datetime
) -> None:
    for unit in (xa_a, xa_b):
        for kind, name in (
            ("PEOPLES_COMMITTEE", f"UBND xã {unit.name}"),
            ("MASS_ORGANISATION", "Hội Nông dân xã"),
        ):
            Organisation.objects.create(unit=unit, kind=kind, name=name, valid_from=BEGIN)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    after = Organisation.objects.filter(unit=new_unit())
    assert sorted(one.name for one in after) == ["Hội Nông dân xã", "UBND xã Quế Sơn Trung"]
    committee = after.get(kind="PEOPLES_COMMITTEE")
    assert {row.before.unit for row in committee.forerunners.all()} == {xa_a, xa_b}
    assert Lineage.objects.count() == 4
    assert not Organisation.objects.filter(unit=xa_a, valid_to=None)


def test_the_old_pages_lead_on_and_old_notices_stay(
    xa_a: Unit, xa_b: Unit, chief: Person, now: datetime
) -> None:
    for unit in (xa_a, xa_b):
        write_site(unit, now=now)
    old = portal_folder(xa_b)
    (old / "2026").mkdir(exist_ok=True)
    (old / "2026" / "tin.html").write_text("tin cũ")
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    first = (old / "index.html").read_text()
    assert "../20662/index.html" in first
    assert "Xã Quế Sơn Trung" in first
    assert "30/06/2026" in first
    assert (old / "2026" / "tin.html").read_text() == "tin cũ"
    assert (old / MOVED).is_file()
    assert (portal_folder(xa_a) / kept_archive(DAY - timedelta(days=1))).is_file()
    tick(now=MORNING + timedelta(minutes=1))
    assert "Quế Sơn Trung" in (portal_folder(new_unit()) / "index.html").read_text()
    assert (old / "index.html").read_text() == first


def test_a_divided_commune_waits_for_every_choice(
    xa_a: Unit, xa_b: Unit, an: Person, tech: Person, chief: Person, now: datetime
) -> None:
    first, _second, third = villages(xa_a, DAY)
    cluster = cluster_in(xa_a, tech, now)
    cluster.villages.set([first])
    rest = Newcomer("20662", "XA", "Quế Thuận", "COMMUNE", xa_a.parent)
    parts = [Part(xa_a, rest, Fraction(1, 2)), Part(xa_a, xa_b, Fraction(1, 2))]
    change = announce_change(
        kind="SPLIT", effective_on=DAY, legal_basis=BASIS, parts=parts, by=chief, now=now
    )
    assert waiting(change) == 3 + 2 + 1  # villages, people, the cluster
    decide(change, "villages", {str(first.pk): str(xa_b.pk)}, by=chief, now=now)
    assert waiting(change) == 4  # the cluster goes with its village
    carry_out_due(now=MORNING)
    moved = Cluster.objects.get(pk=cluster.pk)
    assert moved.unit == xa_b
    assert [place.name for place in moved.villages.all()] == ["Thuận 1"]
    assert waiting(change) == 4  # not decided: it waits, nothing is guessed
    decide(change, "villages", {str(third.pk): str(new_unit().pk)}, by=chief, now=MORNING)
    assert [place.name for place in villages(new_unit(), DAY)] == ["Thuận 3"]
    with refused("thing-gone"):
        decide(change, "villages", {str(third.pk): str(xa_b.pk)}, by=chief, now=MORNING)


def test_cancelled_nothing_of_it_is_left(
    xa_a: Unit, xa_b: Unit, hanh: Person, chief: Person, now: datetime
) -> None:
    person("phuc", "Đỗ Văn Phúc", xa_b, "LEADER")
    change = merge([xa_a, xa_b], chief, now)
    (mine,) = Membership.objects.filter(person=hanh)
    decide(change, "people", {str(mine.pk): "end"}, by=chief, now=now)
    cancel_change(change, by=chief, now=now)
    assert not Decision.objects.exists()
    assert tick(now=MORNING)
    assert held(xa_a) == {("hanh", "LEADER")}
    with refused("change-cancelled"):
        decide(change, "people", {str(mine.pk): "end"}, by=chief, now=MORNING)


def test_only_who_administers_all_decides(
    xa_a: Unit, xa_b: Unit, quan: Person, chi: Person, chief: Person, now: datetime
) -> None:
    change = merge([xa_a, xa_b], chief, now)
    for one in (quan, chi):
        with refused("not-allowed"):
            cancel_change(change, by=one, now=now)
        with refused("not-allowed"):
            decide(change, "people", {}, by=one, now=now)
    with refused("not-allowed"):
        merge([xa_a, xa_b], quan, now)
    with refused("thing-gone"):
        decide(change, "people", {"999": "end"}, by=chief, now=now)
    with refused("mover-unknown"):
        decide(change, "cows", {}, by=chief, now=now)


def test_old_records_are_read_under_the_old_name(
    xa_a: Unit, xa_b: Unit, an: Person, binh: Person, chi: Person, dung: Person, chief: Person,
    signed_in: SignedIn, now: datetime, manual: ManualClock,
) -> None:  # fmt: skip
    edition = released(xa_a, an, binh, now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    clock.use_clock(ManualClock(MORNING))
    client: Client = signed_in(chi)
    bulletin = f"/bulletins/{edition.bulletin_id}"
    assert client.get(bulletin).status_code == 200
    assert client.post("/account/unit", {"unit": xa_a.pk}).status_code == 302
    listed = client.get("/bulletins/?view=all").content.decode()
    assert edition.title in listed
    assert "Xã Quế Thuận" in listed
    assert client.get("/bulletins/new").status_code in {302, 403}
    stranger = signed_in(
        person(
            "la",
            "Người Lạ",
            dung.memberships.get().unit.children.create(
                code="20699", valid_from=BEGIN, level="COMMUNE", kind="XA", name="Quế Tân"
            ),
            "WRITER",
        )
    )
    assert stranger.get(bulletin).status_code == 404


def test_the_register_of_equipment_goes_along(
    xa_a: Unit, xa_b: Unit, tech: Person, chief: Person, now: datetime
) -> None:
    cluster_in(xa_a, tech, now)
    segment = open_segment(unit=xa_a, line=Line("FM", "FM 92,5"), by=tech, now=now)
    coverage = Coverage(segment=segment)
    far = open_place(unit=xa_a, spot=Spot("Xóm Đồi"), coverage=coverage, by=tech, now=now)
    facts = Facts("AMPLIFIER", "Tăng âm")
    device = add_device(unit=xa_a, facts=facts, place=far, by=tech, now=now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    new = new_unit()
    for one in (segment, far, device):
        one.refresh_from_db()
        assert one.unit == new
    assert Place.objects.filter(unit=new).count() == 2  # the cluster's, too


def relayed(unit: Unit, name: str, by: Person, now: datetime) -> RelayedStation:
    station = RelayedStation.objects.create(unit=unit, name=name, added_by=by, added_at=now)
    address = f"http://{unit.code}.example.vn/live"
    Source.objects.create(
        station=station, place=1, kind="STREAM", address=address, added_by=by, added_at=now
    )
    return station


def to_record(unit: Unit, station: RelayedStation, by: Person, now: datetime) -> Capture:
    begins = MORNING + timedelta(hours=5)
    return Capture.objects.create(
        unit=unit, station=station, starts_at=begins, minutes=15, asked_by=by, asked_at=now
    )


def relaying(unit: Unit, station: RelayedStation, by: Person, now: datetime) -> None:
    programme = Programme.objects.create(
        unit=unit, name=f"Tiếp âm {unit.name}", starts_at=time(17), valid_from=BEGIN
    )
    programme.parts.create(
        kind="WINDOW", place=-1, source=station.name, lasts_s=600, relay=station,
        from_day=now.date(), added_by=by, added_at=now,
    )  # fmt: skip


def relays_of(unit: Unit) -> dict[str, RelayedStation | None]:
    rows = ProgrammePart.objects.filter(programme__unit=unit).select_related("relay__unit")
    return {row.programme.name: row.relay for row in rows}


def test_relayed_stations_and_what_waits_to_be_recorded_go_along(
    xa_a: Unit, xa_b: Unit, binh: Person, chi: Person, chief: Person, now: datetime
) -> None:
    """A station of a name that came already is not brought twice: what relied on it follows that
    one."""
    first, second = (relayed(unit, "VOV1", binh, now) for unit in (xa_b, xa_a))
    own = relayed(xa_a, "Đài huyện", binh, now)
    RelayedStation.objects.filter(pk=relayed(xa_a, "Đài cũ", binh, now).pk).update(ended_at=now)
    waits, other = to_record(xa_b, first, chi, now), to_record(xa_a, second, binh, now)
    over = to_record(xa_a, second, binh, now)
    Capture.objects.filter(pk=over.pk).update(cancelled_at=now)
    relaying(xa_b, first, chi, now)
    relaying(xa_a, second, binh, now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    new = new_unit()
    assert set(stations_for(new)) == {first, own}
    assert own.sources.count() == 1
    assert set(Capture.objects.filter(unit=new).values_list("pk", "station")) == {
        (waits.pk, first.pk),
        (other.pk, first.pk),
    }
    assert Capture.objects.get(pk=over.pk).unit == xa_a
    assert relays_of(new) == {f"Tiếp âm {unit.name}": first for unit in (xa_a, xa_b)}
    assert relays_of(xa_a) == {f"Tiếp âm {xa_a.name}": second}  # what was, stays
    kept = RelayedStation.objects.get(pk=second.pk)
    assert (kept.unit, kept.ended_at) == (xa_a, None)


def test_a_station_of_the_name_without_a_source_takes_nothing_over(
    xa_a: Unit, xa_b: Unit, binh: Person, chief: Person, now: datetime
) -> None:
    first, second = (relayed(unit, "VOV1", binh, now) for unit in (xa_b, xa_a))
    first.sources.update(ended_at=now)
    waits = to_record(xa_a, second, binh, now)
    relaying(xa_a, second, binh, now)
    merge([xa_a, xa_b], chief, now)
    carry_out_due(now=MORNING)
    assert relays_of(new_unit()) == {f"Tiếp âm {xa_a.name}": second}
    waits.refresh_from_db()
    assert (waits.unit, waits.station) == (new_unit(), second)


def test_what_waits_to_be_recorded_may_end_with_its_unit(
    xa_a: Unit, xa_b: Unit, binh: Person, chief: Person, now: datetime
) -> None:
    waits = to_record(xa_a, relayed(xa_a, "VOV1", binh, now), binh, now)
    change = merge([xa_a, xa_b], chief, now)
    decide(change, "belongings", {f"captures-{xa_a.pk}": "end"}, by=chief, now=now)
    carry_out_due(now=MORNING)
    waits.refresh_from_db()
    assert (waits.unit, waits.cancelled_at, waits.problem) == (xa_a, MORNING, "unit-ended")
    assert Notice.objects.filter(person=binh, subject=f"capture:{waits.pk}").exists()
