"""A bulletin read into the microphone: bound to its text, approved as it is heard."""

from dataclasses import replace
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import TEXT, current, reread
from tests.conftest import SignedIn
from tests.refusals import refused
from tests.takes.test_takes import join, read_all
from tests.voice.sounds import wav_bytes
from tests.voice.spoken import syllables
from vang.bulletins import services as newsroom
from vang.bulletins.content import Content, Words, content_of
from vang.bulletins.models import Bulletin
from vang.people.models import Person
from vang.studio import services
from vang.takes.models import Take


def page(name: str, *args: object) -> str:
    return reverse(f"studio:{name}", args=args)


def taken(bulletin: Bulletin, by: Person, now: datetime) -> Take:
    take = services.begin_take(bulletin=bulletin, by=by, now=now)
    return join(read_all(take, by, now), by, now)


def edit(bulletin: Bulletin, text: str, by: Person, now: datetime) -> None:
    version = current(bulletin)
    newsroom.save_version(
        bulletin=bulletin,
        content=Content(title=version.title, text=text, recording=version.recording),
        based_on=version.number,
        by=by,
        now=now,
    )


def test_a_take_becomes_the_sound_of_the_bulletin(
    drafted: Bulletin, an: Person, now: datetime
) -> None:
    take = taken(drafted, an, now)
    version = services.use_take(bulletin=drafted, take=take, by=an, now=now)
    assert version.recording == take.recording
    assert version.rendition is not None
    assert version.rendition.recording == take.recording


def test_a_changed_text_says_that_the_take_reads_an_older_one(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    take = taken(drafted, an, now)
    services.use_take(bulletin=drafted, take=take, by=an, now=now)
    client = signed_in(an)
    address = reverse("bulletins:detail", args=[drafted.pk])
    assert "Bản thu đọc văn bản cũ" not in client.get(address).content.decode()
    edit(drafted, TEXT.replace("8 giờ", "9 giờ"), an, now)
    assert "Bản thu đọc văn bản cũ" in client.get(address).content.decode()
    assert "Bản thu đọc văn bản cũ" in client.get(page("studio", drafted.pk)).content.decode()


def test_a_take_of_an_older_text_is_not_used(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    take = taken(drafted, an, now)
    edit(drafted, "Hoãn cắt điện.", an, now)
    answer = signed_in(an).post(page("use", drafted.pk, take.pk))
    assert answer.status_code == 409
    assert current(drafted).recording is None


def test_a_take_of_another_bulletin_or_half_a_take_is_not_used(
    drafted: Bulletin, an: Person, now: datetime
) -> None:
    half = services.begin_take(bulletin=drafted, by=an, now=now)
    other = newsroom.create_bulletin(
        unit=drafted.unit, content=Content(title="Họp", text="Mời họp."), by=an, now=now
    )
    for take, bulletin in ((half, drafted), (taken(drafted, an, now), other)):
        with refused("take-not-ready"):
            services.use_take(bulletin=bulletin, take=take, by=an, now=now)


def test_only_the_recording_page_may_use_the_microphone(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert client.get(page("studio", drafted.pk))["Permissions-Policy"].startswith(
        "microphone=(self)"
    )
    elsewhere = client.get(reverse("bulletins:detail", args=[drafted.pk]))
    assert elsewhere["Permissions-Policy"].startswith("microphone=()")


def test_without_a_script_a_file_is_attached_and_bound_to_its_text(
    drafted: Bulletin, an: Person, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    assert "Từ 8 giờ" in client.get(page("studio", drafted.pk)).content.decode()
    file = SimpleUploadedFile("x.wav", wav_bytes(syllables(4)))
    client.post(page("upload", drafted.pk), {"recording": file})
    recording = current(drafted).recording
    assert recording is not None
    assert recording.take.kind == Take.Kind.FILE
    for content, status in ((b"", 422), (b"no sound", 422)):
        sent = {"recording": SimpleUploadedFile("x.wav", content)} if content else {}
        assert client.post(page("upload", drafted.pk), sent).status_code == status


def test_strangers_and_wrong_methods(
    drafted: Bulletin,
    an: Person,
    binh: Person,
    chi: Person,
    now: datetime,
    client: Client,
    signed_in: SignedIn,
) -> None:
    take = services.begin_take(bulletin=drafted, by=an, now=now)
    gets = [page("studio", drafted.pk), page("result", drafted.pk, take.pk)]
    posts = [
        page("begin", drafted.pk),
        page("use", drafted.pk, take.pk),
        page("upload", drafted.pk),
    ]
    for address in gets:
        assert signed_in(chi).get(address).status_code == 404
        assert signed_in(binh).get(address).status_code == 403
        assert client.get(address).status_code == 302
        assert signed_in(an).post(address).status_code == 405
    for address in posts:
        assert signed_in(chi).post(address).status_code == 404
        assert client.post(address).status_code in {302, 401}
        assert signed_in(an).get(address).status_code == 405


def test_the_page_follows_the_take(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    begun = client.post(page("begin", drafted.pk)).json()
    take = Take.objects.get(pk=begun["pk"])
    assert begun["missing"] == list(range(len(take.lines)))
    take = join(read_all(take, an, now), an, now)
    told = client.get(page("result", drafted.pk, take.pk)).content.decode()
    assert reverse("takes:recording", args=[take.pk]) in told
    heard = client.get(reverse("takes:recording", args=[take.pk]))
    assert b"".join(heard.streaming_content).startswith(b"OggS")  # type: ignore[attr-defined]
    assert client.post(page("use", drafted.pk, take.pk)).status_code == 302
    assert reread(drafted).current == current(drafted)


def test_the_budget_of_the_recording_page(
    drafted: Bulletin,
    an: Person,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        client.get(page("studio", drafted.pk))


def test_another_language_is_read_too_and_a_stranger_tongue_is_not(
    drafted: Bulletin, an: Person, now: datetime, signed_in: SignedIn
) -> None:
    version = current(drafted)
    words = Words("en", "SPOKEN", "", "", "The power is cut at eight.")
    content = replace(content_of(version), wordings=(words,))
    newsroom.save_version(
        bulletin=drafted, content=content, based_on=version.number, by=an, now=now
    )
    take = services.begin_take(bulletin=drafted, by=an, now=now, language="en")
    assert take.lines == ["The power is cut at eight."]
    take = join(read_all(take, an, now), an, now)
    saved = services.use_take(bulletin=drafted, take=take, by=an, now=now, language="en")
    assert saved.recording is None
    assert saved.wordings.get(language="en").recording == take.recording
    client = signed_in(an)
    assert client.get(page("studio", drafted.pk) + "?language=xx").status_code == 404
    told = client.get(page("studio", drafted.pk) + "?language=ktv").content.decode()
    assert "Chưa có văn bản bằng thứ tiếng này" in told
