"""The words of letters to subscribers, written when they leave."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vang.bulletins.models import Delivery, Edition
from vang.bulletins.wordings import wording_for
from vang.channels.mailing.models import Addressed, Subscriber
from vang.channels.mailing.tokens import confirm_token, leave_token
from vang.channels.portal.addresses import edition_url
from vang.letters.message import Content, Part, absolute
from vang.letters.models import Letter

CONFIRM = "mailing.confirm"
EDITION = "mailing.edition"
NAME = "mailing"


def confirmation(letter: Letter) -> Content | None:
    """Asks whether it was really the owner of the address who asked."""
    asked = Subscriber.objects.filter(pk=int(letter.reference)).select_related("unit").first()
    if asked is None or asked.confirmed_at is not None:
        return None
    unit = asked.unit.full_name
    return Content(
        subject=_("Confirm: news of %(unit)s by e-mail") % {"unit": unit},
        parts=[
            Part(
                text=_(
                    "Somebody asked for the notices of %(unit)s to be sent to this address. "
                    "If it was you, please confirm within two days. If not, do nothing: "
                    "the request is forgotten."
                )
                % {"unit": unit},
                url=reverse("mailing:confirm", args=[confirm_token(asked.pk)]),
                action=_("Yes, write to me"),
            )
        ],
        why=_("You receive this one letter because this address was typed on the page of %(unit)s.")
        % {"unit": unit},
    )


def edition_letter(letter: Letter) -> Content | None:
    """The notice, its correction or its withdrawal; None when it is no longer true."""
    found = (
        Addressed.objects.filter(pk=int(letter.reference))
        .select_related("subscriber", "delivery__edition__unit", "delivery__edition__corrects")
        .first()
    )
    if found is None:
        return None
    edition = found.delivery.edition
    if found.act != Delivery.Act.WITHDRAW and not _still_true(edition):
        return None
    leave = reverse("mailing:leave", args=[leave_token(found.subscriber_id)])
    unit = edition.unit.full_name
    return Content(
        subject=_subject(edition, found.act),
        parts=[*_parts(edition, found.act), leaving(leave)],
        why=_("You receive this because you asked %(unit)s for its notices.") % {"unit": unit},
        headers={
            "List-Unsubscribe": f"<{absolute(leave)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"<{edition.unit.code}.vang>",
        },
    )


def _still_true(edition: Edition) -> bool:
    replaced = Edition.objects.filter(corrects=edition.pk).exists()
    return edition.withdrawn_at is None and not replaced


def _subject(edition: Edition, act: str) -> str:
    words = {
        Delivery.Act.DELIVER: "%(title)s",
        Delivery.Act.CORRECT: _("Correction: %(title)s"),
        Delivery.Act.WITHDRAW: _("Withdrawn: %(title)s"),
    }
    prefix = _("Correction: %(title)s") % {"title": ""}
    title = edition.title.removeprefix(prefix)
    return words[Delivery.Act(act)] % {"title": title}


def _parts(edition: Edition, act: str) -> list[Part]:
    read = {"url": edition_url(edition), "action": _("Read and hear it on the page")}
    if act == Delivery.Act.WITHDRAW:
        gone = _("This notice has been withdrawn: %(why)s. Please do not act on it.")
        why = {"why": str(edition.get_withdrawn_for_display())}
        return [Part(title=edition.title, text=gone % why, **read)]
    words = wording_for(edition, channel=NAME)
    title, text = (words.title, words.text) if words else (edition.title, edition.text)
    notice = Part(title=title, text=text, **read)
    if not edition.wrong:
        return [notice]
    mistake = _("What was wrong: %(wrong)s\n\nWhy: %(because)s")
    told = mistake % {"wrong": edition.wrong, "because": edition.wrong_because}
    return [Part(title=_("This corrects an earlier notice."), text=told), notice]


def leaving(url: str) -> Part:
    return Part(text=_("No longer wanted?"), url=url, action=_("Leave the list"))


def list_address(code: str) -> str:
    """Where residents ask for letters; the page of the unit leads there."""
    return absolute(reverse("mailing:ask", args=[code]))
