"""Roads, kilometre marks, coordinates."""

import re

from vang.voice.speech.context import before, last_word
from vang.voice.speech.letters import spell
from vang.voice.speech.numbers import NUMBER, number, whole

_ROADS = {
    "QL": "quốc lộ", "TL": "tỉnh lộ", "ĐT": "đường tỉnh", "ĐH": "đường huyện",
    "ĐX": "đường xã", "CT": "cao tốc", "HL": "hương lộ",
}  # fmt: skip
_ROAD = re.compile(
    r"(?<![\w/.-])(QL|TL|ĐT|ĐH|ĐX|CT|HL)\.?\s?(\d{1,3})([A-ZĐ])?(?:\.([A-ZĐ]{2,3}))?(?![\w])"
    r"(?![.,/]\d)"
)
_NAMED_ROAD = re.compile(
    r"(?<!\w)((?i:quốc lộ|tỉnh lộ|đường tỉnh|hương lộ|đường huyện|cao tốc) )"
    r"(\d{1,4})([A-ZĐ])(?!\w)"
)
_KM_MARK = re.compile(r"(?<!\w)(?i:km)\s?(\d{1,4})\s?\+\s?(\d{1,4})(?!\w|[.,]\d)")
_KM = re.compile(
    r"(?<!\w)(?<!\d )(?:Km|KM|km)(?![23](?!\d))\s?(\d{1,4}(?:,\d{1,3})?)(?![\w+]|[.,]\d)"
)
_KM_RANGE = re.compile(r"((?i:km)\s?\d{1,4}(?:\+\d{1,4})?)\s?[-–]\s?(?=(?i:km))")
_DEGREES = re.compile(
    r"(?<![\w.,])(\d{1,3})°\s?(\d{1,2})'(?:\s?(\d{1,2}(?:,\d{1,3})?)(?:\"|''))?\s?([NSEWBĐ])?(?!\w)"
)
_DECIMAL_DEGREES = re.compile(rf"(?<![\w.,])({NUMBER}|\d{{1,3}}\.\d{{1,6}})\s?°\s?([NSEW])(?!\w)")
_BARE_DEGREES = re.compile(r"(?<![\w.,])(\d{1,3}[.,]\d{1,4})\s?([NE])(?!\w)")
_SIDES = {
    "N": "vĩ Bắc", "B": "vĩ Bắc", "S": "vĩ Nam", "E": "kinh Đông", "Đ": "kinh Đông",
    "W": "kinh Tây",
}  # fmt: skip
_SEEDS = re.compile(r"(?:giống|lúa|ngô|bắp|lạc|sắn)[^.;:]{0,30}\Z", re.IGNORECASE)


def speak_places(line: str) -> str:
    """Road numbers, kilometre marks and coordinates of the line in words."""
    line = _KM_RANGE.sub(r"\1 đến ", line)
    line = _KM_MARK.sub(lambda m: f"ki lô mét {whole(m[1])} cộng {_metres(m[2])}", line)
    line = _KM.sub(lambda m: f"ki lô mét {number(m[1])}", line)
    line = _ROAD.sub(_road, line)
    line = _NAMED_ROAD.sub(lambda m: f"{m[1]}{whole(m[2])} {spell(m[3])}", line)
    line = _DEGREES.sub(_degrees, line)
    line = _DECIMAL_DEGREES.sub(_decimal_degrees, line)
    return _BARE_DEGREES.sub(_decimal_degrees, line)


def _metres(text: str) -> str:
    return number(str(int(text)), quantity=True)


def _road(match: re.Match[str]) -> str:
    left = before(match)
    if _SEEDS.search(left) and last_word(left) not in ("đường", "tuyến", "trên"):
        return match[0]
    if match[1] == "CT" and last_word(before(match)) not in ("đường", "tuyến", "tốc"):
        return match[0]
    branch = f" {spell(match[3])}" if match[3] else ""
    district = f" chấm {spell(match[4])}" if match[4] else ""
    name = _ROADS[match[1]]
    if last_word(left) == "đường":
        name = name.removeprefix("đường ")
    return f"{name} {whole(match[2])}{branch}{district}"


def _degrees(match: re.Match[str]) -> str:
    words = f"{whole(match[1])} độ {whole(match[2])} phút"
    if match[3]:
        words += f" {number(match[3])} giây"
    return f"{words} {_SIDES[match[4]]}" if match[4] else words


def _decimal_degrees(match: re.Match[str]) -> str:
    value = match[1].replace(".", ",")
    return f"{number(value)} độ {_SIDES[match[2]]}"
