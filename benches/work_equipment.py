"""What a commune's register of equipment holds: a way over FM, places, devices, a list brought."""

from datetime import date, datetime

from vang.equipment.models import Device, Place
from vang.equipment.services import (
    Coverage,
    Facts,
    Line,
    Spot,
    add_device,
    describe_station,
    open_place,
    open_segment,
)
from vang.equipment.services.beside import keep_beside
from vang.equipment.services.bringing import bring_inventory
from vang.orgs.models import Unit
from vang.people.models import Person

FM_PLACES = 3
AMPLIFIERS = 10
_TABLE = "Loại thiết bị,Tên\nMáy tính,Máy tính đài\nRobot,Không rõ\n"


def equipment_of(unit: Unit, by: Person, now: datetime) -> None:
    keep_beside(unit.pk)
    Device.objects.filter(unit=unit).update(described=True)
    station = f"Đài truyền thanh {unit.full_name}"
    describe_station(unit=unit, name=station, address="", telephone="", decision="", by=by, now=now)
    own = list(Place.objects.filter(unit=unit).select_related("cluster").order_by("pk"))
    line = Line("FM", "FM 92,5", fed_by=own[0].cluster, licence_until=date(2026, 8, 1))
    fm = open_segment(unit=unit, line=line, by=by, now=now)
    for n in range(FM_PLACES):
        spot = Spot(f"Điểm FM {n + 1}", position=f"15.69{n}, 108.21")
        coverage = Coverage(segment=fm, speakers=2, watts=100)
        own.append(open_place(unit=unit, spot=spot, coverage=coverage, by=by, now=now))
    for n in range(AMPLIFIERS):
        facts = Facts(
            "AMPLIFIER",
            "Tăng âm A120",
            vendor="TOA",
            serial=f"{unit.code}-{n}",
            warranty_until=date(2026, 7, 1 + n),
            price=8_500_000,
        )
        add_device(unit=unit, facts=facts, place=own[n], by=by, now=now)
    bring_inventory(unit=unit, content=_TABLE.encode(), name="so-sach.csv", by=by, now=now)
