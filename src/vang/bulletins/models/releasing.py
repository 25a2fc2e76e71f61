"""What is released, frozen, and what became of it on each channel."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.base.languages import CODE_LENGTH, VIETNAMESE
from vang.bulletins.models.writing import MAIN_WORDING, Bulletin, Category, Level, Priority, Version
from vang.library.models import Item
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL


class WithdrawalReason(models.TextChoices):
    """Why an edition was withdrawn, as residents are told: fixed words, so none unapproved."""

    MISTAKE = "MISTAKE", _("it contained a mistake")
    CHANGED = "CHANGED", _("what it announced was put off or cancelled")
    OUTDATED = "OUTDATED", _("it no longer applies")
    UNINTENDED = "UNINTENDED", _("it was released by mistake")
    OTHER = "OTHER", _("another reason")


class Correction(models.Model):
    """Đính chính being prepared: what was wrong in an edition that is out, and why.

    Open from the decision to correct until the correcting edition is released, the correction is
    given up, or the bulletin is withdrawn. The approver approves these words with the text.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="corrections")
    edition = models.ForeignKey("Edition", on_delete=models.PROTECT, related_name="corrections")
    wrong = models.TextField(max_length=2000)
    wrong_because = models.TextField(max_length=2000)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["bulletin", "opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin"],
                condition=models.Q(closed_at__isnull=True),
                name="one_open_correction_a_bulletin",
            ),
            models.CheckConstraint(
                condition=~models.Q(wrong="") & ~models.Q(wrong_because=""),
                name="correction_says_what_and_why",
                violation_error_message=_("Say what was wrong and why."),
            ),
        ]


class Edition(models.Model):
    """Bản phát hành: what was approved, frozen. Text and sound as they go to every channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="editions")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="edition")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="editions")
    title = models.CharField(max_length=200)
    text = models.TextField()
    category = models.CharField(max_length=16, choices=Category.choices)
    priority = models.CharField(max_length=9, choices=Priority.choices)
    audience = models.JSONField(default=list)
    valid_until = models.DateField(null=True, blank=True, help_text="last day on which it holds")
    audio_sha256 = models.CharField(max_length=64)
    audio_size = models.PositiveIntegerField(help_text="bytes")
    duration_ms = models.PositiveIntegerField()
    trial_voice = models.BooleanField()
    content_hash = models.CharField(max_length=64)
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_as = models.CharField(
        max_length=400, blank=True, help_text="signature of an approval in somebody's name"
    )
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_for = models.CharField(max_length=12, choices=WithdrawalReason.choices, blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    wrong = models.TextField(blank=True, help_text="what was wrong in the edition it corrects")
    wrong_because = models.TextField(blank=True, help_text="why it was wrong")

    class Meta:
        ordering = ["-released_at"]
        indexes = [
            models.Index(fields=["unit", "-released_at"], name="edition_unit_released"),
            models.Index(
                fields=["unit", "valid_until"],
                condition=models.Q(valid_until__isnull=False),
                name="edition_last_day",
            ),
        ]

    @property
    def approver(self) -> str:
        """As it stands under the text: ``KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Trần Thị Bình``."""
        return self.approved_as or self.approved_by.full_name


class EditionAttachment(models.Model):
    """One picture or document as it was approved, frozen with its edition.

    ``sha256`` names the original (what is offered of a document), ``pictures`` what is shown:
    ``[{"size", "format", "sha256", "bytes", "width", "height"}, …]``.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="attachments")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Item.Kind.choices)
    caption = models.CharField(max_length=200)
    alt_text = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    pictures = models.JSONField(default=list)

    class Meta:
        ordering = ["edition", "place"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "place"], name="edition_attachment_once"),
            models.CheckConstraint(
                condition=~models.Q(kind="PICTURE") | ~models.Q(alt_text=""),
                name="edition_picture_is_described",
            ),
        ]


class EditionWording(models.Model):
    """One further wording as it was approved, frozen with its edition; with the sound, if any."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=CODE_LENGTH)
    level = models.CharField(max_length=8, choices=Level.choices)
    channel = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    audio_sha256 = models.CharField(max_length=64, blank=True)
    audio_size = models.PositiveIntegerField(default=0, help_text="bytes")
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["edition", "language", "level", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "level", "channel"], name="edition_wording_once"
            ),
            models.UniqueConstraint(
                fields=["edition", "language"],
                condition=~models.Q(audio_sha256=""),
                name="edition_one_sound_a_language",
            ),
            models.CheckConstraint(
                condition=~MAIN_WORDING, name="edition_wording_is_not_the_main_one"
            ),
            models.CheckConstraint(
                condition=models.Q(audio_sha256="", audio_size=0, duration_ms=0)
                | (
                    ~models.Q(audio_sha256="")
                    & models.Q(audio_size__gt=0, duration_ms__gt=0)
                    & ~models.Q(language=VIETNAMESE)
                ),
                name="edition_wording_sound_is_whole",
            ),
        ]


class Delivery(models.Model):
    """One channel's part of one edition: what it must do now, and how that went.

    ``due_at`` is when it is to be worked on next; None when nothing is left to do by itself. The
    worker claims a delivery by moving ``due_at`` ahead, and writes its outcome only where neither
    the act nor the claim was changed meanwhile.
    """

    class Act(models.TextChoices):
        DELIVER = "DELIVER", _("deliver")
        CORRECT = "CORRECT", _("correct")
        WITHDRAW = "WITHDRAW", _("withdraw")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("waiting")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("failed")
        DROPPED = "DROPPED", _("not needed any more")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=20, help_text="name of a registered channel")
    act = models.CharField(max_length=8, choices=Act.choices, default=Act.DELIVER)
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    detail = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="that failed in a row")
    due_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(
        null=True, blank=True, help_text="when the channel first had it whole"
    )
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["edition", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "channel"], name="delivery_once_a_channel"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(
                fields=["edition"],
                condition=models.Q(state="FAILED"),
                name="delivery_failed",
            ),
        ]
