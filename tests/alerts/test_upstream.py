"""A warning from above becomes a draft, and nothing more, by a person's press."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.urls import reverse

from tests.cap.messages import STORM
from tests.conftest import SignedIn
from vang.alerts.models import Alert, Status, Way
from vang.alerts.states import State
from vang.alerts.upstream import draft_from
from vang.cap.model import Area, Polygon
from vang.cap.writing import to_xml
from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Membership, Person
from vang.stations.models import Cluster, Node
from vang.upstream.receiving import receive

pytestmark = pytest.mark.django_db


def test_a_warning_becomes_a_draft_with_its_source(
    xa_a: Unit, district: Unit, binh: Person, now: datetime
) -> None:
    received = receive(content=to_xml(STORM), unit=district, now=now)
    address = draft_from(received, xa_a, binh, now)
    alert = Alert.objects.get()
    assert str(alert.pk) in address
    assert (alert.state, alert.status) == (State.DRAFT, Status.TEST)
    assert received.identifier in alert.source
    assert alert.version.texts.get(language="vi").headline == received.headline[:160]
    assert alert.version.units == [xa_a.code]
    assert not Command.objects.exists()


def test_it_carries_every_language_and_the_drawn_area_on(
    xa_a: Unit, an: Person, binh: Person, now: datetime, signed_in: SignedIn
) -> None:
    received = receive(content=to_xml(STORM), unit=xa_a, now=now)
    draft_from(received, xa_a, binh, now)
    alert = Alert.objects.get()
    vi, en = alert.version.texts.all()
    assert (vi.language, vi.instruction) == ("vi", "Không ra khỏi nhà.")
    assert (en.language, en.headline) == ("en", "Storm No. 5 near shore")
    assert (vi.way, en.way) == (Way.VOICE, Way.UNSPOKEN)
    ring = [list(point) for point in STORM.infos[0].areas[0].polygons[0].points]
    assert alert.version.polygons == [ring]
    assert alert.version.circle == [15.65, 108.25, 5.5]
    assert (alert.state, alert.status) == (State.DRAFT, Status.TEST)
    page = signed_in(an).get(reverse("alerts:alert", args=[alert.pk])).content.decode()
    assert "1 đa giác, một vòng tròn bán kính 5,5 km" in page


def told_in(*codes: str) -> bytes:
    infos = tuple(replace(STORM.infos[0], language=code, headline=f"{code}!") for code in codes)
    return to_xml(replace(STORM, infos=infos))


@pytest.mark.parametrize(
    ("codes", "headlines"),
    [
        (("en-US", "vi-VN"), {"vi": "vi-VN!", "en": "en-US!"}),
        (("eng", "vie", "en-GB"), {"vi": "vie!", "en": "eng!"}),
        (("en",), {"vi": "en!", "en": "en!"}),  # a person translates
        (("vi", "tlh", "km-KH"), {"vi": "vi!", "km": "km-KH!"}),
        (("lo", "en", "km", "ktv", "rad", "vi"),
         {"vi": "vi!", "lo": "lo!", "en": "en!", "km": "km!", "ktv": "ktv!"}),
    ],
)  # fmt: skip
def test_the_languages_that_we_know_are_carried_on(
    codes: tuple[str, ...], headlines: dict[str, str], xa_a: Unit, binh: Person, now: datetime
) -> None:
    received = receive(content=told_in(*codes), unit=xa_a, now=now)
    draft_from(received, xa_a, binh, now)
    texts = Alert.objects.get().version.texts.all()
    assert {one.language: one.headline for one in texts} == headlines
    assert texts[0].language == "vi"


def test_what_is_drawn_too_finely_is_not_carried_on(
    xa_a: Unit, binh: Person, now: datetime
) -> None:
    steps = [n / 10_000 for n in range(2_001)]
    ring = [(15.0, 108 + n) for n in steps] + [(16.0, 108.1), (15.0, 108.0)]
    received = receive(content=drawing(Polygon(tuple(ring))), unit=xa_a, now=now)
    draft_from(received, xa_a, binh, now)
    version = Alert.objects.get().version
    assert (version.polygons, version.circle) == ([], None)
    assert "quá nhiều điểm" in version.note


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("Cảnh báo cháy rừng", "FOREST_FIRE"),
        ("Cảnh báo dông, lốc", "OTHER"),
        ("Tin bão khẩn cấp", "STORM"),
        ("Cảnh báo lũ quét, sạt lở đất", "FLASH_FLOOD"),
        ("SEVERE THUNDERSTORM", "STORM"),
    ],
)
def test_the_event_is_known_by_its_words_with_their_marks(
    words: str, event: str, xa_a: Unit, binh: Person, now: datetime
) -> None:
    infos = (replace(STORM.infos[0], event=words),)
    received = receive(content=to_xml(replace(STORM, infos=infos)), unit=xa_a, now=now)
    draft_from(received, xa_a, binh, now)
    assert Alert.objects.get().version.event == event


def drawing(polygon: Polygon) -> bytes:
    area = Area("Vùng vẽ", polygons=(polygon,))
    return to_xml(replace(STORM, infos=(replace(STORM.infos[0], areas=(area,)),)))


NORTH = Polygon(((15.70, 108.0), (15.70, 108.4), (15.9, 108.4), (15.9, 108.0), (15.70, 108.0)))
ALL = Polygon(((15.5, 108.0), (15.5, 108.4), (15.9, 108.4), (15.9, 108.0), (15.5, 108.0)))
FAR = Polygon(((12.0, 108.0), (12.0, 108.4), (12.9, 108.4), (12.9, 108.0), (12.0, 108.0)))


@pytest.fixture
def placed(nodes: list[Node], xa_a: Unit) -> list[Cluster]:
    """One in the north of the commune, the others in the south."""
    clusters = list(Cluster.objects.filter(unit=xa_a).order_by("pk"))
    for number, one in enumerate(clusters):
        one.latitude, one.longitude = 15.6 if number else 15.75, 108.2
        one.save()
    return clusters


@pytest.mark.parametrize(
    ("polygon", "whole", "told"), [(NORTH, False, True), (ALL, True, True), (FAR, True, False)]
)
def test_places_are_proposed_by_the_coordinates_of_the_clusters(
    polygon: Polygon, whole: bool, told: bool, placed: list[Cluster], xa_a: Unit, binh: Person,  # noqa: FBT001
    signed_in: SignedIn, now: datetime,
) -> None:  # fmt: skip
    received = receive(content=drawing(polygon), unit=xa_a, now=now)
    browser = signed_in(binh)
    page = browser.get(reverse("upstream:received", args=[received.pk])).content.decode()
    assert "tọa độ cụm loa" in page
    assert (placed[0].name in page) is not whole
    answer = browser.post(reverse("upstream:begin", args=[received.pk]), follow=True)
    assert ("theo tọa độ cụm loa" in answer.content.decode()) is told
    version = Alert.objects.get().version
    assert version.units == ([xa_a.code] if whole else [])
    north = [place.code for place in placed[0].villages.all()]
    assert version.villages == ([] if whole else north)
    assert not Command.objects.exists()


def test_of_a_district_the_communes_with_a_cluster_inside_are_proposed(
    placed: list[Cluster], district: Unit, xa_a: Unit, xa_b: Unit, dung: Person, now: datetime
) -> None:
    Membership.objects.create(
        person=dung, unit=district, role="APPROVER", valid_from=district.valid_from
    )
    received = receive(content=drawing(NORTH), unit=district, now=now)
    draft_from(received, district, dung, now)
    assert Alert.objects.get().version.units == [xa_a.code]
