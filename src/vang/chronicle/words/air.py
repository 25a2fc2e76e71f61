"""What is put on the air, and when."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Detail, Group, day, moment, named

_GROUP = Group.AIR


def _start(detail: Detail) -> str:
    return gettext("at %(time)s") % {"time": moment(detail["start"])} if detail["start"] else ""


def _programme(detail: Detail) -> str:
    return gettext("%(name)s, %(time)s") % {"name": detail["name"], "time": detail["starts_at"]}


def _on_day(detail: Detail) -> str:
    return day(detail["day"])


def _day_off(detail: Detail) -> str:
    return gettext("%(day)s: %(name)s") % {"day": day(detail["day"]), "name": detail["name"]}


def _until(detail: Detail) -> str:
    return gettext("until %(time)s") % {"time": moment(detail["until"])}


ACTS = (
    Act("place-edition", _("Put on the schedule"), _GROUP, _start),
    Act("remove-placement", _("Take off the schedule"), _GROUP),
    Act("restore-placement", _("Put on the schedule again"), _GROUP),
    Act("replace-on-air", _("Replace on the schedule by the correction"), _GROUP),
    Act("stop-item", _("Stop an item"), _GROUP, named("title")),
    Act("stop-all", _("Stop everything"), _GROUP, _until),
    Act("resume-items", _("Let stopped items play"), _GROUP),
    Act("create-programme", _("Set up a programme"), _GROUP, _programme),
    Act("change-programme", _("Change a programme"), _GROUP, _programme),
    Act("end-programme", _("End a programme"), _GROUP, _programme),
    Act("reopen-programme", _("Open a programme again"), _GROUP),
    Act("skip-programme-time", _("Leave a day of a programme out"), _GROUP, _on_day),
    Act("move-programme-time", _("Move a programme for a day"), _GROUP, _on_day),
    Act("restore-programme-time", _("A programme as usual again"), _GROUP, _on_day),
    Act("add-day-off", _("Enter a day off"), _GROUP, _day_off),
    Act("remove-day-off", _("Remove a day off"), _GROUP, _day_off),
    Act("change-slot-policy", _("Change the allowed hours"), _GROUP),
    Act("change-quiet-zone", _("Change the quiet hours of a cluster"), _GROUP, named()),
    Act("choose-station-sound", _("Choose a sound of the station"), _GROUP, named("title")),
    Act("approve-station-sound", _("Approve a sound of the station"), _GROUP, named("title")),
    Act("retire-station-sound", _("Put a sound out of use"), _GROUP, named("title")),
    Act("add-programme-part", _("Add a part to a programme"), _GROUP, named("title")),
    Act("remove-programme-part", _("Take a part out of a programme"), _GROUP, named()),
    Act("order-programme-parts", _("Order the parts of a programme"), _GROUP, named()),
    Act("fill-programme", _("Fill a programme with music"), _GROUP, named()),
    Act("add-relayed-station", _("Name a station to relay"), _GROUP, named()),
    Act("end-relayed-station", _("Relay a station no more"), _GROUP, named()),
    Act("add-relay-source", _("Add a source of a relayed station"), _GROUP, named()),
    Act("end-relay-source", _("Take away a source of a relayed station"), _GROUP, named()),
    Act("prefer-relay-source", _("Try a source of a relayed station first"), _GROUP, named()),
    Act("ask-capture", _("Have a programme recorded for later"), _GROUP, named()),
    Act("cancel-capture", _("Cancel a recording for later"), _GROUP, named()),
    Act("open-calendar-feed", _("Open a calendar address"), _GROUP, named()),
    Act("revoke-calendar-feed", _("Revoke a calendar address"), _GROUP),
)
