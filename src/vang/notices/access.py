"""The only way a view comes to a notice: one's own."""

from django.http import Http404

from vang.notices.models import Notice
from vang.people.models import Person


def own_notice(pk: int, person: Person) -> Notice:
    """Raises Http404 for anybody else's."""
    notice = Notice.objects.filter(pk=pk, person=person).first()
    if notice is None:
        raise Http404
    return notice
