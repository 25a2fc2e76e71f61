"""Which channels a unit uses."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class ChannelChoice(models.Model):
    """A unit's decision about one channel. Without a row the channel's own default holds."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="channel_choices")
    channel = models.CharField(max_length=20, help_text="name of a registered channel")
    on = models.BooleanField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["unit", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "channel"], name="one_choice_a_channel"),
        ]
