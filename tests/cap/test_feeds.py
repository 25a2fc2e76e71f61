"""What readers of feeds see: what holds, once, the newest first."""

from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest

from tests.cap.messages import INFO, NOW, STORM
from vang.cap.feeds import ATOM, RSS, Imprint, Published, Standing, feed_files, file_of, standing
from vang.cap.model import Alert, MsgType, Reference, Scope, Status
from vang.cap.reading import read
from vang.cap.writing import reference_to, write

IMPRINT = Imprint("Cảnh báo của xã Quế Thuận", "UBND xã Quế Thuận", "https://quethuan.example.vn/")


def following(kind: MsgType, earlier: Alert, number: int, **more: object) -> Alert:
    return replace(
        earlier,
        identifier=f"urn:uuid:2c1d9a5e-6f4b-4a0e-9a53-4fb0a3c7a{number:03}",
        sent=NOW + timedelta(minutes=number),
        msg_type=kind,
        references=(reference_to(earlier),),
        **more,
    )


UPDATE = following(MsgType.UPDATE, STORM, 2)
CANCEL = following(
    MsgType.CANCEL, UPDATE, 3, infos=(replace(INFO, onset=None, expires=NOW + timedelta(hours=1)),)
)
TEST = replace(STORM, identifier="urn:uuid:thu", status=Status.TEST)


def entries(alerts: list[Alert], after: timedelta = timedelta(minutes=5)) -> list[str]:
    """Identifiers in the Atom feed; the RSS feed must have the same."""
    published = [Published(one, write(one, now=NOW)) for one in alerts]
    files = dict(feed_files(published, IMPRINT, NOW + after))
    atom, rss = feedparser.parse(files[ATOM]), feedparser.parse(files[RSS])
    assert not atom.bozo
    assert not rss.bozo
    assert [one.id for one in atom.entries] == [one.id for one in rss.entries]
    assert [one.links[0].href for one in atom.entries] == [one.link for one in rss.entries]
    return [one.id for one in atom.entries]


def test_an_update_takes_the_place_of_what_it_updates_and_its_file_stays() -> None:
    assert entries([STORM]) == [STORM.identifier]
    assert entries([STORM, UPDATE]) == [UPDATE.identifier]
    files = dict(feed_files([Published(STORM, b"1"), Published(UPDATE, b"2")], IMPRINT, NOW))
    assert files[file_of(STORM.identifier)] == b"1"


def test_a_cancellation_stays_until_what_it_cancels_would_have_expired() -> None:
    alerts = [STORM, UPDATE, CANCEL]
    assert entries(alerts) == [CANCEL.identifier]
    assert entries(alerts, timedelta(hours=11)) == [CANCEL.identifier]
    assert entries(alerts, timedelta(hours=12, minutes=1)) == []


@pytest.mark.parametrize(
    ("alerts", "hours", "expected"),
    [
        ([STORM], 1, Standing.ACTIVE),
        ([STORM], 12, Standing.EXPIRED),
        ([STORM, UPDATE], 1, Standing.SUPERSEDED),
        ([STORM, UPDATE, following(MsgType.CANCEL, STORM, 4)], 1, Standing.CANCELLED),
        ([STORM, following(MsgType.ACK, STORM, 5)], 1, Standing.ACTIVE),
        ([STORM, replace(UPDATE, sender="other@example.vn")], 1, Standing.ACTIVE),
        ([STORM, replace(UPDATE, status=Status.TEST)], 1, Standing.ACTIVE),
        ([STORM, replace(UPDATE, references=(Reference("a", "b", NOW),))], 1, Standing.ACTIVE),
    ],
)
def test_what_became_of_a_warning(alerts: list[Alert], hours: int, expected: Standing) -> None:
    assert standing(STORM, alerts, NOW + timedelta(hours=hours)) == expected


def test_a_test_travels_the_same_way_and_says_so() -> None:
    published = [Published(TEST, write(TEST, now=NOW))]
    files = dict(feed_files(published, IMPRINT, NOW))
    entry = feedparser.parse(files[ATOM]).entries[0]
    assert entry.title == "[THỬ] Bão số 5 <gần bờ> & mạnh lên"
    assert entry.links[0].type == "application/cap+xml"
    assert entry.cap_severity == "Severe"
    path = entry.links[0].href.removeprefix(IMPRINT.address)
    assert read(files[path], now=NOW).alert == TEST


def test_what_is_not_for_the_public_stays_out_with_its_file() -> None:
    private = replace(STORM, scope=Scope.PRIVATE, addresses="a@b.vn")
    assert entries([private]) == []
    assert len(feed_files([Published(private, b"")], IMPRINT, NOW)) == 2


def test_no_identifier_leads_out_of_the_folder() -> None:
    for identifier in ("../../etc/passwd", "urn:oid:2.49.0.1.704.1.7", "x" * 500, "....", "đ/ê"):
        path = file_of(identifier)
        assert path.startswith("canh-bao/")
        assert path.endswith(".xml")
        assert ".." not in path
        assert path.count("/") == 1
