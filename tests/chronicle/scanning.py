"""Every action that the source writes into the journal, read from the source itself."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "vang"


@dataclass(frozen=True)
class Written:
    """The first argument of a call of ``record``: a word, or a pattern with parts left open."""

    place: str
    action: str

    def matches(self, action: str) -> bool:
        return re.fullmatch(self.action, action) is not None


def written() -> Iterator[Written]:
    """In the order of the files. An action that cannot be read raises LookupError."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(SOURCE))
        for action in _actions(path, place):
            yield Written(place, action)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _actions(path: Path, place: str) -> Iterator[str]:
    for function in ast.walk(_tree(path)):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and _name(call) == "record":
                yield from _said(call.args[0], function, path, place)


def _said(node: ast.expr, function: ast.FunctionDef, path: Path, place: str) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(word)):
            yield re.escape(word)
        case ast.IfExp() | ast.Subscript():
            for one in _choices(node, path):
                yield from _said(one, function, path, place)
        case ast.JoinedStr():
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+"
                for part in node.values
            )
        case ast.Name(id=name):
            found = [*_handed(name, function, path), *_assigned(name, function)]
            if not found:
                raise LookupError(f"{place}: what is {name} in {function.name}?")
            for value, inside in found:
                yield from _said(value, inside, path, place)
        case _:
            raise LookupError(f"{place}: {ast.unparse(node)}")


def _choices(node: ast.IfExp | ast.Subscript, path: Path) -> list[ast.expr]:
    """Both of a condition; all values of a table of the module."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    for line in _tree(path).body:
        match line, node.value:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as table), ast.Name(
                id=wanted
            ) if name == wanted:
                return table.values
    raise LookupError(f"{path.name}: {ast.unparse(node)}")


def _handed(
    name: str, function: ast.FunctionDef, path: Path
) -> Iterator[tuple[ast.expr, ast.FunctionDef]]:
    """What callers in the same file give for this parameter; in the same folder for an open one."""
    names = [argument.arg for argument in function.args.args]
    if name not in names:
        return
    files = [path] if function.name.startswith("_") else sorted(path.parent.glob("*.py"))
    for caller in (node for file in files for node in ast.walk(_tree(file))):
        if not isinstance(caller, ast.FunctionDef):
            continue
        for call in ast.walk(caller):
            if isinstance(call, ast.Call) and _name(call) == function.name:
                yield call.args[names.index(name)], caller


def _assigned(name: str, function: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.FunctionDef]]:
    for line in ast.walk(function):
        if isinstance(line, ast.Assign):
            for target in line.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield line.value, function


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
