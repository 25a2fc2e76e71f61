"""Personal keys: one's own, those of the unit's people, and who may order what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.base import clock
from vang.base.clock import local_date
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.orgs.queries import valid_on
from vang.people.access import Role, current_unit, require, signed_in
from vang.people.models import Membership
from vang.people.people import person_of
from vang.people.views.protection import ask_for_proof, proved
from vang.trust.forms import KeyForm
from vang.trust.models import PersonKey
from vang.trust.queries import current_policy, keys_of, pending_policy, relying_party
from vang.trust.registration import NotRegistered, begin, complete
from vang.trust.services import approve_key, register_key, revoke_key
from vang.trust.standing import Standing, root_facts, unit_grants

_STATE = "trust.registration"


@dataclass(frozen=True)
class Row:
    """A key with what it is worth now."""

    key: PersonKey
    standing: Standing

    @property
    def revoking(self) -> str:
        """Where the question before it stands on the page."""
        return f"revoke-{self.key.pk}"

    @property
    def confirming(self) -> str:
        return f"confirm-{self.key.pk}"


def _rows(keys: list[PersonKey], now: datetime) -> list[Row]:
    policy = current_policy()
    named = frozenset(one.key.public for one in policy.keys) if policy else frozenset()
    return [Row(one, Standing.of(one, named, now)) for one in keys]


@never_cache
@require_safe
@signed_in
def own(request: HttpRequest) -> HttpResponse:
    """The person's own keys, and from when each counts."""
    rows = _rows(keys_of(person_of(request)), clock.now())
    return render(request, "trust/own.html", {"rows": rows, "elsewhere": _elsewhere(request)})


def _elsewhere(request: HttpRequest) -> str:
    """The address at which passkeys work, when this is another one; else ""."""
    party = relying_party()
    here = f"{request.scheme}://{request.get_host()}"
    return "" if here in party.origins else party.origins[0]


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@proved  # type: ignore[untyped-decorator]
def register(request: HttpRequest) -> HttpResponse:
    """A passkey of this device or of a security key becomes a personal key, once confirmed."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _registered(request, form):
        messages.success(
            request, _("The key is registered. An administrator other than you must confirm it.")
        )
        return redirect("trust:own")
    options, state = begin(person_of(request))
    request.session[_STATE] = state
    page = {"form": form, "options": options, "elsewhere": _elsewhere(request)}
    return render(request, "trust/register.html", page)


def _registered(request: HttpRequest, form: KeyForm) -> bool:
    person, fields = person_of(request), form.cleaned_data
    try:
        made = complete(request.session.pop(_STATE, {}), fields["credential"])
        register_key(
            person=person,
            key=made.key,
            credential_id=made.credential_id,
            relying_party=made.relying_party,
            use=fields["use"],
            label=fields["label"],
            by=person,
            unit=current_unit(request),
            now=clock.now(),
        )
    except NotRegistered:
        form.add_error(None, _("The device's answer was not right. Try again."))
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one's own key, or as administrator a colleague's."""
    person = person_of(request)
    key = PersonKey.objects.filter(pk=pk).first()
    mine = key is not None and key.person_id == person.pk
    unit = current_unit(request) if mine else _administered(request)
    ask_for_proof(request)
    if key is None or not (mine or _works_here(key, unit)):
        raise Http404
    try:
        revoke_key(key=key, by=person, unit=unit, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The key is revoked. Loudspeakers learn it with the next signed policy.")
        )
    return redirect("trust:own" if mine else "trust:keys")


def _administered(request: HttpRequest) -> Unit:
    """The present unit, for its administrator. Raises Http404, PermissionDenied."""
    unit = current_unit(request)
    require(person_of(request), Role.ADMINISTRATOR, unit, local_date(clock.now()))
    return unit


def _works_here(key: PersonKey, unit: Unit) -> bool:
    held = Membership.objects.filter(valid_on(local_date(clock.now())), unit=unit)
    return bool(held.filter(person=key.person_id).exists())


@require_safe
@signed_in
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the unit's people: those that wait to be confirmed first."""
    unit, now = _administered(request), clock.now()
    people = Membership.objects.filter(valid_on(local_date(now)), unit=unit).values("person")
    found = PersonKey.objects.filter(person__in=people, revoked_at=None)
    rows = _rows(list(found.select_related("person", "approved_by", "requested_by")), now)
    page: dict[str, Any] = {
        "unit": unit,
        "waiting": [row for row in rows if row.standing is Standing.WAITS],
        "confirmed": [row for row in rows if row.standing is not Standing.WAITS],
        "myself": person_of(request).pk,
    }
    return render(request, "trust/keys.html", page)


@require_POST
@signed_in
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Vouch that the key is the colleague's."""
    unit = _administered(request)
    ask_for_proof(request)
    key = PersonKey.objects.filter(pk=pk).first()
    if key is None or not _works_here(key, unit):
        raise Http404
    try:
        approve_key(key=key, unit=unit, by=person_of(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The key is confirmed. It enters the next policy that the holders sign.")
        )
    return redirect("trust:keys")


@require_safe
@signed_in
def policy(request: HttpRequest) -> HttpResponse:
    """Who may order what here, until when it holds, and who holds the root."""
    unit, now = current_unit(request), clock.now()
    wanted = (Role.APPROVER, Role.LEADER, Role.ADMINISTRATOR, Role.READER)
    require(person_of(request), wanted, unit, local_date(now))
    standing = current_policy()
    page = {
        "unit": unit,
        "policy": standing,
        "pending": pending_policy(),
        "root": root_facts(),
        "grants": unit_grants(standing, unit) if standing else [],
        "over": standing is not None and standing.expires <= now,
    }
    return render(request, "trust/policy.html", page)
