"""The as-run log of a commune and the journals it rests on."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.sheets import Row, Sheet, csv_download, xlsx_download
from vang.evidence import export
from vang.evidence.access import readable_node
from vang.evidence.forms import LogFilter
from vang.evidence.queries import as_run_of, day_count, journals, open_faults
from vang.evidence.rows import Line, lines
from vang.evidence.verification import verify_journal
from vang.evidence.words import fault_words
from vang.orgs.models import Unit
from vang.people.access import current_unit, signed_in
from vang.people.people import person_of

PER_PAGE = 50
FAULTS_SHOWN = 5


@require_safe
@signed_in
def as_run_list(request: HttpRequest) -> HttpResponse:
    """One day: planned, actual, deviation, length and why not; faults on top."""
    return render(request, "evidence/list.html", _day_page(request, current_unit(request)))


@require_safe
@signed_in
def live(request: HttpRequest) -> HttpResponse:
    """The day's figures and table alone, asked for every five seconds."""
    return render(request, "evidence/parts/day.html", _day_page(request, current_unit(request)))


def _day_page(request: HttpRequest, unit: Unit) -> dict[str, object]:
    today = local_date(now())
    form = LogFilter(request.GET, unit=unit, today=today)
    day = form.wanted_day
    rows = as_run_of(unit, day, cluster=form.wanted_cluster, state=form.wanted_state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    faults = list(open_faults(unit)[: FAULTS_SHOWN + 1])
    return {
        "unit": unit,
        "form": form,
        "day": day,
        "today": today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "page": page,
        "lines": lines(page.object_list),
        "count": day_count(unit, day),
        "faults": [(fault, fault_words(fault.reason)) for fault in faults[:FAULTS_SHOWN]],
        "more_faults": len(faults) > FAULTS_SHOWN,
        "query": request.GET.urlencode(),
    }


@require_safe
@signed_in
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """The same day and filter as a table to download."""
    name, _title, found = _wanted_rows(request)
    return csv_download(name, export.columns(), found)


@require_safe
@signed_in
def export_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same for a spreadsheet program."""
    name, title, found = _wanted_rows(request)
    return xlsx_download(name, [Sheet(title, export.columns(), found)])


def _wanted_rows(request: HttpRequest) -> tuple[str, str, Iterator[Row]]:
    """A file's name, a sheet's name, and the rows that the page shows."""
    unit = current_unit(request)
    form = LogFilter(request.GET, unit=unit, today=local_date(now()))
    day = form.wanted_day
    found = as_run_of(unit, day, cluster=form.wanted_cluster, state=form.wanted_state)
    told = export.rows(Line(row) for row in found.iterator(chunk_size=500))
    return f"nhật ký phát {unit.code} {day:%Y%m%d}", f"{day:%d-%m-%Y}", told


@require_safe
@signed_in
def journal_list(request: HttpRequest) -> HttpResponse:
    """Each device's journal: verified up to where, and what is wrong with it."""
    unit = current_unit(request)
    found = [
        (journal, [(fault, fault_words(fault.reason)) for fault in journal.faults])
        for journal in journals(unit)
    ]
    return render(request, "evidence/journals.html", {"unit": unit, "journals": found})


@require_POST
@signed_in
def verify(request: HttpRequest, pk: str) -> HttpResponse:
    """Walk one device's whole chain again."""
    moment = now()
    node = readable_node(pk, person_of(request), local_date(moment))
    broken = verify_journal(node, now=moment)
    if broken is None:
        messages.success(request, _("Every line follows the one before it."))
    else:
        text = _("The journal is broken at line %(seq)d.") % {"seq": broken.seq}
        messages.error(request, text)
    return redirect("evidence:journals")
