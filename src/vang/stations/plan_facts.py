"""What the room of plans tells this one: which plan is newest, what an item is called."""

from collections.abc import Collection
from typing import Protocol

from vang.orgs.models import Unit


class PlanFacts(Protocol):
    """Plans come after stations, so that room registers itself here."""

    def newest_version(self, unit: Unit) -> int | None:
        """The version that nodes should have; None before the first."""

    def titles(self, unit: Unit, items: Collection[str]) -> dict[str, str]:
        """Titles by plan item id."""


class _NoFacts:
    def newest_version(self, unit: Unit) -> int | None:  # noqa: ARG002 - the interface
        return None

    def titles(self, unit: Unit, items: Collection[str]) -> dict[str, str]:  # noqa: ARG002
        return {}


_facts: list[PlanFacts] = [_NoFacts()]


def provide_plan_facts(facts: PlanFacts) -> None:
    _facts.append(facts)


def plan_facts() -> PlanFacts:
    return _facts[-1]
