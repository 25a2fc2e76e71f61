"""The machine's part of a bulletin's pages."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import submitted
from tests.conftest import SignedIn
from vang.bulletins.models import Bulletin
from vang.library.services import keep_recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.models import Hearing, Rendition


@pytest.fixture
def in_review(an: Person, xa_a: Unit, now: datetime) -> Bulletin:
    return submitted(xa_a, an, now)


def heard(bulletin: Bulletin, words: str, now: datetime) -> Hearing:
    return Hearing.objects.create(
        rendition=Rendition.objects.get(),
        state="READY",
        heard=[{"from_ms": 0, "to_ms": 5000, "words": words}],
        seconds_of_work=0.8,
        requested_at=now,
    )


def test_the_approver_sees_where_the_sound_differs_from_the_text(
    in_review: Bulletin, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    address = reverse("bulletins:review", args=[in_review.pk])
    assert "Để máy nghe" in client.get(address).content.decode()
    rendition = Rendition.objects.get()
    heard(in_review, rendition.speakable.replace("tám giờ", "chín giờ"), now)
    page = client.get(address).content.decode()
    assert "<del>tám</del> → <ins>chín</ins>" in page
    assert "không phải phán quyết" in page


def test_everything_heard_says_so(
    in_review: Bulletin, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    heard(in_review, Rendition.objects.get().speakable, now)
    page = signed_in(binh).get(reverse("studio:heard", args=[in_review.pk])).content.decode()
    assert "100 %" in page


def test_listening_is_asked_for_and_followed(
    in_review: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.post(reverse("studio:listen", args=[in_review.pk]))
    assert Hearing.objects.get().state == Hearing.State.QUEUED
    page = client.get(reverse("studio:heard", args=[in_review.pk])).content.decode()
    assert "<progress" in page
    for failure, words in (("too-long", "nửa giờ"), ("listener-failed", "Thử lại")):
        Hearing.objects.update(state="FAILED", failure=failure)
        page = client.get(reverse("studio:heard", args=[in_review.pk])).content.decode()
        assert words in page


def test_a_recording_in_the_making_is_waited_for(
    in_review: Bulletin, an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    recording = keep_recording(unit=xa_a, file_name="x", content=b"OggS", by=an, now=now)
    Rendition.objects.update(state="WORKING", sha256="", recording=recording)
    page = signed_in(an).get(reverse("studio:heard", args=[in_review.pk])).content.decode()
    assert "<progress" in page


def test_strangers_readers_and_wrong_methods(
    in_review: Bulletin,
    an: Person,
    chi: Person,
    tech: Person,
    client: Client,
    signed_in: SignedIn,
) -> None:
    listen = reverse("studio:listen", args=[in_review.pk])
    seen = reverse("studio:heard", args=[in_review.pk])
    assert signed_in(chi).post(listen).status_code == 404
    assert signed_in(chi).get(seen).status_code == 404
    assert signed_in(tech).post(listen).status_code == 403
    assert client.post(listen).status_code == 302
    assert client.get(seen).status_code == 302
    assert signed_in(an).get(listen).status_code == 405
    assert signed_in(an).post(seen).status_code == 405
    Rendition.objects.update(state="WORKING", sha256="")
    assert signed_in(an).post(listen).status_code == 404
    assert signed_in(an).get(seen).status_code == 404


def test_the_budget(
    in_review: Bulletin,
    binh: Person,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    heard(in_review, "xin chào", now)
    client = signed_in(binh)
    with django_assert_max_num_queries(12):
        client.get(reverse("studio:heard", args=[in_review.pk]))
