"""Reading official plans: precision and recall over made-up plans, pages a second."""

import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.plans.making import ASIDE, FORMS, Made, Score, made_plans, scores  # noqa: E402

from vang.library.formats.process import read_content  # noqa: E402
from vang.plans.recognition.recognition import draft_of, is_plan  # noqa: E402

FOUNDING = ROOT / "samples" / "ke-hoach-90.txt"
LETTERS_A_PAGE = 2_500
TIMES = 5


def main() -> None:
    wanted = [a for a in sys.argv[1:] if a != "-v"] or list(FORMS)
    shown, aside = _measured(made_plans(), wanted), _measured(made_plans(ASIDE), wanted)
    print(json.dumps({
        "bench": "import_plan", "plans": len(made_plans()), "forms": len(wanted),
        "pages_a_second": round(shown.letters / LETTERS_A_PAGE / shown.spent, 1),
        "founding_ms": _founding(),
        **_all(shown.total),
        "by_form": {form: _all(told) for form, told in shown.by_form.items()},
        "aside": {"plans": len(made_plans(ASIDE)), **_all(aside.total)},
    }))  # fmt: skip


@dataclass
class Measured:
    """How well, and how fast."""

    total: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_form: dict[str, dict[str, Score]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Score))
    )
    spent: float = 0.0
    letters: int = 0


def _measured(plans: list[Made], wanted: list[str]) -> Measured:
    told = Measured()
    for made in plans:
        for form in (form for form in made.forms if form in wanted):
            lines = read_content(FORMS[form](made), lambda _done, _total: None).lines
            began = time.perf_counter()
            draft = draft_of(lines)
            told.spent += time.perf_counter() - began
            told.letters += len(draft.text)
            if not is_plan(draft):
                print(form, made.name, "is taken for no plan", file=sys.stderr)
            for name, score, faults in scores(made, draft):
                told.total[name].join(score)
                told.by_form[form][name].join(score)
                if "-v" in sys.argv:
                    for fault in faults:
                        print(form, made.name, name, fault, file=sys.stderr)
    return told


def _all(told: dict[str, Score]) -> dict[str, dict[str, float]]:
    return {name: _figures(score) for name, score in told.items()}


def _founding() -> float:
    """The founding plan from its bytes to its draft, the best of a few."""
    content, best = FOUNDING.read_bytes(), float("inf")
    for _time in range(TIMES):
        began = time.perf_counter()
        draft_of(read_content(content, lambda _done, _total: None).lines)
        best = min(best, time.perf_counter() - began)
    return round(1000 * best, 1)


def _figures(score: Score) -> dict[str, float]:
    return {"precision": round(score.precision, 3), "recall": round(score.recall, 3)}


if __name__ == "__main__":
    main()
