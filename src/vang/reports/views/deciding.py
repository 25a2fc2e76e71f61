"""What the unit above does: takes, returns, extends, reopens, puts together."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.people.access import signed_in
from vang.people.people import person_of
from vang.reports import services
from vang.reports.access import Reading
from vang.reports.forms import ExtendForm
from vang.reports.models import Report
from vang.reports.queries import OWED, children_of, completeness, missing, outliers
from vang.reports.rules import words_of
from vang.reports.services.locking import WRITABLE
from vang.reports.steps import timing, wizard
from vang.reports.views.showing import rows_of
from vang.reports.views.writing import sight

_PER_PAGE = 60
_MOST_COMPARED = 400
_STATES = {
    "all": (),
    "waiting": (Report.State.SUBMITTED,),
    "missing": OWED,
    "accepted": (Report.State.ACCEPTED,),
}


def _above(request: HttpRequest, pk: int) -> Reading:
    """A report of a unit below the person's. Raises Http404, PermissionDenied."""
    found = sight(request, pk)
    if not found.above:
        raise Http404 if not found.own else PermissionDenied
    if not found.decides:
        raise PermissionDenied
    return found


@require_safe
@signed_in
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """Reports of the units below: who has come how far, whom to ring, what stands out."""
    found = sight(request, pk)
    report, today = found.report, local_date(now())
    if not report.consolidates or not found.own:
        raise Http404
    view = request.GET.get("view", "all")
    states = _STATES.get(view, ())
    children = children_of(report)
    counts = completeness(children, today)
    listed = children.filter(state__in=states) if states else children
    page = Paginator(listed, _PER_PAGE).get_page(request.GET.get("page"))
    taken = list(
        children.filter(state__in=(Report.State.SUBMITTED, Report.State.ACCEPTED))
        .select_related("round", "unit")[:_MOST_COMPARED]
    )  # fmt: skip
    context = {
        "report": report,
        "reading": found,
        "counts": counts,
        "view": view,
        "tabs": tabs(
            {
                "all": _("All"),
                "waiting": _("To be checked"),
                "missing": _("Missing"),
                "accepted": pgettext("reports", "Accepted"),
            },
            view,
            {"waiting": counts.waiting, "missing": counts.missing},
        ),
        "page": page,
        "rows": [(one, timing(one, today)) for one in page.object_list],
        "missing": missing(children, today, most=100) if view == "missing" else [],
        "outliers": [
            (one, words_of(one.milli), words_of(one.usual)) for one in outliers(taken, most=20)
        ],
        "writable": report.state in WRITABLE or report.state == Report.State.EXPECTED,
        "steps": wizard("below", consolidates=True),
    }
    return render(request, "reports/below.html", context)


@require_POST
@signed_in
def consolidate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the accepted reports together."""
    found = sight(request, pk)
    if not found.own:
        raise Http404
    if not found.writes:
        raise PermissionDenied
    try:
        filing = services.consolidate(report=found.report, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:below", pk)
    words = {"n": filing.included.count()}
    messages.success(request, _("Put together from %(n)s reports.") % words)
    return redirect("reports:figures", pk)


@require_POST
@signed_in
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on its figures count."""
    report = _above(request, pk).report
    return done(
        request,
        lambda: services.accept_report(report=report, by=person_of(request), now=now()),
        pgettext("report", "Accepted."),
        *_back(report),
    )


def _back(report: Report) -> tuple[str, int]:
    if report.parent_id is not None:
        return "reports:below", report.parent_id
    return "reports:report", report.pk


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it, with a comment to each figure that is to be looked at again."""
    found = _above(request, pk)
    report = found.report
    if report.state != Report.State.SUBMITTED or report.current is None:
        return redirect("reports:report", pk)
    error, remarks = "", {}
    if request.method == "POST":
        remarks = {
            name[2:]: str(text) for name, text in request.POST.items() if name.startswith("r:")
        }
        try:
            services.return_report(
                report=report, comment=request.POST.get("comment", ""), remarks=remarks,
                by=person_of(request), now=now(),
            )  # fmt: skip
        except Refusal as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("Returned. The unit has been told."))
            return redirect(*_back(report))
    context = {
        "report": report,
        "groups": rows_of(report, report.current, remarks),
        "comment": request.POST.get("comment", ""),
        "error": error,
    }
    return render(request, "reports/return.html", context, status=422 if error else 200)


@require_POST
@signed_in
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """More time for one unit."""
    report = _above(request, pk).report
    form = ExtendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the new day and the reason."))
        return redirect("reports:report", pk)
    until: date = form.cleaned_data["until"]
    return done(
        request,
        lambda: services.extend_report(
            report=report, until=until, reason=form.cleaned_data["reason"], by=person_of(request),
            now=now(),
        ),
        _("Extended. The unit has been told."),
        "reports:report",
        pk,
    )  # fmt: skip


@require_POST
@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """To be amended, by its own leader or from above."""
    found = sight(request, pk)
    if not (found.decides or found.signs):
        raise PermissionDenied
    return done(
        request,
        lambda: services.reopen_report(
            report=found.report, reason=request.POST.get("reason", ""), by=person_of(request),
            now=now(),
        ),
        _("Reopened. What was accepted counts until the amended report is."),
        "reports:report",
        pk,
    )  # fmt: skip
