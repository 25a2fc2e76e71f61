"""Where contents come from: plans, guidance, the pool, requests."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group

_GROUP = Group.SOURCES

ACTS = (
    Act("offer-bulletin", _("Offer a bulletin to other units"), _GROUP),
    Act("renew-offer", _("Offer the newest text"), _GROUP),
    Act("withdraw-offer", _("Withdraw an offer"), _GROUP),
    Act("offer.taken", _("Take an offer over unchanged"), _GROUP),
    Act("offer.adapted", _("Take an offer over adapted"), _GROUP),
    Act("offer.declined", _("Not use an offer"), _GROUP),
    Act("offer.settle", _("Decide on news about an offer"), _GROUP),
    Act("ask-for-content", _("Ask other units for content"), _GROUP),
    Act("close-request", _("Close a request"), _GROUP),
    Act("accept-order", _("Promise an answer to a request"), _GROUP),
    Act("prepare-answer", _("Write a bulletin for a request"), _GROUP),
    Act("answer-order", _("Answer a request"), _GROUP),
    Act("decline-order", _("Decline a request"), _GROUP),
    Act("write-guidance", _("Write guidance"), _GROUP),
    Act("change-guidance", _("Change guidance"), _GROUP),
    Act("attach-to-guidance", _("Attach a file to guidance"), _GROUP),
    Act("detach-from-guidance", _("Remove a file from guidance"), _GROUP),
    Act("issue-guidance", _("Issue guidance"), _GROUP),
    Act("revoke-guidance", _("Revoke guidance"), _GROUP),
    Act("read-guidance", _("Read guidance"), _GROUP),
    Act("remind-of-guidance", _("Remind units of guidance"), _GROUP),
    Act("start-plan", _("Begin a plan of the year"), _GROUP),
    Act("copy-plan", _("Copy the plan of a unit above"), _GROUP),
    Act("change-plan", _("Change a plan"), _GROUP),
    Act("adopt-plan", _("Adopt a plan"), _GROUP),
    Act("reopen-plan", _("Open a plan for changes"), _GROUP),
    Act("add-line", _("Add a theme to a plan"), _GROUP),
    Act("change-line", _("Change a theme of a plan"), _GROUP),
    Act("remove-line", _("Remove a theme from a plan"), _GROUP),
    Act("add-season", _("Add a season to the calendar"), _GROUP),
    Act("remove-season", _("Remove a season from the calendar"), _GROUP),
    Act("start-series", _("Begin a series"), _GROUP),
    Act("change-series", _("Change a series"), _GROUP),
    Act("end-series", _("End a series"), _GROUP),
    Act("add-criterion", _("Add a criterion of quality"), _GROUP),
    Act("end-criterion", _("End a criterion of quality"), _GROUP),
)
