"""The four examples of OASIS, a storm warning of our own, and ways to spoil them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vang.base.clock import VIETNAM
from vang.cap.model import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Named,
    Polygon,
    Response,
    Severity,
    Status,
    Urgency,
)
from vang.cap.places import UNIT_CODES

NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
EXAMPLES = {
    path.name.partition("_")[0]: path.read_bytes()
    for path in sorted((Path(__file__).parent / "examples").glob("*.xml"))
}
"""``example1`` … ``example4``."""


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    """An example with every text in it replaced that is to be; each must be there."""
    text = EXAMPLES[name].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


INFO = Info(
    language="vi-VN",
    categories=(Category.MET, Category.SAFETY),
    event="Bão",
    responses=(Response.EVACUATE,),
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.LIKELY,
    effective=NOW,
    onset=NOW + timedelta(hours=3),
    expires=NOW + timedelta(hours=12),
    sender_name="UBND xã Quế Thuận",
    headline="Bão số 5 <gần bờ> & mạnh lên",
    description="Gió giật cấp 12.\nSóng cao 6 m.",
    instruction="Không ra khỏi nhà.",
    web="https://quethuan.example.vn/",
    contact="0235 3885 xxx",
    parameters=(Named("cấp bão", "12"),),
    areas=(
        Area(
            "Xã Quế Thuận",
            polygons=(Polygon(((15.7, 108.2), (15.7, 108.3), (15.6, 108.3), (15.7, 108.2))),),
            circles=(Circle(15.65, 108.25, 5.5),),
            geocodes=(Named(UNIT_CODES, "20662"),),
        ),
    ),
)
STORM = Alert(
    identifier="urn:uuid:2c1d9a5e-6f4b-4a0e-9a53-4fb0a3c7a001",
    sender="quethuan@example.vn",
    sent=NOW.astimezone(VIETNAM),
    status=Status.ACTUAL,
    msg_type=MsgType.ALERT,
    infos=(INFO, replace(INFO, language="en", event="Storm", headline="Storm No. 5 near shore")),
)
