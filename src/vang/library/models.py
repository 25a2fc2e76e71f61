"""Material that people bring: recordings now; images and documents later."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class Recording(models.Model):
    """Bản ghi âm: a sound file as uploaded. The original bytes are kept, named by their hash."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recordings")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    duration_ms = models.PositiveIntegerField(null=True, help_text="known once it was decoded")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-uploaded_at"]
