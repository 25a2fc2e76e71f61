"""What other rooms know of a bulletin, show beside it and ask while it is written: registries,
filled at start-up. Nothing here is imported upwards.

A callable that shows something returns parts; a part is a template and what it shows. Places:
``top`` (remarks above the text), ``side`` (the column beside it) and, on the writing page,
``text`` (below the text) and ``field`` (at the end of the form).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict

from vang.base.refusals import Refusal
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Version
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.review.facts import Reason
from vang.voice.models import Rendition


@dataclass(frozen=True)
class Part:
    """A template that is included as ``part``, with what it shows in ``part.shows``."""

    place: str
    template: str
    shows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sight:
    """A bulletin before a person; ``deciding``: on the page of the approver."""

    bulletin: Bulletin
    person: Person
    roles: frozenset[str]
    deciding: bool = False

    @property
    def newsroom(self) -> bool:
        return not self.roles.isdisjoint({"WRITER", "APPROVER"})


@dataclass(frozen=True)
class Writing:
    """The writing page: whose, of which unit and bulletin (None for a new one).

    ``typed`` holds the fields of the form as shown, ``asked`` the parameters of the request.
    """

    person: Person
    unit: Unit
    bulletin: Bulletin | None
    typed: Mapping[str, Any]
    asked: Mapping[str, Any]


@dataclass(frozen=True)
class Fields:
    """Those that a room brings to the writing page: their names, and what they are as saved."""

    names: Sequence[str]
    saved: Callable[[Bulletin | None], Mapping[str, str]]


beside: list[Callable[[Sight], Iterable[Part]]] = []
writing: list[Callable[[Writing], Iterable[Part]]] = []
saved: list[Callable[[Bulletin, QueryDict, Person, datetime], None]] = []
"""Called after the writing page saved a bulletin, with what was posted."""

problems: list[Callable[[QueryDict], Iterable[str]]] = []
"""What is wrong in the fields that rooms brought: nothing is saved before it is mended."""

fields: list[Fields] = []
"""Kept with what is being typed, so that nothing of the page is lost before it is saved."""

editing: list[Callable[[Bulletin, Content], Reason | None]] = []
"""Why the bulletin may not get this content; None when nothing speaks against it."""

versions: list[Callable[[Version, Person, datetime], None]] = []
"""Called inside the transaction in which a version was added."""

sounds: list[Callable[[Version, datetime], Rendition | None]] = []
"""The sound that came with the words from elsewhere; None to have one made."""


def parts_beside(sight: Sight) -> dict[str, list[Part]]:
    """By place."""
    return _by_place(part for companion in beside for part in companion(sight))


def parts_while_writing(page: Writing) -> dict[str, list[Part]]:
    """By place."""
    return _by_place(part for companion in writing for part in companion(page))


def _by_place(parts: Iterable[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {"top": [], "side": [], "text": [], "field": []}
    for part in parts:
        found[part.place].append(part)
    return found


def problems_with(posted: QueryDict) -> list[str]:
    return [problem for room in problems for problem in room(posted)]


def field_names() -> list[str]:
    return [name for room in fields for name in room.names]


def saved_fields(bulletin: Bulletin | None) -> dict[str, str]:
    """What the fields of other rooms are when nothing is being typed."""
    return {name: value for room in fields for name, value in room.saved(bulletin).items()}


def tell_saved(bulletin: Bulletin, posted: QueryDict, *, by: Person, now: datetime) -> None:
    for companion in saved:
        companion(bulletin, posted, by, now)


def refuse_content(bulletin: Bulletin, content: Content) -> None:
    """Raises Refusal when a room does not let the bulletin say this."""
    for companion in editing:
        reason = companion(bulletin, content)
        if reason is not None:
            raise Refusal(reason.code, reason.message)


def tell_version(version: Version, *, by: Person, now: datetime) -> None:
    for companion in versions:
        companion(version, by, now)


def brought_sound(version: Version, now: datetime) -> Rendition | None:
    """The first sound that a room brings."""
    return next((sound for bring in sounds if (sound := bring(version, now)) is not None), None)
