"""Every code has words, and words are Vietnamese."""

import pytest
from django.utils import translation

from vang.evidence.faults import Fault
from vang.evidence.outcomes import Doubt
from vang.evidence.words import FAULTS, REASONS, fault_words, reason_words
from vang_protocol.reasons import Reason


def test_every_reason_code_has_words() -> None:
    codes = {reason.value for reason in Reason} | set(Doubt) | set(Fault)
    assert codes <= set(REASONS) | set(FAULTS)


@pytest.mark.parametrize("code", sorted({*REASONS, *FAULTS}))
def test_the_words_are_vietnamese(code: str) -> None:
    source = REASONS.get(code) or FAULTS[code]
    with translation.override("vi"):
        shown = str(source)
    with translation.override("en"):
        english = str(source)
    assert shown != english
    assert any(ord(letter) > 127 for letter in shown)


def test_a_code_of_a_newer_device_is_shown_as_it_is() -> None:
    with translation.override("en"):
        assert reason_words("solar-eclipse") == "other reason (solar-eclipse)"
        assert fault_words("solar-eclipse") == "other reason (solar-eclipse)"
    assert reason_words("") == ""
