"""Every right of the system in one list, each with the very set that its guard asks."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.airtime.access import PLACERS, RULERS, STOPPERS
from vang.alerts.access import WRITERS as ALERT_WRITERS
from vang.channels.services import MENDERS
from vang.library.permissions import KEEPERS as MATERIAL_KEEPERS
from vang.people.access import DECIDE, Role
from vang.people.rights import Deed, deed
from vang.phrases.services import PINNERS
from vang.pool.access import NEWSROOM
from vang.repairs.access import OFFICE as REPORTERS
from vang.review.facts import independent
from vang.review.verbs import VERBS, Verb
from vang.stations.access import KEEPERS
from vang.takes.clips import RECORDERS
from vang.upstream.access import READERS as WARNING_READERS
from vang.voice.decisions import DICTIONARY_ROLES
from vang.voice.views import LISTENING_ROLES

_BULLETINS = _("Bulletins")
_AIR = _("On the air")
_EQUIPMENT = _("Loudspeakers and voice")
_OFFICE = _("The unit itself")


def deeds() -> list[Deed]:
    """In the order of the work."""
    return [
        *(deed(_BULLETINS, verb.label, verb.roles, _note(verb)) for verb in VERBS),
        deed(_BULLETINS, _("Bring material, describe and archive it"), MATERIAL_KEEPERS),
        deed(_BULLETINS, _("Offer a text to other units, take one over"), NEWSROOM),
        deed(_AIR, _("Choose when an approved bulletin is broadcast"), PLACERS),
        deed(_AIR, _("Change programmes and allowed hours"), RULERS),
        deed(_AIR, _("Stop an item or everything"), STOPPERS),
        deed(_AIR, _("Read warnings from above"), WARNING_READERS),
        deed(_AIR, _("Decide on warnings from above"), DECIDE),
        deed(_AIR, _("Draft an emergency alert"), ALERT_WRITERS),
        deed(_AIR, _("Sign or stop an emergency alert with one's own key"), DECIDE),
        deed(_AIR, _("Try a failed channel again"), MENDERS),
        deed(_EQUIPMENT, _("Add and change loudspeakers, connect devices"), KEEPERS),
        deed(_EQUIPMENT, _("Report that a loudspeaker does not sound as it should"), REPORTERS),
        deed(_EQUIPMENT, _("Hear a text before it is saved"), LISTENING_ROLES),
        deed(_EQUIPMENT, _("Have an urgent notice ready on every device"), PINNERS),
        deed(_EQUIPMENT, _("Record numbers, names and standing sentences"), RECORDERS),
        deed(_EQUIPMENT, _("Change the pronunciation dictionary"), DICTIONARY_ROLES),
        deed(_OFFICE, _("Delegate one's own decisions to a deputy"), DECIDE),
        deed(_OFFICE, _("Choose the reading voice and the channels"), Role.ADMINISTRATOR),
        deed(_OFFICE, _("Invite people, give and end roles, set rules"), Role.ADMINISTRATOR),
        deed(_OFFICE, _("Look at all of it without changing anything"), Role.values),
    ]


def _note(verb: Verb) -> str | Promise:
    if independent in verb.conditions:
        return pgettext_lazy("rights", "Never one's own text, nor in the name of its author.")
    return ""
