"""Whether a node is there."""

from datetime import UTC, datetime, timedelta

import pytest

from vang.stations.presence import (
    Contact,
    Listening,
    Presence,
    attended,
    has_settled,
    presence,
)

NOW = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)
LONG_UP = Listening(NOW - timedelta(hours=5), NOW)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("seconds", "every_s", "expected"),
    [
        (0, 15, Presence.ONLINE),
        (37.5, 15, Presence.ONLINE),
        (37.6, 15, Presence.OFFLINE),
        (75, 30, Presence.ONLINE),
        (75.1, 30, Presence.OFFLINE),
    ],
)
def test_a_node_is_online_for_two_and_a_half_intervals(
    seconds: float, every_s: int, expected: Presence
) -> None:
    assert presence(Contact(ago(seconds), every_s), LONG_UP, now=NOW) is expected


def test_a_closed_link_shows_at_once_and_a_new_word_undoes_it() -> None:
    assert presence(Contact(ago(5), 15, ago(4)), LONG_UP, now=NOW) is Presence.OFFLINE
    assert presence(Contact(ago(3), 15, ago(4)), LONG_UP, now=NOW) is Presence.ONLINE


def test_a_node_never_heard_is_not_called_offline() -> None:
    assert presence(Contact(None, 30), LONG_UP, now=NOW) is Presence.NEVER


def test_while_the_server_itself_was_deaf_nobody_is_called_offline() -> None:
    quiet = Contact(ago(600), 15)
    deaf = Listening(ago(3600), ago(60))
    just_back = Listening(ago(30), NOW)
    back_for_long = Listening(ago(40), NOW)
    assert presence(quiet, None, now=NOW) is Presence.UNKNOWN
    assert presence(quiet, deaf, now=NOW) is Presence.UNKNOWN
    assert presence(quiet, just_back, now=NOW) is Presence.UNKNOWN
    assert presence(quiet, back_for_long, now=NOW) is Presence.OFFLINE


def test_until_most_are_back_the_rest_is_not_called_offline_for_five_minutes() -> None:
    quiet = Contact(ago(900), 15)
    back = Listening(ago(200), NOW)
    assert presence(quiet, back, now=NOW, settled=False) is Presence.UNKNOWN
    assert presence(quiet, back, now=NOW, settled=True) is Presence.OFFLINE
    longer = Listening(ago(301), NOW)
    assert presence(quiet, longer, now=NOW, settled=False) is Presence.OFFLINE


def test_a_node_heard_since_the_outage_and_then_no_more_is_offline() -> None:
    back = Listening(ago(100), NOW)
    assert presence(Contact(ago(90), 15), back, now=NOW, settled=False) is Presence.OFFLINE


def test_four_fifths_must_be_back() -> None:
    back = Listening(ago(100), NOW)
    here, gone, never = Contact(ago(10), 15), Contact(ago(900), 15), Contact(None, 15)
    assert has_settled([here] * 4 + [gone, never], back)
    assert not has_settled([here] * 3 + [gone] * 2, back)
    assert has_settled([], back)


def test_listening_begins_anew_after_a_pause() -> None:
    begun = attended(None, now=NOW)
    assert begun == Listening(NOW, NOW)
    on = attended(begun, now=NOW + timedelta(seconds=45))
    assert on == Listening(NOW, NOW + timedelta(seconds=45))
    anew = NOW + timedelta(seconds=91)
    assert attended(on, now=anew) == Listening(anew, anew)
