"""Days, months, years and their ranges ("10/6", "05-9-2016", "10-15/6/2024", "quý IV/2023")."""

import re

from vang.voice.speech.context import ADDRESS_WORDS, after, before, last_word
from vang.voice.speech.numbers import cardinal

_D = r"(0?[1-9]|[12]\d|3[01])"
_M = r"(0?[1-9]|1[0-2])"
_Y = r"((?:1[5-9]|2[01])\d\d)"
_TO = r"\s?[-–]\s?"
_START = r"(?<![\w/.,:+-])"
_END = r"(?![\d/]|[.,:-]\d|[A-Za-zĐđ%])"

_ISO = re.compile(rf"{_START}{_Y}-{_M}-{_D}{_END}")
_SPAN = re.compile(rf"{_START}{_D}/{_M}(?:/{_Y})?{_TO}{_D}/{_M}(?:/{_Y})?{_END}")
_DAYS = re.compile(rf"{_START}{_D}{_TO}{_D}[/.]{_M}(?:[/.]{_Y})?{_END}")
_DAYS_SAME = re.compile(rf"{_START}{_D}{_TO}{_D}-{_M}-{_Y}{_END}")
_MONTH_SPAN = re.compile(rf"{_START}{_M}/{_Y}{_TO}{_M}/{_Y}{_END}")
_MONTHS = re.compile(rf"(?<!\w)((?i:tháng|quý))\s{_M}{_TO}{_M}/{_Y}{_END}")
_FULL = re.compile(rf"{_START}{_D}\s?([/.-])\s?{_M}\s?\2\s?{_Y}{_END}")
_SHORT_YEAR = re.compile(rf"{_START}{_D}/{_M}/(\d\d){_END}")
_MONTH_YEAR = re.compile(rf"{_START}{_M}\s?/\s?{_Y}{_END}")
_T_MONTH = re.compile(rf"(?<!\w)T{_M}\s?/\s?{_Y}{_END}")
_IN_BRACKETS = re.compile(rf"(?<=\(){_D}-{_M}(?=\))")
_WEEKDAY_BEFORE = re.compile(r"(?:chủ nhật|thứ \w{2,4}|sáng|chiều|tối|ngày)\s?\(\Z", re.IGNORECASE)
_MONTH_DASH_YEAR = re.compile(rf"(?<!\w)((?i:tháng|quý)\s){_M}-{_Y}{_END}")
_QUARTER_YEAR = re.compile(rf"(?<!\w)((?i:quý|tuần|kỳ|đợt|lần)\s\w{{1,4}})\s?/\s?{_Y}{_END}")
_DAY_MONTH = re.compile(rf"{_START}{_D}/{_M}{_END}")
_DAY_DASH_MONTH = re.compile(
    rf"(?:(?<=[Nn]gày )|(?<=[Ss]áng )|(?<=[Cc]hiều )|(?<=[Tt]ối )|(?<=[Đđ]êm )){_D}-{_M}{_END}"
    r"(?! ?(?:tháng|ngày))"
)
_MONTH_FOUR = re.compile(r"(?<!\w)((?i:tháng)\s?)0?4(?![\d.,]*\d)(?!\s?[-–]\s?\d)")
_ORDINAL = re.compile(r"(?<!\w)((?i:thứ)\s)([14])(?![\d.,/]*\d)")
_WEEKDAYS = re.compile(r"(?<!\w)T([2-7])\s?[-–]\s?(?:T([2-7])|CN)(?!\w)")

_DAY_WORDS = frozenset({"ngày", "mùng", "mồng", "hôm", "rằm", "đường", "phố"})
_SHARE_BEFORE = re.compile(
    r"(?:đạt|chiếm|hơn|gần|khoảng|quá|còn|trong số|tỷ lệ|tỉ lệ|ít nhất|tối thiểu|có|được"
    r"|giảm|tăng|bằng|với|đã|thành công|hoàn thành|trên|dưới)\s?\Z",
    re.IGNORECASE,
)
_SHARE_AFTER = re.compile(
    r"\s?(?:tổng số|số|hộ|xã|thôn|tổ|dân số|người|tiêu chí|đại biểu|thành viên|đơn vị|phiếu"
    r"|chỉ tiêu|diện tích|ý kiến|nội dung|cơ quan|huyện|phường|trường|cụm|mẫu|cổ đông|lượt"
    r"|công trình|trạm|máy|thời gian|chặng|quãng|sản lượng|giá)(?!\w)"
)
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "2/5", "3/5", "4/5", "1/10"})
_HOLIDAYS = frozenset({"1/5", "2/9", "8/3", "3/2", "1/6", "1/1", "10/3"})
_IN_LIST = re.compile(r"(?<![\d/.-])\d{1,2}\s?(?:,|;|và|hoặc)\s?\Z")
_OF_THE_DAY = re.compile(r"(?:ngày|lễ|dịp|tết|lúc|sáng|chiều|tối|đêm|từ|đến|trước|sau|hết)\b")


def speak_dates(line: str) -> str:
    """The dates of the line in words, "ngày" added where the writer left it out."""
    line = _ISO.sub(lambda m: _day(m, m[3], m[2], m[1]), line)
    line = _SPAN.sub(_span, line)
    line = _DAYS.sub(_days, line)
    line = _DAYS_SAME.sub(_days, line)
    line = _MONTH_SPAN.sub(_month_span, line)
    line = _MONTHS.sub(_months, line)
    line = _FULL.sub(lambda m: _day(m, m[1], m[3], m[4]), line)
    line = _SHORT_YEAR.sub(_short_year, line)
    line = _MONTH_DASH_YEAR.sub(lambda m: m[1] + _month(m[2]) + _year(m[3]), line)
    line = _T_MONTH.sub(lambda m: f"tháng {_month(m[1])}{_year(m[2])}", line)
    line = _QUARTER_YEAR.sub(lambda m: m[1] + _year(m[2]), line)
    line = _MONTH_YEAR.sub(_month_year, line)
    line = _DAY_MONTH.sub(_day_month, line)
    line = _DAY_DASH_MONTH.sub(lambda m: _day(m, m[1], m[2], None), line)
    line = _IN_BRACKETS.sub(_in_brackets, line)
    line = _MONTH_FOUR.sub(r"\1tư", line)
    line = _ORDINAL.sub(lambda m: m[1] + ("nhất" if m[2] == "1" else "tư"), line)
    return _WEEKDAYS.sub(_weekdays, line)


def _month(text: str) -> str:
    return "tư" if int(text) == 4 else cardinal(int(text))


def _year(text: str | None) -> str:
    return f" năm {cardinal(int(text))}" if text else ""


def _date(day: str, month: str | None, year: str | None) -> str:
    of_month = f" tháng {_month(month)}" if month else ""
    return f"{cardinal(int(day))}{of_month}{_year(year)}"


def _named(match: re.Match[str]) -> str:
    """ "ngày " unless the word is there already, or stands before the list the date ends."""
    left = before(match)
    if last_word(left) in _DAY_WORDS or _IN_LIST.search(left):
        return ""
    return "ngày "


def _day(match: re.Match[str], day: str, month: str | None, year: str | None) -> str:
    return _named(match) + _date(day, month, year)


def _span(match: re.Match[str]) -> str:
    first = _date(match[1], match[2], match[3])
    return f"{_named(match)}{first} đến ngày {_date(match[4], match[5], match[6])}"


def _days(match: re.Match[str]) -> str:
    if int(match[1]) >= int(match[2]):
        return match[0]
    first = _date(match[1], None, None)
    return f"{_named(match)}{first} đến ngày {_date(match[2], match[3], match[4])}"


def _month_span(match: re.Match[str]) -> str:
    head = "" if last_word(before(match)) == "tháng" else "tháng "
    last = f"tháng {_month(match[3])}{_year(match[4])}"
    return f"{head}{_month(match[1])}{_year(match[2])} đến {last}"


def _months(match: re.Match[str]) -> str:
    word = match[1].lower()
    first, last = f"{match[1]} {_month(match[2])}", f"{word} {_month(match[3])}"
    return f"{first} đến {last}{_year(match[4])}"


def _short_year(match: re.Match[str]) -> str:
    if last_word(before(match)) in ADDRESS_WORDS:
        return match[0]
    return _day(match, match[1], match[2], f"20{match[3]}")


def _month_year(match: re.Match[str]) -> str:
    word = last_word(before(match))
    if word in ("tháng", "quý"):
        said = cardinal(int(match[1])) if word == "quý" else _month(match[1])
        return said + _year(match[2])
    return f"tháng {_month(match[1])}{_year(match[2])}"


def _day_month(match: re.Match[str]) -> str:
    if is_share(match):
        return match[0]
    return _day(match, match[1], match[2], None)


def _in_brackets(match: re.Match[str]) -> str:
    if not _WEEKDAY_BEFORE.search(before(match)):
        return match[0]
    return _day(match, match[1], match[2], None)


def is_share(match: re.Match[str]) -> bool:
    """Whether "a/b" is a part of a whole or an address rather than a day of a month."""
    left, right = before(match), after(match)
    word = last_word(left)
    if match[0] == "24/7" and word != "ngày":
        return True
    if word in _DAY_WORDS or word in ("sáng", "chiều", "tối", "đêm", "trưa"):
        return False
    if word in ADDRESS_WORDS or _SHARE_AFTER.match(right):
        return True
    if _SHARE_BEFORE.search(left) and match[0] not in _HOLIDAYS:
        return True
    dated = _OF_THE_DAY.search(left[-14:].lower()) or match[0] in _HOLIDAYS
    return match[0] in _FRACTIONS and not dated


def _weekdays(match: re.Match[str]) -> str:
    last = f"thứ {_ordinal(match[2])}" if match[2] else "chủ nhật"
    return f"thứ {_ordinal(match[1])} đến {last}"


def _ordinal(text: str) -> str:
    return "tư" if text == "4" else cardinal(int(text))
