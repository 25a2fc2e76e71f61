"""What happens by itself when something else changed."""

from vang.base import clock
from vang.bulletins.models import Edition
from vang.dispatch.services import publish_after_change


def republish(unit_id: int) -> None:
    """A commune's airtime or clusters changed."""
    publish_after_change(unit_id, now=clock.now())


def republish_without(edition: Edition) -> None:
    """An edition was withdrawn: it is silenced at once."""
    republish(edition.unit_id)
