"""Datagrams about the time: only who has the key is believed, and an old one moves nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vang_protocol.clock_datagrams import (
    Here,
    NotOurs,
    Question,
    Told,
    here,
    question,
    read_here,
    read_question,
    read_told,
    sender_of,
    told,
)

KEY, ID = bytes(range(32)), b"12345678"
NUMBER = st.integers(0, 2**64 - 1)


@given(NUMBER, NUMBER, NUMBER)
def test_they_read_back_and_name_their_sender(mark: int, arrived: int, left: int) -> None:
    asked, answered = Question(ID, mark), Told(ID, mark, arrived, left)
    assert read_question(question(asked, KEY), KEY) == asked
    assert read_told(told(answered, KEY), KEY) == answered
    standing = Here(ID, b"session8", mark)
    assert read_here(here(standing, KEY), KEY) == standing
    assert sender_of(question(asked, KEY)) == ID


def test_an_answer_is_not_longer_than_its_question() -> None:
    asked, answered = question(Question(ID, 1), KEY), told(Told(ID, 1, 2, 3), KEY)
    assert len(answered) <= len(asked)


@given(st.data())
def test_not_one_bit_can_be_changed(data: st.DataObject) -> None:
    good = bytearray(told(Told(ID, 1, 2, 3), KEY))
    place = data.draw(st.integers(0, len(good) * 8 - 1))
    good[place // 8] ^= 1 << place % 8
    with pytest.raises(NotOurs):
        read_told(bytes(good), KEY)


@given(st.binary(max_size=80))
def test_noise_is_nothing(data: bytes) -> None:
    for read in (read_question, read_told, read_here):
        with pytest.raises(NotOurs):
            read(data, KEY)


def test_another_key_and_another_kind_are_not_believed() -> None:
    good = question(Question(ID, 1), KEY)
    assert read_question(good, KEY)
    with pytest.raises(NotOurs):
        read_question(good, bytes(32))
    with pytest.raises(NotOurs):
        read_here(good, KEY)
