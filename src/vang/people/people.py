"""From a request to the person behind it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from vang.people.models import Person


def person_of(request: HttpRequest) -> Person:
    """The signed-in person. Raises PermissionDenied for a stranger."""
    if isinstance(request.user, Person):
        return request.user
    raise PermissionDenied
