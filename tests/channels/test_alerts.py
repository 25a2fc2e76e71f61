"""An emergency is on every channel at once, and leaves every one of them when it is over."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django_tasks_db.models import DBTaskResult

from tests.alerts.conftest import keeper, nodes
from tests.alerts.office import Keeper, sent, submitted
from vang.alerts import services
from vang.alerts.models import Alert, Status
from vang.channels.feed.writing import feed_files
from vang.channels.mailing.alerts import ALERT, alert_letter
from vang.channels.mailing.models import Subscriber
from vang.channels.models import ChannelChoice
from vang.channels.portal.facts import facts_of, imprints_of
from vang.channels.portal.freshness import refresh_due
from vang.channels.webhook.alerts import payload
from vang.channels.webhook.models import Hook
from vang.letters.models import Letter
from vang.letters.server import read_mail_server
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node

__all__ = ["keeper", "nodes"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(office_hours: None, settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    server = read_mail_server("smtp://127.0.0.1:9", "xa@example.vn")
    settings.MAIL_SERVER = server  # type: ignore[attr-defined]


@pytest.fixture
def listeners(xa_a: Unit, an: Person, now: datetime) -> None:
    """A resident on the list, and a system of the province."""
    for channel in ("mailing", "webhook"):
        ChannelChoice.objects.create(
            unit=xa_a, channel=channel, on=True, changed_by=an, changed_at=now
        )
    Subscriber.objects.create(unit=xa_a, address="dan@example.org", asked_at=now, confirmed_at=now)
    Hook.objects.create(
        unit=xa_a, url="https://tinh.example/hook", secret="whsec_AAAA", created_by=an,
        created_at=now,
    )  # fmt: skip


@pytest.fixture
def live(
    listeners: None, keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person,
    hanh: Person, now: datetime,
) -> Alert:  # fmt: skip
    return sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)


def front(unit: Unit, now: datetime, folder: Path) -> str:
    refresh_due(now=now)
    return "".join(page.read_text() for page in folder.rglob("index.html"))


def test_the_banner_and_the_feed_come_and_go(
    live: Alert, keeper: Keeper, xa_a: Unit, binh: Person, now: datetime, later: datetime,
    tmp_path: Path,
) -> None:  # fmt: skip
    page = front(xa_a, now, tmp_path)
    assert "CẢNH BÁO KHẨN CẤP" in page
    assert "bà con lên chỗ cao" in page
    feeds = b"".join(c for _p, c in feed_files(tmp_path, imprints_of([xa_a], now)[xa_a.pk], now))
    assert live.identifier.encode() in feeds
    order = live.orders.get(kind="CANCEL")
    services.stop(alert=live, proof=keeper.proof(binh, order), by=binh, now=later)
    page = front(xa_a, later, tmp_path)
    assert "CẢNH BÁO KHẨN CẤP" not in page
    assert "ĐÃ HỦY CẢNH BÁO" in page
    imprint = imprints_of([xa_a], later)[xa_a.pk]
    feeds = b"".join(c for _p, c in feed_files(tmp_path, imprint, later))
    assert live.identifier.encode() not in feeds


def test_a_test_says_so_wherever_it_is_read(
    keeper: Keeper, nodes: list[Node], listeners: None, xa_a: Unit, an: Person, binh: Person,
    hanh: Person, now: datetime, tmp_path: Path,
) -> None:  # fmt: skip
    sent(submitted(xa_a, an, now), binh, hanh, keeper, now)
    page = front(xa_a, now, tmp_path)
    assert "PHÁT THỬ – không có nguy hiểm thật" in page
    assert "CẢNH BÁO KHẨN CẤP" not in page
    assert not Letter.objects.exists()


def test_residents_get_a_letter_and_systems_a_message(
    live: Alert, xa_a: Unit, now: datetime
) -> None:
    letter = Letter.objects.get(kind=ALERT)
    content = alert_letter(letter)
    assert content is not None
    assert "Cảnh báo lũ quét" in content.subject
    told = json.loads(payload(live, xa_a, now))
    assert (told["type"], told["data"]["status"]) == ("alert.sent", "Actual")


def test_a_letter_that_is_no_longer_true_does_not_leave(
    live: Alert, keeper: Keeper, binh: Person, now: datetime, later: datetime
) -> None:
    letter = Letter.objects.get(kind=ALERT)
    order = live.orders.get(kind="CANCEL")
    services.stop(alert=live, proof=keeper.proof(binh, order), by=binh, now=later)
    assert alert_letter(letter) is None
    called_off = Letter.objects.exclude(pk=letter.pk).get(kind=ALERT)
    content = alert_letter(called_off)
    assert content is not None
    assert "HỦY" in content.subject


def test_systems_are_told_after_the_commit(
    django_capture_on_commit_callbacks: object, listeners: None, keeper: Keeper,
    nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person, now: datetime,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)
    jobs = DBTaskResult.objects.filter(task_path="vang.channels.webhook.alerts.post_alert")
    assert jobs.count() == 1


def test_nothing_stands_on_pages_elsewhere(live: Alert, xa_b: Unit, now: datetime) -> None:
    assert facts_of([xa_b], now)[xa_b.pk].alerts == ()
