"""The words people read for reasons and faults."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.airtime.policies import BadPolicy, Fault
from vang.airtime.reasons import Reason
from vang.airtime.sounding import Silence
from vang.base.refusals import Refusal

REASONS: Mapping[Reason, Promise] = {
    Reason.OUTSIDE_HOURS: _("This time is outside the broadcasting hours."),
    Reason.WEEKEND: _("The commune does not broadcast on Saturday and Sunday."),
    Reason.ENDS_OUTSIDE_HOURS: _("It would end after the broadcasting hours."),
    Reason.LONGER_THAN_SESSION: _("It is longer than the longest session allowed."),
    Reason.NO_ROOM: _("The loudspeakers are taken until the end of these hours."),
    Reason.SESSION_FULL: _("The session would become longer than allowed."),
    Reason.SESSIONS_USED: _("All sessions of the day are used."),
    Reason.QUIET_ZONE: _("Every cluster that it is for has quiet hours then."),
    Reason.NO_CLUSTERS: _("No loudspeaker cluster in use reaches the chosen villages."),
}

SILENCES: Mapping[Silence, Promise] = {
    Silence.NO_CLUSTER: _("This cluster is not in use."),
    Silence.RELAY: _("This time is kept for a relay that the amplifier takes itself."),
    Silence.STOPPED: _("Somebody stopped what was to sound."),
    Silence.SKIPPED: _("The programme is left out that day."),
    Silence.MOVED: _("The programme was moved to another time."),
    Silence.WEEKEND: _("The commune does not broadcast on Saturday and Sunday."),
    Silence.OUTSIDE_HOURS: _("This time is outside the broadcasting hours."),
    Silence.QUIET_ZONE: _("This cluster has quiet hours then."),
    Silence.ELSEWHERE: _("What plays then is for other villages."),
    Silence.NO_ROOM: _("What was asked for found no room."),
    Silence.NOTHING: _("Nothing is on the schedule then."),
}

FAULTS: Mapping[Fault, Promise] = {
    Fault.NO_HOURS: _("Give at least one pair of hours."),
    Fault.TOO_MANY_WINDOWS: _("At most 24 pairs of hours."),
    Fault.NOT_A_TIME: _("Write hours as 05:00; the end of the day is 24:00."),
    Fault.CROSSES_MIDNIGHT: _(
        "Hours must end after they begin, on the same day. For hours over midnight give two pairs: "
        "until 24:00 and from 00:00."
    ),
    Fault.OVERLAP: _("Two pairs of hours overlap."),
    Fault.SESSION_LENGTH: _("The longest session lies between 1 minute and 6 hours."),
    Fault.SESSIONS_A_DAY: _("Sessions a day: from 1 to 24."),
    Fault.TOO_LOUD: _("Levels lie between -60 and -1 dB: below what the installer allowed."),
    Fault.NO_LEVEL: _("Write the hours and by how much less loud, such as 05:00-06:00 -6."),
    Fault.UNKNOWN_ZONE: _("This time zone is not known."),
}


def local_words(instant: datetime, zone: str) -> str:
    """16:30 10/06/2026, with the seconds when there are any."""
    local = instant.astimezone(ZoneInfo(zone))
    clock = "%H:%M:%S" if local.second else "%H:%M"
    return local.strftime(f"{clock} %d/%m/%Y")


def no_place(reason: Reason, next_free: datetime | None, zone: str) -> Refusal:
    """The refusal of a placement: why, and the next free time if there is one."""
    words: str | Promise = REASONS[reason]
    if next_free is not None:
        offer = _("{reason} Next free time: {time}.")
        words = format_lazy(offer, reason=words, time=local_words(next_free, zone))
    return Refusal(reason.value, words)


def bad_policy(error: BadPolicy) -> Refusal:
    """The refusal of a policy: what is wrong and where."""
    if error.window is None:
        return Refusal(error.fault.value, FAULTS[error.fault])
    where = f"{error.window[0]}–{error.window[1]}: "
    return Refusal(error.fault.value, format_lazy("{}{}", where, FAULTS[error.fault]))
