"""The page of one bulletin, the page of its approver, and the verbs."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins import companions, services
from vang.bulletins.access import Reading, open_bulletin
from vang.bulletins.comparing import Comparison
from vang.bulletins.dossiers import dossier_of
from vang.bulletins.models import Bulletin, Version, WithdrawalReason
from vang.bulletins.talk import Passage, Talk, further_of, wording_of
from vang.people.access import signed_in
from vang.people.models import Person
from vang.people.people import person_of


def _open(request: HttpRequest, pk: int, *, showing: bool = False) -> Reading:
    return open_bulletin(person_of(request), pk, local_date(now()), showing=showing)


@require_GET
@signed_in
def bulletin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one bulletin."""
    return render(request, "bulletins/detail.html", _shown(request, pk))


@require_GET
@signed_in
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The exact text and the exact sound, for the person who decides."""
    return render(request, "bulletins/review.html", _shown(request, pk, deciding=True))


def _shown(request: HttpRequest, pk: int, *, deciding: bool = False) -> dict[str, Any]:
    """The bulletin, and what other rooms have to say about it."""
    reading, person = _open(request, pk, showing=True), person_of(request)
    sight = companions.Sight(reading.bulletin, person, reading.roles, deciding)
    dossier = dossier_of(reading, person)
    talk = Talk(dossier.version, person, may_say=sight.newsroom)
    return {
        "dossier": dossier,
        "deciding": deciding,
        "talk": talk,
        "passage": _passage(request, talk),
        "further": further_of(talk, dossier.rows),
        "parts": companions.parts_beside(sight),
    }


def _passage(request: HttpRequest, talk: Talk) -> Passage:
    """What the person is about to speak of: a chosen paragraph, or what was typed before."""
    sent = request.POST
    if "quote" in sent:
        near = sent.get("near", "")
        place = int(near) if near.isdecimal() and len(near) < 7 else 0
        return Passage(wording_of(sent.get("wording", "")), sent["quote"], place)
    return talk.passage(request.GET.get("wording", ""), request.GET.get("passage", ""))


@require_GET
@signed_in
def sound_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The sound as it stands now; asked for again and again while it is made."""
    dossier = dossier_of(_open(request, pk, showing=True), person_of(request))
    deciding = "review" in request.GET
    return render(request, "bulletins/parts/sound.html", {"dossier": dossier, "deciding": deciding})


@require_GET
@signed_in
def version_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, held against the one before it or another that is asked for."""
    bulletin = _open(request, pk).bulletin
    versions = list(
        bulletin.versions.select_related("edited_by", "recording").defer("text").order_by("-number")
    )
    version = next((one for one in versions if one.number == number), None)
    if version is None:
        raise Http404
    others = [one for one in versions if one.number != number]
    before = _asked(request.GET.get("with", ""), others) or _asked(str(number - 1), others)
    context = {
        "bulletin": bulletin,
        "version": version,
        "others": others,
        "comparison": Comparison(before, version) if before else None,
        "marks": "marks" in request.GET,
    }
    return render(request, "bulletins/version.html", context)


def _asked(number: str, versions: Sequence[Version]) -> Version | None:
    return next((one for one in versions if str(one.number) == number), None)


Act = Callable[[Bulletin, Person, HttpRequest], object]


def _verb(act: Act, done: Callable[[], str], *, back: str) -> Callable[..., HttpResponse]:
    """A view that does one verb and goes back to the page; a refusal is told there.

    A comment that was typed comes back with the refusal.
    """

    @require_POST
    @signed_in
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        reading, person = _open(request, pk), person_of(request)
        try:
            act(reading.bulletin, person, request)
        except Refusal as refusal:
            return show_refused(request, pk, str(refusal), back)
        messages.success(request, done())
        return redirect("bulletins:detail", pk)

    return view


def show_refused(request: HttpRequest, pk: int, why: str, back: str) -> HttpResponse:
    """The page ``back`` with the reason, and with what was typed."""
    shown = _shown(request, pk, deciding=back == "review")
    told = {
        "refusal": why,
        "comment": request.POST.get("comment", ""),
        "remark_text": request.POST.get("text", ""),
        "confirmed": request.POST.getlist("confirmed"),
    }
    return render(request, f"bulletins/{back}.html", {**shown, **told}, status=409)


def _public_reason(request: HttpRequest) -> str:
    wanted = request.POST.get("publicly", "")
    return wanted if wanted in WithdrawalReason else WithdrawalReason.OTHER


submit = _verb(
    lambda bulletin, by, request: services.submit_bulletin(
        bulletin=bulletin, by=by, now=now(), confirmed=request.POST.getlist("confirmed")
    ),
    lambda: _("Submitted for approval. An approver other than you decides."),
    back="detail",
)
approve = _verb(
    lambda bulletin, by, request: services.approve_bulletin(
        bulletin=bulletin,
        content_hash=request.POST.get("content_hash", ""),
        by=by,
        now=now(),
        comment=request.POST.get("comment", ""),
        confirmed=request.POST.getlist("confirmed"),
    ),
    lambda: _("Approved. Choose now when it is broadcast."),
    back="review",
)
send_back = _verb(
    lambda bulletin, by, request: services.return_bulletin(
        bulletin=bulletin, comment=request.POST.get("comment", ""), by=by, now=now()
    ),
    lambda: _("Returned to the writer with your comment."),
    back="review",
)
withdraw = _verb(
    lambda bulletin, by, request: services.withdraw_bulletin(
        bulletin=bulletin,
        reason=request.POST.get("comment", ""),
        publicly=_public_reason(request),
        by=by,
        now=now(),
    ),
    lambda: _("Withdrawn. It stops on every channel."),
    back="detail",
)
give_up = _verb(
    lambda bulletin, by, _request: services.give_up_correction(bulletin=bulletin, by=by, now=now()),
    lambda: _("The correction is given up; what is out stands."),
    back="detail",
)
make_sound = _verb(
    lambda bulletin, by, _request: services.make_sound(bulletin=bulletin, by=by, now=now()),
    lambda: _("The sound is being made."),
    back="detail",
)
