"""Builders for guidance notes."""

from dataclasses import replace
from datetime import datetime, timedelta

from vang.base.clock import local_date
from vang.guidance import services
from vang.guidance.models import Guidance
from vang.guidance.services import Note
from vang.orgs.models import Unit
from vang.orgs.queries import territory
from vang.orgs.reach import Aim
from vang.people.models import Person


def storms(now: datetime, **more: object) -> Note:
    """A fortnight of guidance on storms."""
    note = Note(
        title="Tuyên truyền phòng, chống bão",
        number="12-HD/BTGHU",
        starts_on=local_date(now),
        ends_on=local_date(now) + timedelta(days=14),
        categories=("DISASTER",),
        topics="bão, sơ tán",
        do="- Nêu số điện thoại trực\n- Nhắc chằng chống nhà cửa",
        avoid="Nêu tin chưa kiểm chứng",
    )
    return replace(note, **more)  # type: ignore[arg-type]


def drafted(unit: Unit, by: Person, now: datetime, **more: object) -> Guidance:
    aims = more.pop("aims", [Aim(territory(unit), below=True)])
    assert isinstance(aims, list)
    return services.write_guidance(unit=unit, note=storms(now, **more), aims=aims, by=by, now=now)


def issued(unit: Unit, writer: Person, approver: Person, now: datetime, **more: object) -> Guidance:
    draft = drafted(unit, writer, now, **more)
    return services.issue_guidance(guidance=draft, by=approver, now=now)
