"""Recognising official documents: precision and recall per field over the made-up corpus."""

import json
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.library.official.corpus import MADE  # noqa: E402
from tests.library.official.printing import FILES, TEXTS, small_letters, tcvn3  # noqa: E402
from tests.library.official.scoring import compared  # noqa: E402

from vang.library.formats.process import read_content  # noqa: E402
from vang.library.official.recognition import recognise  # noqa: E402

FORMS = {name: lambda made, form=form: form(made).encode() for name, form in TEXTS.items()}
FORMS |= {"tcvn3": lambda made: tcvn3(small_letters(made)), **FILES}


def main() -> None:
    wanted = [a for a in sys.argv[1:] if a != "-v"] or list(FORMS)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    by_form: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    spent = 0.0
    for form in wanted:
        for made in MADE:
            lines = read_content(FORMS[form](made), lambda _done, _total: None).lines
            began = time.perf_counter()
            found = recognise(lines)
            spent += time.perf_counter() - began
            for name, *told in compared(made, found):
                for total in (counts[name], by_form[form]):
                    total[:] = [a + b for a, b in zip(total, told, strict=True)]
                if any(told[1:]) and "-v" in sys.argv:
                    print(form, made.name, name, told, found.value(name), file=sys.stderr)
    figures = {name: _figures(*total) for name, total in counts.items()}
    forms = {form: _figures(*total) for form, total in by_form.items()}
    print(json.dumps({
        "bench": "official", "documents": len(MADE), "forms": len(wanted),
        "milliseconds_each": round(1000 * spent / len(MADE) / len(wanted), 2),
        "fields": figures, "by_form": forms,
    }))  # fmt: skip


def _figures(right: int, wrong: int, missed: int) -> dict[str, float]:
    precision = right / (right + wrong) if right + wrong else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return {"precision": round(precision, 3), "recall": round(recall, 3)}


if __name__ == "__main__":
    main()
