"""Numbers of list items as word processors write them. Pure."""

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 4_000


def roman(number: int) -> str:
    """Lower-case Roman numerals up to 3,999."""
    digits = ""
    for value, letters in _ROMAN:
        digits += letters * (number // value)
        number %= value
    return digits


def letters(number: int) -> str:
    """a … z, then aa, bb … as word processors count."""
    turns, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (turns + 1)


def written(number: int, style: str) -> str:
    """``style`` is "1", "a", "A", "i" or "I"; anything else counts in digits."""
    if style not in {"a", "A", "i", "I"} or not 0 < number < _LARGEST:
        return str(number)
    told = roman(number) if style in {"i", "I"} else letters(number)
    return told.upper() if style.isupper() else told
