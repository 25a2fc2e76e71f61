"""How a version of a bulletin is to be read, beside its text."""

from django.conf import settings
from django.db import models

from vang.bulletins.models import Version


class Reading(models.Model):
    """Cách đọc: marks, voice and speed for one version. None of it stands in the text.

    A version that was submitted keeps its reading: what was heard is what is approved.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="reading")
    marks = models.TextField(blank=True, help_text="lines in the notation of vang.voice.manners")
    voice = models.CharField(max_length=80, blank=True, help_text="empty: the unit's")
    pace = models.PositiveSmallIntegerField(default=0, help_text="percent; 0: the unit's")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
