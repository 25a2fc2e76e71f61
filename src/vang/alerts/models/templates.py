"""Templates: what two people approved on a quiet day, for the night when there is no time."""

from django.conf import settings
from django.db import models

from vang.alerts.models.words import (
    Category,
    Certainty,
    Event,
    Response,
    Severity,
    Urgency,
    Way,
)
from vang.base.languages import CODE, CODE_LENGTH, VIETNAMESE
from vang.orgs.models import Unit
from vang.voice.models import Rendition

PERSON = settings.AUTH_USER_MODEL
ALONE_S = 180


class AlertTemplate(models.Model):
    """Mẫu cảnh báo của một đơn vị; its units below use it too."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="alert_templates")
    name = models.CharField(max_length=120)
    event = models.CharField(max_length=12, choices=Event.choices)
    approved = models.OneToOneField(
        "TemplateVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["event", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(retired_at__isnull=True),
                name="alert_template_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """As commands and the policy name it."""
        return f"template-{self.pk}"


class TemplateVersion(models.Model):
    """Never changed. In force once two people who did not write it have approved it."""

    template = models.ForeignKey(AlertTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    category = models.CharField(max_length=10, choices=Category.choices)
    response = models.CharField(max_length=10, choices=Response.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    lasts_min = models.PositiveIntegerField(default=360)
    blanks = models.JSONField(default=list)
    most_s = models.PositiveSmallIntegerField(default=ALONE_S, help_text="what one alone may sound")
    sha256 = models.CharField(max_length=64, help_text="of all its words, as they are approved")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    first_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="template_version_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True)
                | (models.Q(first_by__isnull=False) & ~models.Q(first_by=models.F("second_by"))),
                name="template_approved_by_two",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(first_by__isnull=True) | ~models.Q(first_by=models.F("made_by"))
                )
                & (models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("made_by"))),
                name="template_approved_by_others",
            ),
            models.CheckConstraint(
                condition=models.Q(most_s__gte=1, most_s__lte=ALONE_S),
                name="template_three_minutes",
            ),
        ]

    @property
    def is_approved(self) -> bool:
        return self.second_by_id is not None


class TemplateText(models.Model):
    """One language of a template's alert or of its retraction, with the sound that is ready.

    ``text`` has blanks and is for two people; ``ready`` has none: it is what one person alone may
    send, word for word. Where nobody spoke it and no voice can, it is only to be read.
    """

    class Use(models.TextChoices):
        ALERT = "ALERT"
        RETRACTION = "RETRACTION"

    version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="texts")
    use = models.CharField(max_length=10, choices=Use.choices)
    language = models.CharField(max_length=CODE_LENGTH)
    headline = models.CharField(max_length=160)
    text = models.TextField(max_length=2_000, help_text="with blanks")
    ready = models.TextField(max_length=2_000, help_text="without blanks, ready to sound")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.VOICE)
    rendition = models.ForeignKey(
        Rendition, null=True, on_delete=models.PROTECT, related_name="+", help_text="of ``ready``"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "use", "language"], name="template_text_once"
            ),
            models.CheckConstraint(
                condition=models.Q(language__regex=CODE), name="template_text_language"
            ),
            models.CheckConstraint(
                condition=models.Q(way="UNSPOKEN", rendition__isnull=True)
                | (~models.Q(way="UNSPOKEN") & models.Q(rendition__isnull=False)),
                name="template_text_sound_where_heard",
            ),
            models.CheckConstraint(
                condition=~models.Q(language=VIETNAMESE) | models.Q(rendition__isnull=False),
                name="template_text_vietnamese_is_heard",
            ),
        ]
