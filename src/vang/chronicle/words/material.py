"""What is kept in the library."""

from django.utils.translation import gettext_lazy as _

from vang.chronicle.words.kinds import Act, Group

_GROUP = Group.MATERIAL

ACTS = (
    Act("keep-item", _("Bring material"), _GROUP),
    Act("describe-item", _("Describe material"), _GROUP),
    Act("decide-field", _("Check what was read in a document"), _GROUP),
    Act("accept-fields", _("Accept all that was read in a document"), _GROUP),
    Act("archive-item", _("Put material aside"), _GROUP),
    Act("restore-item", _("Take material back"), _GROUP),
    Act("delete-item", _("Delete material"), _GROUP),
    Act("retry-item", _("Have material read again"), _GROUP),
    Act("keep-recording", _("Keep a recording"), _GROUP),
    Act("share-recording", _("Take over a recording of another unit"), _GROUP),
    Act("keep-clip", _("Keep a piece of recording"), _GROUP),
)
