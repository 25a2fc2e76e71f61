"""A data folder of its own, two administrators, a leader of the district, and passkeys."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import person
from tests.protocol.province import passkey
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust.models import PersonKey
from vang.trust.services import approve_key, register_key

EARLIER = timedelta(days=3)


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def demonstration(data: Path) -> Path:
    (data / "demonstration").write_text("{}")
    return data


@pytest.fixture
def mai(xa_a: Unit) -> Person:
    """A second administrator."""
    return person("mai", "Ngô Thị Mai", xa_a, "ADMINISTRATOR")


@pytest.fixture
def quoc(district: Unit) -> Person:
    """Leads the district: the duty officer."""
    return person("quoc", "Đinh Quốc", district, "LEADER")


def ask(someone: Person, unit: Unit, now: datetime, **changed: object) -> PersonKey:
    """A passkey that the person registered."""
    usual: dict[str, object] = {
        "person": someone,
        "key": passkey(someone.username).key,
        "credential_id": "abc",
        "relying_party": "localhost",
        "use": "actual",
        "label": "Điện thoại",
        "by": someone,
        "unit": unit,
        "now": now,
    }
    return register_key(**{**usual, **changed})  # type: ignore[arg-type]


def keyed(someone: Person, unit: Unit, by: Person, now: datetime) -> PersonKey:
    """A passkey that a second person has confirmed, long enough ago to count."""
    row = ask(someone, unit, now - EARLIER)
    return approve_key(key=row, unit=unit, by=by, now=now - EARLIER)
