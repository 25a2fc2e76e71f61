"""What people are told about personal keys."""

from django.utils.translation import gettext_lazy as _

from vang.notices.kinds import Kind
from vang.notices.models import Mail
from vang.trust.services import KEY

KINDS = (Kind(KEY, _("personal keys"), "key", Mail.AT_ONCE, tone="warn"),)
