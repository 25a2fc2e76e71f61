"""Public pages: asking for letters, confirming, leaving. And the administrator's page."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from vang.base.clock import local_date, now
from vang.base.rates import Buckets
from vang.base.refusals import Refusal
from vang.channels.mailing import services
from vang.channels.mailing.letters import NAME, list_address
from vang.channels.mailing.models import Subscriber
from vang.channels.mailing.tokens import read_confirm, read_leave
from vang.channels.queries import names_on
from vang.letters.services import letters_leave
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of

# A flood of requests writes no flood of letters: a list takes thirty at once, then one each two
# seconds, whoever asks.
_asked = Buckets(burst=30, per_minute=30)


class AskForm(forms.Form):
    """One address. ``website`` is hidden from people: only programs fill it in."""

    address = forms.EmailField(label=_("Your e-mail address"), max_length=254)
    website = forms.CharField(required=False, widget=forms.HiddenInput)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The form for a resident, and "look into your mailbox"."""
    unit = _unit(code)
    form = AskForm(request.POST or None)
    done = request.method == "POST" and form.is_valid() and _took(form, unit)
    context = {"unit": unit, "form": form, "done": done}
    return render(request, "mailing/ask.html", context, status=400 if form.errors else 200)


def _took(form: AskForm, unit: Unit) -> bool:
    if form.cleaned_data["website"]:
        return True
    if not _asked.take(unit.code, now=now()):
        form.add_error(None, str(_("Too many people are asking just now. Try in a minute.")))
        return False
    try:
        services.ask_for_letters(unit=unit, address=form.cleaned_data["address"], now=now())
    except Refusal as refusal:
        form.add_error("address", str(refusal))
        return False
    return True


def _unit(code: str) -> Unit:
    """A unit that has the list on. Raises Http404."""
    found = Unit.objects.filter(valid_on(local_date(now())), code=code).first()
    if found is None or not letters_leave() or NAME not in names_on(found):
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button: programs that look into letters open links, people press buttons."""
    pk = read_confirm(token)
    found = Subscriber.objects.filter(pk=pk).select_related("unit").first() if pk else None
    if found is None:
        return render(request, "mailing/gone.html", status=404)
    if request.method == "POST":
        services.confirm(pk=found.pk, now=now())
        found.refresh_from_db()
    return render(request, "mailing/confirm.html", {"subscriber": found, "unit": found.unit})


@csrf_exempt  # mail programs press the button for their owner (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the list: one button, no questions."""
    pk = read_leave(token)
    if pk is None:
        return render(request, "mailing/gone.html", status=404)
    if request.method == "POST":
        services.leave(pk=pk, now=now())
    gone = not Subscriber.objects.filter(pk=pk).exists()
    return render(request, "mailing/leave.html", {"gone": gone})


@require_safe
@signed_in
def subscribers(request: HttpRequest) -> HttpResponse:
    """How many are on the list, and where they subscribe. Addresses are nobody's to see."""
    unit = current_unit(request)
    require(person_of(request), Role.ADMINISTRATOR, unit, local_date(now()))
    everybody = Subscriber.objects.filter(unit=unit)
    context = {
        "unit": unit,
        "confirmed": everybody.exclude(confirmed_at=None).count(),
        "waiting": everybody.filter(confirmed_at=None).count(),
        "address": list_address(unit.code),
        "leaves": letters_leave(),
        "on": NAME in names_on(unit),
    }
    return render(request, "mailing/list.html", context)
