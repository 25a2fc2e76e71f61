"""The stage of the interface's tests: a token of commune A, and the clock in hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.conftest import person
from vang.base import clock
from vang.base.clock import ManualClock, SystemClock
from vang.connections.api.authentication import ASKING, GUESSING
from vang.connections.models import AccessToken
from vang.connections.scopes import Scope
from vang.connections.services import Issued, issue_token
from vang.orgs.models import Unit
from vang.people.models import Person

EVERYTHING = tuple(Scope.values)


@pytest.fixture
def data(settings: object, tmp_path: Path) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def hand(now: datetime) -> Iterator[ManualClock]:
    manual = ManualClock(now)
    clock.use_clock(manual)
    ASKING.clear()
    GUESSING.clear()
    yield manual
    clock.use_clock(SystemClock())


@pytest.fixture
def mai(xa_a: Unit) -> Person:
    """Administers commune A and writes there too."""
    return person("mai", "Đỗ Thị Mai", xa_a, "ADMINISTRATOR", "WRITER")


@pytest.fixture
def issued(xa_a: Unit, mai: Person, hand: ManualClock) -> Issued:
    return issue_token(
        unit=xa_a, name="Hệ thống nguồn", scopes=EVERYTHING, days=30, by=mai, now=hand.now()
    )


@dataclass
class System:
    """Another system that asks with a token."""

    secret: str
    client: Client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: object) -> Any:
        return self.client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=self.headers
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}


@pytest.fixture
def system(issued: Issued, client: Client) -> System:
    return System(issued.secret, client)


def narrowed(token: AccessToken, *scopes: str) -> None:
    AccessToken.objects.filter(pk=token.pk).update(scopes=list(scopes))


def error_of(answer: HttpResponse) -> str:
    return str(answer.json()["error"])  # type: ignore[attr-defined]
