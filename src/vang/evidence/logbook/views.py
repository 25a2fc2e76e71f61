"""The logbook on the screen, as PDF and as a workbook."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vang.base.clock import local_date, now
from vang.base.pdf import pdf_response
from vang.base.sheets import xlsx_download
from vang.evidence.logbook import words
from vang.evidence.logbook.facts import logbook
from vang.evidence.logbook.forms import LogbookFilter
from vang.evidence.logbook.lines import Line, totals
from vang.evidence.logbook.paper import Book, logbook_pdf, logbook_sheets
from vang.people.access import current_unit, signed_in
from vang.people.boards import board_of, board_words


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """A day or a month of the book, with the ways to take it along."""
    form = _form(request)
    book = _book(request, form)
    days = [(day, [_shown(line) for line in lines]) for day, lines in book.days.items()]
    context = {
        "unit": book.unit,
        "form": form,
        "book": book,
        "days": days,
        "totals": words.total_words(totals(book.lines)),
        "before": book.first - timedelta(days=1),
        "after": book.last + timedelta(days=1),
        "span": "day" if book.one_day else "month",
        "query": request.GET.urlencode(),
    }
    return render(request, "evidence/logbook.html", context)


@require_safe
@signed_in
def as_pdf(request: HttpRequest) -> HttpResponse:
    book = _book(request, _form(request))
    return pdf_response(book.file_name, logbook_pdf(book))


@require_safe
@signed_in
def as_xlsx(request: HttpRequest) -> HttpResponseBase:
    book = _book(request, _form(request))
    return xlsx_download(book.file_name, logbook_sheets(book))


def _form(request: HttpRequest) -> LogbookFilter:
    return LogbookFilter(request.GET, today=local_date(now()))


def _book(request: HttpRequest, form: LogbookFilter) -> Book:
    unit, moment = current_unit(request), now()
    first, last = form.period
    sitting = board_of(unit, last)
    head = sitting.head if sitting else None
    return Book(
        unit=unit,
        first=first,
        last=last,
        lines=logbook(unit, first, last, now=moment),
        made_at=moment,
        announcer=form.name("announcer"),
        station_head=form.name("station_head") or (head.full_name if head else ""),
        board=board_words(unit, last),
    )


def _shown(line: Line) -> dict[str, object]:
    return {
        "line": line,
        "category": words.category_words(line),
        "source": words.source_words(line),
        "heard": words.heard_words(line),
        "not_heard": words.not_heard_words(line),
        "remarks": words.remarks(line),
    }
