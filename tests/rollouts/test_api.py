"""What a device says and fetches over HTTP in a roll-out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import person
from tests.dispatch.radio import Device, cluster_in, device_on, error_of
from tests.rollouts.conftest import SHAPE, TWO
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.base.files import FileStore
from vang.dispatch import api
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.rollouts.models import Release, Rollout, Turn
from vang.rollouts.progress import advance_due
from vang.rollouts.services import approve_rollout, propose_rollout
from vang.stations.models import Node
from vang_protocol.releases import Phase, Told, parse_answer, told_bytes

pytestmark = pytest.mark.django_db
FILE = b"a release"
IDLE = Told(software="0.1.0", configuration=0, managed=True, phase=Phase.IDLE)


@pytest.fixture(autouse=True)
def manual(now: datetime, settings: object, tmp_path: Path) -> Iterator[ManualClock]:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    for buckets in (api.CHALLENGES, api.WRONG_CODES, api.WRONG_CODES_BY_ALL):
        buckets.clear()
    hand = ManualClock(now)
    clock.use_clock(hand)
    yield hand
    clock.use_clock(SystemClock())


@pytest.fixture
def device(xa_a: Unit, tech: Person, now: datetime) -> Device:
    made = device_on(cluster_in(xa_a, tech, now), tech, now)
    said = {"version": "0.1.0", "configuration": 0, "installed_at": None, "healthy": True}
    Node.objects.filter(pk=made.id).update(state={"release": said}, last_seen_at=now)
    return made


@pytest.fixture
def rollout(device: Device, xa_a: Unit, tech: Person, tmp_path: Path, now: datetime) -> Rollout:
    stored = FileStore(tmp_path / "files").put(FILE)
    release = Release.objects.create(
        sort="software", version="0.2.0", sha256=stored, bytes=len(FILE), listed_at=now
    )
    return propose_rollout(release=release, unit=xa_a, shape=SHAPE, why="x", by=tech, now=now)


def test_a_device_is_offered_fetches_and_reports(
    device: Device, rollout: Rollout, xa_a: Unit, now: datetime
) -> None:
    device.sign_in()
    address = f"files/{sha256(FILE).hexdigest()}"
    waits = parse_answer(device.post("release", told_bytes(IDLE)).json())
    assert waits.offer is None
    assert error_of(device.get(address)) == "file-not-found"
    second = person("mai", "Ngô Thị Mai", xa_a, "TECHNICIAN")
    approve_rollout(rollout=rollout, by=second, now=now)
    offer = parse_answer(device.post("release", told_bytes(IDLE)).json()).offer
    assert offer is not None
    assert (offer.release, offer.minutes) == (TWO, 10)
    assert b"".join(device.get(address).streaming_content) == FILE
    has_it = Told(software="0.2.0", configuration=0, managed=True, phase=Phase.IDLE)
    done = parse_answer(device.post("release", told_bytes(has_it)).json())
    assert done.offer is None
    assert Turn.objects.get().state == Turn.State.DONE
    advance_due(now=now + timedelta(seconds=5))
    advance_due(now=now + timedelta(seconds=10))
    rollout.refresh_from_db()
    assert rollout.state == Rollout.State.DONE


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"software":"x"}', b" " * 20_000])
def test_nonsense_is_refused(device: Device, body: bytes) -> None:
    device.sign_in()
    assert device.post("release", body).status_code in {400, 413}


def test_strangers_are_told_nothing(device: Device) -> None:
    assert Device().post("release", told_bytes(IDLE)).status_code == 401
    assert device.get("release").status_code == 405
