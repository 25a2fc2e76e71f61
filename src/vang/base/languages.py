"""Languages that residents read and hear. The list is data: ``languages.tsv``.

Codes are those of BCP 47 (ISO 639-1 where there is one, otherwise ISO 639-3), so that a public
page may name its language to a screen reader: Cơ Tu as spoken in Vietnam is ``ktv``.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

VIETNAMESE = "vi"
CODE = r"^[a-z]{2,3}$"
CODE_LENGTH = 3


@dataclass(frozen=True)
class Language:
    """Ngôn ngữ. Only Vietnamese has a computer voice; every other one needs a person's."""

    code: str
    vietnamese: str
    english: str

    @property
    def name(self) -> str:
        """In the language of the page: "tiếng Cơ Tu", "Katu"."""
        if (get_language() or VIETNAMESE).startswith(VIETNAMESE):
            return f"tiếng {self.vietnamese}"
        return self.english

    @property
    def has_computer_voice(self) -> bool:
        return self.code == VIETNAMESE


@cache
def languages() -> Mapping[str, Language]:
    """By code: Vietnamese, English, then by their Vietnamese names."""
    table = resources.files("vang.base").joinpath("languages.tsv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines(), delimiter="\t")
    return {row["code"]: Language(**row) for row in rows}


def language_name(code: str) -> str:
    """The name as people say it; an unknown code stands for itself."""
    known = languages().get(code)
    return known.name if known else code


def language_choices() -> list[tuple[str, str]]:
    """For a form, in the order of the list."""
    return [(code, language.name) for code, language in languages().items()]


def voice_needed(code: str) -> str | Promise:
    """Why a recording must be attached; empty where the computer speaks."""
    if languages()[code].has_computer_voice:
        return ""
    return format_lazy(_NO_VOICE, language=language_name(code))


_NO_VOICE = _(
    "There is no computer voice for {language}: record a person and attach the recording."
)
