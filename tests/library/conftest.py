"""Material in the library of the cast's communes."""

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.library.material import notice, picture
from vang.library import services
from vang.library.models import Item
from vang.library.preparing import prepare_item
from vang.orgs.models import Unit
from vang.people.models import Person


@pytest.fixture
def bring(xa_a: Unit, an: Person, now: datetime) -> Callable[..., Item]:
    """``bring(content, name)``: An brings a file, and the worker prepares it."""

    def brought(content: bytes, name: str = "tep.bin", *, prepared: bool = True) -> Item:
        item = services.keep_item(unit=xa_a, file_name=name, content=content, by=an, now=now)
        if prepared:
            prepare_item(item.pk, clock=lambda: now)
        return Item.objects.get(pk=item.pk)

    return brought


@pytest.fixture
def photo(bring: Callable[..., Item]) -> Item:
    return bring(picture(), "hoi-hoa.jpg")


@pytest.fixture
def document(bring: Callable[..., Item]) -> Item:
    return bring(notice(), "tb45.docx")
