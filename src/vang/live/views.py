"""Pages of live voices: what was spoken, leave to speak, a microphone from its check to its end."""

import base64
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vang.airtime.queries import policy_of
from vang.alerts import trusting
from vang.alerts.views.signing import proof_of
from vang.base.clock import local_date, now
from vang.base.permissions import may_use_microphone
from vang.base.refusals import Refusal
from vang.dispatch.addresses import link_url_for
from vang.live import airing, services
from vang.live.access import (
    Standing,
    hours_words,
    may_write_words,
    open_session,
    own_session,
    permission_here,
    read_again,
    standing_of,
)
from vang.live.forms import PermissionForm, SpeakForm, WordsForm
from vang.live.hearing import hearing_of
from vang.live.models import Permission, Session
from vang.orgs.models import Unit
from vang.people.access import DECIDE, current_unit, may, require, signed_in
from vang.people.models import Person
from vang.people.people import person_of
from vang.stations.models import Cluster
from vang.voice.serving import sound_response

PER_PAGE = 30
State = Session.State


def _here(request: HttpRequest) -> Standing:
    return standing_of(person_of(request), current_unit(request), now())


@require_safe
@signed_in
def session_list(request: HttpRequest) -> HttpResponse:
    """What was spoken live, the newest first."""
    here = _here(request)
    rows = Session.objects.filter(unit=here.unit).exclude(state=State.PREPARED)
    found = rows.select_related("person").defer("payload", "words").order_by("-prepared_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    commune = here.unit.level == Unit.Level.COMMUNE
    context = {"here": here, "unit": here.unit, "page": page, "commune": commune}
    return render(request, "live/list.html", context)


@never_cache
@may_use_microphone
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """The microphone is tried, the places are chosen."""
    here = _here(request)
    places = here.clusters()
    form = SpeakForm(places, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session = services.prepare_session(
                standing=here, wanted=form.wanted(), by=person_of(request), now=now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("live:sign", session.pk)
    context = {
        "here": here,
        "unit": here.unit,
        "form": form,
        "places": places,
        "hours": hours_words(policy_of(here.unit)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "live/new.html", context, status=status)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """One signature opens it."""
    person, moment = person_of(request), now()
    session = own_session(person, pk, local_date(moment))
    if session.state != State.PREPARED:
        return redirect("live:session", pk)
    refusal = ""
    if request.method == "POST":
        try:
            services.open_session(
                session=session,
                standing=standing_of(person, session.unit, moment),
                proof=proof_of(request, person),
                by=person,
                now=moment,
            )
        except Refusal as error:
            refusal = str(error)
        else:
            return redirect("live:session", pk)
    hand = trusting.hand_of(person)
    context = {
        "session": session,
        "clusters": list(session.clusters.order_by("name")),
        "refusal": refusal,
        "options": _passkey_options(session, hand),
        "software": hand.software,
        "no_key": not hand.signers,
        "closed": moment >= session.until,
    }
    return render(request, "live/sign.html", context, status=409 if refusal else 200)


def _passkey_options(session: Session, hand: trusting.Hand) -> dict[str, Any] | None:
    """What the browser asks the passkey: to sign exactly this order. None without a passkey."""
    usable = [one for one in hand.signers if one.credential]
    if hand.policy is None or hand.policy.party is None or not usable:
        return None
    challenge = sha256(services.to_be_signed(session)).digest()
    return {
        "publicKey": {
            "challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "rpId": hand.policy.party.id,
            "allowCredentials": [{"type": "public-key", "id": one.credential} for one in usable],
            "userVerification": "required",
            "timeout": 50_000,
        }
    }


def _microphone_address(request: HttpRequest, session: Session) -> str:
    """Where the browser brings the sound: below where nodes find the link."""
    link = urlsplit(link_url_for(request, session.unit.code))
    return link._replace(path=f"{link.path.rstrip('/')}/microphone").geturl()


@never_cache
@may_use_microphone
@require_safe
@signed_in
def session_page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """On the air, with the microphone for the speaker; afterwards what became of it."""
    person, moment = person_of(request), now()
    session = open_session(person, pk, local_date(moment))
    address = _microphone_address(request, session)
    origin = urlsplit(address)._replace(path="").geturl()

    def shown(request: HttpRequest) -> HttpResponseBase:
        return _session_page(request, session, address)

    return csp_update({"connect-src": [origin]})(shown)(request)


def _session_page(request: HttpRequest, session: Session, address: str) -> HttpResponseBase:
    person, moment = person_of(request), now()
    if session.state == State.PREPARED:
        if session.person_id != person.pk:
            raise Http404
        return redirect("live:sign", session.pk)
    own = session.person_id == person.pk
    speaking = own and session.state == State.OPEN and moment < session.until
    token = ""
    if speaking:
        token = airing.microphone_token(session.name, person.pk, now=moment, until=session.until)
    context = _part(session) | {
        "own": own,
        "speaking": speaking,
        "may_stop": own or may(person, DECIDE, session.unit, local_date(moment)),
        "address": address,
        "token": token,
    }
    return render(request, "live/session.html", context | _words_part(session, person))


def _words_part(session: Session, person: Person, form: WordsForm | None = None) -> dict[str, Any]:
    """What was said in writing, and the form for whoever may write it."""
    spoken = session.state == State.ENDED and session.opened_at is not None
    if not spoken or not may_write_words(session, person, local_date(now())):
        return {}
    given = {"words": session.words, "seen": session.words_sha256}
    return {"words_form": form or WordsForm(initial=given)}


@never_cache
@require_safe
@signed_in
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes, asked for every second and a half."""
    session = open_session(person_of(request), pk, local_date(now()))
    return render(request, "live/parts/hearing.html", _part(session))


def _part(session: Session) -> dict[str, Any]:
    moment = now()
    return {
        "session": session,
        "hearing": hearing_of(session, moment),
        "polls": session.state == State.OPEN and moment < session.until,
    }


@require_POST
@signed_in
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The speaker ends, or somebody who decides cuts it off."""
    person, moment = person_of(request), now()
    session = open_session(person, pk, local_date(moment))
    why = "speaker" if session.person_id == person.pk else "cut-off"
    try:
        services.close_session(session=session, by=person, why=why, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The microphone is closed."))
    return redirect("live:session", pk)


@never_cache
@require_POST
@signed_in
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, written down or changed; what cannot be kept stays in the field."""
    person, moment = person_of(request), now()
    session = open_session(person, pk, local_date(moment))
    given = {name: request.POST.get(name, "") for name in ("words", "seen")}
    try:
        services.write_words(session=session, by=person, now=moment, **given)
    except Refusal as refusal:
        if refusal.code in services.OF_THE_WORDS:
            return _words_again(request, read_again(session), given, refusal)
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The words are kept."))
    return redirect("live:session", pk)


def _words_again(
    request: HttpRequest, session: Session, given: dict[str, str], refusal: Refusal
) -> HttpResponse:
    """The person's own words stay in the field, below what stands there by now."""
    if refusal.code == "changed-meanwhile":
        given = given | {"seen": session.words_sha256}
    form = WordsForm(given)
    form.full_clean()
    form.add_error("words", str(refusal))
    context = _part(session) | _words_part(session, person_of(request), form)
    return render(request, "live/session.html", context, status=409)


@require_safe
@signed_in
def recording(request: HttpRequest, pk: int) -> HttpResponseBase:
    """As it was aired."""
    session = open_session(person_of(request), pk, local_date(now()))
    if not session.recording:
        raise Http404
    path = services.recordings() / session.recording
    return sound_response(request, path, session.recording_sha256)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may speak where; approvers and leaders give leave."""
    person, moment = person_of(request), now()
    unit, today = current_unit(request), local_date(moment)
    require(person, DECIDE, unit, today)
    if unit.level != Unit.Level.COMMUNE:
        raise Http404
    places = list(Cluster.objects.filter(unit=unit, active=True))
    people = _colleagues(unit, person)
    form = PermissionForm(
        people, places, request.POST or None, initial=PermissionForm.initial_for(today)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.give_permission(unit=unit, leave=form.leave(), by=person, now=moment)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Leave was given. Loudspeakers obey once the policy says so.")
            )
            return redirect("live:permissions")
    rows = Permission.objects.filter(unit=unit).select_related("person", "given_by")
    context = {
        "unit": unit,
        "form": form,
        "rows": rows.prefetch_related("clusters")[:100],
        "today": today,
        "people": people,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "live/permissions.html", context, status=status)


def _colleagues(unit: Unit, person: Person) -> list[Person]:
    """Everybody with a role in the commune but the one who gives leave."""
    found = Person.objects.filter(memberships__unit=unit, is_active=True).exclude(pk=person.pk)
    return list(found.distinct().order_by("full_name", "pk"))


@require_POST
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on nobody speaks by it."""
    person, moment = person_of(request), now()
    unit = current_unit(request)
    require(person, DECIDE, unit, local_date(moment))
    permission = permission_here(pk, unit)
    try:
        services.withdraw_permission(permission=permission, by=person, now=moment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Leave was withdrawn."))
    return redirect("live:permissions")
