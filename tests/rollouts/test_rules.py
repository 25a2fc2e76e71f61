"""Groups and verdicts, for every size."""

from hypothesis import given
from hypothesis import strategies as st

from vang.rollouts.rules import Score, Verdict, sizes, verdict


@given(st.integers(1, 6000), st.integers(1, 100), st.integers(1, 20))
def test_every_device_is_in_one_group_and_no_group_is_empty(
    count: int, canary: int, groups: int
) -> None:
    found = sizes(count, canary, groups)
    assert sum(found) == count
    assert min(found) > 0
    assert found[0] == min(canary, count)
    assert len(found) <= groups + 1
    assert not found[1:] or max(found[1:]) - min(found[1:]) <= 1


@given(st.data())
def test_a_group_goes_on_or_stops_once_all_have_answered(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 500))
    failed = data.draw(st.integers(0, total))
    score = Score(total, total - failed, failed)
    success = data.draw(st.integers(1, 100))
    error = data.draw(st.integers(0, 100))
    assert verdict(score, success_pct=success, error_pct=error) is not Verdict.WAIT


def test_one_failure_of_two_first_devices_stops() -> None:
    assert verdict(Score(2, 1, 1), success_pct=50, error_pct=10) is Verdict.HALT


def test_enough_is_enough() -> None:
    assert verdict(Score(10, 9, 0), success_pct=90, error_pct=10) is Verdict.GO_ON
    assert verdict(Score(10, 8, 1), success_pct=90, error_pct=10) is Verdict.WAIT
    assert verdict(Score(10, 8, 2), success_pct=90, error_pct=50) is Verdict.HALT
