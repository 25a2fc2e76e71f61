"""Numbers and symbols: 90/KH-UBND, 52/2016/QĐ-TTg, 454/UBND-VX, 07-CT/TW. Pure."""

import re
from dataclasses import dataclass

from vang.library.official.folding import flat, phrases

_WORD = r"[^\W_][^\W_&.]*(?:[&.][^\W_]+)*"
_SYMBOL = rf"{_WORD}(?:\s?[-–/]\s?{_WORD}){{0,4}}"
_DIGITS = r"(?P<digits>\d{1,6}\s?[a-zA-Z]?(?![^\W\d_])|[.…_]{1,40}|)"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_BODY = (
    rf"{_DIGITS}\s*(?:/\s*{_YEAR}\s*/\s*(?P<dated>{_SYMBOL})|/\s*(?P<state>{_SYMBOL})"
    rf"|\s?[-–]\s?(?P<party>[^\W\d_]{{2,4}}\s?/\s?{_SYMBOL})"
    rf"|\s+(?P<youth>[^\W\d_]{{2,4}}/{_SYMBOL}))"
)
_ANCHORED = re.compile(
    rf"(?:(?:[Nn]ghị quyết|[Ll]uật|[Pp]háp lệnh)\s+)?\b[Ss]\s?[ốỐ0oO]\s*[:;.]?\s*{_BODY}"
)
_BARE = re.compile(rf"(?<![\w/-]){_BODY}")
_PARTY_SIGN = re.compile(r"[^\W\d_]{2,4}\s?/")


@dataclass(frozen=True)
class Number:
    """``digits`` is "" for a number that was left blank; ``symbol`` is "KH-UBND" or "CT/TW"."""

    digits: str
    year: str
    symbol: str
    party: bool
    anchored: bool
    start: int
    end: int

    @property
    def text(self) -> str:
        if self.party:
            return f"{self.digits}-{self.symbol}"
        return "/".join(part for part in (self.digits, self.year) if part) + f"/{self.symbol}"

    @property
    def signs(self) -> list[str]:
        """The parts of the symbol: ["KH", "UBND"]."""
        return [part for part in re.split(r"[-–/.]", self.symbol) if part]


def find_number(text: str) -> Number | None:
    """The first number that the word "Số" stands before."""
    for found in _ANCHORED.finditer(text):
        if (number := _number(found, anchored=True)) is not None:
            return number
    return None


def find_bare_number(text: str) -> Number | None:
    """A number without the word, as lost by extraction: digits and a symbol in capitals."""
    for found in _BARE.finditer(text):
        number = _number(found, anchored=False)
        if number is not None and number.digits:
            return number
    return None


def _number(found: re.Match[str], *, anchored: bool) -> Number | None:
    symbol = found["dated"] or found["state"] or found["party"] or found["youth"] or ""
    symbol = re.sub(r"\s", "", symbol).replace("–", "-").rstrip(".-/&")
    if not _is_symbol(symbol):
        return None
    digits = "".join(c for c in found["digits"] if c.isalnum())
    party = found["party"] is not None
    return Number(digits, found["year"] or "", symbol, party, anchored, *found.span())


def _is_symbol(symbol: str) -> bool:
    """Begins with capitals and is no date ("10/2017")."""
    letters = [letter for letter in symbol if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return capitals >= 2 and symbol[0].isupper() and capitals * 2 >= len(letters)


_KINDS = phrases(
    "luat, bo luat, nghi quyet, nghi dinh, quyet dinh, chi thi, ke hoach, thong tu,"
    "thong tu lien tich, thong bao, cong van, cong dien, huong dan, ket luan, to trinh, bao cao,"
    "phap lenh, chuong trinh, de an, quy dinh, thong tri, van ban, giay moi"
)
_REFERENCE = re.compile(rf"{_KINDS}\s+(?:so\s*:?\s*)?(?=\d)")


def references(text: str) -> list[tuple[int, int]]:
    """Where the text names other documents by kind and number: start, and end of the number."""
    found = []
    for match in _REFERENCE.finditer(flat(text)):
        number = _BARE.match(text, match.end())
        if number is not None and _number(number, anchored=True) is not None:
            found.append((match.start(), number.end()))
    return found
