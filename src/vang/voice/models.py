"""Sound made from text or from a recording, and how words are to be said."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.library.models import Recording
from vang.orgs.models import Unit


class Rendition(models.Model):
    """Bản đọc: the sound of one text in one voice (or of one recording), made once.

    ``key`` hashes everything the sound depends on, so the same request finds the same row.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        WORKING = "WORKING", _("being made")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    key = models.CharField(max_length=64, unique=True)
    units = models.ManyToManyField(
        Unit, related_name="+", help_text="who asked for it: their people may listen"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    speakable = models.TextField(blank=True, help_text="text as spoken; empty for a recording")
    voice = models.CharField(max_length=80, blank=True)
    pace = models.PositiveSmallIntegerField(default=100, help_text="percent of the usual speed")
    trial = models.BooleanField(default=False, help_text="made by the trial voice")
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="renditions"
    )
    sentences_done = models.PositiveIntegerField(default=0)
    sentences_total = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=80, blank=True, help_text="reason code")
    failed_sentence = models.TextField(blank=True)
    worked_until = models.DateTimeField(
        null=True, help_text="lease: whoever died while waiting or working is replaced after it"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    duration_ms = models.PositiveIntegerField(default=0)
    loudness_lufs = models.FloatField(null=True)
    true_peak_dbtp = models.FloatField(null=True)
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="READY") | ~models.Q(sha256=""),
                name="rendition_ready_has_sound",
            ),
        ]


class Hearing(models.Model):
    """Máy nghe lại: what an offline recogniser heard in a finished sound. A help, no verdict."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        WORKING = "WORKING", _("listening")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    rendition = models.OneToOneField(Rendition, on_delete=models.CASCADE, related_name="hearing")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    heard = models.JSONField(default=list, help_text="parts: from_ms, to_ms, words")
    seconds_of_work = models.FloatField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=20, blank=True, help_text="reason code")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["state", "requested_at"], name="hearing_waiting")]


class Pronunciation(models.Model):
    """Từ điển phát âm: how a unit wants a written word to be spoken."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="pronunciations")
    written = models.CharField(max_length=80)
    spoken = models.CharField(max_length=200)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["written"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "written"], name="pronunciation_once"),
        ]


class VoiceChoice(models.Model):
    """Which voice a unit speaks with, and whether its administrator lets the trial voice air."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="voice_choice")
    voice = models.CharField(max_length=80)
    pace = models.PositiveSmallIntegerField(default=100, help_text="percent of the usual speed")
    trial_may_air = models.BooleanField(default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
