"""Listening, the dictionary and the voice: each page, its strangers and its budget."""

from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from vang.base.files import FileStore
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.choices import TRIAL_VOICE, trial_may_air
from vang.voice.models import Pronunciation, Rendition
from vang.voice.services import request_rendition, save_pronunciation

OPUS = b"OggS" + bytes(range(200))


@pytest.fixture(autouse=True)
def _office_hours(office_hours: None) -> None:
    """Here the clock stands still."""


@pytest.fixture
def sound(xa_a: Unit, now: datetime) -> Rendition:
    rendition = request_rendition(unit=xa_a, text="Xin chào bà con.", now=now)
    rendition.sha256 = FileStore(settings.DATA / "files").put(OPUS)
    rendition.state = Rendition.State.READY
    rendition.save()
    return rendition


@pytest.fixture
def entry(xa_a: Unit, an: Person, now: datetime) -> Pronunciation:
    return save_pronunciation(unit=xa_a, written="BCH", spoken="ban chỉ huy", by=an, now=now)


def url(name: str, *args: object) -> str:
    return reverse(f"voice:{name}", args=args)


def content(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


# listening


def test_people_of_the_commune_listen(
    an: Person, dung: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    for someone in (an, dung):
        response = signed_in(someone).get(url("sound", sound.pk))
        assert (response.status_code, response["Content-Type"]) == (200, "audio/ogg")
        assert (response["Accept-Ranges"], response["Content-Length"]) == ("bytes", "204")
        assert content(response) == OPUS


def test_a_stranger_does_not_listen(
    chi: Person, sound: Rendition, client: Client, signed_in: SignedIn
) -> None:
    assert signed_in(chi).get(url("sound", sound.pk)).status_code == 404
    assert client.get(url("sound", sound.pk)).status_code == 302


def test_another_commune_that_asked_for_the_same_words_listens_too(
    chi: Person, xa_b: Unit, sound: Rendition, now: datetime, signed_in: SignedIn
) -> None:
    request_rendition(unit=xa_b, text="Xin chào bà con.", now=now)
    assert content(signed_in(chi).get(url("sound", sound.pk))) == OPUS


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-3", OPUS[:4], "bytes 0-3/204"),
        ("bytes=200-", OPUS[200:], "bytes 200-203/204"),
        ("bytes=-4", OPUS[-4:], "bytes 200-203/204"),
        ("bytes=100-9999", OPUS[100:], "bytes 100-203/204"),
    ],
)
def test_a_player_seeks(
    wanted: str, part: bytes, told: str, an: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    response = signed_in(an).get(url("sound", sound.pk), headers={"Range": wanted})
    assert (response.status_code, response["Content-Range"]) == (206, told)
    assert content(response) == part


def test_a_range_beyond_the_end_is_refused(
    an: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    response = signed_in(an).get(url("sound", sound.pk), headers={"Range": "bytes=204-"})
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */204")


def test_a_sound_that_is_known_is_not_sent_again(
    an: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    tag = f'"{sound.sha256}"'
    response = signed_in(an).get(url("sound", sound.pk), headers={"If-None-Match": tag})
    assert response.status_code == 304


def test_an_unfinished_sound_is_not_there_yet(
    an: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    Rendition.objects.update(state="WORKING")
    assert signed_in(an).get(url("sound", sound.pk)).status_code == 404


def test_a_sound_whose_file_is_gone_is_not_found(
    an: Person, sound: Rendition, signed_in: SignedIn
) -> None:
    path = FileStore(settings.DATA / "files").path(sound.sha256)
    path.unlink()
    assert signed_in(an).get(url("sound", sound.pk)).status_code == 404
    assert signed_in(an).post(url("sound", sound.pk)).status_code == 405


def test_the_budget_of_listening(
    an: Person,
    sound: Rendition,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(an)
    with django_assert_max_num_queries(7):
        content(client.get(url("sound", sound.pk)))


# the dictionary


def test_a_writer_adds_changes_and_removes_a_word(an: Person, signed_in: SignedIn) -> None:
    client = signed_in(an)
    client.post(url("pronunciations"), {"written": "BCH", "spoken": "ban chấp hành"})
    entry = Pronunciation.objects.get()
    changed = {"written": "BCH", "spoken": "ban chỉ huy"}
    client.post(url("edit-pronunciation", entry.pk), changed)
    assert "ban chỉ huy" in body(client.get(url("pronunciations")))
    client.post(url("remove-pronunciation", entry.pk))
    assert not Pronunciation.objects.exists()


def test_the_example_is_spoken_with_the_dictionary(
    an: Person, entry: Pronunciation, signed_in: SignedIn
) -> None:
    page = body(signed_in(an).get(url("pronunciations"), {"example": "BCH họp 6h30."}))
    assert "ban chỉ huy họp sáu giờ ba mươi" in page


def test_a_fault_stays_beside_its_field(an: Person, signed_in: SignedIn) -> None:
    page = body(signed_in(an).post(url("pronunciations"), {"written": "BCH", "spoken": ""}))
    assert 'value="BCH"' in page
    assert not Pronunciation.objects.exists()


def test_an_approver_reads_the_dictionary_but_does_not_change_it(
    binh: Person, entry: Pronunciation, signed_in: SignedIn
) -> None:
    client = signed_in(binh)
    assert "ban chỉ huy" in body(client.get(url("pronunciations")))
    posted = {"written": "X", "spoken": "y"}
    assert client.post(url("pronunciations"), posted).status_code == 403
    assert client.post(url("edit-pronunciation", entry.pk), posted).status_code == 403
    assert client.post(url("remove-pronunciation", entry.pk)).status_code == 403
    assert Pronunciation.objects.get().spoken == "ban chỉ huy"


def test_chi_sees_nothing_of_the_dictionary_of_another_commune(
    chi: Person, entry: Pronunciation, signed_in: SignedIn
) -> None:
    client = signed_in(chi)
    assert "ban chỉ huy" not in body(client.get(url("pronunciations")))
    assert client.get(url("edit-pronunciation", entry.pk)).status_code == 404
    assert client.post(url("remove-pronunciation", entry.pk)).status_code == 404


def test_signed_out_people_and_wrong_methods(
    an: Person, entry: Pronunciation, client: Client, signed_in: SignedIn
) -> None:
    for name, args in (("pronunciations", ()), ("edit-pronunciation", (entry.pk,)), ("voices", ())):
        assert client.get(url(name, *args)).status_code == 302
        assert signed_in(an).delete(url(name, *args)).status_code == 405
    assert signed_in(an).get(url("remove-pronunciation", entry.pk)).status_code == 405


def test_the_budget_of_the_dictionary(
    an: Person,
    entry: Pronunciation,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(an)
    with django_assert_max_num_queries(14):
        client.get(url("pronunciations"))


# the voice


def test_the_administrator_allows_the_trial_voice(
    quan: Person, xa_a: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(quan)
    page = body(client.get(url("voices")))
    assert "giọng thử" in page
    client.post(url("voices"), {"voice": TRIAL_VOICE, "trial_may_air": "on"})
    assert trial_may_air(xa_a)
    assert "Võ Quân" in body(client.get(url("voices")))


def test_an_unknown_voice_is_not_taken(quan: Person, xa_a: Unit, signed_in: SignedIn) -> None:
    posted = {"voice": "hoai-my", "trial_may_air": "on"}
    assert signed_in(quan).post(url("voices"), posted).status_code == 200
    assert not trial_may_air(xa_a)


def test_others_do_not_decide(an: Person, chi: Person, xa_a: Unit, signed_in: SignedIn) -> None:
    posted = {"voice": TRIAL_VOICE, "trial_may_air": "on"}
    assert signed_in(an).post(url("voices"), posted).status_code == 403
    signed_in(chi).post(url("voices"), posted)
    assert not trial_may_air(xa_a)


def test_the_budget_of_the_voices(
    quan: Person, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(quan)
    with django_assert_max_num_queries(14):
        client.get(url("voices"))
