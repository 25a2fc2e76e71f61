"""A part that somebody else is editing: who, since when, and going on in their place."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vang.base.clock import local_date, now
from vang.bulletins import services
from vang.bulletins.comparing import Section, section
from vang.bulletins.models import Bulletin, EditLease
from vang.bulletins.queries import draft_of
from vang.bulletins.views.keeping import place_of
from vang.bulletins.wording_forms import Part
from vang.people.access import Role, require, signed_in
from vang.people.models import Person


def held_by_another(bulletin: Bulletin, part: str, person: Person) -> EditLease | None:
    """Begin to edit; None when the part is now the person's to edit."""
    return services.hold_lease(bulletin=bulletin, part=part, by=person, now=now())


def show_held(request: HttpRequest, lease: EditLease, part: Part) -> HttpResponse:
    """Why the part cannot be edited now, and what may be done."""
    keys = keys_of(lease.bulletin_id, part)
    take_over = "take-over-wording" if part.language else "take-over"
    context = {
        "lease": lease,
        "part": part,
        "bulletin": lease.bulletin,
        "typed": _typed(lease),
        "take_over_url": reverse(f"bulletins:{take_over}", args=keys),
    }
    return render(request, "bulletins/held.html", context)


@require_POST
@signed_in
def take_over(request: HttpRequest, pk: int, language: str = "", channel: str = "") -> HttpResponse:
    """Go on in the other's place; they are told."""
    part = Part(language, channel)
    place = place_of(request, pk, part)
    require(place.person, Role.WRITER, place.unit, local_date(now()))
    if place.bulletin is not None:
        services.take_over_lease(
            bulletin=place.bulletin, part=place.part, by=place.person, now=now()
        )
        messages.success(request, _("You go on editing. What the other had typed is kept."))
    page = "wording" if language else "edit"
    return redirect(f"bulletins:{page}", *keys_of(pk, part))


def keys_of(pk: int, part: Part) -> list[Any]:
    """The arguments of the addresses of a part."""
    return [pk, *(key for key in (part.language, part.channel) if key)]


def _typed(lease: EditLease) -> list[Section]:
    """What the other typed and has not saved, beside what is saved."""
    draft = draft_of(lease.holder, lease.bulletin.unit, lease.bulletin, lease.part)
    current = lease.bulletin.current
    if draft is None or current is None or lease.part:
        return []
    saved = (current.title, current.text)
    typed = (str(draft.fields.get("title", "")), str(draft.fields.get("text", "")))
    found = section(_("Saved, and being typed"), "vi", saved, typed)
    return [found] if found.changes else []
