"""What is due for somebody: every room brings its own tasks to the first page.

A room registers when it starts (:func:`brings`): for which roles, and a maker that gives the tasks
of one person in one unit. So that a quiet day costs one query, a maker may say first what it looks
at (``if_any``): all these questions go to the database together, and makers whose answer is no are
not asked.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Exists

from vang.base.counting import Counted
from vang.orgs.models import Unit
from vang.people.models import Person


@dataclass(frozen=True)
class Task:
    """One line of the work list.

    ``harm``: the smaller, the worse it is to forget; what is 20 or less cannot be put off.
    ``key`` names it among the tasks of its unit; when the matter changes, so does the key.
    """

    harm: int
    tone: str
    icon: str
    title: str
    text: str
    url: str
    action: str
    key: str

    @property
    def may_wait(self) -> bool:
        return self.harm > URGENT


URGENT = 20


@dataclass(frozen=True)
class Desk:
    """Whose work, where, in which roles, when."""

    person: Person
    unit: Unit
    roles: frozenset[str]
    now: datetime
    found: Mapping[str, int] = field(default_factory=dict)
    """The answers to the questions of ``if_any`` and ``asks``, by name: yes, no, or how many."""

    @property
    def heard(self) -> bool:
        """A commune: it has loudspeakers of its own, and needs people and a voice for them."""
        return self.unit.level == Unit.Level.COMMUNE


Maker = Callable[[Desk], Iterable[Task]]
Question = Callable[[Desk], Exists]
Asking = Callable[[Desk], Exists | Counted]


@dataclass(frozen=True)
class _Bringer:
    roles: frozenset[str]
    maker: Maker
    question: str
    wanted: bool


_bringers: dict[str, _Bringer] = {}
_questions: dict[str, Asking] = {}
_asked: dict[str, frozenset[str]] = {}


def brings(
    name: str,
    roles: Collection[str],
    maker: Maker,
    *,
    if_any: Question | None = None,
    if_none: Question | None = None,
) -> None:
    """``maker`` gives tasks to those who hold one of ``roles``. Registering again replaces it."""
    question = if_any or if_none
    key = f"q_{name}".replace(".", "_").replace("-", "_") if question else ""
    if question is not None:
        _questions[key] = question
    _bringers[name] = _Bringer(frozenset(roles), maker, key, wanted=if_none is None)


def asks(name: str, roles: Collection[str], question: Asking) -> None:
    """One more question for those who hold one of ``roles``: the answer is in ``desk.found``."""
    _questions[name] = question
    _asked[name] = frozenset(roles)


def looked(desk: Desk) -> Desk:
    """The desk with the answers to every question that concerns the person. One query."""
    names = {one.question for one in _mine(desk)} - {""}
    names |= {name for name, roles in _asked.items() if not desk.roles.isdisjoint(roles)}
    return replace(desk, found=_answers(desk, names))


def tasks(desk: Desk) -> list[Task]:
    """Everything due for the person's roles in this unit, the worst to forget first."""
    told = desk if desk.found else looked(desk)
    due = [
        task
        for one in _mine(told)
        if not one.question or told.found[one.question] == one.wanted
        for task in one.maker(told)
    ]
    return sorted(due, key=lambda task: task.harm)


def _mine(desk: Desk) -> list[_Bringer]:
    return [one for one in _bringers.values() if not desk.roles.isdisjoint(one.roles)]


def _answers(desk: Desk, names: Collection[str]) -> dict[str, int]:
    """One query for all questions."""
    if not names:
        return {}
    asked = {name: _questions[name](desk) for name in sorted(names)}
    row = Unit.objects.filter(pk=desk.unit.pk).annotate(**asked).values(*asked).get()
    return {name: int(answer) for name, answer in row.items()}
