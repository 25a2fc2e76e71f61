"""A refusal is known by its code; its sentence is for people."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from vang.base.refusals import Refusal


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block must be refused with this code."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code
