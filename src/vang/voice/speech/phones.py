"""Telephone and other numbers that are read digit by digit (phones, 113–115, codes)."""

import re

from vang.voice.speech.context import after, before
from vang.voice.speech.letters import letter_name
from vang.voice.speech.numbers import digit_by_digit

_GAP = r"[ .-]"
_START = r"(?<![\w.,/+-])"
_END = r"(?![\d]|[.,/]\d|-\d)"

_SHAPES = re.compile(
    rf"(?<![\w.,/+-])(?:\+?\(?\+?84\)?{_GAP}?(?:\(0\))?\d{{1,4}}(?:{_GAP}?\d{{2,4}}){{2,4}}"
    rf"|\(0\d{{1,3}}\){_GAP}?\d{{1,4}}(?:{_GAP}?\d{{2,4}}){{1,3}}"
    rf"|0\d{{9,10}}|0\d{{1,4}}{_GAP}\d{{1,8}}(?:{_GAP}\d{{2,4}}){{0,3}}"
    rf"|1[89]00[ .]?\d{{2,6}}(?:[ .]\d{{2,4}})?){_END}"
)
_EMERGENCY = re.compile(rf"{_START}(11[1-5])(?![\d]|[.,/:]\d|\s?[-–%]\s?\d)")
_SLASHED = re.compile(rf"{_START}11[1-5](?:/11[1-5]){{1,4}}(?![\d/])")
_CALL = re.compile(
    r"(?:gọi|tổng đài|đường dây nóng|hotline|điện thoại|liên hệ|số máy|máy số|cảnh sát|công an"
    r"|cứu hỏa|cứu hoả|cứu nạn|cứu hộ|cấp cứu|cứu thương|phản ứng nhanh|báo ngay|báo cho"
    r"|sđt|đt:|khẩn cấp)[^.;!?]*\Z",
    re.IGNORECASE,
)
_AFTER_EMERGENCY = re.compile(
    r"\s*(?:\Z|[.,;:()!?/\"]|[-–]|(?:hoặc|hay|và|để|khi|nếu|là|của|đến|theo|trong|ngay|nhé"
    r"|Công|Cảnh|Cứu|Cấp|công|cảnh|cứu|cấp)(?!\w))"
)
_IN_A_LIST = re.compile(r"11[1-5](?: ?\([^()]{0,40}\))?(?:,| ?(?:hoặc|hay|và|/|-|–)) ?\Z")
_HELD_LIST = re.compile(r"(?: ?\([^()]{0,40}\))?(?:,| ?(?:hoặc|hay|và|/|-|–)) ?11[1-5](?!\d)")
_SHORT_CODE = re.compile(
    r"(?<!\w)((?i:tổng đài|đầu số|hotline|đường dây nóng|gọi số|gọi đến số|số máy|nhắn tin đến"
    r"|điện thoại(?: số)?|mã số thuế|MST|số tài khoản|STK|CCCD|CMND|căn cước(?: công dân)?"
    r"|mã hồ sơ|mã khách hàng|số hiệu|mã số|mã tỉnh|mã xã|gửi)(?: số)?:? )"
    r"(\d{3,20})(?![\d%]|[.,/]\d| (?:đồng|người|hộ|triệu|giờ|phút|ngày|tháng|suất|trường))"
)
_FILE_CODE = re.compile(
    r"(?<!\w)((?i:mã (?:số )?hồ sơ|mã khách hàng|mã (?:số )?đơn|số seri|seri)(?: số)?:? )"
    r"([A-Z0-9][A-Z0-9.-]{5,40})(?!\w)"
)
_CODE = re.compile(rf"{_START}(\d{{16,}})(?!\d)")


def speak_phones(line: str) -> str:
    """The telephone numbers and codes of the line digit by digit, groups parted by commas."""
    line = _SLASHED.sub(lambda m: m[0].replace("/", ", "), line)
    line = _FILE_CODE.sub(lambda m: m[1] + _characters(m[2]), line)
    line = _CODE.sub(lambda m: digit_by_digit(m[1]), line)
    line = _SHAPES.sub(_phone, line)
    line = _SHORT_CODE.sub(lambda m: m[1] + digit_by_digit(m[2]), line)
    return _EMERGENCY.sub(_emergency, line)


def _characters(code: str) -> str:
    """Every letter and figure of a code by name, its groups parted by commas."""
    groups = [g for g in re.split(r"[.-]+", code) if g]
    return ", ".join(" ".join(_character(c) for c in group) for group in groups)


def _character(character: str) -> str:
    return digit_by_digit(character) or letter_name(character)


def _phone(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if not _is_phone(digits, match[0]):
        return match[0]
    groups = (digit_by_digit(g) for g in re.split(r"\D+", match[0]) if g)
    return ("cộng " if "+" in match[0] else "") + ", ".join(groups)


def _is_phone(digits: str, text: str) -> bool:
    if digits.startswith("84"):
        return ("+" in text or len(digits) == 11) and 10 <= len(digits) <= 12
    if digits.startswith("0"):
        return 10 <= len(digits) <= 11
    return 8 <= len(digits) <= 10


def _emergency(match: re.Match[str]) -> str:
    left, right = before(match), after(match)
    listed = _IN_A_LIST.search(left) or _HELD_LIST.match(right)
    if (_CALL.search(left) or listed) and _AFTER_EMERGENCY.match(right):
        return digit_by_digit(match[1])
    return match[0]
