"""Pages about a unit's order that stand beside each other."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from vang.people.access import Role, here


def order_tabs(request: HttpRequest, active: str) -> list[dict[str, object]]:
    """For ``{% tabs %}``, those for the person's roles; ``active`` is the view's name."""
    places = [
        ("people:delegations", _("Delegations")),
        ("people:board", _("Editorial board")),
        ("desk:rights", _("Who may do what")),
    ]
    if Role.ADMINISTRATOR in here(request).roles:
        places.append(("chronicle:unit", _("Journal of the unit")))
    return [
        {"label": label, "url": reverse(view), "active": view == active, "count": None}
        for view, label in places
    ]
