"""The demonstration's model station: named and on the air, or neither."""

from datetime import datetime
from typing import Any

import pytest

from vang.airtime.models import Programme, ProgrammePart, SlotPolicy
from vang.installation.set_up import _relay
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.relays.models import Station

ADDRESS = "http://127.0.0.1:8002"


def test_without_room_on_the_air_there_is_no_station_and_the_next_start_tries_again(
    xa_a: Unit, quan: Person, now: datetime, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.RELAYS_INSIDE = ("127.0.0.1:8002",)
    policy = SlotPolicy.objects.create(unit=xa_a, hours=[["05:00", "05:05"]], changed_at=now)
    _relay(ADDRESS, purpose="run", now=now)
    assert not Station.objects.exists()
    assert not Programme.objects.exists()
    assert "the model station is not relayed" in capsys.readouterr().err
    policy.hours = [["05:00", "20:00"]]
    policy.save()
    _relay(ADDRESS, purpose="run", now=now)
    assert ProgrammePart.objects.get().relay == Station.objects.get()
