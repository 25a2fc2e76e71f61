"""Where a page is set in columns: empty upright strips that several lines leave. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vang.library.formats.words import Row, Word

_GAP_EM = 1.5
_GUTTER_EM = 0.7
_FAR = 1.7
_TABLE_COLUMNS = 3
_SHORT = 28
_MOST_ABOVE = 3
_FEWEST_REACHING = 5


@dataclass
class Band:
    """Consecutive rows: either one column, or columns beside each other."""

    rows: list[Row]
    columns: list[list[Row]]
    """Empty for ordinary lines."""

    @property
    def is_table(self) -> bool:
        """Three or more columns of short pieces: read along its rows."""
        pieces = [row for column in self.columns for row in column]
        if len(self.columns) < _TABLE_COLUMNS or not pieces:
            return False
        return sum(len(piece.text) for piece in pieces) / len(pieces) < _SHORT


def bands(rows: Sequence[Row], width: float) -> list[Band]:
    """The rows of a page from top to bottom, gathered where they share a gutter."""
    found: list[Band] = []
    place = 0
    while place < len(rows):
        end, gutter = _reach(rows, place, width)
        if gutter is None:
            if found and not found[-1].columns:
                found[-1].rows.append(rows[place])
            else:
                found.append(Band([rows[place]], []))
            place += 1
            continue
        part = [*_above(found, gutter), *rows[place:end]]
        found.append(Band(part, _columns(part, gutter)))
        place = end
    return found


Gap = tuple[float, float]


def _above(found: list[Band], gutter: Gap) -> list[Row]:
    """Lines just above whose columns nearly touch: the words are long, the gutter is the same."""
    taken: list[Row] = []
    while found and not found[-1].columns and len(taken) < _MOST_ABOVE:
        rows = found[-1].rows
        if not rows or not _nearly_touches(rows[-1], gutter):
            break
        taken.insert(0, rows.pop())
        if not rows:
            found.pop()
    return taken


def _nearly_touches(row: Row, gutter: Gap) -> bool:
    """Its widest space lies in the gutter and is wider than those between words."""
    spaces = sorted(_gaps(row, 0.0), key=lambda gap: gap[1] - gap[0])
    if not spaces:
        return False
    widest = spaces[-1]
    usual = spaces[len(spaces) // 2]
    wide = widest[1] - widest[0]
    inside = min(widest[1], gutter[1]) - max(widest[0], gutter[0])
    return inside > 0.4 * row.em and wide > 1.5 * (usual[1] - usual[0])


def _gaps(row: Row, at_least: float) -> list[Gap]:
    edge, found = row.left, []
    for word in row.words:
        if word.left - edge >= at_least:
            found.append((edge, word.left))
        edge = max(edge, word.right)
    return found


def _reach(rows: Sequence[Row], place: int, width: float) -> tuple[int, Gap | None]:
    """How far down a gutter of this row goes on; the widest reach of its gaps."""
    best, best_gutter = place, None
    for gap in _gaps(rows[place], _GAP_EM * rows[place].em):
        end, gutter = _follow(rows, place, gap, width)
        if end > best:
            best, best_gutter = end, gutter
    return best, best_gutter


def _follow(rows: Sequence[Row], place: int, gap: Gap, width: float) -> tuple[int, Gap]:
    end = place + 1
    previous = rows[place]
    for row in rows[place + 1 :]:
        narrowed = _narrowed(row, gap)
        if narrowed is None:
            break
        one_sided = row.right <= narrowed[0] + 0.1 or row.left >= narrowed[1] - 0.1
        running = _is_running_text(rows[place:end], gap)
        if one_sided and not running and _stands_apart(row, previous, gap, width):
            break
        if not one_sided and not _is_wide(row, gap, narrowed):
            break
        gap, previous = narrowed, row
        end += 1
    return end, gap


def _is_wide(row: Row, gap: Gap, narrowed: Gap) -> bool:
    """The strip that remains is wide, or it is narrow between two gaps that are wide themselves."""
    if narrowed[1] - narrowed[0] >= _GUTTER_EM * row.em:
        return True
    own = [g for g in _gaps(row, _GAP_EM * row.em) if g[0] < gap[1] and g[1] > gap[0]]
    return bool(own) and narrowed[1] > narrowed[0]


def _narrowed(row: Row, gap: Gap) -> Gap | None:
    """What remains of the gap beside this row; None when the row runs across it."""
    if row.right <= gap[1] and row.left < gap[0] + 0.1:
        return max(gap[0], row.right), gap[1]
    if row.left >= gap[0] and row.right > gap[1] - 0.1:
        return gap[0], min(gap[1], row.left)
    best: Gap | None = None
    for left, right in _gaps(row, _GUTTER_EM * row.em):
        common = max(left, gap[0]), min(right, gap[1])
        if common[1] > common[0] and (best is None or common[1] - common[0] > best[1] - best[0]):
            best = common
    return best


def _is_running_text(rows: Sequence[Row], gap: Gap) -> bool:
    """Lines that reach the gutter again and again: columns of a newsletter, not of a head."""
    reaching = sum(
        any(gap[0] - row.em < word.right <= gap[0] + 0.1 for word in row.words) for row in rows
    )
    return reaching >= _FEWEST_REACHING


def _stands_apart(row: Row, previous: Row, gap: Gap, width: float) -> bool:
    """A line below the columns that is short by itself: after a space, or centred on the page."""
    if row.base - previous.base > _FAR * max(row.height, previous.height):
        return True
    side_centre = (gap[1] + width) / 2 if row.left >= gap[1] - 0.1 else gap[0] / 2
    centred = abs(row.centre - width / 2) < 0.03 * width
    return centred and abs(row.centre - side_centre) > 0.05 * width


def _columns(rows: Sequence[Row], gutter: Gap) -> list[list[Row]]:
    """The rows cut at the gutter, and each side cut again where it has gutters of its own."""
    middle = (gutter[0] + gutter[1]) / 2
    left = [part for row in rows if (part := _part(row, lambda w: w.right <= middle))]
    right = [part for row in rows if (part := _part(row, lambda w: w.right > middle))]
    return [column for side in (left, right) for column in _split_again(side)]


def _part(row: Row, inside: Callable[[Word], bool]) -> Row | None:
    words = [word for word in row.words if inside(word)]
    return Row(words) if words else None


def _split_again(rows: list[Row]) -> list[list[Row]]:
    """Only a gutter that runs along the whole side is one."""
    if len(rows) < 2:
        return [rows] if rows else []
    gaps = [g for row in rows for g in _gaps(row, _GAP_EM * row.em)]
    for gap in gaps:
        common: Gap | None = gap
        for row in rows:
            common = _narrowed(row, common) if common else None
        if common and common[1] - common[0] >= _GUTTER_EM * rows[0].em:
            return _columns(rows, common)
    return [rows]
