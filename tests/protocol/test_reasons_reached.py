"""Every reason code is reached by a test, and given by the product: no code that cannot happen, and
none whose meaning nobody checked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from vang_protocol.reasons import Reason

ROOT = Path(__file__).parents[2]
TABLES = {"reasons.py", "words.py", Path(__file__).name}
"""Files that name every reason anyway: naming it there reaches nothing."""
_CASES = (ast.List, ast.Dict, ast.Tuple)
_BY_CODE = {reason.value: reason.name for reason in Reason}


def checked_in(tree: ast.AST) -> Iterator[str]:
    """Reasons named in an assertion, in what a test expects, or in the cases it is run with."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Assert) or (isinstance(part, ast.Call) and _expects(part)):
            yield from _named(part)
        elif isinstance(part, ast.Assign) and isinstance(
            part.value, ast.List | ast.Dict | ast.Tuple
        ):
            yield from _named(part.value)


def _expects(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in {"parametrize", "raises", "refused", "until"}


def _named(tree: ast.AST) -> Iterator[str]:
    for part in ast.walk(tree):
        if isinstance(part, ast.Attribute) and getattr(part.value, "id", "") == "Reason":
            yield part.attr
        elif isinstance(part, ast.Constant) and part.value in _BY_CODE:
            yield _BY_CODE[part.value]


def _trees(folder: str) -> Iterator[ast.AST]:
    for file in (ROOT / folder).rglob("*.py"):
        if file.name not in TABLES:
            yield ast.parse(file.read_text())


CHECKED = frozenset(name for tree in _trees("tests") for name in checked_in(tree))
GIVEN = frozenset(name for tree in _trees("src") for name in _named(tree))


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_reached(reason: Reason) -> None:
    assert reason.name in CHECKED


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_given_somewhere(reason: Reason) -> None:
    assert reason.name in GIVEN
