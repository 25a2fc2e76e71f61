"""Reading official plans: precision and recall over made-up plans, pages a second."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.plans.making import FORMS, Score, made_plans, scores  # noqa: E402

from vang.library.formats.process import read_content  # noqa: E402
from vang.plans.recognition.recognition import draft_of, is_plan  # noqa: E402

FOUNDING = ROOT / "samples" / "ke-hoach-90.txt"
LETTERS_A_PAGE = 2_500
TIMES = 5


def main() -> None:
    wanted = [a for a in sys.argv[1:] if a != "-v"] or list(FORMS)
    total: dict[str, Score] = defaultdict(Score)
    by_form: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(Score))
    spent, letters, plans = 0.0, 0, made_plans()
    for form in wanted:
        for made in plans:
            lines = read_content(FORMS[form](made), lambda _done, _total: None).lines
            began = time.perf_counter()
            draft = draft_of(lines)
            spent += time.perf_counter() - began
            letters += len(draft.text)
            if not is_plan(draft):
                print(form, made.name, "is taken for no plan", file=sys.stderr)
            for name, score, faults in scores(made, draft):
                for sum_ in (total[name], by_form[form][name]):
                    sum_.right += score.right
                    sum_.wrong += score.wrong
                    sum_.missed += score.missed
                if "-v" in sys.argv:
                    for fault in faults:
                        print(form, made.name, name, fault, file=sys.stderr)
    print(json.dumps({
        "bench": "import_plan", "plans": len(plans), "forms": len(wanted),
        "pages_a_second": round(letters / LETTERS_A_PAGE / spent, 1),
        "founding_ms": _founding(),
        **{name: _figures(score) for name, score in total.items()},
        "by_form": {form: {name: _figures(score) for name, score in told.items()}
                    for form, told in by_form.items()},
    }))  # fmt: skip


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
