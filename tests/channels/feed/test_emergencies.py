"""Emergencies leave as CAP: what was sent, signed where it must be, gone when it is over."""

from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from django.urls import reverse

from tests.alerts.conftest import keeper, nodes
from tests.alerts.office import Keeper, sent, submitted
from tests.conftest import SignedIn
from vang.alerts import services
from vang.alerts.models import Alert, Status
from vang.cap.feeds import ATOM, file_of
from vang.cap.model import MsgType
from vang.cap.model import Status as CapStatus
from vang.cap.reading import read
from vang.cap.signing import CERTIFICATE_FILE, keep_signer, make_signer, verify
from vang.channels.feed.emergencies import warning_files
from vang.channels.feed.models import CapMessage, CapRefusal
from vang.channels.portal.facts import facts_of
from vang.notices.models import Notice
from vang.orgs.models import Unit
from vang.people.due import Desk, tasks
from vang.people.models import Person
from vang.stations.models import Node

__all__ = ["keeper", "nodes"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(office_hours: None, settings: object, tmp_path: Path) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def live(
    keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person, binh: Person, hanh: Person,
    now: datetime,
) -> Alert:  # fmt: skip
    return sent(submitted(xa_a, an, now, Status.ACTUAL), binh, hanh, keeper, now)


def written(unit: Unit, root: Path, now: datetime) -> dict[str, bytes]:
    """By path within the site, also put there."""
    files = warning_files(root, facts_of([unit], now)[unit.pk], now)
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {str(path.relative_to(root)): content for path, content in files}


def listed(files: dict[str, bytes]) -> list[str]:
    return [entry.id for entry in feedparser.parse(files[ATOM]).entries]


def test_a_sent_alert_is_a_message_that_everybody_can_read(
    live: Alert, xa_a: Unit, tmp_path: Path, now: datetime
) -> None:
    files = written(xa_a, tmp_path / "site", now)
    assert listed(files) == [live.identifier]
    reading = read(files[file_of(live.identifier)], now=now)
    alert, text = reading.alert, live.version.texts.get()
    assert reading.cautions == ()
    assert (alert.status, alert.msg_type) == (CapStatus.ACTUAL, MsgType.ALERT)
    info = alert.infos[0]
    assert (info.headline, info.description, info.language) == (text.headline, text.text, "vi")
    assert info.expires == live.expires_at
    assert info.areas[0].geocodes[0].value == "20662"


def test_a_cancelled_alert_leaves_the_feed_and_its_cancellation_names_it(
    live: Alert, keeper: Keeper, xa_a: Unit, binh: Person, tmp_path: Path, now: datetime
) -> None:
    written(xa_a, tmp_path / "site", now)
    before = bytes(CapMessage.objects.get(alert=live).content)
    later = now + timedelta(minutes=2)
    order = live.orders.get(kind="CANCEL")
    services.stop(alert=live, proof=keeper.proof(binh, order), by=binh, now=later)
    files = written(xa_a, tmp_path / "site", later)
    cancellation = Alert.objects.get(msg_type="CANCEL")
    assert listed(files) == [cancellation.identifier]
    told = read(files[file_of(cancellation.identifier)], now=later).alert
    assert [one.identifier for one in told.references] == [live.identifier]
    assert files[file_of(live.identifier)] == before


def test_with_a_certificate_it_leaves_signed_or_not_at_all(
    live: Alert, xa_a: Unit, tmp_path: Path, now: datetime
) -> None:
    office = make_signer("UBND xã Quế Thuận", now=now)
    keep_signer(office, tmp_path)
    certificate = (tmp_path / CERTIFICATE_FILE).read_text()
    (tmp_path / CERTIFICATE_FILE).write_text(make_signer("Khác", now=now).pem)
    assert listed(written(xa_a, tmp_path / "site", now)) == []
    assert not CapMessage.objects.exists()
    (tmp_path / CERTIFICATE_FILE).write_text(certificate)
    files = written(xa_a, tmp_path / "site", now)
    content = files[file_of(live.identifier)]
    assert verify(content, office.certificate, now=now).identifier == live.identifier
    again = written(xa_a, tmp_path / "site", now)
    assert again[file_of(live.identifier)] == content


def test_where_nothing_was_ever_warned_of_the_feeds_are_empty_and_written_once(
    xa_b: Unit, tmp_path: Path, now: datetime
) -> None:
    assert listed(written(xa_b, tmp_path / "site", now)) == []
    assert written(xa_b, tmp_path / "site", now) == {}


def spoiled(folder: Path, now: datetime, *, age: timedelta = timedelta(0)) -> None:
    """A certificate that ended, or the key of another."""
    keep_signer(make_signer("UBND xã Quế Thuận", now=now - age), folder)
    if not age:
        (folder / CERTIFICATE_FILE).write_text(make_signer("Khác", now=now).pem)


def test_what_could_not_leave_stands_on_its_page_and_is_told_until_it_left(
    live: Alert, xa_a: Unit, binh: Person, quan: Person, chi: Person, signed_in: SignedIn,
    tmp_path: Path, now: datetime,
) -> None:  # fmt: skip
    spoiled(tmp_path, now, age=timedelta(days=800))
    for _time in range(2):
        written(xa_a, tmp_path / "site", now)
    assert CapRefusal.objects.get().code == "certificate-expired"
    told = Notice.objects.filter(kind="cap-refused")
    assert {one.person for one in told} >= {binh, quan}
    assert told.count() == len({one.person_id for one in told})
    page = signed_in(binh).get(reverse("alerts:alert", args=[live.pk]))
    address = reverse("feed:publish", args=[live.pk])
    assert "chứng thư" in page.content.decode()
    assert address in page.content.decode()
    assert address in signed_in(binh).get(reverse("alerts:live", args=[live.pk])).content.decode()

    assert signed_in(chi).post(address).status_code == 404
    assert signed_in(binh).get(address).status_code == 405
    signed_in(quan).post(address)
    assert CapRefusal.objects.exists()
    for file in tmp_path.glob("cap-*.pem"):
        file.rename(file.with_suffix(".old"))
    keep_signer(make_signer("UBND xã Quế Thuận", now=now), tmp_path)
    signed_in(binh).post(address)
    assert CapMessage.objects.get().alert == live
    assert not CapRefusal.objects.exists()
    assert address not in signed_in(binh).get(page.request["PATH_INFO"]).content.decode()


@pytest.mark.parametrize(
    ("age", "found"), [(0, ""), (690, ""), (710, "soon"), (740, "over"), (None, "broken")]
)
def test_the_first_page_reminds_the_top_of_a_certificate_that_ends(
    district: Unit, dung: Person, tmp_path: Path, now: datetime, age: int | None, found: str
) -> None:
    spoiled(tmp_path, now, age=timedelta(days=age or 0))
    if age == 0:
        for file in tmp_path.glob("cap-*.pem"):
            file.unlink()
    desk = Desk(dung, district, frozenset({"ADMINISTRATOR"}), now)
    keys = [one.key for one in tasks(desk) if one.key.startswith("cap-certificate")]
    assert keys == ([f"cap-certificate:{found}"] if found else [])
