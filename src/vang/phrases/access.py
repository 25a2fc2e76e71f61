"""The only way a view obtains a phrase or a notice."""

from datetime import date

from django.http import Http404

from vang.people.access import readable_unit
from vang.people.models import Person
from vang.phrases.models import Phrase
from vang.phrases.notices import Notice, notices


def open_phrase(person: Person, pk: int, on: date) -> Phrase:
    """A phrase of a commune where the person holds a role. Raises Http404."""
    phrase = Phrase.objects.filter(pk=pk).select_related("unit__parent__parent").first()
    if phrase is None or not readable_unit(person, phrase.unit, on):
        raise Http404
    return phrase


def open_notice(name: str) -> Notice:
    """Raises Http404."""
    notice = notices().get(name)
    if notice is None:
        raise Http404
    return notice
