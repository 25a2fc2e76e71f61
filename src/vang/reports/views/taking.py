"""A report to take away: document, tables, signed file; and taking one from another server."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.papers import as_docx, as_pdf, docx_response
from vang.base.pdf import pdf_response
from vang.base.refusals import Refusal
from vang.base.sheets import xlsx_download
from vang.dispatch.keys import pinned_keys
from vang.library.uploads import dropped_uploads
from vang.orgs.models import Unit
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.reports.access import MANAGERS, NEWSROOM
from vang.reports.bundles import bundle_of
from vang.reports.models import Filing, Report, SenderKey, Sending
from vang.reports.papers import file_name, name_of, paper_of, sheets_of
from vang.reports.services.receiving import pin_key, receive_report
from vang.reports.services.sending import note_received, note_sent
from vang.reports.views.writing import sight

_MOST_UNITS = 400


def _wanted(request: HttpRequest, pk: int) -> tuple[Report, Filing]:
    """The filing asked for; from above only what was submitted. Raises Http404."""
    found = sight(request, pk)
    rows = found.report.filings.all()
    if not found.own:
        rows = rows.filter(submitted_at__isnull=False)
    asked = request.GET.get("version", "")
    if asked.isdecimal() and len(asked) < 6:
        rows = rows.filter(number=int(asked))
    filing = rows.order_by("-number").first()
    if filing is None:
        raise Http404
    return found.report, filing


@require_safe
@signed_in
def as_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The document to go on writing in."""
    report, filing = _wanted(request, pk)
    return docx_response(name_of(report, filing), as_docx(paper_of(report, filing)))


@require_safe
@signed_in
def as_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The document to print and sign."""
    report, filing = _wanted(request, pk)
    return pdf_response(name_of(report, filing), as_pdf(paper_of(report, filing)))


@require_safe
@signed_in
def as_tables(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The annex."""
    report, filing = _wanted(request, pk)
    return xlsx_download(name_of(report, filing), sheets_of(report, filing))


@require_safe
@signed_in
def as_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed file for another server."""
    found = sight(request, pk)
    require(person_of(request), NEWSROOM, found.report.desk, local_date(now()))
    submitted = found.report.filings.filter(submitted_at__isnull=False)
    filing = submitted.order_by("-number").first()
    if filing is None:
        raise Http404
    try:
        content = bundle_of(found.report, filing, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report", pk)
    response = HttpResponse(content, content_type="application/json")
    name = file_name(found.report, filing)
    response["Content-Disposition"] = f'attachment; filename="{name}.vang.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def receive(request: HttpRequest) -> HttpResponse:
    """Take a signed file of a unit below; pin the keys of those units."""
    unit, person = current_unit(request), person_of(request)
    require(person, NEWSROOM, unit, local_date(now()))
    error = ""
    if request.method == "POST":
        try:
            return _posted(request, unit)
        except Refusal as refusal:
            error = str(refusal)
    keys = SenderKey.objects.filter(unit__parent=unit, ended_at=None)
    context = {
        "unit": unit,
        "error": error,
        "below": Unit.objects.filter(parent=unit, valid_to=None)
        .exclude(level=Unit.Level.VILLAGE)
        .order_by("name", "pk")[:_MOST_UNITS],
        "keys": keys.select_related("unit", "pinned_by"),
        "manages": may(person, MANAGERS, unit, local_date(now())),
        "own_keys": pinned_keys(unit),
    }
    return render(request, "reports/receive.html", context, status=422 if error else 200)


def _posted(request: HttpRequest, unit: Unit) -> HttpResponse:
    person = person_of(request)
    if "key" in request.POST:
        asked = request.POST.get("unit", "")
        below = Unit.objects.filter(parent=unit, pk=asked if asked.isdecimal() else 0).first()
        if below is None:
            raise Refusal("unit-missing", _("Choose the unit."))
        key = request.POST["key"]
        pin_key(unit=below, above=unit, public_key=key, by=person, now=now())
        messages.success(request, _("Pinned: reports signed by it are taken from now on."))
        return redirect("reports:receive")
    sent = request.FILES.get("report")
    if sent is None:
        dropped = "report" in dropped_uploads(request)
        words = _("The file is too large to be a report.") if dropped else _("Choose the file.")
        raise Refusal("file-missing", words)
    report = receive_report(data=sent.read(), above=unit, by=person, now=now())
    messages.success(request, _("Taken. Its signature holds."))
    return redirect("reports:report", report.pk)


@require_POST
@signed_in
def send(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Note that it went to a recipient."""
    report = sight(request, pk).report
    require(person_of(request), NEWSROOM, report.desk, local_date(now()))
    return done(
        request,
        lambda: note_sent(report=report, recipient=recipient, by=person_of(request), now=now()),
        _("Noted."),
        "reports:report",
        pk,
    )


@require_POST
@signed_in
def received(request: HttpRequest, pk: int, sending: int) -> HttpResponse:
    """Note that a recipient has confirmed it."""
    report = sight(request, pk).report
    require(person_of(request), NEWSROOM, report.desk, local_date(now()))
    rows = Sending.objects.select_related("filing__report__unit")
    found = rows.filter(pk=sending, filing__report=report).first()
    if found is None:
        raise Http404
    receipt = request.POST.get("receipt", "")
    return done(
        request,
        lambda: note_received(sending=found, receipt=receipt, by=person_of(request), now=now()),
        _("Noted."),
        "reports:report",
        pk,
    )
