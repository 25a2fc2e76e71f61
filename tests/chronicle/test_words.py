"""Every act has words: the source itself is read for the acts it writes."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tests.chronicle.scanning import Written, written
from vang.bulletins.models import Delivery
from vang.chronicle.acts import ACTS, act_of, actions_of, told
from vang.chronicle.words.kinds import Group
from vang.people.adapters import _CHANGES
from vang.pool.models import Taking
from vang.reports.models import Move
from vang.review.verbs import VERBS

OPEN = {
    "[a-z-]+\\-bulletin": [f"{verb.name}-bulletin" for verb in VERBS],
    "channel\\.[a-z-]+": [f"channel.{state.lower()}" for state in Delivery.State.values],
    "offer\\.[a-z-]+": [f"offer.{kind.lower()}" for kind in Taking.Kind.values],
    "second\\-factor\\.[a-z-]+": [f"second-factor.{what}" for what in _CHANGES.values()],
    "report\\.[a-z-]+": [f"report.{kind.lower().replace('_', '-')}" for kind in Move.Kind.values],
    "change\\-[a-z-]+": ["change-profile", "change-section"],
}
"""What the parts that the source leaves open can be."""


def test_every_act_of_the_source_has_words() -> None:
    known = {act.action for act in ACTS}

    def has_words(one: Written) -> bool:
        if one.action in OPEN:
            return set(OPEN[one.action]) <= known
        return any(one.matches(action) for action in known)

    found = set(written())
    assert len(found) > 100
    assert [one for one in found if not has_words(one)] == []


def test_no_words_are_left_of_acts_that_nobody_does() -> None:
    acts = list(written())
    unused = [act.action for act in ACTS if not any(one.matches(act.action) for one in acts)]
    assert unused == []


def test_every_act_is_told_once() -> None:
    names = [act.action for act in ACTS]
    assert len(names) == len(set(names))
    assert sum(len(actions_of(group)) for group in Group.values) == len(names)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


def test_particulars_are_words_not_codes() -> None:
    assert told("role.grant", {"role": "LEADER"}) == "lãnh đạo đơn vị"
    assert told("place-edition", {"start": "2026-06-10T17:00:00+07:00"}) == "lúc 17:00 10/06/2026"
    assert told("submit-bulletin", {"version": 3}) == "Phiên bản 3"
    assert told("add-day-off", {"day": "2026-09-02", "name": "Quốc khánh"}).startswith("02/09/2026")


def test_a_row_of_an_older_edition_is_still_read() -> None:
    assert told("role.grant", {"role": "HERALD"}) == ""
    assert told("place-edition", {}) == ""
    assert str(act_of("paint-the-fence").label) == "Việc khác"
    assert told("paint-the-fence", {"colour": "green"}) == ""
