"""The form with which one file is kept beside a record, and the answer to it."""

import logging
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vang.base.refusals import Refusal
from vang.library.attachments import ACCEPTED, sent_file

log = logging.getLogger(__name__)


class AttachmentForm(forms.Form):
    """One file."""

    attachment = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A document, picture or recording, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


def attached(
    request: HttpRequest,
    keep: Callable[[str, bytes], object],
    page: Callable[[AttachmentForm], HttpResponse],
    *to: object,
) -> HttpResponse:
    """Have name and bytes of the sent file kept and lead to ``to``. A refusal is said at the field
    of the form, in the page that is made of it, and in the log."""
    try:
        keep(*sent_file(request))
    except Refusal as refusal:
        log.info("a file for %s was not kept: %s", request.path, refusal.code)
        return page(_refused(refusal))
    messages.success(request, _("Attached."))
    return redirect(str(to[0]), *to[1:])


def _refused(refusal: Refusal) -> AttachmentForm:
    form = AttachmentForm({})
    form.errors.clear()
    form.add_error("attachment", str(refusal))
    return form
