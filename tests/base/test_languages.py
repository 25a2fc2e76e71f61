"""The list of languages: complete, well formed, named as people name them."""

import re

import pytest
from django.utils import translation

from vang.base.languages import (
    CODE,
    VIETNAMESE,
    language_choices,
    language_name,
    languages,
    voice_needed,
)


def test_codes_are_well_formed_and_vietnamese_comes_first() -> None:
    assert list(languages())[:2] == [VIETNAMESE, "en"]
    assert all(re.fullmatch(CODE, code) for code in languages())


def test_the_ethnic_languages_of_the_founding_plans_mountains_are_there() -> None:
    with translation.override("vi"):
        names = dict(language_choices())
    assert (names["ktv"], names["sed"], names["kxy"]) == (
        "tiếng Cơ Tu",
        "tiếng Xê Đăng",
        "tiếng Ca Dong",
    )


def test_a_name_follows_the_language_of_the_page() -> None:
    with translation.override("en"):
        assert language_name("ktv") == "Katu"
    assert language_name("xx") == "xx"


@pytest.mark.parametrize("code", [code for code in languages() if code != VIETNAMESE])
def test_only_vietnamese_has_a_computer_voice(code: str) -> None:
    with translation.override("en"):
        assert languages()[code].english in str(voice_needed(code))
        assert voice_needed(VIETNAMESE) == ""
