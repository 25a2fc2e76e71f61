"""What is said and decided about a version before it may be released."""

from django.conf import settings
from django.db import models

from vang.base.languages import CODE_LENGTH, VIETNAMESE
from vang.bulletins.models.writing import Bulletin, Level, Version
from vang.orgs.models import Unit
from vang.review.anchors import MAX_QUOTE
from vang.review.sensitive import MAX_TOPIC

PERSON = settings.AUTH_USER_MODEL
MAX_REMARK = 2_000


class Remark(models.Model):
    """Góp ý: what somebody says about one passage, or an answer to it.

    ``quote`` was copied from the text of ``version`` in a language, level and channel; with what
    stood around it and where it began it is found again in later versions.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="remarks")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    language = models.CharField(max_length=CODE_LENGTH, default=VIETNAMESE)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.FULL)
    channel = models.CharField(max_length=20, blank=True, default="")
    quote = models.CharField(max_length=MAX_QUOTE, blank=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="characters before the passage")
    text = models.TextField(max_length=MAX_REMARK)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answers__isnull=True) ^ models.Q(quote=""),
                name="remark_has_a_passage_or_answers",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True)
                | models.Q(
                    settled_by__isnull=False, settled_at__isnull=False, answers__isnull=True
                ),
                name="remark_settled_by_somebody",
            ),
        ]


class ReviewStep(models.Model):
    """One verb done to a bulletin: submitted, returned with a comment, approved, released …"""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="steps")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    by = models.ForeignKey(
        PERSON, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: by itself"
    )
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    delegation = models.ForeignKey(
        "people.Delegation", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at", "id"]

    @property
    def signed_by(self) -> str:
        """Who did it, and in whose name when it was in somebody's."""
        return self.delegation.signature if self.delegation else str(self.by)


class Confirmation(models.Model):
    """Xác nhận: one sentence of a checklist, confirmed by name for one version, in its words."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="confirmations")
    verb = models.CharField(max_length=20)
    checklist = models.CharField(max_length=40)
    edition = models.CharField(max_length=20, help_text="which list it was")
    item = models.CharField(max_length=80)
    words = models.TextField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "verb", "item", "by"], name="confirmed_once_a_person"
            ),
        ]


class SensitiveTopic(models.Model):
    """A word with which a unit's leader decides; ``left_out`` takes one of the common list away."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=MAX_TOPIC)
    left_out = models.BooleanField(default=False)
    changed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["words"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "words"], name="sensitive_topic_once"),
        ]


class Approval(models.Model):
    """Phê duyệt: binds one person's yes to the hash of the exact text and sound.

    The approver is neither creator, editor nor submitter: the service refuses it, and so does
    a trigger of the database.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="approvals")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    as_leader = models.BooleanField(
        default=False, help_text="given by a leader of the unit, as a sensitive topic needs"
    )
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delegation = models.ForeignKey(
        "people.Delegation", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "by"], name="approval_once_a_person"),
        ]
