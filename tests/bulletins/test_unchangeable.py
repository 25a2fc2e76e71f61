"""What the database keeps as it is, whatever the program around it does."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, models, transaction

from tests.bulletins.newsroom import (
    NOTICE,
    approved,
    co_tu,
    current,
    draft,
    make_ready,
    released,
    submitted,
    take,
)
from vang.bulletins import services, triggers
from vang.bulletins.content import Content
from vang.bulletins.models import (
    Approval,
    Edition,
    EditionWording,
    ReviewStep,
    Version,
    Wording,
)
from vang.orgs.models import Unit
from vang.people.models import Person

KINDS: list[type[models.Model]] = [
    Version,
    Wording,
    ReviewStep,
    Approval,
    Edition,
    EditionWording,
]
CHANGES = [
    (Version, {"text": "x"}),
    (Version, {"title": "x"}),
    (Version, {"priority": "EMERGENCY"}),
    (Version, {"number": 9}),
    (ReviewStep, {"comment": "x"}),
    (ReviewStep, {"verb": "x"}),
    (Approval, {"content_hash": "0" * 64}),
    (Edition, {"text": "x"}),
    (Edition, {"audio_sha256": "0" * 64}),
    (Edition, {"trial_voice": False}),
    (Wording, {"text": "x"}),
    (Wording, {"recording_id": None}),
    (EditionWording, {"text": "x"}),
    (EditionWording, {"audio_sha256": "0" * 64}),
]


@pytest.fixture
def edition(an: Person, binh: Person, xa_a: Unit, now: datetime) -> Edition:
    in_co_tu = replace(NOTICE, wordings=(co_tu(take(xa_a, an, now)),))
    return released(xa_a, an, binh, now, in_co_tu)


def test_every_trigger_is_there(db: None) -> None:
    assert triggers.installed(connection) == set(triggers.MESSAGES)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_deleted(kind: type[models.Model], edition: Edition) -> None:
    count = kind._default_manager.count()
    assert count
    with pytest.raises(IntegrityError), transaction.atomic():
        kind._default_manager.all()._raw_delete("default")
    assert kind._default_manager.count() == count


@pytest.mark.parametrize(("kind", "change"), CHANGES)
def test_nothing_is_changed(
    kind: type[models.Model], change: dict[str, object], edition: Edition
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        kind._default_manager.all().update(**change)


def test_an_edition_is_withdrawn_once(edition: Edition, now: datetime, later: datetime) -> None:
    mine = Edition.objects.filter(pk=edition.pk)
    mine.update(withdrawn_at=now)
    for change in ({"withdrawn_at": None}, {"withdrawn_at": later}):
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(**change)


def test_a_version_takes_its_sound_until_it_is_approved(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    bulletin = submitted(xa_a, an, now)
    other = draft(xa_a, an, now, Content(title="Tin khác", text="Một tin khác."))
    services.make_sound(bulletin=other, by=an, now=now)
    sound = make_ready(other, now)
    mine = Version.objects.filter(pk=current(bulletin).pk)
    assert mine.update(rendition=sound) == 1
    approved(bulletin, binh, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(rendition=None)


def test_a_wording_takes_its_sound_until_it_is_approved(
    an: Person, binh: Person, xa_a: Unit, now: datetime
) -> None:
    content = replace(NOTICE, wordings=(co_tu(take(xa_a, an, now)),))
    bulletin = submitted(xa_a, an, now, content)
    sound = current(bulletin).rendition
    mine = Wording.objects.filter(version=current(bulletin))
    assert mine.update(rendition=sound) == 1
    approved(bulletin, binh, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(rendition=None)


def test_the_triggers_can_be_taken_away_and_put_back(edition: Edition) -> None:
    triggers.remove(connection)
    assert triggers.installed(connection) == set()
    assert ReviewStep.objects.update(comment="x")
    triggers.install(connection)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.update(comment="y")
