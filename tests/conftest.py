"""The fixed cast: An writes and Bình approves in commune A; Chi writes in B and must see
nothing of A; Dũng reads for the district; Tú repairs, Quân administers and Hạnh leads in A."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from vang.base.clock import ManualClock, SystemClock, use_clock
from vang.bulletins import triggers
from vang.orgs.models import Unit
from vang.people.models import Membership, Person

from .browsing import BROWSER, BROWSER_ARGUMENTS, UNGUARDED, in_good_order
from .prepared import copy, forget_others, prepared_database

# Tests are never timed: a busy machine is no fault.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

BEGIN = date(2017, 1, 1)
NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)  # Wednesday 10/06/2026, 12:00 in Vietnam


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A copy of the migrated database is taken where one is at hand."""
    return connection.vendor == "sqlite" and prepared_database().exists()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
) -> None:
    """Before the database is opened, the copy lies in its place."""
    if request.getfixturevalue("django_db_keepdb"):
        copy(prepared_database(), _place())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, request: pytest.FixtureRequest) -> None:
    """What had to be migrated is kept for the next time."""
    if connection.vendor == "sqlite" and not request.getfixturevalue("django_db_keepdb"):
        copy(_place(), prepared_database())
        forget_others(prepared_database())


def _place() -> Path:
    return Path(str(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def later(now: datetime) -> datetime:
    return now + timedelta(minutes=5)


@pytest.fixture
def district(db: None) -> Unit:
    return Unit.objects.create(
        code="509", valid_from=BEGIN, level="DISTRICT", kind="HUYEN", name="Quế Sơn"
    )


@pytest.fixture
def xa_a(district: Unit) -> Unit:
    unit = Unit.objects.create(
        code="20662",
        valid_from=BEGIN,
        level="COMMUNE",
        kind="XA",
        name="Quế Thuận",
        parent=district,
    )
    for number in (1, 2, 3):
        Unit.objects.create(
            code=f"20662.0{number}",
            valid_from=BEGIN,
            level="VILLAGE",
            kind="THON",
            name=f"Thuận {number}",
            parent=unit,
            households=100 * number,
        )
    return unit


@pytest.fixture
def xa_b(district: Unit) -> Unit:
    return Unit.objects.create(
        code="20683",
        valid_from=BEGIN,
        level="COMMUNE",
        kind="XA",
        name="Quế Phong",
        parent=district,
    )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all journeys of a process: two clash. Its event loop stays in this thread, beside
    which Django would refuse the database; it is none that our code runs in."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as one:
        patch.setenv(UNGUARDED, "1")
        yield one


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=BROWSER, args=BROWSER_ARGUMENTS)
    yield chromium
    chromium.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL what writes and asks is run again, and every page is opened once."""
    items[:] = in_good_order(items)
    if os.environ.get("VANG_TEST_DATABASE_URL"):
        kept = [item for item in items if _is_run_again(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


def pytest_collection_finish() -> None:
    """What is loaded by now stays: counting it over and over costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _is_run_again(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    touches = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
    return bool(touches) and fixtures.isdisjoint({"client", "signed_in"})


def person(username: str, full_name: str, unit: Unit, *roles: str) -> Person:
    """A person with roles in one unit and the password of all test people."""
    someone = Person(username=username, full_name=full_name, created_at=NOON)
    someone.set_password("mat-khau-thu-nghiem")
    someone.save()
    for role in roles:
        Membership.objects.create(person=someone, unit=unit, role=role, valid_from=BEGIN)
    return someone


@pytest.fixture
def an(xa_a: Unit) -> Person:
    return person("an", "Nguyễn Văn An", xa_a, "WRITER")


@pytest.fixture
def binh(xa_a: Unit) -> Person:
    return person("binh", "Trần Thị Bình", xa_a, "APPROVER")


@pytest.fixture
def hanh(xa_a: Unit) -> Person:
    return person("hanh", "Lý Thị Hạnh", xa_a, "LEADER")


@pytest.fixture
def chi(xa_b: Unit) -> Person:
    return person("chi", "Lê Thị Chi", xa_b, "WRITER", "APPROVER", "TECHNICIAN", "ADMINISTRATOR")


@pytest.fixture
def dung(district: Unit) -> Person:
    return person("dung", "Phạm Dũng", district, "READER")


@pytest.fixture
def tech(xa_a: Unit) -> Person:
    return person("tu", "Hồ Văn Tú", xa_a, "TECHNICIAN")


@pytest.fixture
def quan(xa_a: Unit) -> Person:
    return person("quan", "Võ Quân", xa_a, "ADMINISTRATOR")


SignedIn = Callable[[Person], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser of one's own for each person."""

    def sign_in(someone: Person) -> Client:
        client = Client()
        client.force_login(someone, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def office_hours(now: datetime) -> Iterator[None]:
    """For rooms whose views read the clock: here it stands still."""
    use_clock(ManualClock(now))
    yield
    use_clock(SystemClock())


COMMITTING = {"transactional_db", "live_server"}


@pytest.fixture(autouse=True)
def _emptied_without_triggers(
    request: pytest.FixtureRequest, _django_db_marker: None
) -> Iterator[None]:
    """A committing test's rows are deleted at its end, which the triggers of SQLite refuse."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if names := COMMITTING.intersection(request.fixturenames):
        commits = True
        request.getfixturevalue(names.pop())
    yield
    if commits and connection.vendor == "sqlite":
        triggers.remove(connection)
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        triggers.install(connection)
