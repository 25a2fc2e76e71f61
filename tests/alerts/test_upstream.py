"""A warning from above becomes a draft, and nothing more, by a person's press."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.cap.messages import STORM
from vang.alerts.models import Alert, Status
from vang.alerts.states import State
from vang.alerts.upstream import draft_from
from vang.cap.writing import to_xml
from vang.dispatch.models import Command
from vang.orgs.models import Unit
from vang.people.models import Person
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
    assert alert.version.texts.get().headline == received.headline[:160]
    assert alert.version.units == [xa_a.code]
    assert not Command.objects.exists()


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
