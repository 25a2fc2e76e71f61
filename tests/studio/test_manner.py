"""How a bulletin is read: beside its text, before its approver, never on a page."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.bulletins.newsroom import current, make_ready, reread
from tests.conftest import SignedIn
from vang.bulletins import services as newsroom
from vang.bulletins.models import Bulletin
from vang.journal.models import Entry
from vang.people.models import Person
from vang.studio.manner_services import manner_of
from vang.studio.models import Reading
from vang.voice.manners import USUAL

MARKS = "Thuận 1 = thuận nhất"


def form(bulletin: Bulletin, **fields: str) -> dict[str, str]:
    version = current(bulletin)
    return {
        "title": version.title,
        "text": version.text,
        "category": version.category,
        "priority": version.priority,
        "version": str(version.number),
        "act": "save",
        "manner": "1",
        **fields,
    }


def write(client: Client, bulletin: Bulletin, **fields: str) -> None:
    answer = client.post(reverse("bulletins:edit", args=[bulletin.pk]), form(bulletin, **fields))
    assert answer.status_code == 302


def test_marks_are_kept_beside_the_text_and_heard(
    drafted: Bulletin, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    write(signed_in(an), drafted, marks=MARKS, pace="90")
    version = current(drafted)
    assert "nhất" not in version.text
    assert Entry.objects.filter(action="change-reading").count() == 1
    newsroom.submit_bulletin(bulletin=reread(drafted), by=an, now=now)
    rendition = make_ready(drafted, now)
    assert "thuận nhất" in rendition.speakable
    assert rendition.pace == 90
    page = signed_in(binh).get(reverse("bulletins:review", args=[drafted.pk])).content.decode()
    assert "“Thuận 1” đọc là “thuận nhất”" in page


def test_a_new_version_is_read_like_the_one_before(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    write(client, drafted, marks=MARKS)
    before = current(drafted)
    write(client, drafted, text="Cắt điện thôn Thuận 1.", marks=MARKS)
    assert current(drafted).number == before.number + 1
    assert manner_of(current(drafted)) == manner_of(before) != USUAL
    write(client, drafted, marks="")
    assert manner_of(current(drafted)) == USUAL


def test_another_manner_needs_another_sound(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    newsroom.make_sound(bulletin=drafted, by=an, now=now)
    assert current(drafted).rendition is not None
    write(signed_in(an), drafted, marks=MARKS)
    assert current(drafted).rendition is None


def test_nothing_changes_once_it_is_submitted(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    newsroom.submit_bulletin(bulletin=drafted, by=an, now=now)
    rendition = make_ready(drafted, now)
    write(signed_in(an), drafted, marks=MARKS)
    assert not Reading.objects.exists()
    assert current(drafted).rendition == rendition


def test_lines_that_are_no_marks_are_told(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    fields = form(drafted, marks="vớ vẩn", title="")
    page = signed_in(an).post(reverse("bulletins:edit", args=[drafted.pk]), fields)
    assert "Không hiểu nên không giữ: vớ vẩn" in page.content.decode()


def test_nothing_is_saved_while_a_line_is_no_mark(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client, edit = signed_in(an), reverse("bulletins:edit", args=[drafted.pk])
    fields = form(drafted, marks=f"{MARKS}\nvớ vẩn", text="Họp thôn.")
    answer = client.post(edit, fields)
    assert answer.status_code == 422
    assert "chưa phải là dấu đọc: vớ vẩn" in answer.content.decode()
    assert current(drafted).number == 1
    write(client, drafted, marks=MARKS, text="Họp thôn.")
    assert (current(drafted).number, manner_of(current(drafted)) != USUAL) == (2, True)


def test_marks_that_were_not_saved_are_kept_with_the_draft(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client, page = signed_in(an), reverse("bulletins:edit", args=[drafted.pk])
    write(client, drafted, marks=MARKS)
    autosave = reverse("bulletins:autosave", args=[drafted.pk])
    client.post(autosave, form(drafted, marks=MARKS, voice="", pace="0"))
    assert "Có văn bản chưa lưu" not in client.get(page).content.decode()
    client.post(autosave, form(drafted, marks="Thuận 1 = thuận một", voice="", pace="90"))
    assert "Có văn bản chưa lưu" in client.get(page).content.decode()
    resumed = client.get(page, {"draft": "1"}).content.decode()
    assert "Thuận 1 = thuận một" in resumed
    assert '<option value="90" selected>' in resumed
    assert manner_of(current(drafted)).pace == 0


def test_marks_alone_may_mend_what_was_returned(
    drafted: Bulletin, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    newsroom.submit_bulletin(bulletin=drafted, by=an, now=now)
    make_ready(drafted, now)
    newsroom.return_bulletin(bulletin=drafted, comment="Đọc sai tên thôn.", by=binh, now=now)
    write(signed_in(an), drafted, marks=MARKS)
    assert manner_of(current(drafted)) != USUAL


@pytest.mark.parametrize(
    ("text", "told"),
    [("Đăng ký online.", "trực tuyến"), ("Họp BQLRPH.", "BQLRPH"), ("Họp thôn.", "")],
)
def test_hints_stand_beside_the_text(text: str, told: str, an: Person, signed_in: SignedIn) -> None:
    page = signed_in(an).post(reverse("studio:hints"), {"text": text}).content.decode()
    assert told in page
    assert bool(page.strip()) == bool(told)


def test_strangers_get_no_hints(
    binh: Person, an: Person, client: Client, signed_in: SignedIn
) -> None:
    address = reverse("studio:hints")
    assert client.post(address).status_code == 302
    assert signed_in(binh).post(address).status_code == 403
    assert signed_in(an).get(address).status_code == 405
