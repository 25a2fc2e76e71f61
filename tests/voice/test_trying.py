"""Hearing a sentence at once, and carrying a dictionary about."""

import io
import wave
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import SignedIn
from tests.refusals import refused
from tests.voice.test_pages import _office_hours, body, url  # noqa: F401
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice import services
from vang.voice.models import Pronunciation
from vang.voice.services import save_pronunciation


def length(content: bytes) -> float:
    with wave.open(io.BytesIO(content)) as file:
        return file.getnframes() / file.getframerate()


def test_a_sentence_is_heard_at_once(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    answer = client.post(url("try"), {"text": "Họp lúc 7h30. Xin cảm ơn."})
    assert answer["Content-Type"] == "audio/wav"
    once = length(answer.content)
    slow = client.post(url("try"), {"text": "Họp lúc 7h30.", "pace": "80"})
    marked = client.post(url("try"), {"text": "Họp lúc 7h30.", "marks": "Họp = mời bà con đến họp"})
    assert 0.5 < once < length(slow.content)
    assert once < length(marked.content)
    assert client.post(url("try"), {"text": " "}).status_code == 422
    assert client.post(url("try"), {"text": "x", "voice": "hoai-my"}).status_code == 422


def test_who_tries(
    an: Person,
    tech: Person,
    client: Client,
    signed_in: SignedIn,
) -> None:
    assert client.post(url("try"), {"text": "x"}).status_code == 302
    assert signed_in(tech).post(url("try"), {"text": "x"}).status_code == 403
    assert signed_in(an).get(url("try")).status_code == 405


def test_a_dictionary_is_taken_away_and_brought_along(
    an: Person,
    chi: Person,
    xa_b: Unit,
    now: datetime,
    xa_a: Unit,
    signed_in: SignedIn,
) -> None:
    for written, spoken in (("BCH", "ban chỉ huy"), ("=1+1", "hai"), ("a;b", "a, bê")):
        save_pronunciation(unit=xa_a, written=written, spoken=spoken, by=an, now=now)
    table = b"".join(signed_in(an).get(url("export-pronunciations")).streaming_content)  # type: ignore[attr-defined]
    signed_in(chi).post(
        url("import-pronunciations"), {"dictionary": SimpleUploadedFile("x.csv", table)}
    )
    brought = Pronunciation.objects.filter(unit=xa_b).values_list("written", "spoken")
    assert set(brought) == {("BCH", "ban chỉ huy"), ("=1+1", "hai"), ("a;b", "a, bê")}


def test_tables_that_are_none(an: Person, xa_a: Unit, now: datetime) -> None:
    for content, code in (
        (b"", "table-unreadable"),
        (b"mot cot\n", "table-unreadable"),
        ("a;b".encode("utf-16"), "table-encoding"),
        (b"a,b\n" * 2002, "table-unreadable"),
    ):
        with refused(code):
            services.import_pronunciations(unit=xa_a, content=content, by=an, now=now)
    taken = services.import_pronunciations(
        unit=xa_a, content=b"Viet,x\nWHO,\nUNICEF,u ni xep\n", by=an, now=now
    )
    assert (taken.saved, len(taken.wrong)) == (2, 1)


def test_an_entry_against_a_built_in_rule_says_so(
    an: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
) -> None:
    save_pronunciation(unit=xa_a, written="UBND", spoken="ủy ban", by=an, now=now)
    page = body(signed_in(an).get(url("pronunciations")))
    assert "ủy ban nhân dân" in page


def test_strangers_carry_nothing_away(
    tech: Person,
    binh: Person,
    client: Client,
    signed_in: SignedIn,
) -> None:
    assert client.get(url("export-pronunciations")).status_code == 302
    assert signed_in(tech).get(url("export-pronunciations")).status_code == 403
    assert signed_in(binh).post(url("import-pronunciations")).status_code == 403
    assert signed_in(binh).get(url("import-pronunciations")).status_code == 405
