"""Pages about a unit's order that stand beside each other."""

from django.urls import reverse
from django.utils.translation import gettext as _


def order_tabs(active: str) -> list[dict[str, object]]:
    """For ``{% tabs %}``; ``active`` is the view's name."""
    places = (
        ("people:delegations", _("Delegations")),
        ("people:board", _("Editorial board")),
        ("desk:rights", _("Who may do what")),
    )
    return [
        {"label": label, "url": reverse(view), "active": view == active, "count": None}
        for view, label in places
    ]
