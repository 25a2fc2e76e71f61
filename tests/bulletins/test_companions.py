"""What other rooms show beside a bulletin, ask while it is written, bring and forbid."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from tests.bulletins.newsroom import NOTICE, current, draft, submitted
from tests.conftest import SignedIn
from vang.base.refusals import Refusal
from vang.bulletins import companions, services
from vang.bulletins.companions import Part, Sight, Writing
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.facts import Reason

TEMPLATE = "speakable.html"
CHANGED = Content(title=NOTICE.title, text="Văn bản khác.")


@pytest.fixture
def companion(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], None]:
    """Registers for one test."""

    def register(registry: str, callable_: object) -> None:
        monkeypatch.setattr(companions, registry, [callable_])

    return register


def test_parts_stand_where_they_belong_on_the_pages_of_a_bulletin(
    an: Person, binh: Person, in_review: Bulletin, signed_in: SignedIn, companion: Callable
) -> None:
    seen: list[Sight] = []

    def beside(sight: Sight) -> list[Part]:
        seen.append(sight)
        return [Part(place, f"bulletins/parts/{TEMPLATE}") for place in ("top", "side")]

    companion("beside", beside)
    page = signed_in(an).get(reverse("bulletins:detail", args=[in_review.pk]))
    review = signed_in(binh).get(reverse("bulletins:review", args=[in_review.pk]))
    for answer in (page, review):
        assert [template.name for template in answer.templates].count(
            f"bulletins/parts/{TEMPLATE}"
        ) == 2
    assert [(sight.person, sight.deciding) for sight in seen] == [(an, False), (binh, True)]
    assert all(sight.newsroom for sight in seen)


def test_the_writing_page_asks_for_a_room_and_tells_it_what_was_posted(
    an: Person, signed_in: SignedIn, companion: Callable
) -> None:
    seen: list[Writing] = []
    told: list[tuple[Bulletin, QueryDict]] = []
    companion("writing", lambda page: seen.append(page) or [])
    companion("saved", lambda bulletin, posted, _by, _now: told.append((bulletin, posted)))
    client = signed_in(an)
    client.get(reverse("bulletins:new"), {"order": "7"})
    assert seen[0].asked["order"] == "7"
    assert seen[0].bulletin is None
    fields = {"title": "Tin", "text": "Nội dung.", "category": "EVENTS", "priority": "NORMAL"}
    client.post(reverse("bulletins:new"), {**fields, "order": "7"})
    bulletin, posted = told[0]
    assert current(bulletin).title == "Tin"
    assert posted["order"] == "7"


def test_a_room_may_forbid_other_words_and_hears_of_each_version(
    an: Person, xa_a: Unit, now: datetime, companion: Callable
) -> None:
    versions: list[Version] = []
    companion("versions", lambda version, _by, _now: versions.append(version))
    bulletin = draft(xa_a, an, now)
    assert [version.number for version in versions] == [1]
    no = Reason("not-to-be-adapted", "Không được sửa.")
    companion("editing", lambda _bulletin, content: no if content.text != NOTICE.text else None)
    with pytest.raises(Refusal) as refused:
        services.save_version(bulletin=bulletin, content=CHANGED, based_on=1, by=an, now=now)
    assert refused.value.code == "not-to-be-adapted"
    companion("editing", lambda _bulletin, _content: None)
    services.save_version(bulletin=bulletin, content=CHANGED, based_on=1, by=an, now=now)
    assert [version.number for version in versions] == [1, 2]


def test_a_sound_that_came_along_is_not_made_anew(
    an: Person, xa_a: Unit, now: datetime, companion: Callable
) -> None:
    brought = current(submitted(xa_a, an, now)).rendition
    companion("sounds", lambda _version, _now: brought)
    other = draft(xa_a, an, now, CHANGED)
    services.submit_bulletin(bulletin=other, by=an, now=now)
    assert current(other).rendition == brought
