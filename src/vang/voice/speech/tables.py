"""The tables of readings shipped with the package (tab-separated, "#" begins a comment)."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/NAME.tsv`, every row padded to the width of the widest."""
    rows = list(_rows(name))
    width = max(map(len, rows))
    return tuple(row + ("",) * (width - len(row)) for row in rows)


def _rows(name: str) -> Iterator[tuple[str, ...]]:
    source = files("vang.voice.speech").joinpath("data", f"{name}.tsv")
    for line in source.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield tuple(line.split("\t"))
