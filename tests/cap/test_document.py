"""docs/en/cap.md says what the code does: its tables are read here."""

from pathlib import Path

import pytest
from django.utils.translation import override

from vang.cap import parsing, places
from vang.cap.reasons import Caution, Reason
from vang.upstream import polling

TEXT = (Path(__file__).resolve().parents[2] / "docs/en/cap.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [*Reason, *Caution], ids=lambda code: code.value)
def test_every_reason_is_in_the_tables_with_its_words(code: Reason | Caution) -> None:
    with override("en"):
        assert TEXT.count(f"| `{code.value}` | {code.text} |") == 1


def test_nothing_else_is_in_the_tables_and_the_limits_are_as_it_says() -> None:
    table = TEXT.split("| refused because")[1].split("Notes.")[0]
    assert table.count("\n| `") == len(Reason) + len(Caution)
    assert f"{parsing.MOST_BYTES:,} bytes" in TEXT
    assert f"{parsing.MOST_DEPTH} levels and {parsing.MOST_ELEMENTS:,} elements" in TEXT
    assert f"{polling.MOST_ENTRIES} entries, {polling.MOST_FETCHED} new messages" in TEXT
    assert places.UNIT_CODES in TEXT
