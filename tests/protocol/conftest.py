"""One good plan, its key, and the instant at which it is good."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings

from vang_protocol.envelopes import SigningKey
from vang_protocol.plans import Audio, Plan, PlanItem, Priority, Resume

# A shared machine stalls now and then; a property is not about speed.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 16:00 in Vietnam


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey.generate()


@pytest.fixture
def item() -> PlanItem:
    return an_item()


@pytest.fixture
def plan(item: PlanItem) -> Plan:
    return a_plan(item)


def an_item() -> PlanItem:
    return PlanItem(
        id="p12-20261123-1",
        edition="0b2f8c1e-1111-4222-8333-444455556666",
        title="Thông báo lịch cắt điện",
        start=NOW + timedelta(minutes=45),  # 16:45
        duration_ms=60_000,
        priority=Priority.NORMAL,
        audio=Audio("ab" * 32, 180_000, "opus", 60_000),
        clusters=("c1", "c2"),
        max_play_ms=90_000,
        volume_db=-6,
        resume=Resume.DROP,
    )


def a_plan(*items: PlanItem) -> Plan:
    return Plan(
        unit="20641",
        version=17,
        issued=NOW - timedelta(minutes=1),
        covers_from=NOW,
        expires=NOW + timedelta(days=8),
        zone="Asia/Ho_Chi_Minh",
        hours=(("05:00", "06:30"), ("16:30", "18:00")),
        items=items,
        stopped=("p11-20261123-1",),
    )
