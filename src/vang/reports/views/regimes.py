"""Which reports are due every year, and their rounds."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.acting import done
from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import ancestors
from vang.people.access import current_unit, may, readable_unit, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.reports.access import MANAGERS
from vang.reports.forms import RegimeForm, RoundForm, known_days
from vang.reports.models import Regime, Report
from vang.reports.services.opening import open_round
from vang.reports.services.regimes import (
    A_YEAR,
    HALF_YEARS,
    Duty,
    days_of,
    end_regime,
    start_regime,
)
from vang.reports.views.forms import offered


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def regime_list(request: HttpRequest) -> HttpResponse:
    """Regimes of the unit and of those above it; a unit with others below it adds its own."""
    unit, person, today = current_unit(request), person_of(request), local_date(now())
    form = RegimeForm(request.POST or None, offered=offered(request))
    if request.method == "POST":
        require(person, MANAGERS, unit, today)
        if form.is_valid():
            try:
                regime = _start(form, unit, person)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("From now on these reports are due every year."))
                return redirect("reports:regime", regime.pk)
    rows = Regime.objects.filter(Q(unit__isnull=True) | Q(unit__in=ancestors(unit)))
    context = {
        "unit": unit,
        "form": form,
        "rows": rows.select_related("unit", "form").annotate(n=Count("rounds")),
        "may_add": unit.level in {Unit.Level.DISTRICT, Unit.Level.PROVINCE}
        and may(person, MANAGERS, unit, today),
    }
    return render(request, "reports/regimes.html", context, status=422 if form.errors else 200)


def _start(form: RegimeForm, unit: Unit, person: Person) -> Regime:
    told = form.cleaned_data
    duty = Duty(told["form"], told["name"], told["level"], told["with_offices"], told["basis"])
    terms = HALF_YEARS if told["days"] == "half-years" else A_YEAR
    recipients = told["recipients"].splitlines()
    return start_regime(
        unit=unit,
        duty=duty,
        terms=terms,
        recipients=recipients,
        by=person,
        now=now(),
    )


def _regime(request: HttpRequest, pk: int) -> Regime:
    """Of everybody, or of a unit at or above the person's. Raises Http404."""
    rows = Regime.objects.select_related("unit__parent__parent", "form")
    regime = rows.filter(pk=pk).first()
    if regime is None:
        raise Http404
    line = {one.pk for one in ancestors(current_unit(request))}
    if regime.unit is None or regime.unit.pk in line:
        return regime
    if not readable_unit(person_of(request), regime.unit, local_date(now())):
        raise Http404
    return regime


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def regime_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A regime with its rounds; its unit opens one by hand."""
    regime, person, today = _regime(request, pk), person_of(request), local_date(now())
    manages = regime.unit is not None and may(person, MANAGERS, regime.unit, today)
    terms = list(regime.terms.all())
    initial = known_days(days_of(terms[0], today.year)) if terms else {}
    form = RoundForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if regime.unit is None:
            raise Http404
        require(person, MANAGERS, regime.unit, today)
        if form.is_valid():
            try:
                name, days = form.cleaned_data["name"], form.days()
                open_round(regime=regime, name=name, days=days, by=person, now=now())
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Opened: every unit finds it among its tasks."))
                return redirect("reports:regime", pk)
    rounds = regime.rounds.annotate(
        n=Count("reports"),
        accepted=Count("reports", filter=Q(reports__state=Report.State.ACCEPTED)),
        late=Count("reports", filter=Q(reports__late=True)),
    )
    own = Report.objects.filter(round__regime=regime, unit=current_unit(request))
    mine = {report.round_id: report for report in own}
    context = {
        "regime": regime,
        "terms": terms,
        "recipients": regime.recipients.all(),
        "rounds": [(one, mine.get(one.pk)) for one in rounds],
        "form": form,
        "manages": manages,
    }
    return render(request, "reports/regime.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """No further rounds."""
    regime = _regime(request, pk)
    if regime.unit is None:
        raise Http404
    require(person_of(request), MANAGERS, regime.unit, local_date(now()))
    return done(
        request,
        lambda: end_regime(regime=regime, by=person_of(request), now=now()),
        _("Ended. Open rounds go on."),
        "reports:regime",
        pk,
    )
