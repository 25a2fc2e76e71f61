"""Files that officials bring: each no is said at the file, nothing is lost, the log says why."""

import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.library.formats.making import zipped
from tests.plans.conftest import FOUNDING
from tests.plans.making import made_plans, typed, word_file
from vang.library.models import Item
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans import services
from vang.plans.models import Draft, Plan

pytestmark = pytest.mark.usefixtures("_still")
SignedIn = Callable[[Person], Client]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(400)
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4_000)
MADE = {made.name: made for made in made_plans()}


def protected() -> bytes:
    """An archive whose files are encrypted."""
    content = bytearray(zipped(word__document_xml="<x/>"))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + flags] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "said", "code"),
    [
        ("ke-hoach.docx", PNG, "không phải tệp văn bản", "document-wrong-kind"),
        ("ke-hoach.doc", OLD_WORD, "Word kiểu cũ", "document-old-word"),
        ("ke-hoach.docx", protected(), "đặt mật khẩu", "document-protected"),
        ("ke-hoach.txt", b"", "không có chữ nào", "document-empty"),
        ("ke-hoach.txt", b"KE HOACH\n" * 4_600_000, "lớn hơn 25 MB", "document-too-large"),
        ("thu.txt", "Kính mời bà con đến họp.".encode(), "không phải kế hoạch", "document-no-plan"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_the_file_and_the_log_says_why(
    name: str, content: bytes, said: str, code: str, an: Person, signed_in: SignedIn,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    mine = signed_in(an)
    with caplog.at_level(logging.INFO, "vang.plans"):
        answer = mine.post("/plans/import", {"document": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert [said in words for words in answer.context["form"].errors["document"]] == [True]
    assert code in caplog.text
    assert not Draft.objects.exists()
    assert not Item.objects.exists()


def test_a_pasted_text_is_read_and_stays_where_it_is_refused(
    an: Person, signed_in: SignedIn
) -> None:
    mine = signed_in(an)
    answer = mine.post("/plans/import", {"text": "Kính mời bà con đến họp."})
    assert answer.status_code == 422
    assert "Kính mời bà con đến họp." in answer.content.decode()
    assert list(answer.context["form"].errors) == ["text"]
    assert list(mine.post("/plans/import", {}).context["form"].errors) == ["document"]
    mine.post("/plans/import", {"text": FOUNDING.read_text(encoding="utf-8")})
    assert Draft.objects.get().rows.filter(kind="task").count() == 28


@pytest.mark.parametrize(
    ("name", "content", "tasks"),
    [
        ("nd30.docx", word_file(MADE["tinh-song-lam"]), 10),
        ("bang.docx", word_file(MADE["phuong-bang-nhiem-vu"]), 9),
        ("dong-gay.txt", typed(MADE["dong-gay"]), 3),
        ("khong-dau-trang.txt", typed(MADE["khong-dau-trang"]), 5),
    ],
)
def test_layouts_of_offices_become_rows_and_a_plan(
    name: str, content: bytes, tasks: int, an: Person, signed_in: SignedIn
) -> None:
    mine = signed_in(an)
    mine.post("/plans/import", {"document": SimpleUploadedFile(name, content)})
    draft = Draft.objects.get()
    assert draft.rows.filter(kind="task").count() == tasks
    taken = [row.pk for row in draft.rows.filter(kind__in=("task", "reporting", "objective"))]
    mine.post(f"/plans/drafts/{draft.pk}/decide", {"take": taken, "make": "1"})
    assert Plan.objects.get().tasks.count() >= tasks


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Tệp rỗng"), (b"MZ\0\0", "Không gắn được"), (bytes(21_000_000), "20 MB")],
)
def test_evidence_that_cannot_be_kept_is_refused_at_the_file_and_the_words_stay(
    content: bytes, said: str, plan: Plan, an: Person, signed_in: SignedIn
) -> None:
    task = plan.tasks.earliest("place")
    file = SimpleUploadedFile("anh.png", content)
    answer = signed_in(an).post(
        f"/plans/tasks/{task.pk}/evidence", {"text": "Ảnh buổi họp", "evidence": file}
    )
    assert answer.status_code == 422
    assert said in answer.context["evidence_form"].errors["evidence"][0]
    assert "Ảnh buổi họp" in answer.content.decode()
    assert not task.evidence.exists()


_IMPORT = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from django.db import connection
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.plans import services

database, unit, path, moment, deadly = sys.argv[1:]
connection.settings_dict["NAME"] = database

def killed(execute, sql, *rest):
    if deadly in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

with connection.execute_wrapper(killed):
    services.take_document(
        unit=Unit.objects.get(pk=unit), file_name="ke-hoach-90.txt",
        content=open(path, "rb").read(), by=Person.objects.get(username="an"),
        now=datetime.fromisoformat(moment),
    )
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deadly", ['INSERT INTO "plans_draftrow"', 'INSERT INTO "journal_'])
def test_an_import_killed_in_the_middle_leaves_nothing_half_and_can_be_done_again(
    deadly: str, xa_a: Unit, an: Person, now: datetime
) -> None:
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", _IMPORT, name, str(xa_a.pk), str(FOUNDING), now.isoformat()]
    dead = subprocess.run([*command, deadly], capture_output=True, check=False)
    assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
    assert not Draft.objects.exists()
    assert not Item.objects.exists()
    draft = services.take_document(
        unit=xa_a, file_name="ke-hoach-90.txt", content=FOUNDING.read_bytes(), by=an, now=now
    )
    assert draft.rows.filter(kind="task").count() == 28
    assert draft.item is not None
