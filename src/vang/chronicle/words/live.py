"""Live voices: prepared, opened, closed, and leave to speak."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group

_GROUP = Group.AIR

ACTS = (
    Act("prepare-live", _("Prepare to speak live"), _GROUP),
    Act("open-live", _("Open a microphone to the loudspeakers"), _GROUP),
    Act("close-live", _("A microphone was closed"), _GROUP),
    Act("write-live-words", _("Write down what was spoken live"), _GROUP),
    Act("change-live-words", _("Change what was written of a live voice"), _GROUP),
    Act("give-live-leave", _("Let somebody speak live"), _GROUP),
    Act("withdraw-live-leave", _("Withdraw leave to speak live"), _GROUP),
)
