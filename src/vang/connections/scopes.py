"""What a token may be allowed, one thing at a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Phạm vi quyền của một khóa kết nối."""

    BULLETINS_READ = "bulletins:read", _("read bulletins and what was released")
    BULLETINS_WRITE = "bulletins:write", _("bring bulletins as drafts")
    SCHEDULE_READ = "schedule:read", _("read the broadcast schedule")
    AS_RUN_READ = "as-run:read", _("read the as-run log")
    NODES_READ = "nodes:read", _("read how the loudspeakers are")
