"""Guidance received and issued, one note, and who read it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.guidance import services
from vang.guidance.access import NEWSROOM, Sight, open_guidance
from vang.guidance.forms import GuidanceForm, ReasonForm, known
from vang.guidance.models import Attachment, Guidance
from vang.guidance.queries import (
    concerning,
    listed,
    reached,
    read_by,
    readers,
    receipts,
    unread,
    unread_units,
)
from vang.library.attaching import AttachmentForm, attached
from vang.library.attachments import attachment_response
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of

PER_PAGE = 20
RECEIPTS_PER_PAGE = 50
_VIEWS = ("now", "past", "own")


@require_safe
@signed_in
def guidance_list(request: HttpRequest) -> HttpResponse:
    """What holds for the unit, what is over, and what it issues itself."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    view = request.GET.get("view", "now")
    view = view if view in _VIEWS else "now"
    page = Paginator(listed(unit, view, today), PER_PAGE).get_page(request.GET.get("page"))
    read = read_by(person, list(page.object_list))
    context = {
        "unit": unit,
        "view": view,
        "tabs": _tabs(view, unread(person, unit, today).count()),
        "page": page,
        "rows": [(note, note.pk in read) for note in page.object_list],
        "may_write": may(person, NEWSROOM, unit, today),
        "today": today,
    }
    return render(request, "guidance/list.html", context)


def _tabs(view: str, waiting: int) -> list[dict[str, object]]:
    labels = {
        "now": pgettext("guidance", "In force"),
        "past": pgettext("guidance", "Over"),
        "own": pgettext("guidance", "Issued by us"),
    }
    return tabs(labels, view, {"now": waiting})


def _sight(request: HttpRequest, pk: int) -> Sight:
    return open_guidance(person_of(request), current_unit(request), pk, local_date(now()))


def _own(request: HttpRequest, pk: int) -> Sight:
    """For whoever acts on a note of their own unit; a unit that only reads it gets 403."""
    sight = _sight(request, pk)
    require(person_of(request), NEWSROOM, sight.guidance.unit, local_date(now()))
    return sight


@require_safe
@signed_in
def note_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One note."""
    return _note_page(request, _sight(request, pk))


def _note_page(
    request: HttpRequest,
    sight: Sight,
    refusal: str = "",
    *,
    file_form: AttachmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    note, person = sight.guidance, person_of(request)
    mine = note.readings.filter(person=person, unit=sight.unit).first()
    context = {
        "sight": sight,
        "note": note,
        "do": note.do_points,
        "avoid": note.avoid_points,
        "categories": _category_labels(note),
        "attachments": note.attachments.all(),
        "targets": note.targets.select_related("unit"),
        "mine": mine,
        "file_form": file_form or AttachmentForm(),
        "reason": ReasonForm(),
        "refusal": refusal,
        "today": local_date(now()),
    }
    return render(request, "guidance/note.html", context, status=status)


def _category_labels(note: Guidance) -> list[str]:
    labels: dict[str, Any] = dict(GuidanceForm.base_fields["categories"].choices)  # type: ignore[attr-defined]
    return [str(labels[category]) for category in note.categories if category in labels]


@require_POST
@signed_in
def beside(request: HttpRequest) -> HttpResponse:
    """What concerns the words typed so far; 204 when that is what the page shows already."""
    concerns = concerning(current_unit(request), local_date(now()), request.POST)
    found = "".join(f"{c.guidance.pk}." for c in concerns if c.match)
    if found == request.POST.get("seen", ""):
        return HttpResponse(status=204)
    shows = {"concerns": concerns}
    return render(request, "guidance/parts/live.html", {"part": {"shows": shows}})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Write a note of the unit's own."""
    unit, person, moment = current_unit(request), person_of(request), now()
    today = local_date(moment)
    require(person, NEWSROOM, unit, today)
    form = GuidanceForm(request.POST or None, unit=unit, on=today, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            note = services.write_guidance(
                unit=unit, note=form.note(), aims=form.aims(), by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Attach the document, then issue it."))
            return redirect("guidance:note", note.pk)
    return render(request, "guidance/form.html", {"form": form, "unit": unit, "note": None})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    sight, person, moment = _own(request, pk), person_of(request), now()
    note = sight.guidance
    form = GuidanceForm(
        request.POST or None, unit=note.unit, on=local_date(moment), initial=known(note)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_guidance(
                guidance=note, note=form.note(), aims=form.aims(), by=person, now=moment
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("guidance:note", pk)
    return render(request, "guidance/form.html", {"form": form, "unit": note.unit, "note": note})


def _done(request: HttpRequest, sight: Sight, act: Callable[[], object], said: str) -> HttpResponse:
    """A refusal is said on the note's page."""

    def refused(refusal: Refusal) -> HttpResponse:
        return _note_page(request, sight, str(refusal), status=409)

    return done(request, act, said, "guidance:note", sight.guidance.pk, refused=refused)


@require_POST
@signed_in
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a draft."""
    sight = _own(request, pk)

    def keep(name: str, content: bytes) -> None:
        services.attach_file(
            guidance=sight.guidance,
            file_name=name,
            content=content,
            by=person_of(request),
            now=now(),
        )

    def page(form: AttachmentForm) -> HttpResponse:
        return _note_page(request, sight, file_form=form, status=422)

    return attached(request, keep, page, "guidance:note", pk)


def _attachment(sight: Sight, pk: int) -> Attachment:
    return get_object_or_404(sight.guidance.attachments.select_related("guidance"), pk=pk)


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One attached file."""
    found = _attachment(_sight(request, pk), file_pk)
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file from a draft."""
    sight = _own(request, pk)
    found = _attachment(sight, file_pk)
    return _done(
        request,
        sight,
        lambda: services.remove_file(attachment=found, by=person_of(request), now=now()),
        _("Removed."),
    )


@require_POST
@signed_in
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it out."""
    sight = _own(request, pk)
    return _done(
        request,
        sight,
        lambda: services.issue_guidance(guidance=sight.guidance, by=person_of(request), now=now()),
        _("Issued. Every unit that it goes to sees it while writing."),
    )


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End it before its time."""
    sight = _own(request, pk)
    return _done(
        request,
        sight,
        lambda: services.revoke_guidance(
            guidance=sight.guidance,
            reason=request.POST.get("reason", ""),
            by=person_of(request),
            now=now(),
        ),
        _("Revoked."),
    )


@require_POST
@signed_in
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """I have read it."""
    sight = _sight(request, pk)
    return _done(
        request,
        sight,
        lambda: services.mark_read(
            guidance=sight.guidance, unit=sight.unit, by=person_of(request), now=now()
        ),
        _("Noted that you have read it."),
    )


@require_safe
@signed_in
def receipt_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units have read it, and who in a chosen one."""
    sight, today = _sight(request, pk), local_date(now())
    if not sight.own:
        raise Http404
    note = sight.guidance
    only_unread = request.GET.get("view") == "unread"
    everybody, missing = reached(note, today), unread_units(note, today)
    page = Paginator(missing if only_unread else everybody, RECEIPTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    chosen = request.GET.get("unit", "")
    unit = everybody.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    context = {
        "sight": sight,
        "note": note,
        "page": page,
        "rows": receipts(note, list(page.object_list)),
        "only_unread": only_unread,
        "all": everybody.count(),
        "missing": missing.count(),
        "chosen": unit,
        "readers": readers(note, unit) if unit else [],
    }
    return render(request, "guidance/receipts.html", context)


@require_POST
@signed_in
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell every unit in which nobody has read it."""
    sight = _own(request, pk)
    return _done(
        request,
        sight,
        lambda: services.remind_unread(guidance=sight.guidance, by=person_of(request), now=now()),
        _("Every unit in which nobody has read it is reminded."),
    )
