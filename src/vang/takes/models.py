"""What was recorded in the browser, and which text it was read from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.library.models import Recording
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class Clip(models.Model):
    """Đoạn thu: one pressing of the record button. It arrives in parts; the bytes are kept.

    ``key`` is drawn by the browser, so that a broken upload goes on where it stopped.
    """

    key = models.UUIDField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField(help_text="bytes, as announced")
    received = models.PositiveIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, help_text="as announced; proved when kept")
    duration_ms = models.PositiveIntegerField(null=True)
    levels = models.JSONField(default=dict, help_text="edges (ms), levels (dBFS), faults")
    refused = models.CharField(max_length=20, blank=True, help_text="reason code")
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["kept_at", "begun_at"], name="clip_unfinished")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")),
                name="clip_not_more_than_announced",
            ),
            models.CheckConstraint(
                condition=models.Q(kept_at__isnull=True)
                | models.Q(received=models.F("size"), duration_ms__isnull=False),
                name="clip_kept_is_whole",
            ),
        ]


class Take(models.Model):
    """Bản thu: a text read by a person, or put together from the phrase bank.

    ``lines`` are the sentences that were to be read; ``pieces`` tell for each recorded one the
    clip and the part of it (ms) that counts. Joined, it becomes a recording of the library.
    """

    class Kind(models.TextChoices):
        READ = "READ", _("read into the microphone")
        FILE = "FILE", _("brought as a file")
        SPLICED = "SPLICED", _("put together from the phrase bank")

    class State(models.TextChoices):
        OPEN = "OPEN", _("being recorded")
        JOINING = "JOINING", _("being put together")
        READY = "READY", _("ready")
        FAILED = "FAILED", _("failed")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="takes")
    subject = models.CharField(
        max_length=60, help_text="what it is read for, as the journal names it"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.READ)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    text = models.TextField(help_text="as it was before the reader")
    text_sha256 = models.CharField(max_length=64)
    lines = models.JSONField(default=list)
    pieces = models.JSONField(default=dict)
    recording = models.OneToOneField(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="take"
    )
    failure = models.CharField(max_length=80, blank=True, help_text="reason code")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at", "-id"]
        indexes = [models.Index(fields=["subject", "-begun_at"], name="take_of_subject")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="READY") | models.Q(recording__isnull=False),
                name="take_ready_has_recording",
            ),
            models.UniqueConstraint(
                fields=["subject", "by"],
                condition=models.Q(state__in=["OPEN", "JOINING"]),
                name="take_one_open_a_person",
            ),
        ]
