"""Documents with their legal bases and recipients, and campaigns that bring them to people."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.library.models import AttachedFile, Item
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MOST_ABSTRACT = 1_000


class Document(models.Model):
    """Văn bản. ``unit`` keeps it in its register; without one it is the State's, known to all.

    In force from ``in_force_from`` until the day before ``in_force_to``.
    """

    class Way(models.TextChoices):
        OUT = "OUT", pgettext_lazy("document", "sent")
        IN = "IN", pgettext_lazy("document", "received")

    class Status(models.TextChoices):
        TO_COME = "document_to_come", pgettext_lazy("document", "Not yet in force")
        IN_FORCE = "document_in_force", pgettext_lazy("document", "In force")
        REPLACED = "document_replaced", pgettext_lazy("document", "Replaced")
        EXPIRED = "document_expired", pgettext_lazy("document", "No longer in force")

    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="documents")
    way = models.CharField(max_length=3, choices=Way.choices, default=Way.IN)
    number = models.CharField(max_length=60, blank=True, help_text='such as "90/KH-UBND"')
    number_key = models.CharField(max_length=60, blank=True, help_text="folded, to be matched")
    kind = models.CharField(max_length=60)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField(null=True, blank=True)
    abstract = models.CharField(max_length=MOST_ABSTRACT)
    signer = models.CharField(max_length=120, blank=True)
    signing = models.CharField(max_length=120, blank=True, help_text='such as "KT. CHỦ TỊCH"')
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True, help_text="first day no longer in force")
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    arrived_on = models.DateField(null=True, blank=True)
    arrival_number = models.CharField(max_length=40, blank=True)
    shared_below = models.BooleanField(default=False, help_text="units below see it too")
    item = models.OneToOneField(
        Item, null=True, blank=True, on_delete=models.PROTECT, related_name="registered"
    )
    noted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                name="document_ends_after_it_begins",
                violation_error_message=_("It cannot end before it comes into force."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(in_force_to__isnull=False),
                name="document_replaced_has_its_end",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                name="document_not_replaced_by_itself",
            ),
            models.UniqueConstraint(
                fields=["number_key", "issued_on"],
                condition=Q(unit__isnull=True),
                name="document_of_the_state_once",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-issued_on"], name="document_unit"),
            models.Index(fields=["number_key"], name="document_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}".strip()

    def status(self, on: date) -> Status:
        """Whether it holds on that day."""
        if self.in_force_to is not None and self.in_force_to <= on:
            return self.Status.REPLACED if self.replaced_by_id else self.Status.EXPIRED
        begins = self.in_force_from or self.issued_on
        return self.Status.TO_COME if begins is not None and begins > on else self.Status.IN_FORCE


class Basis(models.Model):
    """Căn cứ: one line as the document cites it, and the document it means where that is known.

    ``kept``: somebody looked at a basis that has ended and says why the document still stands.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="bases")
    place = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=500)
    key = models.CharField(max_length=60, blank=True, help_text="of the number that it cites")
    basis = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="based_on_it"
    )
    kept = models.CharField(max_length=500, blank=True)
    kept_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["document", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="basis_place_once"),
            models.CheckConstraint(
                condition=Q(kept="", kept_at__isnull=True)
                | (~Q(kept="") & Q(kept_at__isnull=False)),
                name="basis_kept_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["key"], name="basis_key")]


class Recipient(models.Model):
    """Nơi nhận: one line, the unit it names where that uses Vang, and when it was sent and came."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="recipients")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["document", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="recipient_place_once"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(sent_at__isnull=False),
                name="recipient_received_what_was_sent",
            ),
        ]
        indexes = [models.Index(fields=["unit", "received_at"], name="recipient_unit")]


class Attachment(AttachedFile):
    """A file of the document. Named by the hash of its bytes."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments")

    class Meta:
        ordering = ["document", "id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "sha256"], name="document_attachment_once"),
        ]


class Campaign(models.Model):
    """Đợt quán triệt, phổ biến: who must know a document, until when, and how they learn of it."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="campaigns")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="campaigns")
    text = models.TextField(max_length=5_000, blank=True, help_text="what to stress")
    due_on = models.DateField()
    started_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(closed_at__isnull=True), name="campaign_open"
            ),
        ]


class CampaignTarget(models.Model):
    """A unit itself, or with ``below`` every unit under it as well."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    below = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="campaign_target_once"),
        ]


class Confirmation(models.Model):
    """One person says for their unit that they have read and understood it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="confirmations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["campaign", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit", "person"], name="confirmation_once_a_person"
            ),
        ]
        indexes = [models.Index(fields=["campaign", "unit"], name="confirmation_unit")]


class Session(models.Model):
    """Hội nghị, buổi quán triệt: a meeting at which the document was explained."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sessions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    place = models.CharField(max_length=200)
    speaker = models.CharField(max_length=200, blank=True)
    attended = models.PositiveIntegerField(help_text="people")
    note = models.CharField(max_length=1_000, blank=True, help_text="what people asked")
    noted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["campaign", "held_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(attended__gte=1), name="session_somebody_came"),
        ]
