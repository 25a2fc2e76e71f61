"""The announcer's screen and the ready notices."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.conftest import SignedIn
from tests.phrases.announcer import clip_of, record_everything
from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.phrases.models import Phrase, Pin
from vang.takes.models import Take

POWER = {
    "places": ["20662.01"],
    "hours_from": "07:30",
    "hours_to": "11:00",
    "day": "2026-06-12",
    "phone": "19001909",
}
NOTICE = reverse("studio:notice", args=["power-cut"])


def test_the_list_is_told_recorded_and_shown(
    an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    told = client.get(reverse("phrases:state")).json()
    assert len(told["items"]) > 100
    first = told["items"][0]
    assert first["recorded"] is None
    clip = clip_of(xa_a, an, now)
    sent = {"key": first["key"], "clip": clip.key.hex}
    assert client.post(reverse("phrases:record"), sent).status_code == 200
    told = client.get(reverse("phrases:state")).json()
    assert told["items"][0]["recorded"]["clip"] == clip.key.hex
    page = client.get(reverse("phrases:bank"))
    assert page["Permissions-Policy"].startswith("microphone=(self)")
    refusal = client.post(reverse("phrases:record"), {**sent, "key": "gì đó"})
    assert (refusal.status_code, refusal.json()["code"]) == (422, "phrase-unknown")


def test_a_phrase_of_ones_own_is_added_and_removed(
    an: Person, xa_a: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    client.post(reverse("phrases:add"), {"text": "Nhà văn hóa thôn 3", "group": "PLACE"})
    assert "Nhà văn hóa thôn 3" in client.get(reverse("phrases:bank")).content.decode()
    assert client.post(reverse("phrases:add"), {"text": "", "group": "PLACE"}).status_code == 422
    client.post(reverse("phrases:remove", args=[Phrase.objects.get().pk]))
    assert not Phrase.objects.filter(own=True).exists()


def test_who_finds_and_does_what(
    an: Person,
    binh: Person,
    chi: Person,
    xa_a: Unit,
    now: datetime,
    client: Client,
    signed_in: SignedIn,
) -> None:
    signed_in(an).post(reverse("phrases:add"), {"text": "Sân đình", "group": "PLACE"})
    remove = reverse("phrases:remove", args=[Phrase.objects.get().pk])
    assert signed_in(chi).post(remove).status_code == 404
    assert "Sân đình" not in signed_in(chi).get(reverse("phrases:bank")).content.decode()
    clip = clip_of(xa_a, an, now)
    sent = {"key": "hai", "clip": clip.key.hex}
    assert signed_in(chi).post(reverse("phrases:record"), sent).status_code == 404
    assert signed_in(binh).post(remove).status_code == 403
    assert signed_in(binh).post(reverse("phrases:add"), {"text": "x"}).status_code == 403
    assert signed_in(an).post(reverse("phrases:pin", args=["storm"])).status_code == 403
    assert signed_in(binh).get(NOTICE).status_code == 403
    for name, status in (("bank", 302), ("state", 401)):
        assert client.get(reverse(f"phrases:{name}")).status_code == status
        assert signed_in(an).post(reverse(f"phrases:{name}")).status_code == 405
    assert client.get(NOTICE).status_code == 302
    assert signed_in(an).get(reverse("studio:notice", args=["nonesuch"])).status_code == 404


def test_an_emergency_notice_is_pinned(
    an: Person, binh: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    record_everything(xa_a, an, now)
    signed_in(binh).post(reverse("phrases:pin", args=["storm"]))
    assert Pin.objects.get().notice == "storm"


def test_the_blanks_of_a_notice_are_shown_in_words(an: Person, signed_in: SignedIn) -> None:
    page = signed_in(an).get(NOTICE).content.decode()
    assert "ngành điện tạm ngừng cung cấp điện tại [khu vực mất điện]." in page
    assert "Thời gian: từ [giờ] đến [giờ], [ngày]." in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]


def test_a_notice_says_what_is_missing_and_never_takes_another_voice_by_itself(
    an: Person, xa_a: Unit, signed_in: SignedIn
) -> None:
    client = signed_in(an)
    page = client.post(NOTICE, POWER).content.decode()
    assert "từ 7h30 đến 11h, thứ sáu, ngày 12/6/2026" in page
    assert "chưa ghép được tin này" in page
    refused = client.post(NOTICE, {**POWER, "way": "splice"})
    assert refused.status_code == 409
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("way", ["splice", "voice", "record"])
def test_a_notice_becomes_a_bulletin_in_the_chosen_way(
    way: str, an: Person, xa_a: Unit, now: datetime, signed_in: SignedIn
) -> None:
    record_everything(xa_a, an, now)
    answer = signed_in(an).post(NOTICE, {**POWER, "way": way})
    bulletin = Bulletin.objects.get()
    version = bulletin.current
    assert version is not None
    assert version.audience == ["20662.01"]
    assert ("studio" in answer.url) == (way == "record")  # type: ignore[attr-defined]
    assert (version.recording is not None) == (way == "splice")
    if way == "splice":
        take = Take.objects.get(recording=version.recording)
        assert (take.kind, take.subject) == ("SPLICED", f"bulletin:{bulletin.pk}")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hours_to": "07:00"}, "hours_to"),
        ({"day": "mai"}, "day"),
        ({"phone": "gọi tôi"}, "phone"),
        ({"places": ["99999"]}, "places"),
    ],
)
def test_faults_stay_beside_their_fields(
    change: dict[str, object], field: str, an: Person, signed_in: SignedIn
) -> None:
    answer = signed_in(an).post(NOTICE, {**POWER, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_budgets(
    an: Person,
    xa_a: Unit,
    now: datetime,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    record_everything(xa_a, an, now)
    client = signed_in(an)
    for address in (
        reverse("phrases:bank"),
        reverse("phrases:state"),
        reverse("studio:notices"),
        NOTICE,
    ):
        with django_assert_max_num_queries(12):
            client.get(address)
