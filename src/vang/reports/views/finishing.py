"""The last step of a report: files, the leader asked, signed and submitted."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import now
from vang.base.refusals import Refusal
from vang.library.attachments import ACCEPTED, TOO_LARGE, attachment_response
from vang.library.uploads import dropped_uploads
from vang.people.access import signed_in
from vang.people.people import person_of
from vang.reports import services
from vang.reports.queries import last_values, problems_among, values_of
from vang.reports.services.locking import WRITABLE
from vang.reports.steps import wizard
from vang.reports.views.writing import in_hand, sight


@require_safe
@signed_in
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing; files; signing."""
    found = in_hand(request, pk)
    report = found.report
    if report.state not in WRITABLE or report.current is None:
        return redirect("reports:report", pk)
    rows = values_of(report.current)
    names = {row.indicator.code: row.indicator.name for row in rows}
    problems = problems_among(rows, last_values(report))
    context = {
        "report": report,
        "filing": report.current,
        "missing": [(one, names[one.code]) for one in problems if one.hard],
        "remarks": [(one, names[one.code]) for one in problems if not one.hard],
        "files": list(report.current.attachments.all()),
        "accepted_kinds": ACCEPTED,
        "signs": found.signs,
        "steps": wizard("finish", consolidates=report.consolidates),
    }
    return render(request, "reports/finish.html", context)


@require_POST
@signed_in
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file."""
    report = in_hand(request, pk).report
    sent = request.FILES.get("attachment")
    if sent is None:
        dropped = "attachment" in dropped_uploads(request)
        messages.error(request, str(TOO_LARGE) if dropped else _("Choose the file first."))
        return redirect("reports:finish", pk)
    return done(
        request,
        lambda: services.attach(
            report=report, file_name=sent.name or "", content=sent.read(), by=person_of(request),
            now=now(),
        ),
        _("Added."),
        "reports:finish",
        pk,
    )  # fmt: skip


@require_POST
@signed_in
def detach(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """Take a file away."""
    report = in_hand(request, pk).report
    return done(
        request,
        lambda: services.detach(report=report, pk=file_pk, by=person_of(request), now=now()),
        _("Removed."),
        "reports:finish",
        pk,
    )


@require_safe
@signed_in
def file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """One file of the report, of whichever filing."""
    from vang.reports.models import Attachment  # noqa: PLC0415 - its only use here

    report = sight(request, pk).report
    found = Attachment.objects.filter(filing__report=report, pk=file_pk).first()
    if found is None:
        raise Http404
    return attachment_response(found.sha256, found.name)


@require_POST
@signed_in
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the leaders that it waits for them."""
    report = in_hand(request, pk).report
    return done(
        request,
        lambda: services.ask_for_signature(report=report, by=person_of(request), now=now()),
        _("The leaders have been told."),
        "reports:finish",
        pk,
    )


@require_POST
@signed_in
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign and submit."""
    report = in_hand(request, pk).report
    try:
        services.submit_report(report=report, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:finish", pk)
    messages.success(request, _("Signed and submitted."))
    return redirect("reports:report", pk)
