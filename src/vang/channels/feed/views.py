"""Publishing an alert for other systems once more, after what hindered it was mended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vang.alerts.access import open_alert
from vang.base.clock import local_date, now
from vang.channels.feed.emergencies import published_again
from vang.channels.portal import sites
from vang.people.access import DECIDE, Role, require, signed_in
from vang.people.people import person_of


@require_POST
@signed_in
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Made at once; the pages with it are written by the worker within seconds."""
    person, moment = person_of(request), now()
    alert = open_alert(person, pk, local_date(moment)).alert
    require(person, (*DECIDE, Role.ADMINISTRATOR), alert.unit, local_date(moment))
    if published_again(alert, moment):
        sites.mark_due([alert.unit_id], moment)
        messages.success(request, _("Published. Other systems find it within a minute."))
    else:
        messages.error(request, _("It could not be published this time either."))
    return redirect("alerts:alert", pk)
