"""Figures told as a table and drawn from it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from vang.base.charts import GREEN, RED, Chart, ChartRow, by_day

VALUES = st.lists(st.none() | st.floats(0, 1e6, allow_nan=False), min_size=2, max_size=2)


def chart(*rows: ChartRow) -> Chart:
    return Chart("c", "Thời lượng", "Loại", ("Tự sản xuất", "Tiếp âm"), rows, kind="meters")


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_bars_follow_each_other_and_none_is_longer_than_the_line(rows: list[list[float]]) -> None:
    for _row, bars in chart(*(ChartRow("x", values) for values in rows)).meters:
        end = 0.0
        for left, width, _colour in bars:
            assert left >= end - 0.02
            end = left + width
        assert end <= 100.05


def test_the_longest_row_fills_the_line() -> None:
    (_, short), (_, long) = chart(ChartRow("a", (1, 1)), ChartRow("b", (3, 1))).meters
    assert short == [(0, 25, 1), (25, 25, 2)]
    assert long == [(0, 75, 1), (75, 25, 2)]


def test_without_figures_a_chart_says_so() -> None:
    assert chart().empty
    assert chart(ChartRow("a", (None, 0))).empty
    assert not chart(ChartRow("a", (None, 1))).empty


def test_sums_skip_what_has_no_figure() -> None:
    assert chart(ChartRow("a", (None, 2)), ChartRow("b", (3, 4))).totals == [3, 6]


def test_a_day_is_named_as_people_write_it() -> None:
    assert by_day(date(2026, 6, 10), (1,)).label == "10/06/2026"


def test_colours_that_mean_something_are_told_to_legend_and_bars() -> None:
    chart = Chart("x", "X", "X", ("Nghe", "Không"), [ChartRow("A", (3, 1))], colours=(GREEN, RED))
    assert chart.legend == [("Nghe", GREEN), ("Không", RED)]
    ((_row, bars),) = chart.meters
    assert [colour for _left, _width, colour in bars] == [GREEN, RED]
