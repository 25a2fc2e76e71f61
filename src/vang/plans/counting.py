"""What counts for tasks by itself, looked up anew each time."""

from dataclasses import dataclass
from datetime import date

from vang.plans.models import Plan, Proof, Task
from vang.plans.proofs import Found, find_kind

_MOST_SHOWN = 20


@dataclass(frozen=True)
class Counted:
    """A proof and what was found. ``label`` says what is looked for."""

    proof: Proof
    task: Task
    label: str
    count: int
    wanted: int
    found: tuple[Found, ...]

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.count / self.wanted))


Names = dict[str, dict[str, str]]
"""Words of the choices by kind and value, asked once a kind."""


def counted(
    proof: Proof, task: Task, *, plan: Plan, first: date, last: date, names: Names
) -> Counted | None:
    """None when no room looks up this kind any more."""
    kind = find_kind(proof.kind)
    if kind is None:
        return None
    found = kind.found(plan.unit, proof.value, first, last)
    if proof.kind not in names:
        names[proof.kind] = dict(kind.choices(plan.unit))
    named = names[proof.kind].get(proof.value, "")
    label = f"{kind.label}: {named}" if named else str(kind.label)
    return Counted(proof, task, label, len(found), proof.wanted, tuple(found[:_MOST_SHOWN]))


def counted_proofs(plan: Plan, first: date, last: date) -> list[Counted]:
    """Of all tasks of a plan, in their order."""
    rows = (
        Proof.objects.filter(task__plan=plan).select_related("task").order_by("task__place", "pk")
    )
    names: Names = {}
    told = (
        counted(proof, proof.task, plan=plan, first=first, last=last, names=names) for proof in rows
    )
    return [one for one in told if one is not None]
