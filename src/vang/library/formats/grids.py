"""Tables with drawn rules: their cells from the lines that were drawn. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from vang.library.formats.words import PageWords, Rule, Word, rows_of

_NEAR = 3.0
_SHORTEST = 8.0
_FEWEST_UPRIGHT = 3


@dataclass
class Grid:
    """The edges of columns and rows, in points, and what stands in the cells."""

    xs: list[float]
    ys: list[float]
    words: list[Word]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    def holds(self, word: Word) -> bool:
        middle = (word.left + word.right) / 2
        height = word.base - 0.3 * word.height
        return self.xs[0] <= middle <= self.xs[-1] and self.top <= height <= self.bottom

    def rows(self) -> list[tuple[float, tuple[str, ...]]]:
        """The baseline of each row and its cells, lines inside a cell apart."""
        cells: dict[tuple[int, int], list[Word]] = {}
        for word in self.words:
            place = (
                _slot(self.ys, word.base - 0.3 * word.height),
                _slot(self.xs, (word.left + word.right) / 2),
            )
            cells.setdefault(place, []).append(word)
        filled = sorted({row for row, _column in cells})
        return [(self.ys[row], self._cells(cells, row)) for row in filled]

    def _cells(self, cells: dict[tuple[int, int], list[Word]], row: int) -> tuple[str, ...]:
        told = []
        for column in range(len(self.xs) - 1):
            lines = rows_of(cells.get((row, column), []))
            told.append("\n".join(line.text for line in lines))
        return tuple(told)


def grids(page: PageWords) -> list[Grid]:
    """Tables of the page from top to bottom, each with the words that stand in it."""
    upright = [rule for rule in page.rules if rule.upright and rule.bottom - rule.top > _SHORTEST]
    level = [rule for rule in page.rules if not rule.upright and rule.right - rule.left > _SHORTEST]
    found = [_grid(group, level) for group in _groups(upright)]
    tables = [grid for grid in found if grid is not None]
    for grid in tables:
        grid.words = [word for word in page.words if grid.holds(word)]
    return sorted((grid for grid in tables if grid.words), key=lambda grid: grid.top)


def _groups(upright: list[Rule]) -> list[list[Rule]]:
    """Upright rules that overlap in height belong to one table."""
    groups: list[list[Rule]] = []
    bottom = 0.0
    for rule in sorted(upright, key=lambda rule: rule.top):
        if groups and rule.top <= bottom + _NEAR:
            groups[-1].append(rule)
            bottom = max(bottom, rule.bottom)
        else:
            groups.append([rule])
            bottom = rule.bottom
    return groups


def _grid(upright: list[Rule], level: list[Rule]) -> Grid | None:
    xs = _merged((rule.left + rule.right) / 2 for rule in upright)
    if len(xs) < _FEWEST_UPRIGHT:
        return None  # a frame, or an underline: no table
    top, bottom = min(r.top for r in upright), max(r.bottom for r in upright)
    inside = [
        (r.top + r.bottom) / 2
        for r in level
        if top - _NEAR <= r.top <= bottom + _NEAR and r.left < xs[-1] and r.right > xs[0]
    ]
    ys = _merged([*inside, top, bottom])
    return Grid(xs, ys, []) if len(ys) >= 2 else None


def _merged(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _slot(edges: list[float], value: float) -> int:
    """The place between two edges where the value falls."""
    below = sum(edge <= value for edge in edges)
    return min(max(below - 1, 0), len(edges) - 2)
