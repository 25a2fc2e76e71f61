"""What I was told, and how I want to be told."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.letters.outcomes import FAILURE_WORDS
from vang.letters.services import letters_leave
from vang.notices import services
from vang.notices.access import own_notice
from vang.notices.forms import PreferencesForm
from vang.notices.kinds import Kind, look_of
from vang.notices.models import Notice
from vang.notices.queries import habits, last_letter, notices_of, unread_count
from vang.people.access import every_role, signed_in
from vang.people.people import person_of

_A_PAGE = 30


@dataclass(frozen=True)
class Line:
    """A notice with how its kind looks."""

    notice: Notice
    kind: Kind


@require_safe
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """The person's notices, unread ones first to see."""
    person = person_of(request)
    everything = request.GET.get("show") == "all"
    found = notices_of(person, unread=not everything)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page", "1"))
    unread = unread_count(person)
    here = reverse("notices:list")
    tabs = [
        {"label": _("Unread"), "url": here, "active": not everything, "count": unread},
        {"label": _("All"), "url": f"{here}?show=all", "active": everything, "count": None},
    ]
    lines = [Line(notice, look_of(notice.kind)) for notice in page]
    return render(
        request,
        "notices/list.html",
        {"page": page, "lines": lines, "tabs": tabs, "unread": unread, "everything": everything},
    )


@require_POST
@signed_in
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it, and go to what it tells of."""
    notice = own_notice(pk, person_of(request))
    services.mark_read(notice=notice, now=clock.now())
    return redirect(notice.url)


@require_POST
@signed_in
def unread(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep it among what is still to read."""
    services.mark_unread(notice=own_notice(pk, person_of(request)))
    return redirect("notices:list")


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Nothing is unread any more."""
    count = services.mark_all_read(person=person_of(request), now=clock.now())
    if count:
        told = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", count)
        messages.success(request, told % {"n": count})
    return redirect("notices:list")


@require_http_methods(["GET", "POST"])
@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """What comes by e-mail, when, and whether it arrives."""
    person, now = person_of(request), clock.now()
    held = habits(person, every_role(person, clock.local_date(now)))
    form = PreferencesForm(request.POST or None, held, person.language)
    if request.method == "POST" and form.is_valid():
        services.choose_mail(
            person=person,
            choices=form.choices,
            hour=form.cleaned_data["hour"],
            language=form.cleaned_data["language"],
            now=now,
        )
        messages.success(request, _("Your choice is kept."))
        return redirect("notices:preferences")
    letter = last_letter(person)
    return render(
        request,
        "notices/preferences.html",
        {
            "form": form,
            "person": person,
            "letters_leave": letters_leave(),
            "letter": letter,
            "failure": FAILURE_WORDS[letter.failure] if letter and letter.failure else "",
        },
    )
