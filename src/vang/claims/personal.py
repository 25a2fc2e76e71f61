"""Personal data that must not stand in the register, as far as a computer recognises it. Pure.

What is certain (telephone and identity numbers, e-mail addresses, profiles) is refused. What looks
like a person's name is pointed out: whoever writes decides, for an authority may be named.
Law 91/2025/QH15 on personal data; the register is about words, not about people.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PHONE = "phone"
    IDENTITY = "identity"
    EMAIL = "email"
    PROFILE = "profile"


@dataclass(frozen=True)
class Finding:
    """What was found, as it stands in the text."""

    kind: Kind
    words: str


_SEPARATOR = r"[ .\-]?"
# Mobile and fixed lines; hotlines of three digits, 1800 and 1900 are the public's.
_PHONE = re.compile(
    rf"(?<![\d.,])(?:\+?84|0){_SEPARATOR}(?:[35789]|2\d){_SEPARATOR}\d(?:{_SEPARATOR}\d){{6,7}}(?!\d)"
)
_IDENTITY = re.compile(
    r"(?<!\d)0\d{2}[ .]?[0-9]\d{2}[ .]?\d{6}(?!\d)"
    r"|(?:cmnd|cccd|căn cước|chứng minh|hộ chiếu|mã số thuế|số tài khoản|stk)"
    r"\D{0,20}[A-Z]?\d{7,16}",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PROFILE = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:"
    r"(?:facebook|fb)\.com/(?!groups/|watch|share/|sharer|hashtag/|events/)[\w.\-?=&/]+"
    r"|zalo\.me/[\w.+-]+"
    r"|tiktok\.com/@[\w.\-/]+"
    r"|youtube\.com/(?:@|channel/|c/|user/)[\w.\-/]+"
    r"|instagram\.com/(?!p/|reel/)[\w.\-/]+"
    r"|(?:twitter|x)\.com/(?!search|hashtag)[\w.\-/]+"
    r"|t\.me/[\w.+\-/]+"
    r"|threads\.net/@[\w.\-/]+"
    r")",
    re.IGNORECASE,
)
_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_WORD = rf"[{_UPPER}]\w*"
_NAME = re.compile(
    r"(?<!\w)(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác"
    r"|[Tt]ài khoản|[Nn]ick|[Ff]acebook|[Zz]alo)"
    rf"(?: (?:tên|là|của))? [\"“']?({_WORD}(?: {_WORD}){{0,4}})"
)
_NO_NAMES = {
    "Zalo",
    "Facebook",
    "Tiktok",
    "TikTok",
    "Youtube",
    "YouTube",
    "Telegram",
    "UBND",
    "MTTQ",
}
_FINDERS = (
    (Kind.PROFILE, _PROFILE),
    (Kind.EMAIL, _EMAIL),
    (Kind.IDENTITY, _IDENTITY),
    (Kind.PHONE, _PHONE),
)


def personal_data(text: str) -> list[Finding]:
    """Everything that is certainly personal data, in order of kinds; each place once."""
    found: list[Finding] = []
    rest = text
    for kind, pattern in _FINDERS:
        found += [Finding(kind, match[0].strip()) for match in pattern.finditer(rest)]
        rest = pattern.sub(" ", rest)
    return found


def looks_like_names(text: str) -> list[str]:
    """What may be names of people: after a form of address or the word "account"."""
    names = (match[1].strip() for match in _NAME.finditer(text))
    return list(dict.fromkeys(name for name in names if name not in _NO_NAMES))


def in_all(texts: Iterable[str]) -> list[Finding]:
    return [finding for text in texts for finding in personal_data(text)]
