"""A new channel is one new directory."""

from datetime import datetime, timedelta
from pathlib import Path

from django.urls import reverse

from tests.channels.releasing import WRONG, corrected, released, row
from tests.conftest import SignedIn
from vang.bulletins.services import withdraw_bulletin
from vang.channels.discovery import FOLDER, channel_apps, channels_with_addresses
from vang.channels.registry import channels
from vang.channels.working import work_off
from vang.orgs.models import Unit
from vang.people.models import Person


def test_every_directory_with_an_app_is_found(tmp_path: Path) -> None:
    (tmp_path / "fax").mkdir()
    (tmp_path / "fax/apps.py").touch()
    (tmp_path / "fax/urls.py").touch()
    (tmp_path / "board").mkdir()
    (tmp_path / "board/apps.py").touch()
    (tmp_path / "notes").mkdir()
    assert channel_apps(tmp_path) == ["vang.channels.board", "vang.channels.fax"]
    assert channels_with_addresses(tmp_path) == ["fax"]


def test_every_directory_beside_the_room_is_registered() -> None:
    directories = {path.parent.name for path in FOLDER.glob("*/channel.py")}
    assert {"speaker", "portal"} <= directories
    assert {type(one).__module__.split(".")[2] for one in channels()} == directories


def test_the_example_delivers_corrects_and_withdraws(
    board: Path, xa_a: Unit, an: Person, binh: Person, now: datetime, later: datetime
) -> None:
    edition = released(xa_a, an, binh, now)
    assert "noticeboard 20662: 1" in work_off(now=now)
    assert (board / f"{edition.pk}.txt").read_text() == edition.text
    correction = corrected(edition, an, binh, later)
    work_off(now=later)
    assert WRONG in (board / f"{correction.pk}.txt").read_text()
    assert not (board / f"{edition.pk}.txt").exists()
    withdraw_bulletin(bulletin=edition.bulletin, reason="Hoãn.", by=binh, now=later)
    work_off(now=later)
    assert not list(board.iterdir())


def test_the_example_fails_visibly_and_is_tried_again(
    board: Path,
    xa_a: Unit,
    an: Person,
    binh: Person,
    quan: Person,
    now: datetime,
    signed_in: SignedIn,
) -> None:
    board.rmdir()
    edition = released(xa_a, an, binh, now)
    work_off(now=now)
    assert (row(edition, "noticeboard").state, row(edition, "noticeboard").detail) == (
        "FAILED",
        "Bảng tin đã bị gỡ.",
    )
    address = reverse("channels:bulletin", args=[edition.bulletin_id])
    page = signed_in(quan).get(address).content.decode()
    assert "Bảng tin trước trụ sở" in page
    assert "Bảng tin đã bị gỡ." in page
    settings = signed_in(quan).get(reverse("channels:settings")).content.decode()
    assert "Bảng tin trước trụ sở" in settings
    assert "Bảng tin đã bị gỡ." in signed_in(quan).get("/").content.decode()
    board.mkdir()
    work_off(now=now + timedelta(minutes=2))
    assert row(edition, "noticeboard").state == "DONE"
