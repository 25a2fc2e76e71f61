"""The pages on which a language, a level or a channel is written, shown and approved."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.bulletins.newsroom import NOTICE, approved, co_tu, current, draft, submitted, take
from tests.conftest import SignedIn, person
from vang.bulletins import services
from vang.bulletins.content import Content, Words, content_of
from vang.bulletins.models import Bulletin, Draft, Level
from vang.bulletins.tickets import make_ticket
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Cluster

MP3 = b"\xff\xfb\x90\x00" + bytes(400)


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def page(bulletin: Bulletin, *part: str, name: str = "wording") -> str:
    return reverse(f"bulletins:{name}", args=[bulletin.pk, *(part or ["ktv"])])


def typed(**more: object) -> dict[str, object]:
    return {"title": "Cơ Tu", "full": "Prá Cơ Tu.", "version": "1", **more}


def wordings(bulletin: Bulletin) -> tuple[Words, ...]:
    return content_of(current(bulletin)).wordings


def test_a_language_is_written_with_its_recording(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    sound = SimpleUploadedFile("co-tu.mp3", MP3)
    posted = typed(spoken="Prá.", one_line="Cơ Tu 12/6", recording=sound)
    answer = signed_in(an).post(page(drafted), posted)
    assert answer["Location"] == reverse("bulletins:detail", args=[drafted.pk])
    assert [(w.level, w.text, w.recording is not None) for w in wordings(drafted)] == [
        ("FULL", "Prá Cơ Tu.", False),
        ("ONE_LINE", "Cơ Tu 12/6", False),
        ("SPOKEN", "Prá.", True),
    ]
    assert (current(drafted).number, current(drafted).text) == (2, NOTICE.text)


def test_an_edit_keeps_the_recording_until_it_is_taken_away(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.post(page(drafted), typed(recording=SimpleUploadedFile("co-tu.mp3", MP3)))
    (kept,) = wordings(drafted)
    assert kept.recording is not None
    shown = body(client.get(page(drafted)))
    assert "co-tu.mp3" in shown
    assert f'name="kept_recording" value="{kept.recording.pk}"' in shown
    again = typed(full="Prá khác.", kept_recording=kept.recording.pk, version="2")
    client.post(page(drafted), again)
    assert wordings(drafted)[0].recording == kept.recording
    client.post(page(drafted), {**again, "version": "3", "without_recording": "on"})
    assert wordings(drafted)[0].recording is None


def test_emptying_a_page_takes_the_language_away(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, wordings=(co_tu(None),)))
    signed_in(an).post(page(bulletin), {"version": "1"})
    assert wordings(bulletin) == ()


def test_the_vietnamese_page_has_the_short_forms_alone(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    shown = body(client.get(page(drafted, "vi")))
    assert 'name="full"' not in shown
    assert 'name="recording"' not in shown
    client.post(page(drafted, "vi"), {"spoken": "Mất điện.", "one_line": "x" * 161, "version": "1"})
    assert current(drafted).number == 1
    client.post(page(drafted, "vi"), {"spoken": "Mất điện.", "version": "1"})
    assert [(w.language, w.level) for w in wordings(drafted)] == [("vi", "SPOKEN")]


def test_a_channel_has_words_of_its_own(an: Person, drafted: Bulletin, signed_in: SignedIn) -> None:
    client = signed_in(an)
    choice = {"language": "vi", "channel": "portal"}
    answer = client.get(reverse("bulletins:wordings", args=[drafted.pk]), choice)
    assert answer["Location"] == page(drafted, "vi", "portal")
    assert 'name="spoken"' not in body(client.get(answer["Location"]))
    client.post(answer["Location"], typed(title="Cắt điện", full="Dài hơn."))
    assert [w.key for w in wordings(drafted)] == [("vi", "FULL", "portal")]
    assert "có lời riêng cho" in body(client.get(reverse("bulletins:detail", args=[drafted.pk])))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"one_line": "x" * 161}, "Dài hơn 160 ký tự"),
        ({"spoken": "x" * 5001}, "Dài hơn 5.000 ký tự"),
        ({"title": ""}, "Hãy đặt tiêu đề"),
    ],
)
def test_every_fault_is_told_beside_its_field_and_the_words_stay(
    fields: dict[str, str], said: str, an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    answer = signed_in(an).post(page(drafted), typed(**fields))
    assert answer.status_code == 422
    assert said in body(answer)
    assert "Prá Cơ Tu." in body(answer)
    assert wordings(drafted) == ()


def test_a_file_that_is_no_sound_loses_no_words(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    answer = signed_in(an).post(page(drafted), typed(recording=SimpleUploadedFile("a.mp3", b"x")))
    assert answer.status_code == 422
    assert "Prá Cơ Tu." in body(answer)


# two people


def test_two_languages_may_be_written_at_once(
    an: Person, xa_a: Unit, drafted: Bulletin, now: datetime, signed_in: SignedIn
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    signed_in(lan).post(page(drafted, "en"), typed(title="Power cut", full="No power."))
    signed_in(an).post(page(drafted), typed())
    main = {"title": "Mất điện", "text": "Từ 9 giờ.", "category": "DIRECTION", "version": "1"}
    edit = reverse("bulletins:edit", args=[drafted.pk])
    signed_in(an).post(edit, {**main, "priority": "NORMAL"})
    assert current(drafted).number == 4
    assert current(drafted).title == "Mất điện"
    assert [w.language for w in wordings(drafted)] == ["en", "ktv"]


def test_a_conflict_about_one_language_shows_both_and_loses_neither(
    an: Person, xa_a: Unit, drafted: Bulletin, signed_in: SignedIn
) -> None:
    lan = person("lan", "Đỗ Thị Lan", xa_a, "WRITER")
    signed_in(lan).post(page(drafted), typed(full="Lời của Lan."))
    client = signed_in(an)
    answer = client.post(page(drafted), typed(full="Lời của An."))
    assert answer.status_code == 409
    assert "Lan" in body(answer)
    assert "Lời của An." in body(answer)
    assert wordings(drafted)[0].text == "Lời của Lan."
    assert Draft.objects.get(person=an).fields["full"] == "Lời của An."
    client.post(page(drafted), typed(full="Lời của An.", version="2"))
    assert wordings(drafted)[0].text == "Lời của An."
    assert not Draft.objects.exists()


# nothing typed is lost


def test_autosave_keeps_each_part_by_itself(
    an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    kept = client.post(page(drafted, name="autosave-wording"), typed(full="Chưa xong"))
    other = client.post(page(drafted, "en", name="autosave-wording"), typed(full="Not yet"))
    assert (kept.status_code, other.status_code) == (204, 204)
    assert "Lưu tạm" not in body(client.get(page(drafted, "sed")))
    assert "Chưa xong" in body(client.get(page(drafted) + "?draft=1"))
    assert "Not yet" in body(client.get(page(drafted, "en") + "?draft=1"))
    client.post(page(drafted, name="discard-wording"))
    assert [d.part for d in Draft.objects.all()] == ["en"]


def test_what_is_sent_after_the_session_ran_out_is_kept(
    an: Person, xa_a: Unit, drafted: Bulletin, client: Client
) -> None:
    ticket = make_ticket(an, xa_a, drafted, "ktv")
    client.post(page(drafted), typed(ticket=ticket))
    kept = Draft.objects.get(person=an)
    assert (kept.part, kept.fields["full"]) == ("ktv", "Prá Cơ Tu.")


# who, and what is shown


@pytest.mark.parametrize("name", ["wording", "autosave-wording", "discard-wording"])
def test_strangers_and_readers_write_nothing(
    name: str, chi: Person, dung: Person, drafted: Bulletin, signed_in: SignedIn, client: Client
) -> None:
    address = page(drafted, name=name)
    assert signed_in(chi).post(address, typed()).status_code == 404
    if name != "discard-wording":
        assert signed_in(dung).post(address, typed()).status_code == 403
    assert client.post(address, typed()).status_code in {302, 401}
    assert signed_in(chi).delete(address).status_code == 405
    assert wordings(drafted) == ()


@pytest.mark.parametrize("part", [("xx",), ("ktv", "speaker"), ("ktv", "radio")])
def test_what_is_in_no_list_has_no_page(
    part: tuple[str, ...], an: Person, drafted: Bulletin, signed_in: SignedIn
) -> None:
    assert signed_in(an).get(page(drafted, *part)).status_code == 404
    assert signed_in(an).get(page(drafted)).status_code == 200


def cluster(unit: Unit, language: str) -> Cluster:
    return Cluster.objects.create(unit=unit, code="c-1", name="Cụm A Roo", language=language)


@pytest.mark.parametrize("name", ["detail", "review"])
def test_a_language_that_a_cluster_waits_for_is_shown_as_missing(
    name: str, binh: Person, xa_a: Unit, in_review: Bulletin, signed_in: SignedIn
) -> None:
    address = reverse(f"bulletins:{name}", args=[in_review.pk])
    assert "Cơ Tu" not in body(signed_in(binh).get(address)).partition("add-language")[0]
    cluster(xa_a, "ktv")
    shown = body(signed_in(binh).get(address))
    assert "Còn thiếu bản ghi âm tiếng Cơ Tu cho Cụm A Roo" in shown
    assert "còn thiếu" in shown


def test_the_approver_reads_and_hears_every_wording(
    an: Person,
    binh: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    cluster(xa_a, "ktv")
    spoken = Words("vi", Level.SPOKEN, text="Mất điện ngày mai.")
    content = replace(NOTICE, wordings=(co_tu(take(xa_a, an, now)), spoken))
    bulletin = submitted(xa_a, an, now, content)
    client = signed_in(binh)
    with django_assert_max_num_queries(12):
        shown = body(client.get(reverse("bulletins:review", args=[bulletin.pk])))
    assert "Prá Cơ Tu." in shown
    assert "Mất điện ngày mai." in shown
    assert "Còn thiếu" not in shown
    for rendition in (
        current(bulletin).rendition,
        current(bulletin).wordings.get(language="ktv").rendition,
    ):
        assert rendition is not None
        assert reverse("voice:sound", args=[rendition.pk]) in shown
    assert approved(bulletin, binh, now)


def test_words_written_for_an_older_text_are_marked(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    bulletin = draft(xa_a, an, now, replace(NOTICE, wordings=(co_tu(None),)))
    address = reverse("bulletins:detail", args=[bulletin.pk])
    assert "toàn văn đã sửa" not in body(signed_in(an).get(address))
    mended = Content(title=NOTICE.title, text="Từ 9 giờ cắt điện.")
    services.save_version(bulletin=bulletin, content=mended, based_on=1, by=an, now=now, part="")
    assert "viết cho phiên bản 1, toàn văn đã sửa" in body(signed_in(an).get(address))
    back = replace(mended, text=NOTICE.text)
    services.save_version(bulletin=bulletin, content=back, based_on=2, by=an, now=now, part="")
    assert "toàn văn đã sửa" not in body(signed_in(an).get(address))


def test_the_budget_of_the_page(
    an: Person,
    drafted: Bulletin,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in(an)
    with django_assert_max_num_queries(12):
        assert client.get(page(drafted)).status_code == 200
