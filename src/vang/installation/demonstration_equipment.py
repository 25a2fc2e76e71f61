"""The demonstration's register of equipment: an old FM transmitter beside the new loudspeakers, a
wire on the market, devices bought, lent and worn out. Vendors, numbers and the boundary are
invented."""

import json
from datetime import datetime, timedelta
from typing import Any

from vang.base.clock import local_date
from vang.equipment.models import Place, Segment
from vang.equipment.services import (
    Coverage,
    Facts,
    Line,
    Spot,
    add_device,
    change_ground,
    describe_place,
    describe_station,
    lend_device,
    open_place,
    open_segment,
    retire_device,
)
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

_FM_PLACES = (
    ("Điểm FM Gò Đồng", "15.6850, 108.2040", 2),
    ("Điểm FM Hóc Quang", "15.6905, 108.1990", 2),
    ("Điểm FM Đồng Tràm", "15.6790, 108.2015", 4),
)
_BOUNDARY = [
    *([108.188, 15.676], [108.199, 15.671], [108.211, 15.675], [108.216, 15.687]),
    *([108.209, 15.700], [108.196, 15.703], [108.186, 15.692], [108.188, 15.676]),
]


def load_equipment(home: Unit, by: Person, *, now: datetime) -> None:
    describe_station(
        unit=home,
        name="Đài truyền thanh xã Quế Thuận",
        address="Trụ sở UBND xã Quế Thuận",
        telephone="0235 000 0000",
        decision="Quyết định số 12/QĐ-UBND",
        by=by,
        now=now,
    )
    first = Cluster.objects.filter(unit=home).order_by("pk").first()
    fm = _fm(home, first, by, now)
    wire = open_segment(
        unit=home, line=Line("WIRED", "Đường dây khu chợ", power_w=120), by=by, now=now
    )
    for place in Place.objects.filter(unit=home, cluster__isnull=False).order_by("pk"):
        coverage = Coverage(speakers=4, watts=200, power="BACKED")
        describe_place(place, coverage=coverage, by=by, now=now)
    _beyond(home, fm, wire, by, now)
    _devices(home, by, now)
    _ground(home, by, now)


def _fm(home: Unit, feed: Cluster | None, by: Person, now: datetime) -> Segment:
    line = Line(
        "FM",
        "FM 92,5 MHz",
        fed_by=feed,
        frequency_khz=92_500,
        power_w=50,
        licence_number="000/GP-CTS",
        licence_until=local_date(now) + timedelta(days=60),
    )
    return open_segment(unit=home, line=line, by=by, now=now)


def _beyond(home: Unit, fm: Segment, wire: Segment, by: Person, now: datetime) -> None:
    for name, position, speakers in _FM_PLACES:
        coverage = Coverage(segment=fm, speakers=speakers, watts=50 * speakers, power="MAINS")
        spot = Spot(name, position=position)
        open_place(unit=home, spot=spot, coverage=coverage, by=by, now=now)
    market = Coverage(segment=wire, speakers=3, watts=75, power="MAINS")
    spot = Spot("Chợ Nón", position="15.6868, 108.1968")
    open_place(unit=home, spot=spot, coverage=market, by=by, now=now)


def _devices(home: Unit, by: Person, now: datetime) -> None:
    today = local_date(now)
    bought = today - timedelta(days=320)
    market = Place.objects.get(unit=home, name="Chợ Nón")
    usual: dict[str, Any] = {
        "vendor": "Minh Họa",
        "bought_on": bought,
        "warranty_until": today + timedelta(days=45),
        "funding": "PROGRAMME",
    }
    rows = (
        (Facts("RECEIVER", "Hộp thu IP MH-1", serial="MH1-0007", price=9_800_000,
               network="MOBILE", sim_number="0900000678", sim_operator="Nhà mạng A", **usual),
         None),
        (Facts("TRANSMITTER", "Máy phát FM 50 W", serial="FM50-012", price=46_000_000, **usual),
         None),
        (Facts("AMPLIFIER", "Tăng âm 120 W", serial="TA120-3", price=6_500_000, **usual), market),
        (Facts("COMPUTER", "Máy tính phòng máy", serial="PC-01", price=15_000_000, **usual), None),
    )  # fmt: skip
    for facts, place in rows:
        add_device(unit=home, facts=facts, place=place, by=by, now=now)
    recorder = add_device(
        unit=home, facts=Facts("RECORDER", "Máy ghi âm cầm tay", serial="GA-2"), by=by, now=now
    )
    until = today + timedelta(days=5)
    lend_device(recorder, to="Đài truyền thanh xã Quế Phong", until=until, by=by, now=now)
    old = add_device(unit=home, facts=Facts("AMPLIFIER", "Tăng âm cũ 60 W"), by=by, now=now)
    retire_device(old, why="Cháy biến áp, không có linh kiện thay", by=by, now=now)


def _ground(home: Unit, by: Person, now: datetime) -> None:
    area = {
        "type": "Feature",
        "properties": {"name": f"{home.full_name} (minh họa)"},
        "geometry": {"type": "Polygon", "coordinates": [_BOUNDARY]},
    }
    content = json.dumps(area).encode()
    change_ground(unit=home, boundary=content, tiles="", credit="", by=by, now=now)
