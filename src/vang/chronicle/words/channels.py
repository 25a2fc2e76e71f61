"""Where bulletins go besides the loudspeakers."""

from django.utils.translation import gettext_lazy as _

from vang.channels.registry import find_channel
from vang.chronicle.words.kinds import Act, Detail, Group, named

_GROUP = Group.CHANNELS


def _channel(detail: Detail) -> str:
    channel = find_channel(detail["channel"])
    return str(channel.label) if channel is not None else ""


ACTS = (
    Act("channel.done", _("Deliver on a channel"), _GROUP, _channel),
    Act("channel.failed", _("Fail to deliver on a channel"), _GROUP, _channel),
    Act("channel.dropped", _("Not deliver on a channel any more"), _GROUP, _channel),
    Act("channel.queued", _("Deliver on a channel later"), _GROUP, _channel),
    Act("retry-delivery", _("Try a failed channel again"), _GROUP, _channel),
    Act("choose-channel", _("Switch a channel on or off"), _GROUP),
    Act("change-profile", _("Change the public page"), _GROUP),
    Act("change-section", _("Change the parts of the public page"), _GROUP),
    Act("mailing.join", _("A subscriber joins"), _GROUP),
    Act("mailing.leave", _("A subscriber leaves"), _GROUP),
    Act("add-webhook", _("Add a receiving system"), _GROUP, named("host")),
    Act("end-webhook", _("End a receiving system"), _GROUP),
)
