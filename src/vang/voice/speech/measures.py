"""Ranges, money, percentages, units and rates ("100-200mm", "3 triệu đồng/ha/vụ", "95,5%")."""

import re
from functools import cache

from vang.voice.speech.context import before
from vang.voice.speech.numbers import NUMBER, cardinal, number
from vang.voice.speech.tables import table

_SCALE = r"(?:triệu|tỷ|tỉ|nghìn|ngàn|trăm|đồng|mét|tuổi|ngày|tháng|năm|độ|phần trăm|giờ|người)"
_FIGURE = r"\d[\d.,]{0,20}"
_NUMBER_START = r"(?<![\w.,])"


def _alternatives(*, anywhere: bool) -> str:
    units = [row[0] for row in table("units") if not anywhere or row[2] == "*"]
    return "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True))


_UNIT = rf"(?:{_alternatives(anywhere=False)})"
_LONE_UNIT = rf"(?:{_alternatives(anywhere=True)})"

_CHAIN = re.compile(rf"{_NUMBER_START}(?<![/-])(\d{{1,4}}(?:-\d{{1,4}}){{2,8}})(?![\w-])")
_RANGE = re.compile(
    rf"{_NUMBER_START}(?<!/)({_FIGURE}(?:\s?{_UNIT}(?![\w])|\s{_SCALE})?)\s?[-–]\s?(?=\d)(?!\d{{1,4}}/\d)"
)
_TIMES = re.compile(r"(?<=\d)\s?[xX×]\s?(?=\d)")
_LIKE_RANGE = re.compile(r"(?<!\w)((\w{2,6}) \d{1,3})\s?[-–]\s?(?=\2 \d)", re.IGNORECASE)
_SCALED = re.compile(
    r"(?:(?<=nghìn )|(?<=triệu )|(?<=trăm )|(?<=ngàn )|(?<=vạn )|(?<=tỷ ))"
    rf"({_UNIT})(?!\w)"
)
_QUOTIENT = re.compile(rf"{_NUMBER_START}(\d[\d.,]{{0,20}}\s?{_UNIT})/(?=\d)")
_BY = re.compile(r"(?<=\w) [xX] (?=\d)")
_TILDE = re.compile(r"(?<=\d)\s?~\s?(?=\d)")
_METRE_AND = re.compile(rf"{_NUMBER_START}(\d{{1,3}})m(\d\d|[14-9])(?![\w²³])")
_MINUS = re.compile(rf"(?<![\w.,)-])-\s?(?={_FIGURE}\s?(?:°|độ|oC|%))")
_DOT_DECIMAL = re.compile(
    rf"{_NUMBER_START}(?<!/)(\d{{1,6}})\.(\d{{1,2}})(?=\s?(?:{_UNIT}(?!\w)|{_SCALE}(?!\w)|tấn|tạ|lần|điểm))"
)
_MEASURE = re.compile(rf"(?<![\w.,])({NUMBER})\s?({_UNIT})(?![\w])")
_RATE = re.compile(rf"(?<=[\w)])\s?/\s?(?:(\d{{1,6}}(?:\.\d{{3}})?)\s?)?({_UNIT})(?!\w)")
_LONE = re.compile(rf"(?<![\w°/.])({_LONE_UNIT})(?!\w)")
_BRACKETED = re.compile(rf"(?<=\()({_UNIT})(?=[/)])")
_DOLLARS = re.compile(rf"([$€£¥])\s?({NUMBER})(?!\d)|({NUMBER})\s?([$€£¥])")
_DEGREE_C = re.compile(r"độ C(?!\w)")
_CURRENCIES = {"$": "đô la", "€": "ơ rô", "£": "bảng Anh", "¥": "yên"}

_COUNTED = (
    "đồng|người|lần|lượt|suất|ca|buổi|bữa|hộ|phiếu|viên|mũi|liều|giờ|phút|ngày|tiết|trẻ|công|cây|con"
    "|trang|bộ|chuyến|thửa|bản|tin|mẫu|đợt|cuộc|hồ sơ|chỗ|đô la|đô la Mỹ|sản phẩm|vụ|phần trăm"
)
_PER_WORDS = (
    "người|ngày|tháng|năm|tuần|giờ|phút|vụ|lần|lượt|hộ|gia đình|nhân khẩu|khẩu|suất|ca|buổi"
    "|bữa|cháu|em|học sinh|trẻ|con|cái|chiếc|cây|gốc|bao|thùng|hộp|chai|bình|bộ|sào|mẫu|công|tấn|tạ"
    "|yến|cân|lít|mét|thôn|xã|tổ|đợt|quý|kỳ|khóa|chuyến|xe|nhà|phòng|mũi|liều|thửa|trường hợp"
    "|hồ sơ|giấy|bản|trang|tiết|lớp|đơn vị|héc ta|ki lô gam|mét vuông|mét khối|ki lô oát giờ"
)
_PER = re.compile(rf"(?<=[^\W\d_])\s?/\s?(?:(\d{{1,4}}) ?)?(?=(?:{_PER_WORDS})(?!\w))")
_DAY_MONTH_YEAR = re.compile(r"(?<!\w)(ngày)\s?/\s?tháng\s?/\s?năm(?!\w)", re.IGNORECASE)
_CHOICE = re.compile(
    r"(?<!\d )(?<!một )(?<![\w/])(?:thôn|xã|tổ|phường|ấp|bản|khu phố|ngày|tháng|năm|quý|học sinh|em"
    r"|cháu|trẻ|hộ|gia đình|nhà|lớp|phòng|cơ quan|đơn vị|con|tập thể|cá nhân|bố|cha|mẹ)\Z",
    re.IGNORECASE,
)
_COUNT_BEFORE = re.compile(rf"(?:(?<!\w)(?:{_COUNTED})|(?:một |/)(?:{_PER_WORDS}))\Z")
_MONEY_BEFORE = re.compile(rf"(?:(?<!\w)(?:đồng|đô la|đô la Mỹ)|(?:một |/)(?:{_PER_WORDS}))\Z")


def speak_measures(line: str) -> str:
    """Ranges, rates and quantities of the line in words; numbers without unit stay figures."""
    line = _CHAIN.sub(lambda m: m[1].replace("-", ", "), line)
    line = _TILDE.sub(" đến ", line)
    line = _TIMES.sub(" nhân ", line)
    line = _BY.sub(" nhân ", _QUOTIENT.sub(r"\1 trên ", line))
    line = _LIKE_RANGE.sub(r"\1 đến ", line)
    line = _RANGE.sub(_range, line)
    line = _MINUS.sub("âm ", line)
    line = _METRE_AND.sub(lambda m: f"{cardinal(int(m[1]))} mét {_after_metre(m[2])}", line)
    line = _DOT_DECIMAL.sub(r"\1,\2", line)
    line = _DOLLARS.sub(_dollars, line)
    line = _MEASURE.sub(lambda m: f"{number(m[1], quantity=True)} {_units()[m[2]]}", line)
    line = _SCALED.sub(lambda m: _units()[m[1]], line)
    line = _BRACKETED.sub(lambda m: _units()[m[1]], line)
    line = _LONE.sub(lambda m: _units()[m[1]], line)
    return _DEGREE_C.sub("độ xê", line)


def speak_rates(line: str) -> str:
    """What follows a slash as the measure of a rate: after abbreviations, whose words count."""
    line = _RATE.sub(_rate, line)
    line = _DAY_MONTH_YEAR.sub(r"\1 tháng năm", line)
    return _PER.sub(_per, line)


@cache
def _units() -> dict[str, str]:
    return {unit: words for unit, words, _ in table("units")}


def unit_words(unit: str) -> str | None:
    """The reading of a unit that is no letter of an abbreviation or a class ("mm", not "A")."""
    return next((words for sign, words, lone in table("units") if sign == unit and lone), None)


def _range(match: re.Match[str]) -> str:
    return f"{match[1]} đến "


def _after_metre(text: str) -> str:
    return cardinal(int(text)) if text[0] != "0" else f"không {cardinal(int(text))}"


def _dollars(match: re.Match[str]) -> str:
    sign, figure = (match[1], match[2]) if match[1] else (match[4], match[3])
    return f"{number(figure, quantity=True)} {_CURRENCIES[sign]}"


def _rate(match: re.Match[str]) -> str:
    """ "đồng/kg" is "đồng một ki lô gam", "mg/l" is "mi li gam trên lít"."""
    return _joint(match, match[1], _MONEY_BEFORE) + _units()[match[2]]


def _per(match: re.Match[str]) -> str:
    """ "lần/ngày" is "lần một ngày"; but in "xã/phường" nothing is counted."""
    if _CHOICE.search(before(match)) and not match[1]:
        return match[0]
    return _joint(match, match[1], _COUNT_BEFORE)


def _joint(match: re.Match[str], count: str | None, counted: re.Pattern[str]) -> str:
    if count and count != "1":
        return f" trên {number(count)} "
    return " một " if counted.search(before(match)) else " trên "
