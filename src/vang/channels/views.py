"""Pages for staff: where each edition stands, trying again, releasing, the channels in use."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime.models import Placement
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins.access import open_bulletin
from vang.bulletins.models import Bulletin, Delivery, Edition
from vang.bulletins.queries import open_correction
from vang.bulletins.services import release_bulletin
from vang.channels import queries, services
from vang.channels.access import open_delivery
from vang.channels.channel import LOOKS, Channel, Status
from vang.channels.forms import ChannelsForm
from vang.channels.registry import find_channel
from vang.people.access import Role, current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.review.verbs import RELEASE

_PER_PAGE = 30


@require_safe
@signed_in
def deliveries(request: HttpRequest) -> HttpResponse:
    """The unit's editions with their channels; ``?failed`` only those with a failure."""
    unit = current_unit(request)
    failed = "failed" in request.GET
    pages = Paginator(queries.editions_of(unit, failed=failed), _PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    marks = queries.marks_of(list(page.object_list))
    return render(
        request,
        "channels/list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [(edition, marks.get(edition.pk, [])) for edition in page.object_list],
            "failed": failed,
            "failures": queries.failed_deliveries(unit).count(),
        },
    )


@dataclass
class Row:
    """One delivery as the page of a bulletin shows it."""

    delivery: Delivery
    channel: Channel | None
    status: Status
    may_retry: bool
    may_remedy: bool = True

    @property
    def label(self) -> str:
        return str(self.channel.label) if self.channel else self.delivery.channel

    @property
    def icon(self) -> str:
        return self.channel.icon if self.channel else "help"


@require_safe
@signed_in
def bulletin_channels(request: HttpRequest, pk: int) -> HttpResponse:
    """Every edition of one bulletin: which channels, how they stand, why, what to do."""
    person, today = person_of(request), local_date(now())
    bulletin = open_bulletin(person, pk, today).bulletin
    may_mend = may(person, services.MENDERS, bulletin.unit, today)
    editions = list(queries.editions_with_deliveries(bulletin))
    marks = queries.marks_of(editions)
    stories = [
        (edition, [_row(mark, edition, may_mend=may_mend) for mark in marks.get(edition.pk, [])])
        for edition in editions
    ]
    for row in (row for _edition, rows in stories for row in rows if row.status.roles):
        row.may_remedy = may(person, row.status.roles, bulletin.unit, today)
    return render(request, "channels/bulletin.html", {"bulletin": bulletin, "stories": stories})


def _row(mark: queries.Mark, edition: Edition, *, may_mend: bool) -> Row:
    delivery, channel = mark.delivery, mark.channel
    delivery.edition = edition
    plain = Status(LOOKS[Delivery.State(delivery.state)], delivery.detail)
    failed = delivery.state == Delivery.State.FAILED
    return Row(
        delivery,
        channel,
        channel.status(delivery) if channel else plain,
        may_mend and failed and channel is not None and channel.retries,
    )


@require_POST
@signed_in
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed delivery again at once."""
    person = person_of(request)
    delivery = open_delivery(person, pk, local_date(now()))
    try:
        services.retry_delivery(delivery=delivery, by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is being tried again."))
    return redirect("channels:bulletin", delivery.edition.bulletin_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Release without choosing a time on the loudspeakers; a correction takes over its places."""
    person, today = person_of(request), local_date(now())
    reading = open_bulletin(person, pk, today)
    bulletin, why = reading.bulletin, ""
    if request.method == "POST":
        try:
            release_bulletin(bulletin=bulletin, by=person, now=now())
        except Refusal as refusal:
            why = str(refusal)
        else:
            messages.success(request, _("Released. The channels are at work."))
            return redirect("channels:bulletin", pk)
    correction = open_correction(bulletin)
    context = {
        "bulletin": bulletin,
        "correction": correction,
        "channels": _channels_for(bulletin, correction.edition if correction else None),
        "places": _open_places(correction.edition) if correction else 0,
        "may_release": bulletin.state in RELEASE.sources
        and not RELEASE.roles.isdisjoint(reading.roles),
        "refusal": why,
    }
    return render(request, "channels/release.html", context, status=409 if why else 200)


def _channels_for(bulletin: Bulletin, earlier: Edition | None) -> list[Channel]:
    """Those that are on, and those that the wrong text took."""
    names = set(queries.names_on(bulletin.unit))
    if earlier is not None:
        names |= set(earlier.deliveries.values_list("channel", flat=True))
    found = [channel for name in names if (channel := find_channel(name))]
    return sorted(found, key=lambda channel: (channel.order, channel.name))


def _open_places(edition: Edition) -> int:
    return Placement.objects.filter(edition=edition, stopped_at=None).count()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """Which channels the unit uses, and the way to what each of them needs."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    may_choose = may(person, Role.ADMINISTRATOR, unit, today)
    form = ChannelsForm(request.POST or None, unit=unit)
    if request.method == "POST":
        require(person, Role.ADMINISTRATOR, unit, today)
        if form.is_valid() and _chosen(form, request):
            messages.success(request, _("Saved. It holds for what you release from now on."))
            return redirect("channels:settings")
    rows = [(channel, form[channel.name], channel.missing(unit)) for channel in form.channels]
    context = {"unit": unit, "form": form, "rows": rows, "may_choose": may_choose}
    return render(request, "channels/settings.html", context)


def _chosen(form: ChannelsForm, request: HttpRequest) -> bool:
    """Whether every switch could be turned."""
    for channel, on in form.changes():
        try:
            services.choose_channel(
                unit=current_unit(request), channel=channel, on=on, by=person_of(request), now=now()
            )
        except Refusal as refusal:
            form.add_error(channel.name, str(refusal))
    return form.is_valid()
