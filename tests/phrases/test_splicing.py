"""Put together without a seam, and exactly what is written."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from tests.phrases.announcer import clip_of, record_everything
from tests.refusals import refused
from tests.voice.test_joining import harshest
from vang.base.files import FileStore
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases import services
from vang.phrases.checking import verdict
from vang.phrases.models import Phrase, Saying
from vang.phrases.notices import notices
from vang.phrases.queries import bank_of, fragments_missing, items_of, needed_numbers
from vang.phrases.splicing import phrase_sound, plan, splice, spliced_take
from vang.takes.models import Clip, Take
from vang.voice.levels import frame_levels, measured_levels, speech_level
from vang.voice.sound import RATE

TEXT = "Tin bão khẩn cấp\n\nBão số 4 đang đi vào khu vực xã ta.\nGió mạnh cấp 12."


@pytest.fixture
def full_bank(xa_a: Unit, an: Person, now: datetime) -> Unit:
    record_everything(xa_a, an, now)
    return xa_a


def test_a_notice_is_said_exactly_as_it_is_written(full_bank: Unit) -> None:
    said = " ".join(part.key for part in plan(full_bank, TEXT))
    assert said == ("tin bão khẩn cấp bão số bốn đang đi vào khu vực xã ta gió mạnh cấp mười hai")


def test_phrases_of_unlike_loudness_come_out_level_and_without_clicks(full_bank: Unit) -> None:
    parts = plan(full_bank, TEXT)
    sound = splice(parts)
    place, levels = 0, []
    for part in parts:
        length = len(phrase_sound(part.sha256))
        levels.append(speech_level(frame_levels(sound[place : place + length])))
        place += length + max(0, part.pause_ms - 60) * RATE // 1000
    assert max(levels) - min(levels) < 2.5
    wanted = np.median(levels)
    alone = [phrase_sound(part.sha256) for part in parts]
    level = [10 ** ((wanted - speech_level(frame_levels(one))) / 20) for one in alone]
    assert harshest(sound) < 1.2 * max(
        harshest(one * np.float32(gain)) for one, gain in zip(alone, level, strict=True)
    )
    assert measured_levels(sound).clipped == 0


def test_a_take_of_it_tells_what_it_was_made_of(full_bank: Unit, an: Person, now: datetime) -> None:
    take = spliced_take(unit=full_bank, subject="bulletin:1", text=TEXT, by=an, now=now)
    assert (take.kind, take.state) == (Take.Kind.SPLICED, Take.State.READY)
    assert take.pieces["0"]["phrase"] == "tin bão khẩn cấp"
    again = spliced_take(unit=full_bank, subject="bulletin:2", text=TEXT, by=an, now=now)
    assert again == take


def test_nothing_is_put_together_while_a_word_is_missing(
    full_bank: Unit, an: Person, now: datetime
) -> None:
    Phrase.objects.filter(key="bão số").update(current=None)
    with refused("phrases-missing"):
        spliced_take(unit=full_bank, subject="x", text=TEXT, by=an, now=now)
    assert not Take.objects.exists()


def test_a_recording_whose_bytes_changed_is_not_used(
    full_bank: Unit, an: Person, now: datetime
) -> None:
    part = plan(full_bank, TEXT)[0]
    path = FileStore(Path(settings.DATA) / "files").path(part.sha256)
    content = path.read_bytes()
    path.write_bytes(content[:-2] + b"\x01\x01")
    with refused("phrase-gone"):
        splice([part])
    path.write_bytes(content)
    assert len(splice([part])) > 0


# the bank


def test_a_phrase_is_recorded_and_recorded_again(xa_a: Unit, an: Person, now: datetime) -> None:
    for sound in (0, 1):
        clip = clip_of(xa_a, an, now, sound)
        services.record_phrase(unit=xa_a, key="hai mươi", clip=clip, by=an, now=now)
    assert Saying.objects.count() == 2
    assert bank_of(xa_a)["hai mươi"].clip == clip
    item = next(i for i in items_of(xa_a, now.date(), {}) if i.wanted.key == "hai mươi")
    assert item.saying is not None


def test_limits_of_recording_a_phrase(
    xa_a: Unit, xa_b: Unit, an: Person, chi: Person, binh: Person, now: datetime
) -> None:
    clip = clip_of(xa_a, an, now)
    with refused("phrase-unknown"):
        services.record_phrase(unit=xa_a, key="gì đó", clip=clip, by=an, now=now)
    with refused("clip-not-here"):
        services.record_phrase(unit=xa_b, key="hai", clip=clip, by=chi, now=now)
    with refused("not-allowed"):
        services.record_phrase(unit=xa_a, key="hai", clip=clip, by=binh, now=now)
    for change, code in (
        ({"duration_ms": 31_000}, "saying-too-long"),
        ({"levels": {"faults": ["silent"]}}, "clip-silent"),
    ):
        Clip.objects.filter(pk=clip.pk).update(**change)
        with refused(code):
            services.record_phrase(unit=xa_a, key="hai", clip=Clip.objects.get(), by=an, now=now)


def test_the_villages_and_phrases_of_the_commune_are_on_its_list(
    xa_a: Unit, xa_b: Unit, an: Person, now: datetime
) -> None:
    services.add_phrase(unit=xa_a, text="Nhà văn hóa thôn 3", group="PLACE", by=an, now=now)
    keys = {item.wanted.key for item in items_of(xa_a, now.date(), {})}
    assert {"thôn thuận một", "nhà văn hóa thôn ba", "toàn xã"} <= keys
    assert "thôn thuận một" not in {i.wanted.key for i in items_of(xa_b, now.date(), {})}
    for text, group, code in (
        ("  ", "PLACE", "phrase-unfit"),
        ("x" * 401, "PLACE", "phrase-unfit"),
        ("Hai", "NUMBER", "phrase-group"),
    ):
        with refused(code):
            services.add_phrase(unit=xa_a, text=text, group=group, by=an, now=now)
    phrase = Phrase.objects.get(own=True)
    services.remove_phrase(phrase=phrase, by=an, now=now)
    assert "nhà văn hóa thôn ba" not in {i.wanted.key for i in items_of(xa_a, now.date(), {})}


def test_what_a_notice_lacks_is_listed(xa_a: Unit, an: Person, now: datetime) -> None:
    storm = notices()["storm"]
    assert "Tin bão khẩn cấp" in fragments_missing(storm, {}, bank_of(xa_a))
    record_everything(xa_a, an, now)
    assert fragments_missing(storm, {}, bank_of(xa_a)) == []
    assert needed_numbers(bank_of(xa_a), 2026) == []


# pins


def test_a_pinned_notice_keeps_its_recordings(
    full_bank: Unit, an: Person, binh: Person, now: datetime
) -> None:
    storm = notices()["storm"]
    pin = services.pin_phrases(unit=full_bank, notice=storm, by=binh, now=now)
    before = plan(full_bank, TEXT, pin)
    other = clip_of(full_bank, an, now, 3 if before[0].sha256 != _sha(full_bank, an, now) else 2)
    services.record_phrase(unit=full_bank, key="tin bão khẩn cấp", clip=other, by=an, now=now)
    assert plan(full_bank, TEXT, pin) == before
    assert plan(full_bank, TEXT) != before
    anew = services.pin_phrases(unit=full_bank, notice=storm, by=binh, now=now)
    assert anew.sha256 != pin.sha256


def _sha(unit: Unit, by: Person, now: datetime) -> str:
    return clip_of(unit, by, now, 3).sha256


def test_only_a_whole_emergency_notice_is_pinned_by_who_may(
    xa_a: Unit, an: Person, binh: Person, now: datetime
) -> None:
    storm = notices()["storm"]
    with refused("pin-incomplete"):
        services.pin_phrases(unit=xa_a, notice=storm, by=binh, now=now)
    record_everything(xa_a, an, now)
    with refused("not-allowed"):
        services.pin_phrases(unit=xa_a, notice=storm, by=an, now=now)
    with refused("pin-incomplete"):
        services.pin_phrases(unit=xa_a, notice=notices()["waste"], by=binh, now=now)
    assert services.pin_phrases(unit=xa_a, notice=storm, by=binh, now=now).phrases


@pytest.mark.parametrize(
    ("key", "heard", "found"),
    [
        ("hai mươi", "hai mươi", "SAME"),
        ("thôn thuận một", "thôn thuận mộc", "SAME"),
        ("chín", "bảy", "OTHER"),
        ("chín", "", "OTHER"),
        ("chín", "chín rồi nhé bà con ơi", "OTHER"),
    ],
)
def test_the_machine_notices_another_phrase(key: str, heard: str, found: str) -> None:
    assert verdict(key, heard) == found


def test_the_same_sound_is_decoded_once(full_bank: Unit) -> None:
    sha256 = plan(full_bank, TEXT)[0].sha256
    assert np.array_equal(phrase_sound(sha256), phrase_sound(sha256))
