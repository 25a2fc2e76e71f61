"""What an announcer records so that any number, hour, date and amount can be said. Pure.

Vietnamese syllables keep their tone beside any neighbour, so a number may be put together; but
it sounds put together at each join. Therefore two tiers: *needed* phrases, with which everything
can be said (no join inside a group of tens, hundreds or a day of the week), and *better* ones,
whole hours, days, months and years, which take joins away where most are heard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from vang.phrases.tokens import key_of
from vang.voice.speech.numbers import DIGITS, cardinal


class Group(StrEnum):
    """What a phrase is for. Stable: stored."""

    NUMBER = "NUMBER"
    HOUR = "HOUR"
    DATE = "DATE"
    WEEKDAY = "WEEKDAY"
    PLACE = "PLACE"
    SENTENCE = "SENTENCE"


@dataclass(frozen=True)
class Wanted:
    """A phrase to record, shown inside a sentence (``before``, ``after``) so that it is read as
    in the middle of speech, not as a word of a list."""

    text: str
    group: Group
    needed: bool = True
    before: str = ""
    after: str = ""

    @property
    def key(self) -> str:
        return key_of(self.text)


WEEKDAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_SCALES = ("nghìn", "triệu", "tỷ", "phẩy", "phần trăm", "đồng")
_HALVES = ("mười lăm", "ba mươi", "bốn mươi lăm")


def standing_inventory(year: int) -> list[Wanted]:
    """Everything but places and sentences, in the order in which it is best recorded."""
    return [*_numbers(), *_hours(), *_dates(year), *_weekdays()]


def once(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Each phrase once; a needed one wins over a better one."""
    found: dict[str, Wanted] = {}
    for one in wanted:
        before = found.get(one.key)
        if before is None or (one.needed and not before.needed):
            found[one.key] = one
    return list(found.values())


def _numbers() -> Iterator[Wanted]:
    after = "hộ dân"
    for word in DIGITS:
        yield Wanted(word, Group.NUMBER, before="số", after="là số")
    for value in [*range(10, 20), *range(20, 100, 10)]:
        yield Wanted(cardinal(value), Group.NUMBER, before="có", after=after)
    for tail, tens in (("mốt", "hai mươi"), ("tư", "ba mươi"), ("lăm", "năm mươi")):
        yield Wanted(tail, Group.NUMBER, before=tens, after=after)
    for word in DIGITS:
        yield Wanted(f"{word} trăm", Group.NUMBER, before="có", after="mười hai hộ dân")
    yield Wanted("lẻ", Group.NUMBER, before="một trăm", after="năm hộ dân")
    for word in _SCALES:
        yield Wanted(word, Group.NUMBER, before="hai mươi", after="")


def _hours() -> Iterator[Wanted]:
    yield Wanted("giờ", Group.HOUR, before="từ bảy", after="ba mươi phút")
    yield Wanted("phút", Group.HOUR, before="bảy giờ ba mươi", after="ngày mai")
    yield Wanted("đến", Group.HOUR, before="từ bảy giờ", after="mười một giờ")
    yield Wanted("và", Group.HOUR, before="thôn một", after="thôn hai")
    for hour in range(25):
        text = f"{cardinal(hour)} giờ"
        yield Wanted(text, Group.HOUR, needed=False, before="từ", after="ngày mai")
    for minutes in _HALVES:
        text = f"{minutes} phút"
        yield Wanted(text, Group.HOUR, needed=False, before="bảy giờ", after="ngày mai")


def _dates(year: int) -> Iterator[Wanted]:
    for word, before, after in (
        ("ngày", "vào", "mười hai"),
        ("tháng", "ngày mười hai", "sáu"),
        ("năm", "tháng sáu", "hai nghìn không trăm hai mươi bảy"),
    ):
        yield Wanted(word, Group.DATE, before=before, after=after)
    for day in range(1, 32):
        text = f"ngày {cardinal(day)}"
        yield Wanted(text, Group.DATE, needed=False, before="vào", after="tháng sáu")
    for month in range(1, 13):
        text = f"tháng {'tư' if month == 4 else cardinal(month)}"
        yield Wanted(text, Group.DATE, needed=False, before="ngày mười hai", after="năm nay")
    for one in (year, year + 1):
        text = f"năm {cardinal(one)}"
        yield Wanted(text, Group.DATE, needed=False, before="tháng sáu", after="")


def _weekdays() -> Iterator[Wanted]:
    for word in WEEKDAYS:
        yield Wanted(word, Group.WEEKDAY, before="vào", after="ngày mười hai")
