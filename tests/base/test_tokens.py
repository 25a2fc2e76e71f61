"""Bearer tokens without a database."""

from datetime import datetime, timedelta

import pytest

from vang.base.tokens import TokenRefused, make_token, read_token

SECRET = b"s" * 32


@pytest.fixture
def token(now: datetime) -> str:
    return make_token(SECRET, "session", {"node": "n1"}, now=now, lasts_s=60)


def test_a_token_is_read_until_it_expires(token: str, now: datetime) -> None:
    assert read_token(SECRET, "session", token, now=now)["node"] == "n1"
    nearly = now + timedelta(seconds=59)
    assert read_token(SECRET, "session", token, now=nearly)["node"] == "n1"
    with pytest.raises(TokenRefused, match="expired"):
        read_token(SECRET, "session", token, now=now + timedelta(seconds=60))


def test_it_serves_one_purpose_and_one_server(token: str, now: datetime) -> None:
    with pytest.raises(TokenRefused, match="forged"):
        read_token(SECRET, "other", token, now=now)
    with pytest.raises(TokenRefused, match="forged"):
        read_token(b"t" * 32, "session", token, now=now)


def test_no_changed_character_passes(token: str, now: datetime) -> None:
    body = token.partition(".")[0]
    for place in range(len(body)):
        other = "A" if token[place] != "A" else "B"
        changed = token[:place] + other + token[place + 1 :]
        with pytest.raises(TokenRefused):
            read_token(SECRET, "session", changed, now=now)


@pytest.mark.parametrize("junk", ["", ".", "a.b", "a.b.c", "é.é", "a.!!!!", "x" * 10_000])
def test_junk_is_refused(junk: str, now: datetime) -> None:
    with pytest.raises(TokenRefused):
        read_token(SECRET, "session", junk, now=now)
