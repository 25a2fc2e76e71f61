"""Writing a report in three steps: figures, words, signature."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.people.access import require, signed_in
from vang.people.people import person_of
from vang.reports import services
from vang.reports.access import NEWSROOM, Reading, open_report
from vang.reports.facts import fact_named
from vang.reports.models import Indicator, Remark, Report, Value
from vang.reports.queries import last_values, problems_among, values_of
from vang.reports.rules import Words, words_of
from vang.reports.services.filing import Entry, Saved, asked_of, shown
from vang.reports.services.locking import WRITABLE
from vang.reports.steps import wizard


@dataclass
class Line:
    """One indicator as the page shows it."""

    value: Value
    typed: str
    note: str
    last: str
    complaint: Words = ""
    remark: str = ""
    soft: bool = False

    @property
    def indicator(self) -> Indicator:
        return self.value.indicator

    @property
    def system(self) -> str:
        return words_of(self.value.system_milli)

    @property
    def below(self) -> str:
        """Of a consolidated figure: what came from below."""
        if self.value.milli is None:
            return ""
        return words_of(self.value.milli - (self.value.own_milli or 0))

    @property
    def asks_note(self) -> bool:
        """Where a note stands, is needed, or is asked for."""
        return bool(self.note or self.complaint or self.value.system_milli is not None)


def sight(request: HttpRequest, pk: int) -> Reading:
    return open_report(person_of(request), pk, local_date(now()))


def in_hand(request: HttpRequest, pk: int) -> Reading:
    """A report that the person writes. Raises Http404 for a stranger, PermissionDenied else."""
    found = sight(request, pk)
    require(person_of(request), NEWSROOM, found.report.desk, local_date(now()))
    return found


@require_POST
@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the figures and draft the words."""
    report = in_hand(request, pk).report
    moment = now()
    try:
        if report.consolidates:
            services.consolidate(report=report, by=person_of(request), now=moment)
        else:
            services.begin_report(report=report, by=person_of(request), now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report", pk)
    return redirect("reports:figures", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or correct the figures."""
    report = in_hand(request, pk).report
    if report.state not in WRITABLE or report.current is None:
        return HttpResponse(status=409) if _by_itself(request) else redirect("reports:report", pk)
    complaints: Mapping[str, Words] = {}
    if request.method == "POST":
        try:
            saved = services.save_figures(
                report=report, entries=_entries(request), by=person_of(request), now=now()
            )
        except Refusal as refusal:
            if _by_itself(request):
                return HttpResponse(status=409)
            messages.error(request, str(refusal))
        else:
            complaints = saved.complaints
            if _by_itself(request):
                return _kept(saved, {"before": _stands(report, values_of(report.current))})
            if not complaints:
                messages.success(request, _("Saved."))
                return redirect(
                    "reports:figures" if "stay" in request.POST else "reports:texts", pk
                )
    return _figures_page(request, report, complaints)


def _by_itself(request: HttpRequest) -> bool:
    """Whether the page saves, not the person."""
    return "X-Autosave" in request.headers


def _kept(saved: Saved, fields: Mapping[str, str]) -> HttpResponse:
    """The answer to a page that saves by itself: what stands there now."""
    return JsonResponse({"fields": fields}, status=422 if saved.complaints else 200)


def _stands(report: Report, rows: Sequence[Value]) -> str:
    """What the page found when it was made: figure and note by code."""
    own = report.consolidates
    return json.dumps({one.indicator.code: [shown(one, own=own), one.note] for one in rows})


def _entries(request: HttpRequest) -> dict[str, Entry]:
    """What was typed, with what stood there before (one field: a page sends no more than 400)."""
    before = _before(request.POST.get("before", ""))
    entries = {}
    for name, typed in request.POST.items():
        if not name.startswith("v:"):
            continue
        code = name[2:]
        was, note_was = before.get(code, (None, ""))
        note = str(request.POST.get(f"n:{code}", note_was))
        entries[code] = Entry(str(typed), note, was, note_was)
    return entries


def _before(text: str) -> dict[str, tuple[str | None, str]]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        str(code): (str(one[0]), str(one[1]))
        for code, one in told.items()
        if isinstance(one, list) and len(one) == 2
    }


def _figures_page(
    request: HttpRequest, report: Report, complaints: Mapping[str, Words]
) -> HttpResponse:
    assert report.current is not None  # noqa: S101 - whoever calls has seen it
    rows, last = values_of(report.current), last_values(report)
    found = {one.code: one for one in problems_among(rows, last)}
    remarks = _remarks(report)
    lines = []
    for row in rows:
        code = row.indicator.code
        before = last.get(code)
        problem = found.get(code) if row.milli is not None else None
        complaint = complaints.get(code) or (problem.words if problem else "")
        kept = complaint and request.method == "POST"
        line = Line(
            value=row,
            typed=str(request.POST.get(f"v:{code}", "")) if kept and code in complaints
            else shown(row, own=report.consolidates),
            note=str(request.POST.get(f"n:{code}", row.note)) if kept else row.note,
            last=(words_of(before.milli) if row.indicator.counted else before.text)
            if before else "",
            complaint=complaint,
            remark=remarks.get(code, ""),
            soft=code not in complaints and problem is not None and not problem.hard,
        )  # fmt: skip
        lines.append(line)
    context = {
        "report": report,
        "groups": _grouped(lines),
        "steps": wizard("figures", consolidates=report.consolidates),
        "before": _stands(report, rows),
        "wrong": [one for one in lines if one.complaint and not one.soft],
        "has_last": any(one.last for one in lines),
    }
    status = 422 if complaints else 200
    return render(request, "reports/figures.html", context, status=status)


def _remarks(report: Report) -> dict[str, str]:
    """What the unit above said of single figures of the filing before this one."""
    if report.current is None or report.current.number == 1:
        return {}
    rows = Remark.objects.filter(
        report=report, filing__number=report.current.number - 1, indicator__isnull=False
    )
    return {
        row.indicator.code: row.text for row in rows.select_related("indicator") if row.indicator
    }


def _grouped(lines: list[Line]) -> list[tuple[str, str, list[Line]]]:
    """(key, heading, lines) in the order of the form."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.indicator.group, []).append(line)
    labels = dict(Indicator.Group.choices)
    return [(key, str(labels[key]), told) for key, told in groups.items()]


@require_POST
@signed_in
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the system figures anew."""
    report = in_hand(request, pk).report
    try:
        changed = services.refresh_figures(report=report, by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = ngettext("%(n)d figure changed.", "%(n)d figures changed.", changed)
        messages.success(request, words % {"n": changed})
    return redirect("reports:figures", pk)


@require_POST
@signed_in
def take(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Back to the figure of the records."""
    report = in_hand(request, pk).report
    return done(
        request,
        lambda: services.take_figure(report=report, code=code, by=person_of(request), now=now()),
        _("The figure of the records stands again."),
        "reports:figures",
        pk,
    )


_MOST_RECORDS = 100


@require_safe
@signed_in
def why(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Vì sao con số này: the rule and the very records behind a figure."""
    found = sight(request, pk)
    report = found.report
    rows = report.round.version.indicators.filter(code=code)
    indicator = rows.first()
    fact = fact_named(indicator.formula) if indicator is not None else None
    if indicator is None or fact is None:
        raise Http404
    asked = asked_of(report, now())
    asked_page = request.GET.get("page", "1")
    at = max(1, int(asked_page)) if asked_page.isdecimal() and len(asked_page) < 6 else 1
    begin_at = (at - 1) * _MOST_RECORDS
    records = (
        fact.records(asked).page(begin_at, begin_at + _MOST_RECORDS + 1) if fact.records else []
    )
    value = Value.objects.filter(filing=report.current_id, indicator=indicator).first()
    context = {
        "report": report,
        "indicator": indicator,
        "fact": fact,
        "value": value,
        "figure": words_of(value.system_milli) if value else "",
        "told": words_of(value.milli) if value else "",
        "records": records[:_MOST_RECORDS],
        "formers": asked.formers,
        "begins": begin_at,
        "next": at + 1 if len(records) > _MOST_RECORDS else 0,
        "previous": at - 1,
        "writes": found.writes,
        "own_unit": bool(found.own),
    }
    return render(request, "reports/why.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts in words."""
    report = in_hand(request, pk).report
    if report.state not in WRITABLE or report.current is None:
        return HttpResponse(status=409) if _by_itself(request) else redirect("reports:report", pk)
    complaints: Mapping[str, Words] = {}
    if request.method == "POST":
        told = {
            name[2:]: (str(text), request.POST.get(f"w:{name[2:]}"))
            for name, text in request.POST.items()
            if name.startswith("t:")
        }
        try:
            saved = services.save_texts(report=report, texts=told, by=person_of(request), now=now())
        except Refusal as refusal:
            if _by_itself(request):
                return HttpResponse(status=409)
            messages.error(request, str(refusal))
        else:
            complaints = saved.complaints
            if _by_itself(request):
                passages = report.current.passages.select_related("section")
                kept = {
                    f"w:{one.section.code}": one.text
                    for one in passages
                    if one.section.code not in complaints
                }
                return _kept(saved, kept)
            if not complaints:
                messages.success(request, _("Saved."))
                return redirect("reports:finish", pk)
    parts: list[dict[str, Any]] = [
        {
            "passage": one,
            "text": one.text,
            "complaint": complaints.get(one.section.code, ""),
            "typed": request.POST.get(f"t:{one.section.code}", ""),
        }
        for one in report.current.passages.select_related("section")
    ]
    context = {
        "report": report,
        "parts": parts,
        "steps": wizard("texts", consolidates=report.consolidates),
    }
    status = 422 if complaints else 200
    return render(request, "reports/texts.html", context, status=status)


@require_POST
@signed_in
def redraft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft the words again from the present figures."""
    report = in_hand(request, pk).report
    return done(
        request,
        lambda: services.redraft(report=report, by=person_of(request), now=now()),
        _("Drafted again. What somebody wrote was left as it is."),
        "reports:texts",
        pk,
    )
