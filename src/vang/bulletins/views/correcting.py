"""Starting a correction of what is out, changing its words, giving it up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vang.base.clock import local_date, now
from vang.base.refusals import Refusal
from vang.bulletins import services
from vang.bulletins.access import open_bulletin
from vang.bulletins.forms import CorrectionForm
from vang.bulletins.models import Bulletin
from vang.bulletins.queries import live_edition, open_correction
from vang.people.access import signed_in
from vang.people.people import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What was wrong and why, before the text itself is mended."""
    bulletin = open_bulletin(person_of(request), pk, local_date(now())).bulletin
    correction = open_correction(bulletin)
    edition = correction.edition if correction else live_edition(bulletin)
    if edition is None:
        raise Http404
    words = {"wrong": correction.wrong, "because": correction.wrong_because} if correction else None
    form = CorrectionForm(request.POST or None, initial=words)
    if request.method == "POST" and form.is_valid() and _done(request, bulletin, form):
        return redirect("bulletins:edit", pk)
    context = {
        "bulletin": bulletin,
        "correction": correction,
        "edition": edition,
        "form": form,
    }
    return render(request, "bulletins/correct.html", context, status=409 if form.errors else 200)


def _done(request: HttpRequest, bulletin: Bulletin, form: CorrectionForm) -> bool:
    fits = bulletin.state != Bulletin.State.RELEASED
    act = services.change_correction if fits else services.start_correction
    try:
        act(
            bulletin=bulletin,
            wrong=form.cleaned_data["wrong"],
            because=form.cleaned_data["because"],
            by=person_of(request),
            now=now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Now mend the text; the wrong one stays out until then."))
    return True
