"""The silent test of the way that orders take: every node asks, and only the pages can answer."""

from datetime import timedelta

from vang.stations.models import Node

EVERY = timedelta(minutes=3)
MISSED = 3 * EVERY + timedelta(seconds=30)
"""Three in a row, by a device that is there otherwise."""


def misses_tests(node: Node) -> bool:
    """It speaks, but has not passed the test for three times: orders may not reach it.

    Devices with older software never ask and are not judged.
    """
    if node.tested_at is None or node.last_seen_at is None:
        return False
    return node.last_seen_at - node.tested_at > MISSED
