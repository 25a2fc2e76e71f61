"""Warnings as they left: the very bytes, signed or not, never formatted again."""

from django.db import models

from vang.alerts.models import Alert
from vang.cap.reasons import Caution, Reason
from vang.cap.signing import SIGNING_WORDS


class CapMessage(models.Model):
    """Bản tin CAP đã phát hành."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="cap_message")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]


class CapRefusal(models.Model):
    """Bản tin CAP không phát hành được: why, until it leaves."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="cap_refusal")
    code = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(help_text="when it was last tried")

    class Meta:
        ordering = ["at", "pk"]

    @property
    def words(self) -> str:
        """The reason as people read it; the code where nobody knows it any more."""
        known = {one.value: one.text for one in (*Reason, *Caution)} | SIGNING_WORDS
        return str(known.get(self.code, self.code))
