"""The file of an exercise is read strictly, and nothing in it can be the real thing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from vang.alerts.models import Event, Status
from vang.base.refusals import Refusal
from vang.installation.once.alert_file import MOST_BYTES, read_alert, read_alert_file
from vang.orgs.models import Unit
from vang.stations.models import Cluster
from vang_protocol.reasons import Reason, Refused

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent.parent / "samples" / "canh-bao-lu.json"
TODAY = date(2026, 6, 1)


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(SAMPLE.read_text()) | fields).encode()


def test_sample_is_an_exercise_for_the_whole_commune_in_two_languages(xa_a: Unit) -> None:
    wanted = read_alert_file(SAMPLE, xa_a, TODAY)
    assert wanted.status is Status.EXERCISE
    assert wanted.contents.event == Event.FLOOD
    assert wanted.contents.area.units == (xa_a.code,)
    assert [one.language for one in wanted.contents.words] == ["vi", "en"]


def test_real_thing_is_never_tried(xa_a: Unit) -> None:
    with pytest.raises(Refused, match="never the real thing"):
        read_alert(changed(status="ACTUAL"), xa_a, TODAY)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "http://example.org"}, "unknown field 'url'"),
        ({"event": "TSUNAMI-BAD"}, "event: not one of"),
        ({"lasts_min": 1.5}, "only whole numbers"),
        ({"lasts_min": 4}, "lasts_min: 4 is not within"),
        ({"texts": [{"language": "vi", "headline": "", "text": "x"}]}, "headline: length"),
        ({"texts": "Nước lên"}, "texts: not a list"),
        ({"villages": [7]}, "villages: not a text"),
    ],
)
def test_wrong_file_says_what_is_wrong(xa_a: Unit, fields: dict[str, Any], told: str) -> None:
    with pytest.raises(Refused, match=told):
        read_alert(changed(**fields), xa_a, TODAY)


def test_large_file_is_refused_before_it_is_parsed(xa_a: Unit) -> None:
    with pytest.raises(Refused) as refused:
        read_alert(b" " * (MOST_BYTES + 1), xa_a, TODAY)
    assert refused.value.reason is Reason.TOO_LARGE


def test_one_village_is_reached_by_its_own_loudspeaker(xa_a: Unit) -> None:
    village = Unit.objects.create(
        code=f"{xa_a.code}.01", valid_from=TODAY, level="VILLAGE", kind="THON", name="Thôn 1",
        parent=xa_a,
    )  # fmt: skip
    cluster = Cluster.objects.create(unit=xa_a, code="c1", name="Cụm Thôn 1")
    cluster.villages.add(village)
    wanted = read_alert(changed(villages=[village.code]), xa_a, TODAY)
    assert wanted.contents.area.clusters == ((xa_a.code, "c1"),)


def test_unknown_village_is_refused(xa_a: Unit) -> None:
    with pytest.raises(Refusal) as refused:
        read_alert(changed(villages=["99999.01"]), xa_a, TODAY)
    assert refused.value.code == "area-unknown"
