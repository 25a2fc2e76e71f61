"""What becomes of units beside a commune: a neighbour that will join it, and a list not yet taken.

The neighbour has what moves with it, so that the page of the change asks all that it asks in use.
"""

from datetime import datetime, time, timedelta

from vang.airtime.models import Programme
from vang.installation.demonstration import add_clusters
from vang.mergers.importing import bring_list
from vang.orgs.models import Unit
from vang.orgs.services import Part, announce
from vang.people.models import Person
from vang.people.services import grant_role

BASIS = "Nghị quyết số 1659/NQ-UBTVQH15"
IN_DAYS = 20


def units_through_time(unit: Unit, writer: Person, everybody: Person, now: datetime) -> None:
    """``everybody`` administers the unit that goes on."""
    day = now.date() + timedelta(days=IN_DAYS)
    part = Part(_neighbour(unit, writer, now), unit)
    announce(kind="MERGE", effective_on=day, legal_basis=BASIS, parts=[part], by=everybody, now=now)
    bring_list(
        content=f"Mã,Tên,Mã cấp trên\n{unit.code}.99,Thôn Chín,{unit.code}\n".encode(),
        name="danh-muc.csv",
        unit=unit,
        complete=False,
        effective_on=day,
        legal_basis=BASIS,
        by=everybody,
        now=now,
    )


def _neighbour(unit: Unit, writer: Person, now: datetime) -> Unit:
    since = unit.valid_from
    made = Unit.objects.create(
        code=f"{unit.code}-T",
        valid_from=since,
        level="COMMUNE",
        kind="XA",
        name="Quế Thuận Tây",
        parent=unit.parent,
    )
    Unit.objects.create(
        code=f"{made.code}.01",
        valid_from=since,
        level="VILLAGE",
        kind="THON",
        name="Tây 1",
        parent=made,
        households=120,
    )
    for role in ("WRITER", "TECHNICIAN"):
        grant_role(person=writer, unit=made, role=role, since=since, by=None, now=now)
    Programme.objects.create(unit=made, name="Bản tin chiều", starts_at=time(17), valid_from=since)
    add_clusters(made, 1, by=writer, now=now)
    return made
