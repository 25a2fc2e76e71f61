"""Every page of the staff opens in a commune at work, and none asks the database much.

The commune and the addresses are those of ``benches/pages.py``, which measures the same pages with
thousands of communes. A new page is found by its address; one that needs a row that the commune
lacks fails here until ``benches/page_samples.py`` names it.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from vang.base.clock import SystemClock, use_clock

QUERIES = 12
MORE = {
    "desk:home": 31,
    "mergers:change": 22,
    "mergers:list": 13,
    "alerts:live": 13,
    "airtime:rundown": 13,
}
"""The home page asks for what is due: one question for all kinds of tasks, then one for each kind
that waits; a change of units that is announced asks every room what moves with it, there and on its
own page. The list of changes follows what a unit was, step by step. An alert that sounds is told
with its orders, languages and answers. A programme asks for its sounds and for stations too."""


@pytest.fixture
def opener(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    communes, pages = importlib.import_module("many_communes"), importlib.import_module("pages")
    monkeypatch.setattr(communes, "DAYS", 4)
    monkeypatch.setattr(communes, "BULLETINS", 10)
    pages.stand_still()
    town = pages.Opener(1)
    town.fill()
    yield town
    use_clock(SystemClock())


def test_every_page_opens_and_asks_little(opener: Any) -> None:
    opened = opener.pages()["pages"]
    asked = {view: opener.open(view, 1)["queries"] for view in opened}
    assert len(opened) > 100
    assert {view: n for view, n in asked.items() if n > MORE.get(view, QUERIES)} == {}
