"""Claims that mislead residents, how they were checked, and the answer.

There is no field for whoever made a claim, and there never shall be: the register is about words.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.bulletins.models import Bulletin, Edition
from vang.library.models import AttachedFile
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MAX_CLAIM = 5_000
MAX_NOTE = 5_000


class Limits(models.Model):
    """Time limits of a unit for verdict, answer and closing, from when a claim is noted."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="claim_limits")
    verify_h = models.PositiveSmallIntegerField(default=24, help_text="hours")
    answer_h = models.PositiveSmallIntegerField(default=48, help_text="hours")
    close_d = models.PositiveSmallIntegerField(default=30, help_text="days")
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    verify_h__gte=1,
                    answer_h__gte=models.F("verify_h"),
                    close_d__gte=1,
                    close_d__lte=365,
                ),
                name="claim_limits_in_order",
                violation_error_message=_("The answer must not be due before the verdict."),
            ),
        ]


class Claim(models.Model):
    """Thông tin sai trái: the words, where and when they were seen, what is true, what was done."""

    class Where(models.TextChoices):
        SOCIAL = "SOCIAL", _("social network")
        MESSAGES = "MESSAGES", _("messages, chat group")
        WEBSITE = "WEBSITE", _("website")
        LEAFLET = "LEAFLET", _("leaflet, poster")
        TALK = "TALK", _("by word of mouth")
        LOUDSPEAKER = "LOUDSPEAKER", _("loudspeaker")
        OTHER = "OTHER", pgettext_lazy("claim", "elsewhere")

    class Verdict(models.TextChoices):
        FALSE = "FALSE", _("false")
        MISLEADING = "MISLEADING", _("misleading")
        OUT_OF_CONTEXT = "OUT_OF_CONTEXT", _("torn out of its context")
        UNPROVEN = "UNPROVEN", _("not proven")
        TRUE = "TRUE", _("true")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="claims")
    title = models.CharField(max_length=300, help_text="the claim in one sentence")
    text = models.TextField(max_length=MAX_CLAIM, blank=True, help_text="its words, if longer")
    search_key = models.CharField(max_length=600, help_text="title, folded")
    where = models.CharField(max_length=11, choices=Where.choices)
    place = models.CharField(max_length=200, blank=True, help_text="more exactly, without names")
    seen_at = models.DateTimeField()
    noted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    verify_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    close_by = models.DateTimeField()
    verdict = models.CharField(max_length=14, choices=Verdict.choices, blank=True)
    finding = models.TextField(max_length=MAX_NOTE, blank=True, help_text="what is true")
    verdict_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    verdict_at = models.DateTimeField(null=True)
    unanswered_because = models.TextField(
        max_length=1_000, blank=True, help_text="why no answer is published"
    )
    bulletin = models.OneToOneField(
        Bulletin, null=True, blank=True, on_delete=models.PROTECT, related_name="claim"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.TextField(max_length=MAX_NOTE, blank=True, help_text="what came of it")

    class Meta:
        ordering = ["-noted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="", verdict_at__isnull=True)
                | (
                    ~models.Q(verdict="")
                    & ~models.Q(finding="")
                    & models.Q(verdict_at__isnull=False)
                ),
                name="claim_verdict_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | (~models.Q(closing="") & ~models.Q(verdict="")),
                name="claim_closed_with_a_verdict",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    verify_by__gt=models.F("noted_at"), answer_by__gte=models.F("verify_by")
                ),
                name="claim_limits_after_it_was_noted",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-noted_at"], name="claim_unit"),
            models.Index(
                fields=["unit", "answer_by"],
                condition=models.Q(closed_at__isnull=True),
                name="claim_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Source(models.Model):
    """What the verdict rests on: an authority, a document. Published with the answer."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["claim", "id"]


class Step(models.Model):
    """One step of checking: whom the office asked, what it compared. Added, never changed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    text = models.TextField(max_length=2_000)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Evidence(AttachedFile):
    """A file that shows the claim, named by the hash of its bytes. Kept, never published."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")

    class Meta:
        ordering = ["claim", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "sha256"], name="evidence_once"),
        ]


class Published(models.Model):
    """What the public page of one edition says of the claim: frozen, as the approver saw it."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="claim_review")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="published")
    title = models.CharField(max_length=300)
    where = models.CharField(max_length=11, choices=Claim.Where.choices)
    seen_on = models.DateField()
    verdict = models.CharField(max_length=14, choices=Claim.Verdict.choices)
    finding = models.TextField()
    sources = models.JSONField(default=list, help_text="[{name, url}], in order")
