"""Two communes of the province, their loudspeakers, and an alert that two people ordered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.hostile.fleet import Fleet
from tests.protocol.conftest import NOW
from tests.protocol.province import a_cancel, a_command, a_manifest, a_policy, signed
from vang_protocol.commands import Command
from vang_protocol.manifests import encode_manifest

POLICY = a_policy()
MANIFEST = encode_manifest(a_manifest())
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fleet() -> Fleet:
    return Fleet({"20662": 3, "20683": 2}, POLICY, NOW)


def fresh(fleet: Fleet, **changed: Any) -> Command:
    """An alert for commune 20662, issued now."""
    now = fleet.clock.now.replace(microsecond=0)
    usual = {"issued": now, "not_before": now, "expires": now + 10 * MINUTE}
    return a_command(**{**usual, **changed})


def fresh_cancel(fleet: Fleet, **changed: Any) -> Command:
    now = fleet.clock.now.replace(microsecond=0)
    return replace(a_cancel(**changed), issued=now, not_before=now, expires=now + 10 * MINUTE)


def ordered(fleet: Fleet, *people: str, **changed: Any) -> bytes:
    return signed(fresh(fleet, **changed), *(people or ("binh", "hanh")))
