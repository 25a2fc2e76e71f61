"""One bulletin in several languages, levels and channels."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from tests.bulletins.newsroom import (
    NOTICE,
    allow_trial_voice,
    approved,
    co_tu,
    current,
    draft,
    make_ready,
    released,
    reread,
    submitted,
    take,
)
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.content import Content, Words, content_of
from vang.bulletins.hashing import content_hash
from vang.bulletins.models import Bulletin, Edition, EditionWording, Level, Wording
from vang.bulletins.wordings import edition_sounds, edition_wordings, wording_for
from vang.orgs.models import Unit
from vang.people.models import Person

SPOKEN = Words("vi", Level.SPOKEN, text="Ngày mai thôn Thuận 1 mất điện từ 8 giờ.")
LINE = Words("vi", Level.ONE_LINE, text="12/6: cắt điện thôn Thuận 1 từ 8h")
ENGLISH = Words("en", Level.FULL, title="Power cut", text="No power in Thuận 1 from 8 am.")


def told(*wordings: Words) -> Content:
    return replace(NOTICE, wordings=wordings)


def refusal_of(unit: Unit, by: Person, now: datetime, *wordings: Words) -> str:
    with pytest.raises(Refusal) as refused:
        draft(unit, by, now, told(*wordings))
    assert not Bulletin.objects.exists()
    return refused.value.code


def saved(bulletin: Bulletin, content: Content, by: Person, now: datetime) -> None:
    number = current(bulletin).number
    services.save_version(bulletin=bulletin, content=content, based_on=number, by=by, now=now)


# writing


def test_wordings_are_kept_in_one_order(an: Person, xa_a: Unit, now: datetime) -> None:
    there = draft(xa_a, an, now, told(LINE, SPOKEN, ENGLISH))
    assert content_of(current(there)).wordings == (ENGLISH, LINE, SPOKEN)


def test_what_says_nothing_is_left_out(an: Person, xa_a: Unit, now: datetime) -> None:
    there = draft(xa_a, an, now, told(replace(SPOKEN, text=" \n "), LINE))
    assert content_of(current(there)).wordings == (LINE,)


def test_one_line_is_one_line(an: Person, xa_a: Unit, now: datetime) -> None:
    there = draft(xa_a, an, now, told(replace(LINE, text="Cắt điện\n thôn  Thuận 1")))
    assert current(there).wordings.get().text == "Cắt điện thôn Thuận 1"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(LINE, text="x" * 161), "wording-too-long"),
        (replace(SPOKEN, text="x" * 5001), "wording-too-long"),
        (replace(ENGLISH, text="x" * 50_001), "wording-too-long"),
        (replace(ENGLISH, title=""), "title-missing"),
        (replace(ENGLISH, title="x" * 201), "title-too-long"),
        (replace(ENGLISH, language="xx"), "language-unknown"),
        (replace(ENGLISH, level="LOUD"), "level-unknown"),
        (replace(ENGLISH, language="vi"), "level-unknown"),
    ],
)
def test_what_cannot_be_kept_is_told(
    wrong: Words, code: str, an: Person, xa_a: Unit, now: datetime
) -> None:
    assert refusal_of(xa_a, an, now, wrong) == code


def test_a_recording_is_of_a_language_of_this_commune_and_only_once(
    an: Person, chi: Person, xa_a: Unit, xa_b: Unit, now: datetime
) -> None:
    mine, theirs = take(xa_a, an, now), take(xa_b, chi, now)
    spoken = Words("ktv", Level.SPOKEN, text="Prá.", recording=mine)
    assert refusal_of(xa_a, an, now, replace(SPOKEN, recording=mine)) == "recording-misplaced"
    on_a_page = replace(co_tu(mine), channel="portal")
    assert refusal_of(xa_a, an, now, on_a_page) == "recording-misplaced"
    assert refusal_of(xa_a, an, now, spoken, co_tu(mine)) == "recording-on-another-level"
    assert refusal_of(xa_a, an, now, co_tu(theirs)) == "recording-of-another-unit"
    assert draft(xa_a, an, now, told(spoken, co_tu(None)))


def test_a_recording_alone_may_tell_it(an: Person, xa_a: Unit, now: datetime) -> None:
    alone = Words("ktv", Level.SPOKEN, recording=take(xa_a, an, now))
    assert current(draft(xa_a, an, now, told(alone))).wordings.get().text == ""


def test_an_edit_of_a_wording_is_the_next_version_and_voids_the_approval(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now, told(LINE))
    approved(bulletin, binh, now)
    saved(bulletin, told(replace(LINE, text="12/6: cắt điện")), an, now)
    assert (current(bulletin).number, reread(bulletin).state) == (2, "DRAFT")
    with pytest.raises(Refusal) as refused:
        services.release_bulletin(bulletin=bulletin, by=binh, now=now)
    assert refused.value.code == "wrong-state"


def test_untouched_words_remember_for_which_text_they_were_written(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = draft(xa_a, an, now, told(LINE, ENGLISH))
    saved(bulletin, replace(told(LINE, ENGLISH), text="Từ 9 giờ."), an, now)
    saved(bulletin, replace(told(SPOKEN, ENGLISH), text="Từ 9 giờ."), an, now)
    rows = current(bulletin).wordings.values_list("language", "level", "written_for")
    assert sorted(rows) == [("en", "FULL", 1), ("vi", "SPOKEN", 3)]


# sound


def test_the_short_form_is_what_the_loudspeakers_say(an: Person, xa_a: Unit, now: datetime) -> None:
    rendition = current(submitted(xa_a, an, now, told(SPOKEN))).rendition
    assert rendition is not None
    assert rendition.speakable.startswith("Ngày mai thôn Thuận một mất điện")
    assert "sửa đường dây" not in rendition.speakable


def test_a_language_without_a_voice_needs_a_person(an: Person, xa_a: Unit, now: datetime) -> None:
    words = Words("ktv", Level.SPOKEN, text="Prá Cơ Tu.")
    bulletin = draft(xa_a, an, now, told(words))
    with pytest.raises(Refusal) as refused:
        services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert refused.value.code == "recording-missing"
    assert "Cơ Tu" in str(refused.value)
    saved(bulletin, told(replace(words, recording=take(xa_a, an, now))), an, now)
    services.submit_bulletin(bulletin=bulletin, by=an, now=now)
    assert reread(bulletin).state == "IN_REVIEW"


def test_a_foreign_text_to_be_read_only_needs_nobody(an: Person, xa_a: Unit, now: datetime) -> None:
    assert submitted(xa_a, an, now, told(ENGLISH)).state == "IN_REVIEW"


def test_an_approval_waits_for_every_sound(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now, told(co_tu(take(xa_a, an, now))))
    rendition = current(bulletin).wordings.get().rendition
    assert rendition is not None
    rendition.state = "QUEUED"
    rendition.save()
    with pytest.raises(Refusal) as refused:
        approved(bulletin, binh, now)
    assert refused.value.code == "sound-being-made"
    make_ready(bulletin, now)
    assert approved(bulletin, binh, now)


# what an approval binds


def test_a_bulletin_in_one_language_keeps_the_hash_it_always_had(
    an: Person, xa_a: Unit, now: datetime
) -> None:
    assert content_hash(current(draft(xa_a, an, now))) == (
        "ab9fa155198daafc5ad8bb0c202ca1b8dcc5bd8da890d6d9ccbba711e2b1f0fb"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Khác."},
        {"title": "Another title"},
        {"language": "km"},
        {"channel": "portal"},
        {"level": "SPOKEN"},
    ],
)
def test_whatever_changes_in_a_wording_another_hash_is_approved(
    change: dict[str, str], an: Person, xa_a: Unit, now: datetime
) -> None:
    one = content_hash(current(draft(xa_a, an, now, told(ENGLISH))))
    assert one == content_hash(current(draft(xa_a, an, now, told(ENGLISH))))
    changed = replace(ENGLISH, **change)
    assert content_hash(current(draft(xa_a, an, now, told(changed)))) != one


def test_another_take_is_another_hash(an: Person, xa_a: Unit, now: datetime) -> None:
    one = submitted(xa_a, an, now, told(co_tu(take(xa_a, an, now))))
    other = submitted(xa_a, an, now, told(co_tu(take(xa_a, an, now, "khac.mp3"))))
    assert content_hash(current(one)) != content_hash(current(other))


# the edition


@pytest.fixture
def edition(an: Person, binh: Person, xa_a: Unit, now: datetime) -> Edition:
    for_the_page = Words("vi", Level.ONE_LINE, "portal", text="Cắt điện ngày 12/6")
    content = told(co_tu(take(xa_a, an, now)), ENGLISH, LINE, SPOKEN, for_the_page)
    return released(xa_a, an, binh, now, content)


def test_an_edition_freezes_every_wording_with_its_sound(edition: Edition) -> None:
    rows = [(one.language, one.level, one.channel) for one in edition_wordings(edition)]
    assert rows == [
        ("vi", "FULL", ""),
        ("vi", "SPOKEN", ""),
        ("vi", "ONE_LINE", ""),
        ("vi", "ONE_LINE", "portal"),
        ("en", "FULL", ""),
        ("ktv", "FULL", ""),
    ]
    sounds = edition_sounds(edition)
    assert {language: sound.duration_ms for language, sound in sounds.items()} == {
        "vi": 5000,
        "ktv": 7000,
    }
    assert sounds["ktv"].sha256 != edition.audio_sha256 == sounds["vi"].sha256


def test_a_wording_is_found_and_never_replaced_by_another(edition: Edition) -> None:
    def text(*wanted: str) -> str | None:
        found = wording_for(edition, *wanted)
        return found.text if found else None

    assert text() == NOTICE.text
    assert text("vi", "ONE_LINE") == LINE.text
    assert text("vi", "ONE_LINE", "portal") == "Cắt điện ngày 12/6"
    assert text("vi", "SPOKEN", "portal") == SPOKEN.text
    assert text("ktv", "FULL", "portal") == "Prá Cơ Tu."
    assert text("ktv", "ONE_LINE") is None
    assert text("sed") is None


def test_a_vanished_sound_of_any_language_is_not_released(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    allow_trial_voice(xa_a, now)
    bulletin = submitted(xa_a, an, now, told(co_tu(take(xa_a, an, now))))
    rendition = current(bulletin).wordings.get().rendition
    assert rendition is not None
    rendition.sha256 = "0" * 64
    rendition.save()
    approved(bulletin, binh, now)
    with pytest.raises(Refusal) as refused:
        services.release_bulletin(bulletin=bulletin, by=binh, now=now)
    assert refused.value.code == "sound-missing"
    assert not Edition.objects.exists()


# the database itself


def test_the_database_refuses_a_wording_added_after_the_approval(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    row = {"version": current(bulletin), "language": "en", "level": "ONE_LINE", "written_for": 1}
    Wording.objects.create(**row, text="Power cut")
    approved(bulletin, binh, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.create(**{**row, "level": "FULL"}, text="Power cut")


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "vi", "level": "FULL"},
        {"language": "x-1"},
        {"text": ""},
        {"level": "SPOKEN"},
    ],
)
def test_the_database_refuses_a_wording_that_makes_no_sense(
    wrong: dict[str, str], an: Person, xa_a: Unit, now: datetime
) -> None:
    version = current(draft(xa_a, an, now, told(replace(ENGLISH, level=Level.SPOKEN))))
    row = {"language": "en", "level": "FULL", "text": "Power cut", "written_for": 1, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.create(version=version, **row)


def test_the_database_refuses_two_sounds_of_one_language(edition: Edition) -> None:
    frozen = edition.wordings.get(language="ktv")
    frozen.pk, frozen.level = None, "SPOKEN"
    with pytest.raises(IntegrityError), transaction.atomic():
        frozen.save()
    half = {"language": "sed", "level": "FULL", "audio_sha256": "ab" * 32}
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionWording.objects.create(edition=edition, text="x", **half)
