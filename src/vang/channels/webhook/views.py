"""The page where the administrator names the addresses."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.channels.webhook import services
from vang.channels.webhook.channel import hooks_of
from vang.channels.webhook.models import Hook, Posting
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.people import person_of


class HookForm(forms.Form):
    """One address."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://example.vn/vang"}),
        help_text=gettext_lazy("The other system tells you this address. It begins with https://"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hooks(request: HttpRequest) -> HttpResponse:
    """The addresses; POST adds one and shows its secret once."""
    unit, person = current_unit(request), person_of(request)
    require(person, Role.ADMINISTRATOR, unit, local_date(now()))
    form, made = HookForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_hook(unit=unit, url=form.cleaned_data["url"], by=person, now=now())
        except Refusal as refusal:
            form.add_error("url", str(refusal))
    rows = [(hook, _last(hook)) for hook in hooks_of(unit)]
    context = {
        "unit": unit,
        "form": HookForm() if made else form,
        "made": made,
        "rows": rows,
    }
    return render(request, "webhook/hooks.html", context)


def _last(hook: Hook) -> Posting | None:
    return Posting.objects.filter(hook=hook).order_by("-changed_at", "-pk").first()


def _hook(request: HttpRequest, pk: int) -> Hook:
    hook = Hook.objects.filter(pk=pk, ended_at=None).select_related("unit").first()
    if hook is None:
        raise Http404
    require(person_of(request), Role.ADMINISTRATOR, hook.unit, local_date(now()))
    return hook


@require_POST
@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Send nothing more there."""
    services.end_hook(hook=_hook(request, pk), by=person_of(request), now=now())
    messages.success(request, _("Taken away. Nothing more is sent there."))
    return redirect("webhook:hooks")


@require_POST
@signed_in
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a trial message and say what became of it."""
    try:
        services.try_hook(hook=_hook(request, pk), by=person_of(request), now=now())
    except Refusal as refusal:
        messages.error(request, _("Not taken: %(why)s.") % {"why": refusal})
    else:
        messages.success(request, _("The other system took the trial message."))
    return redirect("webhook:hooks")
