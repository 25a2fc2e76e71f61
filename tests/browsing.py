"""The browser that journeys share, and the order in which they are walked."""

from collections.abc import Sequence

import pytest

BROWSER = "/usr/bin/chromium"
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
UNGUARDED = "DJANGO_ALLOW_ASYNC_UNSAFE"
LONGEST = (
    "test_first_broadcast",
    "test_every_page",
    "test_main_job",
    "test_technician",
    "test_in_a_browser",
)


def in_good_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Journeys come last, as their browser's event loop stays in the thread; the longest of them
    before the others, so that two workers end together."""
    return sorted(items, key=_place)


def _place(item: pytest.Item) -> int:
    if item.get_closest_marker("journey") is None:
        return 0
    name = item.path.stem
    return 1 + (LONGEST.index(name) if name in LONGEST else len(LONGEST))
