"""Who did what, when: rows are added and never changed."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class Entry(models.Model):
    """One act in the office's own journal (sổ nhật ký). Not the node's journal of plays."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text='kind and key, such as "bulletin:12"')
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject"], name="entry_subject"),
            models.Index(fields=["unit", "-at"], name="entry_unit_at"),
        ]
