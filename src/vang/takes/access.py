"""The only way a view obtains a clip or a take."""

import uuid
from datetime import date

from django.http import Http404

from vang.people.access import readable_unit
from vang.people.models import Person
from vang.takes.models import Clip, Take


def open_clip(person: Person, key: uuid.UUID, on: date) -> Clip:
    """A clip of the person's own, or a kept one of their commune. Raises Http404."""
    clip = Clip.objects.filter(key=key).select_related("unit__parent__parent").first()
    if clip is None or not readable_unit(person, clip.unit, on):
        raise Http404
    if clip.by_id != person.pk and clip.kept_at is None:
        raise Http404
    return clip


def open_take(person: Person, pk: int, on: date) -> Take:
    """A take of a commune where the person holds a role. Raises Http404."""
    take = Take.objects.filter(pk=pk).select_related("unit__parent__parent", "recording").first()
    if take is None or not readable_unit(person, take.unit, on):
        raise Http404
    return take
