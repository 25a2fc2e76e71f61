"""Drafts say what the figures say, and no more."""

from dataclasses import dataclass
from typing import Any

from vang.reports.narrative import _results


@dataclass
class Asked:
    """As much of an indicator as a draft reads."""

    code: str
    name: str
    group: str = "AIRTIME"
    measure: str = "phút"
    counted: bool = True


def drafted(given: dict[str, int], last: dict[str, int]) -> list[str]:
    form: list[Any] = [
        Asked("all", "Tổng thời lượng"),
        Asked("own", "Tự sản xuất"),
        Asked("relayed", "Tiếp âm"),
        Asked("classes", "Lớp tập huấn", "TRAINING", "lớp"),
        Asked("people", "Người dự", "TRAINING", "người"),
        Asked("words", "Ghi chú", "AWARDS", counted=False),
    ]
    report: Any = None
    return _results(report, form, given, last).splitlines()


def test_what_is_zero_and_was_zero_is_told_together() -> None:
    given = {"all": 90_000, "own": 0, "relayed": 0, "classes": 0, "people": 0}
    air, training = drafted(given, {"all": 60_000, "relayed": 5_000})
    assert air == (
        "- Thời lượng phát thanh: tổng thời lượng 90 phút (tăng 30 so với kỳ trước); tiếp âm "
        "0 phút (giảm 5 so với kỳ trước); các chỉ tiêu còn lại bằng 0."
    )
    assert training == "- Tập huấn, bồi dưỡng: các chỉ tiêu đều bằng 0."


def test_of_what_nobody_gave_nothing_is_said() -> None:
    assert drafted({}, {"all": 60_000}) == []
    assert drafted({"own": 12_500}, {}) == ["- Thời lượng phát thanh: tự sản xuất 12,5 phút."]
