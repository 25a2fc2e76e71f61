"""Drafts of the parts in words, from the figures alone: nothing is said that no figure says.

Reports are Vietnamese whatever the reader's language, and so are the drafts.
"""

from collections.abc import Callable, Mapping

from vang.base.display import vi_date
from vang.reports.models import Indicator, Report, Value
from vang.reports.rules import words_of

Figures = Mapping[str, int]
"""Thousandths by code."""


def drafts(report: Report, given: Figures, before: Mapping[str, Value]) -> dict[str, str]:
    """By code of the section; a section without a template is left to the writer."""
    version = report.round.version
    indicators = list(version.indicators.all())
    last = {code: one.milli for code, one in before.items() if one.milli is not None}
    return {
        one.code: _MAKERS[one.draft](report, indicators, given, last)
        for one in version.sections.all()
        if one.draft in _MAKERS
    }


def _opening(report: Report, _indicators: list[Indicator], _given: Figures, _last: Figures) -> str:
    first, last = vi_date(report.round.covers_from), vi_date(report.round.covers_to)
    return (
        f"{report.unit.full_name} báo cáo kết quả công tác thông tin cơ sở từ ngày {first} đến "
        f"ngày {last} như sau:"
    )


def _results(_report: Report, indicators: list[Indicator], given: Figures, last: Figures) -> str:
    """One line a group with figures in it, each figure with the change since the last round.

    What is zero and was not more before is told together, at the end of its line.
    """
    lines = []
    for group in Indicator.Group:
        known = [one for one in indicators if one.group == group and one.code in given]
        counted = [one for one in known if one.counted]
        told = [one for one in counted if given[one.code] or last.get(one.code)]
        if not counted:
            continue
        if told:
            words = [_sentence(one, given[one.code], last.get(one.code)) for one in told]
            if len(told) < len(counted):
                words.append(_REST)
        else:
            words = [_NOTHING]
        lines.append(f"- {_TITLES[group]}: {'; '.join(words)}.")
    return "\n".join(lines)


def _sentence(indicator: Indicator, milli: int, before: int | None) -> str:
    measure = f" {indicator.measure}" if indicator.measure else ""
    name = indicator.name[:1].lower() + indicator.name[1:]
    return f"{name} {words_of(milli)}{measure}{_change(milli, before)}"


def _change(milli: int, before: int | None) -> str:
    if before is None:
        return ""
    if milli == before:
        return " (bằng kỳ trước)"
    word = "tăng" if milli > before else "giảm"
    return f" ({word} {words_of(abs(milli - before))} so với kỳ trước)"


def _shortcomings(
    _report: Report, _indicators: list[Indicator], given: Figures, _last: Figures
) -> str:
    """What the figures themselves show to be missing."""
    told = []
    for code, words in _LACKING.items():
        if given.get(code):
            told.append(f"- {words.format(words_of(given[code]))}")
    for whole, part, words in _GAPS:
        if whole in given and part in given and given[whole] > given[part]:
            told.append(f"- {words.format(words_of(given[whole] - given[part]))}")
    return "\n".join(told)


_REST = "các chỉ tiêu còn lại bằng 0"
_NOTHING = "các chỉ tiêu đều bằng 0"
_LACKING = {
    "air.silent": "Có {} lượt phát không đến được cụm loa nào.",
    "content.corrections": "Phải đính chính {} tin, bài.",
    "content.withdrawn": "Phải gỡ {} tin, bài đã phát hành.",
    "stations.stopped": "Có {} đài ngừng hoạt động.",
    "feedback.late": "Có {} phản ánh, kiến nghị trả lời quá hạn.",
}
_GAPS = (
    ("stations.clusters", "stations.heard", "Còn {} cụm loa không phát được trong kỳ."),
    ("stations.villages", "stations.covered", "Còn {} thôn, tổ dân phố chưa có loa."),
    ("claims.noted", "claims.answered", "Còn {} thông tin sai trái chưa được trả lời công khai."),
)
_TITLES: Mapping[str, str] = {
    Indicator.Group.STATIONS: "Đài truyền thanh",
    Indicator.Group.CLUSTERS: "Cụm loa",
    Indicator.Group.AIRTIME: "Thời lượng phát thanh",
    Indicator.Group.CONTENT: "Nội dung",
    Indicator.Group.CHANNELS: "Các hình thức thông tin khác",
    Indicator.Group.PEOPLE: "Nhân lực",
    Indicator.Group.TRAINING: "Tập huấn, bồi dưỡng",
    Indicator.Group.MONEY: "Kinh phí",
    Indicator.Group.OVERSIGHT: "Kiểm tra, xử lý",
    Indicator.Group.FEEDBACK: "Phản ánh, kiến nghị",
    Indicator.Group.AWARDS: "Thi đua, khen thưởng",
}
_MAKERS: Mapping[str, Callable[[Report, list[Indicator], Figures, Figures], str]] = {
    "opening": _opening,
    "results": _results,
    "shortcomings": _shortcomings,
}
DRAFTS = tuple(_MAKERS)
