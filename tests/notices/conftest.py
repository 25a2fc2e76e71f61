from collections.abc import Iterator

import pytest

from tests.letters.conftest import post_office as post_office  # noqa: PLC0414 - a fixture
from vang.notices import kinds
from vang.notices.kinds import Kind
from vang.notices.models import Mail

NOW, LATER, QUIET = "test-now", "test-later", "test-quiet"


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    """One kind that is mailed at once, one a day, one never."""
    kinds.register(
        Kind(NOW, "việc gấp", "bell", Mail.AT_ONCE),
        Kind(LATER, "việc thường", "bell", Mail.DAILY),
        Kind(QUIET, "việc nhỏ", "bell", Mail.NEVER, frozenset({"TECHNICIAN"})),
    )
    yield
    for name in (NOW, LATER, QUIET):
        kinds._kinds.pop(name)
