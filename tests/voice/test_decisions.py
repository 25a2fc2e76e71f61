"""The dictionary and the voice of a unit: who decides, and what follows."""

from datetime import datetime

import pytest

from tests.conftest import person
from vang.base.refusals import Refusal
from vang.journal.models import Entry
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.voice.choices import TRIAL_VOICE, trial_may_air, voice_of
from vang.voice.models import Pronunciation
from vang.voice.queries import speakable_text
from vang.voice.services import (
    change_pronunciation,
    choose_voice,
    remove_pronunciation,
    request_rendition,
    save_pronunciation,
)


def save(unit: Unit, by: Person, now: datetime, written: str, spoken: str) -> Pronunciation:
    return save_pronunciation(unit=unit, written=written, spoken=spoken, by=by, now=now)


def test_a_word_is_said_as_the_dictionary_tells(xa_a: Unit, an: Person, now: datetime) -> None:
    assert "noru" in speakable_text(xa_a, "Bão Noru vào bờ.").lower()
    save(xa_a, an, now, "Noru", "nô ru")
    assert "nô ru" in speakable_text(xa_a, "Bão Noru vào bờ.")


def test_a_dictionary_is_the_units_own(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, now: datetime
) -> None:
    save(xa_a, an, now, "Noru", "nô ru")
    save(xa_b, chi, now, "Noru", "no ru")
    assert "no ru" in speakable_text(xa_b, "Bão Noru.")


def test_another_reading_asks_for_another_sound(xa_a: Unit, an: Person, now: datetime) -> None:
    before = request_rendition(unit=xa_a, text="Bão Noru.", now=now)
    save(xa_a, an, now, "Noru", "nô ru")
    assert request_rendition(unit=xa_a, text="Bão Noru.", now=now) != before


def test_saving_a_word_again_changes_it(
    xa_a: Unit, an: Person, quan: Person, now: datetime
) -> None:
    first = save(xa_a, an, now, "BCH", "ban chấp hành")
    second = save(xa_a, quan, now, " BCH ", "ban chỉ huy")
    assert (second.pk, second.spoken, second.updated_by) == (first.pk, "ban chỉ huy", quan)


def test_changing_the_word_itself_leaves_no_old_one(xa_a: Unit, an: Person, now: datetime) -> None:
    entry = save(xa_a, an, now, "BHC", "ban chỉ huy")
    change_pronunciation(entry=entry, written="BCH", spoken="ban chỉ huy", by=an, now=now)
    assert list(Pronunciation.objects.values_list("written", flat=True)) == ["BCH"]


def test_removing_a_word_is_journalled_with_its_reading(
    xa_a: Unit, an: Person, now: datetime
) -> None:
    remove_pronunciation(entry=save(xa_a, an, now, "BCH", "ban chỉ huy"), by=an, now=now)
    assert not Pronunciation.objects.exists()
    assert Entry.objects.get(action="remove-pronunciation").detail == {"spoken": "ban chỉ huy"}


@pytest.mark.parametrize(
    ("written", "spoken", "code"),
    [
        (" \n", "x", "written-missing"),
        ("x" * 81, "x", "written-too-long"),
        ("x", "\u200b", "spoken-missing"),
        ("x", "x" * 201, "spoken-too-long"),
    ],
)
def test_half_an_entry_is_refused(
    written: str, spoken: str, code: str, xa_a: Unit, an: Person, now: datetime
) -> None:
    with pytest.raises(Refusal) as refused:
        save(xa_a, an, now, written, spoken)
    assert refused.value.code == code


@pytest.mark.parametrize("who", ["binh", "tech", "dung", "chi"])
def test_only_writers_and_administrators_of_the_unit_change_the_dictionary(
    who: str, xa_a: Unit, now: datetime, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refusal) as refused:
        save(xa_a, request.getfixturevalue(who), now, "BCH", "ban chỉ huy")
    assert refused.value.code == "not-allowed"
    assert not Pronunciation.objects.exists()


def test_the_trial_voice_is_the_first_and_does_not_air(xa_a: Unit) -> None:
    assert voice_of(xa_a) == TRIAL_VOICE
    assert not trial_may_air(xa_a)


def test_the_administrator_lets_the_trial_voice_air_and_forbids_it_again(
    xa_a: Unit, quan: Person, now: datetime, later: datetime
) -> None:
    choose_voice(unit=xa_a, voice=TRIAL_VOICE, trial_may_air=True, by=quan, now=now)
    assert trial_may_air(xa_a)
    choose_voice(unit=xa_a, voice=TRIAL_VOICE, trial_may_air=False, by=quan, now=later)
    assert not trial_may_air(xa_a)
    assert Entry.objects.filter(action="choose-voice").count() == 2


def test_nobody_else_decides_about_the_voice(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    other = person("xa-b", "Quản trị B", Unit.objects.get(code="509"), "READER")
    for someone in (an, binh, other):
        with pytest.raises(Refusal):
            choose_voice(unit=xa_a, voice=TRIAL_VOICE, trial_may_air=True, by=someone, now=now)
    assert not trial_may_air(xa_a)


def test_a_voice_that_is_not_installed_is_refused(xa_a: Unit, quan: Person, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        choose_voice(unit=xa_a, voice="hoai-my", trial_may_air=True, by=quan, now=now)
    assert refused.value.code == "voice-unknown"


def test_without_any_voice_a_text_is_refused_in_words(
    xa_a: Unit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Refusal) as refused:
        request_rendition(unit=xa_a, text="Xin chào.", now=now)
    assert refused.value.code == "voice-missing"
