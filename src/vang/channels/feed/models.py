"""Warnings as they left: the very bytes, signed or not, never formatted again."""

from django.db import models

from vang.alerts.models import Alert


class CapMessage(models.Model):
    """Bản tin CAP đã phát hành."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="cap_message")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
