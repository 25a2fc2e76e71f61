"""Tokens by which other systems sign in, and what they brought."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class AccessToken(models.Model):
    """Khóa kết nối: lets one other system in, for one unit and all below it.

    Only the hash of the token is kept: whoever reads the database cannot use it. A token that may
    bring bulletins acts for the person who made it: it can never do more than that person may.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, help_text="the other system, as people call it")
    token_hash = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4, help_text="last characters, to tell tokens apart")
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, help_text="to the hour")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["unit", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="access_token_ends_after_it_begins",
                violation_error_message=_("A token must end after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Brought(models.Model):
    """A bulletin that another system brought, by that system's own key: sent twice, kept once."""

    token = models.ForeignKey(AccessToken, on_delete=models.PROTECT, related_name="brought")
    key = models.CharField(max_length=120)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, help_text="of what was sent")
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["token", "brought_at"]
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="brought_once"),
        ]
