"""The announcer's list: one screen to record everything once; own phrases; pins."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vang.base.clock import local_date, now
from vang.base.permissions import may_use_microphone
from vang.base.refusals import Refusal
from vang.orgs.models import Unit
from vang.people.access import current_unit, require, roles, signed_in
from vang.people.people import person_of
from vang.phrases import services
from vang.phrases.access import open_notice, open_phrase
from vang.phrases.forms import PhraseForm
from vang.phrases.models import Phrase
from vang.phrases.notices import notices
from vang.phrases.queries import (
    Item,
    fragments_missing,
    items_of,
    needed_numbers,
    pins_of,
)
from vang.phrases.services import PINNERS
from vang.takes.access import open_clip
from vang.takes.clips import RECORDERS
from vang.takes.views import answering, clip_key
from vang.voice.queries import dictionary_of


@require_safe
@may_use_microphone
@signed_in
def bank(request: HttpRequest) -> HttpResponseBase:
    """The recording screen and the list, group by group."""
    return _page(request, current_unit(request), PhraseForm())


@require_safe
@answering
def state(request: HttpRequest) -> HttpResponse:
    """The list as the recording screen reads it."""
    unit = current_unit(request)
    items = items_of(unit, local_date(now()), dictionary_of(unit))
    return JsonResponse({"unit": unit.pk, "items": [told_item(item) for item in items]})


@require_POST
@answering
def record(request: HttpRequest) -> HttpResponse:
    """A clip becomes the newest recording of the phrase ``key``."""
    person, unit = person_of(request), current_unit(request)
    clip = open_clip(person, clip_key(request.POST.get("clip", "")), local_date(now()))
    saying = services.record_phrase(
        unit=unit, key=request.POST.get("key", "")[:400], clip=clip, by=person, now=now()
    )
    return JsonResponse({"saying": saying.pk})


@require_POST
@signed_in
def add(request: HttpRequest) -> HttpResponse:
    """A phrase of the commune's own comes onto the list."""
    person, unit = person_of(request), current_unit(request)
    require(person, RECORDERS, unit, local_date(now()))
    form = PhraseForm(request.POST)
    if form.is_valid():
        try:
            services.add_phrase(unit=unit, by=person, now=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is on the list: record it now."))
            return redirect("phrases:bank")
    return _page(request, unit, form, status=422)


@require_POST
@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A phrase of the commune's own leaves the list."""
    person = person_of(request)
    phrase = open_phrase(person, pk, local_date(now()))
    require(person, RECORDERS, phrase.unit, local_date(now()))
    services.remove_phrase(phrase=phrase, by=person, now=now())
    messages.success(request, _("Removed from the list."))
    return redirect("phrases:bank")


@require_POST
@signed_in
def pin(request: HttpRequest, name: str) -> HttpResponse:
    """Fix the recordings that an emergency notice uses."""
    person, unit = person_of(request), current_unit(request)
    require(person, PINNERS, unit, local_date(now()))
    try:
        services.pin_phrases(unit=unit, notice=open_notice(name), by=person, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Pinned: this notice now uses exactly these recordings."))
    return redirect("phrases:bank")


def told_item(item: Item) -> dict[str, Any]:
    """A phrase as the recording screen reads it."""
    saying = item.saying
    told: dict[str, Any] = {
        "key": item.wanted.key,
        "text": item.wanted.text,
        "before": item.wanted.before,
        "after": item.wanted.after,
        "group": str(item.wanted.group),
        "needed": item.wanted.needed,
        "recorded": None,
    }
    if saying is not None:
        told["recorded"] = {
            "clip": saying.clip.key.hex,
            "from": saying.clip.levels["from_ms"],
            "to": saying.clip.levels["to_ms"],
            "faults": saying.clip.levels["faults"],
            "check": saying.check_state,
            "heard": saying.heard,
        }
    return told


def _page(request: HttpRequest, unit: Unit, form: PhraseForm, *, status: int = 200) -> HttpResponse:
    today = local_date(now())
    dictionary = dictionary_of(unit)
    items = items_of(unit, today, dictionary)
    held = roles(person_of(request), unit, today)
    groups = [_group(group, items) for group in Phrase.Group]
    return render(
        request,
        "phrases/bank.html",
        {
            "unit": unit,
            "form": form,
            "groups": groups,
            "may_record": not held.isdisjoint(RECORDERS),
            "may_pin": not held.isdisjoint(PINNERS),
            "own": [item.phrase for item in items if item.phrase and item.phrase.own],
            "notices": _notices(unit, items, dictionary),
        },
        status=status,
    )


def _group(group: Phrase.Group, items: list[Item]) -> dict[str, Any]:
    of_group = [item for item in items if item.wanted.group == group.value]
    needed = [item for item in of_group if item.wanted.needed]
    return {
        "name": group.value,
        "label": group.label,
        "items": of_group,
        "all": len(of_group),
        "recorded": sum(item.saying is not None for item in of_group),
        "needed": len(needed),
        "lacking": sum(item.saying is None for item in needed),
    }


def _notices(unit: Unit, items: list[Item], dictionary: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each notice with how many fixed parts it lacks, and its pin if it is an emergency's."""
    bank = frozenset(item.wanted.key for item in items if item.saying is not None)
    numbers = len(needed_numbers(bank, local_date(now()).year))
    pins = pins_of(unit)
    return [
        {
            "notice": notice,
            "lacking": len(fragments_missing(notice, dictionary, bank)),
            "numbers": numbers,
            "pin": pins.get(notice.name),
        }
        for notice in notices().values()
    ]
