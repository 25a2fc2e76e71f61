"""Alerts with their immutable versions, and what people signed of them."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.alerts.models.templates import TemplateVersion
from vang.alerts.models.words import (
    Category,
    Certainty,
    Event,
    MsgType,
    Response,
    Severity,
    Status,
    Urgency,
    Way,
)
from vang.alerts.states import State
from vang.base.languages import CODE, CODE_LENGTH
from vang.orgs.models import Unit
from vang.voice.models import Rendition

PERSON = settings.AUTH_USER_MODEL
MOST_HEADLINE = 160
MOST_TEXT = 2_000
MOST_MINUTES = 72 * 60

__all__ = [
    "Alert",
    "AlertApproval",
    "AlertOrder",
    "AlertText",
    "AlertVersion",
    "Category",
    "Certainty",
    "Event",
    "MsgType",
    "Response",
    "Severity",
    "Status",
    "Urgency",
    "Way",
]


def new_identifier() -> str:
    """CAP identifier: never from a clock, so that two in one second are still two."""
    return f"urn:uuid:{uuid.uuid4()}"


class Alert(models.Model):
    """Cảnh báo khẩn cấp. ``unit`` issues it; ``status`` never changes.

    ``expires_at`` is when it is no longer in force, on every channel; the loudspeakers' command
    runs out much sooner.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identifier = models.CharField(max_length=60, unique=True, default=new_identifier)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="alerts")
    msg_type = models.CharField(max_length=6, choices=MsgType.choices, default=MsgType.ALERT)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.TEST)
    state = models.CharField(max_length=13, choices=State.choices, default=State.DRAFT)
    current = models.OneToOneField(
        "AlertVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    references = models.ManyToManyField(
        "self", symmetrical=False, related_name="referred_to_by", blank=True
    )
    superseded_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="supersedes"
    )
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="copies"
    )
    source = models.CharField(
        max_length=500, blank=True, help_text="whose warning it was drafted from, and where it lies"
    )
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="frozen on submitting")
    told = models.CharField(max_length=1000, blank=True, help_text="why returned or rejected")
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False, help_text="sent by one person, from a template")
    review_by = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["DISPATCHING", "LIVE", "ENDED", "CANCELLED"])
                | models.Q(sent_at__isnull=False, expires_at__gt=models.F("sent_at")),
                name="alert_sent_has_its_times",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | ~models.Q(content_sha256=""),
                name="alert_sent_is_bound",
            ),
            models.CheckConstraint(
                condition=models.Q(alone=False) | models.Q(review_by__isnull=False),
                name="alert_sent_alone_is_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True)
                | ~models.Q(reviewed_by=models.F("created_by")),
                name="alert_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="alert_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="alert_status_known"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-created_at"], name="alert_unit"),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["DISPATCHING", "LIVE"]),
                name="alert_standing",
            ),
            models.Index(fields=["unit", "-sent_at"], name="alert_unit_sent"),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def version(self) -> "AlertVersion":
        """The current one; every alert has one from the transaction on that made it."""
        if self.current is None:
            raise AlertVersion.DoesNotExist
        return self.current


class AlertVersion(models.Model):
    """Everything that an alert says, shows and reaches. Never changed: an edit makes another.

    Area: whole communes, villages and single clusters by code; ``polygons`` are rings of
    [latitude, longitude], ``circle`` is [latitude, longitude, kilometres].
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    template = models.ForeignKey(
        TemplateVersion, null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    values = models.JSONField(default=dict, help_text="blank → what was filled in")
    event = models.CharField(max_length=12, choices=Event.choices)
    category = models.CharField(max_length=10, choices=Category.choices)
    response = models.CharField(max_length=10, choices=Response.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    area_words = models.CharField(max_length=300)
    units = models.JSONField(default=list, help_text="codes of whole communes")
    villages = models.JSONField(default=list, help_text="codes")
    clusters = models.JSONField(default=list, help_text="[commune, cluster] as the villages hear")
    polygons = models.JSONField(default=list)
    circle = models.JSONField(null=True)
    onset = models.DateTimeField(null=True)
    lasts_min = models.PositiveIntegerField(default=360, help_text="minutes in force once sent")
    contact = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["alert", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="alert_version_number_once"),
            models.CheckConstraint(
                condition=models.Q(lasts_min__gte=5, lasts_min__lte=MOST_MINUTES),
                name="alert_version_lasts",
            ),
        ]

    @property
    def lasts(self) -> timedelta:
        return timedelta(minutes=self.lasts_min)


class AlertText(models.Model):
    """One language of a version: what is read and, unless it is only to be read, heard."""

    version = models.ForeignKey(AlertVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=CODE_LENGTH)
    headline = models.CharField(max_length=MOST_HEADLINE)
    text = models.TextField(max_length=MOST_TEXT)
    instruction = models.TextField(max_length=MOST_TEXT, blank=True)
    way = models.CharField(max_length=8, choices=Way.choices)
    rendition = models.ForeignKey(
        Rendition, null=True, on_delete=models.PROTECT, related_name="alert_texts"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="alert_text_once"),
            models.CheckConstraint(
                condition=models.Q(language__regex=CODE), name="alert_text_language"
            ),
            models.CheckConstraint(
                condition=models.Q(way="UNSPOKEN", rendition__isnull=True)
                | (~models.Q(way="UNSPOKEN") & models.Q(rendition__isnull=False)),
                name="alert_text_sound_where_heard",
            ),
        ]

    @property
    def spoken(self) -> str:
        """The words that are heard."""
        return "\n".join(part for part in (self.headline, self.text, self.instruction) if part)


class AlertOrder(models.Model):
    """One command of an alert, byte for byte as people sign it: to sound, or to be silent."""

    class Kind(models.TextChoices):
        PLAY = "PLAY", _("sound")
        CANCEL = "CANCEL", _("silence")
        RETRACT = "RETRACT", _("retraction")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="orders")
    version = models.ForeignKey(AlertVersion, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    alone = models.BooleanField(default=False)
    command = models.CharField(max_length=80, unique=True, help_text="id in the command")
    payload = models.BinaryField()
    manifest = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, unique=True, help_text="of the payload")
    bound_sha256 = models.CharField(max_length=64, help_text="of payload and manifest")
    content_sha256 = models.CharField(max_length=64)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    envelope = models.BinaryField(default=b"")

    class Meta:
        ordering = ["alert", "issued_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="alert_order_expires",
            ),
            models.UniqueConstraint(
                fields=["alert"],
                condition=models.Q(kind="PLAY", sent_at__isnull=False),
                name="alert_sounds_once",
            ),
        ]

    def is_open(self, now: datetime) -> bool:
        """Whether it may still be signed."""
        return self.sent_at is None and now < self.expires_at


class AlertApproval(models.Model):
    """One person's signature under one order, with what was before their eyes.

    ``author`` and ``submitter`` repeat the alert's, so that the database itself refuses them.
    """

    order = models.ForeignKey(AlertOrder, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    submitter = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=64)
    software_key = models.BooleanField(default=False, help_text="a demonstration's")
    signature = models.BinaryField()
    payload_sha256 = models.CharField(max_length=64)
    displayed = models.TextField(help_text="as it stood on the page")
    at = models.DateTimeField()

    class Meta:
        ordering = ["order", "at"]
        constraints = [
            models.UniqueConstraint(fields=["order", "person"], name="alert_approval_per_person"),
            models.UniqueConstraint(fields=["order", "key_id"], name="alert_approval_per_key"),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("author")) | models.Q(author__isnull=True),
                name="alert_approver_is_not_the_author",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("submitter"))
                | models.Q(submitter__isnull=True),
                name="alert_approver_is_not_the_submitter",
            ),
        ]
