"""Guidance notes, to whom they go, and who read them when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.guidance.matching import lines
from vang.library.models import AttachedFile
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MAX_TEXT = 20_000


class Guidance(models.Model):
    """Định hướng tuyên truyền: number, period, topics, what to stress and what to avoid.

    An issued note is never changed: it is revoked, and another one issued.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("guidance", "draft")
        ISSUED = "ISSUED", _("issued")
        REVOKED = "REVOKED", _("revoked")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="guidance")
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True, help_text='such as "12-HD/BTGHU"')
    title = models.CharField(max_length=300)
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="last day of the period")
    categories = models.JSONField(default=list, help_text="empty: every category")
    topics = models.JSONField(default=list, help_text="words by which a text is recognised")
    text = models.TextField(max_length=MAX_TEXT, blank=True)
    do = models.TextField(max_length=MAX_TEXT, blank=True)
    avoid = models.TextField(max_length=MAX_TEXT, blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    issued_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(max_length=1_000, blank=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="guidance_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="DRAFT", issued_at__isnull=True)
                | (~models.Q(state="DRAFT") & models.Q(issued_at__isnull=False)),
                name="guidance_issued_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-starts_on"], name="guidance_unit"),
            models.Index(fields=["state", "ends_on"], name="guidance_in_force"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def do_points(self) -> list[str]:
        return lines(self.do)

    @property
    def avoid_points(self) -> list[str]:
        return lines(self.avoid)


class Target(models.Model):
    """To whom it goes: a unit itself, or with ``below`` every unit under it as well."""

    guidance = models.ForeignKey(Guidance, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    below = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guidance", "unit"], name="guidance_target_once"),
        ]


class Attachment(AttachedFile):
    """A file of the note: the signed document, talking points. Named by the hash of its bytes."""

    guidance = models.ForeignKey(Guidance, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        ordering = ["guidance", "id"]
        constraints = [
            models.UniqueConstraint(fields=["guidance", "sha256"], name="attachment_once"),
        ]


class Reading(models.Model):
    """Đã đọc: one person opened the note for their unit and said so."""

    guidance = models.ForeignKey(Guidance, on_delete=models.PROTECT, related_name="readings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["guidance", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["guidance", "unit", "person"], name="reading_once_a_person"
            ),
        ]
        indexes = [models.Index(fields=["guidance", "unit"], name="reading_unit")]
