"""Templates in several languages, their blanks, and what two approvals bind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.alerts.office import (
    ALERT,
    END,
    ENGLISH,
    KATU_ALERT,
    KATU_END,
    RIVER,
    WHEN,
    Keeper,
    approved_by,
    signed_by,
    sounds_made,
)
from tests.voice.sounds import wav_bytes
from vang.alerts import queries, services
from vang.alerts.blanks import Blank, Kind
from vang.alerts.models import (
    Alert,
    AlertTemplate,
    Event,
    Status,
    TemplateText,
    TemplateVersion,
    Way,
)
from vang.alerts.services.templates import Draft, Further, Said
from vang.base.refusals import Refusal
from vang.dispatch.models import Command
from vang.library.models import Recording
from vang.library.services import keep_recording
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.models import Node
from vang.voice.models import Rendition
from vang_protocol.deciding import Listener, decide
from vang_protocol.manifests import Part, parse_manifest

from ..conftest import SignedIn

pytestmark = pytest.mark.django_db

Given = dict[str, Any]


def sound(number: int) -> bytes:
    """A second, each number's its own."""
    return wav_bytes(np.full(48_000, number / 100, dtype=np.float32))


@pytest.fixture
def spoken(xa_a: Unit, an: Person, now: datetime) -> list[Recording]:
    return [
        keep_recording(unit=xa_a, file_name=f"{n}.wav", content=sound(n), by=an, now=now)
        for n in (1, 2)
    ]


@pytest.fixture
def draft(spoken: list[Recording]) -> Draft:
    """Vietnamese by the voice, Katu by a person, English only to be read."""
    katu = Further(
        "ktv", replace(KATU_ALERT, recording=spoken[0]), replace(KATU_END, recording=spoken[1])
    )
    return Draft("Lũ sông", Event.FLOOD, ALERT, END, (katu, ENGLISH), (RIVER, WHEN))


@pytest.fixture
def written(draft: Draft, xa_a: Unit, an: Person, now: datetime) -> TemplateVersion:
    made = services.make_template(unit=xa_a, draft=draft, by=an, now=now)
    sounds_made()
    return made


@pytest.fixture
def approved(
    written: TemplateVersion, binh: Person, hanh: Person, now: datetime
) -> TemplateVersion:
    return approved_by(written, binh, hanh, now)


def refused(act: Callable[..., Any], **given: Any) -> str:
    with pytest.raises(Refusal) as told:
        act(**given)
    return told.value.code


def test_every_language_with_a_sound_lies_ready(approved: TemplateVersion) -> None:
    texts = approved.texts.all()
    ways = [(one.language, one.way) for one in texts if one.use == TemplateText.Use.ALERT]
    assert ways == [("vi", Way.VOICE), ("ktv", Way.RECORDED), ("en", Way.UNSPOKEN)]
    pinned = queries.pinned_sounds([approved.template.unit])
    assert len(pinned) == 4


def filled(template: AlertTemplate, browser: Any, **changed: Any) -> Alert:
    address = reverse("alerts:new-from-template", args=[template.pk])
    page = browser.get(address).content.decode()
    assert "The river stands at [Mực nước] m" in page
    assert "chỉ để đọc" in page
    data = {"status": Status.ACTUAL, "blank_muc_nuoc": "7,5", "blank_gio": "17:30", "lasts_h": "6"}
    answer = browser.post(address, {**data, "submit": "1", **changed})
    assert answer.status_code == 302
    sounds_made()
    return Alert.objects.get()


def test_an_alert_from_it_speaks_every_language_with_its_blanks_filled(
    approved: TemplateVersion, keeper: Keeper, nodes: list[Node], an: Person, binh: Person,
    hanh: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    alert = filled(approved.template, signed_in(an))
    said = {one.language: one for one in alert.version.texts.all()}
    assert list(said) == ["vi", "ktv", "en"]
    assert said["vi"].text == "Nước sông 7,5 mét lúc 17 giờ 30 phút. Lên cao."
    assert said["en"].text == "The river stands at 7.5 m at 17:30. Go up."
    assert said["en"].way == Way.UNSPOKEN
    ready = approved.texts.get(language="ktv", use=TemplateText.Use.ALERT)
    assert (said["ktv"].way, said["ktv"].rendition) == (Way.RECORDED, ready.rendition)
    order = signed_by(alert, binh, keeper, now)
    speech = [one for one in parse_manifest(order.manifest.encode()).pieces if one.audio]
    assert len(speech) == 2
    signed_by(alert, hanh, keeper, now)
    assert Command.objects.count() == 1


def test_one_alone_lets_sound_and_takes_back_in_every_language_with_a_sound(
    approved: TemplateVersion, keeper: Keeper, nodes: list[Node], xa_a: Unit, an: Person,
    hanh: Person, now: datetime, signed_in: SignedIn,
) -> None:  # fmt: skip
    alert = filled(approved.template, signed_in(an))
    order = services.open_alone(alert=alert, by=hanh, now=now)
    pieces = parse_manifest(order.manifest.encode()).pieces
    assert [one.part for one in pieces] == [Part.TONE, Part.READY, Part.READY]
    proof = keeper.proof(hanh, order)
    services.send_alone(order=order, proof=proof, typed="que thuan", by=hanh, now=now)
    listener = Listener(xa_a.code, "c1", keeper.current_policy(), now)
    assert decide(bytes(Command.objects.get().envelope), listener).command.max_play_ms <= 180_000

    alert.refresh_from_db()
    cancel = alert.orders.get(kind="CANCEL")
    services.stop(alert=alert, proof=keeper.proof(hanh, cancel), by=hanh, now=now)
    told = Alert.objects.exclude(pk=alert.pk).get().version.texts
    assert [one.language for one in told.all()] == ["vi", "ktv", "en"]
    back = services.open_retraction(alert=alert, by=hanh, now=now)
    assert [one.part for one in parse_manifest(back.manifest.encode()).pieces] == [Part.READY] * 2


def test_what_one_alone_could_not_let_out_is_not_approved(
    written: TemplateVersion, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    page = reverse("alerts:template", args=[written.template_id])
    assert "Duyệt mẫu" in signed_in(binh).get(page).content.decode()
    Rendition.objects.update(duration_ms=85_000)
    told = signed_in(binh).get(page).content.decode()
    assert "182 giây kể cả còi hụ" in told
    assert "194 giây" in told
    assert "Duyệt mẫu" not in told
    given: Given = {"version": written, "sha256": written.sha256, "by": binh, "now": now}
    assert refused(services.approve_template, **given) == "too-long"
    Rendition.objects.update(duration_ms=79_000)
    assert refused(services.approve_template, **given) == "too-long"  # the retraction of a test
    Rendition.objects.update(duration_ms=78_000)
    assert services.approve_template(**given).first_by == binh


@pytest.mark.parametrize(
    "changed",
    [{"text": "Khác {muc_nuoc} {gio}"}, {"ready": "Khác"}, {"headline": "KHÁC"},
     {"language": "lo"}, {"way": Way.UNSPOKEN, "rendition": None}],
)  # fmt: skip
def test_two_approvals_bind_every_language(
    changed: dict[str, Any], written: TemplateVersion, binh: Person, hanh: Person, now: datetime
) -> None:
    given: Given = {"version": written, "sha256": written.sha256, "now": now}
    services.approve_template(**given, by=binh)
    written.texts.filter(language="ktv", use=TemplateText.Use.RETRACTION).update(**changed)
    assert refused(services.approve_template, **given, by=hanh) == "not-as-written"


@pytest.mark.parametrize("changed", [{"blanks": []}, {"most_s": 90}, {"severity": "Minor"}])
def test_two_approvals_bind_blanks_and_grades(
    changed: dict[str, Any], written: TemplateVersion, binh: Person, now: datetime
) -> None:
    TemplateVersion.objects.update(**changed)
    given: Given = {"version": written, "sha256": written.sha256, "by": binh, "now": now}
    assert refused(services.approve_template, **given) == "not-as-written"


def test_a_new_version_needs_new_approvals_while_the_old_stays_in_force(
    approved: TemplateVersion, draft: Draft, an: Person, binh: Person, hanh: Person, xa_a: Unit,
    now: datetime,
) -> None:  # fmt: skip
    given: Given = {"unit": xa_a, "template": approved.template, "by": an, "now": now}
    newer = services.make_template(**given, draft=replace(draft, further=draft.further[:1]))
    sounds_made()
    assert (newer.first_by, newer.second_by) == (None, None)
    assert newer.sha256 != approved.sha256
    assert AlertTemplate.objects.get().approved == approved
    approved_by(newer, binh, hanh, now)
    assert AlertTemplate.objects.get().approved == newer


def test_vietnamese_is_always_heard(written: TemplateVersion) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        written.texts.filter(language="vi").update(way=Way.UNSPOKEN, rendition=None)


def english(part: str, **changed: str) -> Further:
    said: Said = getattr(ENGLISH, part)
    return replace(ENGLISH, **{part: replace(said, **changed)})  # type: ignore[arg-type]


def in_language(code: str) -> Further:
    return replace(ENGLISH, language=code)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"further": (ENGLISH, ENGLISH)}, "languages"),
        ({"further": (in_language("vi"),)}, "languages"),
        ({"further": (in_language("xx"),)}, "languages"),
        ({"further": tuple(map(in_language, ("en", "lo", "km", "ktv", "rad")))}, "languages"),
        ({"further": (english("alert", text="At {noi}."),)},
         "blank-unknown"),
        ({"further": (english("alert", ready="At {gio}."),)},
         "ready-blank"),
        ({"further": (english("retraction", headline=""),)},
         "words-missing"),
        ({"alert": replace(ALERT, text="Nước {muc_nuoc} lúc {Giờ}.")}, "braces"),
        ({"alert": replace(ALERT, text="Nước {muc_nuoc}.")}, "blank-unused"),
        ({"most_s": 181}, "three-minutes"),
    ],
)  # fmt: skip
def test_what_nobody_should_approve_is_not_kept(
    changed: dict[str, Any], code: str, draft: Draft, xa_a: Unit, an: Person, now: datetime
) -> None:
    given: Given = {"unit": xa_a, "draft": replace(draft, **changed), "by": an, "now": now}
    assert refused(services.make_template, **given) == code
    assert not TemplateVersion.objects.exists()


def test_whoever_hears_the_alert_must_hear_its_retraction(
    draft: Draft, xa_a: Unit, an: Person, now: datetime
) -> None:
    halfway = replace(draft.further[0], retraction=KATU_END)
    given: Given = {"unit": xa_a, "draft": replace(draft, further=(halfway,)), "by": an, "now": now}
    assert refused(services.make_template, **given) == "heard-halfway"


def posted(page: Any) -> dict[str, Any]:
    """What the browser would send back."""
    data: dict[str, Any] = {}
    form = page.context["form"]
    for part in (form.main, form.blanks.management_form, form.further.management_form,
                 *form.blanks.forms, *form.further.forms):  # fmt: skip
        for bound in part:
            value = bound.value()
            if value is not None and value is not False and value != "":
                data[bound.html_name] = value
    return data


def test_a_template_is_edited_with_all_its_languages_and_blanks(
    approved: TemplateVersion, an: Person, signed_in: SignedIn,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    browser, address = signed_in(an), reverse("alerts:edit-template", args=[approved.template_id])
    browser.get("/")
    with django_assert_max_num_queries(12):
        page = browser.get(address)
    data = posted(page)
    assert browser.post(address, data).status_code == 302
    newest = TemplateVersion.objects.order_by("-number")[0]
    assert newest.blanks == approved.blanks
    words = ("use", "language", "headline", "text", "ready", "way", "rendition")
    assert list(newest.texts.values(*words)) == list(approved.texts.values(*words))

    other = data | {"further-0-ready": "Đác rưng.", "further-0-retraction": "Đác."}
    told = browser.post(address, other, follow=True).content.decode()
    assert "Tiếng Cơ Tu nay chỉ để đọc" in told
    assert browser.post(address, data | {"further-1-drop": "on"}).status_code == 302
    newest = TemplateVersion.objects.order_by("-number")[0]
    assert set(newest.texts.values_list("language", flat=True)) == {"vi", "ktv"}


def test_a_language_is_added_with_what_a_person_has_spoken(
    approved: TemplateVersion, an: Person, signed_in: SignedIn
) -> None:
    browser, address = signed_in(an), reverse("alerts:edit-template", args=[approved.template_id])
    data = posted(browser.get(address)) | {"headline": "LŨ"}
    page = browser.post(address, data | {"more": "further"})
    assert len(page.context["form"].further.forms) == 3
    data = posted(page)
    assert data["headline"] == "LŨ"
    khmer = {"language": "km", "headline": "K", "text": "Kk", "ready": "Kk",
             "retraction_headline": "R", "retraction": "Rr"}  # fmt: skip
    data |= {f"further-2-{name}": value for name, value in khmer.items()}
    missing = browser.post(address, data | {"further-2-ready": ""})
    assert missing.status_code == 422
    assert "Hãy điền, hoặc bỏ ngôn ngữ này." in missing.content.decode()
    files = {
        f"further-2-{name}": SimpleUploadedFile("km.wav", sound(number), "audio/wav")
        for number, name in enumerate(("recording", "retraction_recording"), start=5)
    }
    half = data | {"further-2-recording": files["further-2-recording"]}
    assert "lẫn lời đính chính" in browser.post(address, half).content.decode()
    files["further-2-recording"].seek(0)
    assert browser.post(address, data | files).status_code == 302
    newest = TemplateVersion.objects.order_by("-number")[0]
    assert {one.way for one in newest.texts.filter(language="km")} == {Way.RECORDED}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"blanks-0-name": "Mực nước"}, "không đặt tên cho chỗ trống được"),
        ({"blanks-0-label": ""}, "Phải điền gì"),
        ({"blanks-0-label": "", "blanks-0-name": ""}, "chưa được khai"),
        ({"blanks-0-most": "0"}, "ghi số nhỏ nhất và số lớn nhất"),
        ({"blanks-0-most": "nhiều"}, "Con số: lớn nhất: "),
        ({"blanks-1-kind": "choice"}, "ghi ít nhất hai mục"),
        ({"blanks-1-kind": "choice", "blanks-1-choices": "a\na"}, "mỗi mục chỉ ghi một lần"),
        ({"blanks-1-name": "muc_nuoc"}, "Mỗi chỗ trống có một tên riêng"),
        ({"blanks-1-drop": "on"}, "chỗ trống chưa được khai"),
        ({"blanks-0-kind": "words"}, "Loại"),
    ],
)
def test_a_blank_that_is_not_right_is_refused_in_words(
    changed: dict[str, str], words: str, written: TemplateVersion, an: Person, signed_in: SignedIn
) -> None:
    browser, address = signed_in(an), reverse("alerts:edit-template", args=[written.template_id])
    answer = browser.post(address, posted(browser.get(address)) | changed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert TemplateVersion.objects.count() == 1


def test_blanks_are_changed_added_and_left_out(
    written: TemplateVersion, an: Person, signed_in: SignedIn
) -> None:
    browser, address = signed_in(an), reverse("alerts:edit-template", args=[written.template_id])
    page = browser.post(address, posted(browser.get(address)) | {"more": "blanks"})
    assert len(page.context["form"].blanks.forms) == 3
    data = posted(page) | {
        "text": "Hồ {ho} xả lũ, nước {muc_nuoc}.", "further-1-text": "Dam {ho}.",
        "blanks-0-least": "-1,5", "blanks-0-most": "12,5", "blanks-1-drop": "on",
        "blanks-2-name": "ho", "blanks-2-label": "Hồ chứa", "blanks-2-kind": "choice",
        "blanks-2-choices": "An Long\r\n  Giang \r\n",
    }  # fmt: skip
    assert browser.post(address, data).status_code == 302
    newest = TemplateVersion.objects.order_by("-number")[0]
    river, lake = services.templates.blanks_of(newest)
    assert (river.least, river.most) == (-1.5, 12.5)
    assert lake == Blank("ho", "Hồ chứa", Kind.CHOICE, choices=("An Long", "Giang"))


def test_a_template_of_ones_own_is_written(
    xa_a: Unit, an: Person, quan: Person, signed_in: SignedIn
) -> None:
    address = reverse("alerts:new-template")
    page = signed_in(an).get(address)
    data = posted(page) | {
        "name": "Động đất", "event": Event.OTHER, "headline": "ĐỘNG ĐẤT", "text": "Ra ngoài.",
        "ready": "Ra ngoài.", "retraction_headline": "HỦY", "retraction": "Đã hết.",
        "category": "Geo", "response": "Evacuate", "urgency": "Immediate", "severity": "Severe",
        "certainty": "Observed",
    }  # fmt: skip
    assert signed_in(quan).post(address, data).status_code == 403
    assert signed_in(an).put(address).status_code == 405
    assert signed_in(an).post(address, data | {"headline": ""}).status_code == 422
    made = signed_in(an).post(address, data)
    assert made.status_code == 302, made.context["form"].main.errors
    assert AlertTemplate.objects.get().name == "Động đất"
    assert signed_in(an).post(address, data).status_code == 422
