"""What Django's forms say is Vietnamese too."""

from django import forms
from django.utils.translation import gettext, override

from vang.base.words_of_django import SENTENCES


class _Form(forms.Form):
    name = forms.CharField()
    number = forms.IntegerField(min_value=1, max_value=3)


def said(**typed: str) -> dict[str, list[str]]:
    with override("vi"):
        return {name: list(errors) for name, errors in _Form(typed).errors.items()}


def test_hidden_characters_and_wrong_numbers_are_refused_in_vietnamese() -> None:
    assert said(name="a\0b", number="0") == {
        "name": ["Văn bản có ký tự ẩn không dùng được. Hãy gõ lại đoạn đã dán."],
        "number": ["Số này phải từ 1 trở lên."],
    }
    assert said(name="a", number="4") == {"number": ["Số này phải từ 3 trở xuống."]}


def test_no_sentence_stays_english() -> None:
    with override("vi"):
        assert [one for one in SENTENCES if gettext(one) == one] == []
