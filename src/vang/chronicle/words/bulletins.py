"""Writing and deciding."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group, named, version
from vang.review.verbs import VERBS

_GROUP = Group.BULLETINS

ACTS = (
    Act("create-bulletin", _("Begin a bulletin"), _GROUP),
    *(Act(f"{verb.name}-bulletin", verb.label, _GROUP, version) for verb in VERBS),
    Act("change-correction", _("Change the correction"), _GROUP),
    Act("take-over-edit", _("Take over the editing"), _GROUP),
    Act("add-remark", _("Remark on the text"), _GROUP),
    Act("settle-remark", _("Settle a remark"), _GROUP),
    Act("reopen-remark", _("Open a remark again"), _GROUP),
    Act("call-sensitive", _("Call the topic sensitive"), _GROUP),
    Act("call-not-sensitive", _("Call the topic not sensitive"), _GROUP),
    Act("add-topic", _("Add a sensitive topic"), _GROUP, named("words")),
    Act("leave-out-topic", _("Leave out a sensitive topic"), _GROUP, named("words")),
    Act("start-trial", _("Begin a trial broadcast"), _GROUP),
    Act("make-sound", _("Have the sound made"), _GROUP),
    Act("change-reading", _("Change how it is read"), _GROUP),
    Act("join-take", _("Join a recording to its text"), _GROUP),
    Act("place-bulletin", _("Put into a series or theme"), _GROUP),
    Act("score-bulletin", _("Score the bulletin"), _GROUP),
    Act("bulletin.bring", _("Bring a draft from another system"), _GROUP),
)
