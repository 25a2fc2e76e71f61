"""How loud a cluster may be: never above a ceiling, and the quietest rule wins."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vang_protocol.limits import VOLUME_FLOOR_DB
from vang_protocol.volumes import ClusterOrders, Loudness, level_db, relative_db

ZONE = "Asia/Ho_Chi_Minh"
MIDNIGHT = datetime(2026, 6, 9, 17, 0, tzinfo=UTC)  # 00:00 of 10/06/2026 in Vietnam
NIGHT: Loudness = (("00:00", "06:00", -12), ("21:00", "24:00", -12), ("05:00", "05:30", -20))


def at(hour: int, minute: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hour, minutes=minute)


def test_an_hour_has_its_loudness_and_the_quietest_holds() -> None:
    told = [relative_db(at(*clock), zone=ZONE, volume=NIGHT) for clock in CLOCKS]
    assert told == [-12, -20, -12, 0, 0, -12, -12]


CLOCKS = [(4, 59), (5, 0), (5, 30), (6, 0), (20, 59), (21, 0), (23, 59)]


def test_both_ceilings_hold_and_the_hour_lowers_them() -> None:
    orders = ClusterOrders("c1", ceiling_db=-6, volume=NIGHT)

    def level(moment: datetime, *, ceiling_db: int, item_db: int = 0) -> int:
        return level_db(moment, zone=ZONE, orders=orders, item_db=item_db, ceiling_db=ceiling_db)

    assert level(at(12), ceiling_db=0) == -6
    assert level(at(12), ceiling_db=-10) == -10
    assert level(at(22), ceiling_db=-10) == -22
    assert level(at(22), ceiling_db=-55) == VOLUME_FLOOR_DB
    assert level(at(12), ceiling_db=0, item_db=-30) == -30


minutes = st.integers(0, 24 * 60 - 1)
rules = st.lists(
    st.tuples(st.integers(0, 23), st.integers(1, 24), st.integers(VOLUME_FLOOR_DB, 0)).filter(
        lambda rule: rule[0] < rule[1]
    ),
    max_size=5,
).map(lambda rows: tuple((f"{a:02d}:00", f"{b:02d}:00", db) for a, b, db in rows))


@given(minutes, rules, st.integers(-60, 0), st.integers(-60, 0), st.integers(-60, 0))
def test_nothing_is_ever_louder_than_any_ceiling(
    minute: int, volume: Loudness, node: int, office: int, item: int
) -> None:
    moment = MIDNIGHT + timedelta(minutes=minute)
    orders = ClusterOrders("c1", ceiling_db=office, volume=volume)
    level = level_db(moment, zone=ZONE, orders=orders, item_db=item, ceiling_db=node)
    assert VOLUME_FLOOR_DB <= level <= min(node, office, item)
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    holding = [db for opens, closes, db in volume if opens <= clock < closes]
    assert all(level <= max(VOLUME_FLOOR_DB, min(node, office) + db) for db in holding)
