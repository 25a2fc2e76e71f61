"""From a request to the person behind it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from vang.people.models import Person

CAPACITY = "capacity"
"""In the session: the delegation to act by, 0 for one's own right."""


_READING = ("GET", "HEAD")


def person_of(request: HttpRequest) -> Person:
    """The signed-in person. Raises PermissionDenied for a stranger."""
    if isinstance(request.user, Person):
        person: Person = request.user
        person.capacity = request.session.get(CAPACITY)
        if request.method in _READING and person.standings is None:
            person.standings = {}
        return person
    raise PermissionDenied
