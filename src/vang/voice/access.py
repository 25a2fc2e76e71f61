"""The only way a view obtains a sound or a dictionary entry."""

from datetime import date

from django.http import Http404

from vang.people.access import readable_unit
from vang.people.models import Person
from vang.voice.models import Pronunciation, Rendition


def open_rendition(person: Person, pk: int, on: date) -> Rendition:
    """A finished sound that a unit of the person's asked for. Raises Http404."""
    rendition = Rendition.objects.filter(pk=pk, state=Rendition.State.READY).first()
    if rendition is None:
        raise Http404
    askers = rendition.units.select_related("parent__parent")
    if not any(readable_unit(person, unit, on) for unit in askers):
        raise Http404
    return rendition


def open_pronunciation(person: Person, pk: int, on: date) -> Pronunciation:
    """An entry of a dictionary that the person may read. Raises Http404."""
    entry = Pronunciation.objects.filter(pk=pk).select_related("unit__parent__parent").first()
    if entry is None or not readable_unit(person, entry.unit, on):
        raise Http404
    return entry
