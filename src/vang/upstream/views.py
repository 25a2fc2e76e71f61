"""Warnings from above: the list, one of them, what follows from it, and where they come from."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.pages import BoundedPaginator
from vang.base.refusals import Refusal
from vang.base.tabs import tabs
from vang.cap.findings import Finding, NotAccepted
from vang.cap.model import Alert
from vang.cap.reading import read
from vang.cap.reasons import Reason
from vang.cap.writing import MEDIA_TYPE
from vang.library.uploads import dropped_uploads
from vang.people.access import current_unit, may, require, signed_in
from vang.people.people import person_of
from vang.upstream import drafting, services
from vang.upstream.access import BRINGERS, KEEPERS, READERS, Sight, open_feed, open_received
from vang.upstream.forms import SUGGESTED, FeedForm, FileForm, ReasonForm
from vang.upstream.matching import matches_of
from vang.upstream.models import Entry, Received
from vang.upstream.queries import VIEWS, feeds_of, fresh, listed
from vang.upstream.receiving import receive
from vang.upstream.showing import infos_shown, row_shown
from vang.upstream.words import caution_words, problem_words

PER_PAGE = 20
_REFUSED_SHOWN = 20
_FINDINGS_SHOWN = 20


@require_safe
@signed_in
def received_list(request: HttpRequest) -> HttpResponse:
    """What is in force for the unit, what is over, and what is about other places."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, READERS, unit, local_date(moment))
    view = request.GET.get("view", "now")
    view = view if view in VIEWS else "now"
    page = BoundedPaginator(listed(unit, view, moment), PER_PAGE).get_page(request.GET.get("page"))
    feeds = list(feeds_of(unit))
    context = {
        "unit": unit,
        "view": view,
        "tabs": _tabs(view, fresh(unit, moment).count()),
        "page": page,
        "rows": [row_shown(row, moment) for row in page.object_list],
        "feeds": feeds,
        "troubled": [feed for feed in feeds if feed.problem],
        "keeper": may(person, KEEPERS, unit, local_date(moment)),
        "bringer": may(person, BRINGERS, unit, local_date(moment)),
    }
    return render(request, "upstream/list.html", context)


def _tabs(view: str, waiting: int) -> list[dict[str, object]]:
    labels = {
        "now": pgettext("warning", "In force"),
        "past": pgettext("warning", "Over"),
        "elsewhere": pgettext("warning", "For other places"),
    }
    return tabs(labels, view, {"now": waiting})


def _sight(request: HttpRequest, pk: int) -> Sight:
    return open_received(person_of(request), current_unit(request), pk, local_date(now()))


@require_safe
@signed_in
def received_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One warning with its text in every language."""
    return _received_page(request, _sight(request, pk))


def _received_page(
    request: HttpRequest, sight: Sight, *, form: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    row, moment = sight.received, now()
    told = _told(row)
    decision = row.decisions.filter(unit=sight.unit).select_related("by").first()
    ended = row.ends.order_by("-sent").defer("content")[:20]
    context: dict[str, Any] = {
        "sight": sight,
        "received": row,
        "shown": row_shown(row, moment, decision.state if decision else None),
        "decision": decision,
        "may_decide": sight.decider and decision is None,
        "may_begin": bool(drafting.makers) and row.signature != Received.Signature.FAILED,
        "infos": infos_shown(told) if told else [],
        "matches": matches_of(told, sight.unit, local_date(moment)) if told else None,
        "cautions": list(dict.fromkeys(caution_words(code) for code, _l, _a in row.cautions)),
        "ended": ended,
        "places": row.places.select_related("unit")[:50],
        "form": form or ReasonForm(),
        "raised": form is not None,
    }
    return render(request, "upstream/received.html", context, status=status)


def _told(row: Received) -> Alert | None:
    """From the bytes; they were read once, but a later edition of the rules may not take them."""
    try:
        return read(bytes(row.content), now=row.received_at).alert
    except NotAccepted:
        return None


@require_safe
@signed_in
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they came."""
    row = _sight(request, pk).received
    answer = HttpResponse(bytes(row.content), content_type=MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="canh-bao-{row.sha256[:12]}.xml"'
    return answer


@require_POST
@signed_in
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """A warning of our own from this one."""
    sight = _sight(request, pk)
    try:
        url = services.begin_warning(
            received=sight.received, unit=sight.unit, by=person_of(request), now=now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("upstream:received", pk)
    told = _told(sight.received)
    matches = matches_of(told, sight.unit, local_date(now())) if told else None
    if matches is not None and matches.inside:
        messages.warning(request, _PROPOSED)
    return redirect(url)


_PROPOSED = gettext_lazy(
    "The places are proposed by the coordinates of the clusters. Compare them with the words of "
    "the warning before you submit."
)


@require_POST
@signed_in
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing follows from it here."""
    sight = _sight(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _received_page(request, sight, form=form, status=422)

    def act() -> None:
        services.dismiss(
            received=sight.received,
            unit=sight.unit,
            reason=form.cleaned_data["reason"],
            by=person_of(request),
            now=now(),
        )

    return done(request, act, _("Set aside."), "upstream:list")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def feed_list(request: HttpRequest) -> HttpResponse:
    """Where warnings come from, whether they do, and a further address."""
    unit, person, moment = current_unit(request), person_of(request), now()
    keeps = KEEPERS if request.method == "POST" else READERS
    require(person, keeps, unit, local_date(moment))
    form = FeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_feed(unit=unit, by=person, now=moment, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Added. It is asked within a minute."))
            return redirect("upstream:feeds")
    feeds = list(feeds_of(unit))
    refused = Entry.objects.filter(feed__in=feeds).exclude(code="").select_related("feed")
    context = {
        "unit": unit,
        "feeds": [(feed, problem_words(feed.problem) if feed.problem else "") for feed in feeds],
        "refused": [(one, problem_words(one.code)) for one in refused[:_REFUSED_SHOWN]],
        "keeper": may(person, KEEPERS, unit, local_date(moment)),
        "form": form,
        "suggested": SUGGESTED,
    }
    return render(request, "upstream/feeds.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def bring(request: HttpRequest) -> HttpResponse:
    """Take in a file that came by another way."""
    unit, person, moment = current_unit(request), person_of(request), now()
    require(person, BRINGERS, unit, local_date(moment))
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None)
    findings: tuple[Finding, ...] = ()
    if posted and "warning" in dropped_uploads(request):
        form.errors["warning"] = form.error_class([str(Reason.TOO_LARGE.text)])
    elif posted and form.is_valid():
        content = form.cleaned_data["warning"].read()
        try:
            row = receive(content=content, unit=unit, now=moment, by=person)
        except NotAccepted as refusal:
            findings = refusal.findings[:_FINDINGS_SHOWN]
            form.add_error("warning", str(refusal))
        except Refusal as refusal:
            form.add_error("warning", str(refusal))
        else:
            messages.success(request, _("Taken in. Read it and decide."))
            return redirect("upstream:received", row.pk)
    context = {"unit": unit, "form": form, "findings": findings}
    return render(request, "upstream/bring.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def end_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not asked any more."""
    unit, person = current_unit(request), person_of(request)
    require(person, KEEPERS, unit, local_date(now()))
    feed = open_feed(unit, pk)
    said = _("%(name)s is not asked any more.") % {"name": feed.name}
    return done(
        request, lambda: services.end_feed(feed=feed, by=person, now=now()), said, "upstream:feeds"
    )
