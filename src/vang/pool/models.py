"""What units offer one another, who took it, and what they ask of one another."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.bulletins.models import Bulletin, Category, Priority, Version
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MAX_REASON = 1_000
MAX_ANSWER = 20_000


class Offer(models.Model):
    """Nội dung chia sẻ: an approved item that other units may take.

    Title, category, priority and length are copied from the current version, so that lists need
    nothing else. ``chain`` is where it came from, origin first, frozen when it was offered.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("offered")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")

    class News(models.TextChoices):
        """What happened to it since, that whoever took it must know."""

        CORRECTED = "CORRECTED", _("corrected")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")
        ORIGIN_CORRECTED = "ORIGIN_CORRECTED", _("its origin was corrected")
        ORIGIN_WITHDRAWN = "ORIGIN_WITHDRAWN", _("its origin was withdrawn")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="offers")
    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="offer")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=1)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64, help_text="that the approval bound")
    title = models.CharField(max_length=200)
    search_key = models.CharField(max_length=400, help_text="title, folded")
    category = models.CharField(max_length=16, choices=Category.choices)
    priority = models.CharField(max_length=9, choices=Priority.choices)
    duration_ms = models.PositiveIntegerField(default=0)
    with_sound = models.BooleanField()
    may_adapt = models.BooleanField()
    must_air = models.BooleanField(default=False, help_text="to be aired by everybody offered it")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="last day on which to air it")
    meant_for = models.CharField(max_length=200, blank=True, help_text="audience in words")
    message = models.TextField(max_length=MAX_REASON, blank=True)
    chain = models.JSONField(default=list)
    above = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="onward",
        help_text="the offer from which the bulletin itself was taken",
    )
    offered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    news = models.CharField(max_length=16, choices=News.choices, blank=True)
    news_at = models.DateTimeField(null=True)
    news_reason = models.TextField(max_length=MAX_REASON, blank=True)

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="offer_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(news="", news_at__isnull=True)
                | (~models.Q(news="") & models.Q(news_at__isnull=False)),
                name="offer_news_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-offered_at"], name="offer_unit"),
            models.Index(fields=["state", "-offered_at"], name="offer_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_takeable(self, on: date) -> bool:
        """Whether it may be taken on that day."""
        return self.state == Offer.State.OPEN and (self.valid_to is None or self.valid_to >= on)


class Target(models.Model):
    """To whom an offer is made: a unit itself, or with ``below`` every unit under it as well."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    below = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "unit"], name="target_once"),
        ]


class Revision(models.Model):
    """One text that was offered: the first, then each correction. Never changed."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    change = models.TextField(max_length=MAX_REASON, blank=True, help_text="what was corrected")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["offer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="revision_number_once"),
        ]


class Taking(models.Model):
    """What a unit did with an offer. One in force a unit and offer; earlier ones are kept."""

    class Kind(models.TextChoices):
        TAKEN = "TAKEN", _("taken unchanged")
        ADAPTED = "ADAPTED", _("adapted")
        DECLINED = "DECLINED", _("not used")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="takings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="takings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    bulletin = models.OneToOneField(
        Bulletin, null=True, on_delete=models.PROTECT, related_name="taking"
    )
    revision = models.PositiveIntegerField(help_text="of the offer, whose text it holds")
    reason = models.TextField(max_length=MAX_REASON, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(help_text="news of the offer until then was acted on")
    settled_reason = models.TextField(max_length=MAX_REASON, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="when a later one took its place")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "unit"],
                condition=models.Q(ended_at__isnull=True),
                name="taking_once_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="DECLINED", bulletin__isnull=True)
                | (~models.Q(kind="DECLINED") & models.Q(bulletin__isnull=False)),
                name="taking_has_its_bulletin",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="DECLINED") | ~models.Q(reason=""),
                name="taking_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-at"], name="taking_unit"),
        ]


class Request(models.Model):
    """Đề nghị cung cấp nội dung, đặt bài: what one unit asks of others, until when."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="requests")
    title = models.CharField(max_length=200)
    text = models.TextField(max_length=5_000)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    due_at = models.DateTimeField()
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("created_at")),
                name="request_due_after_it_was_made",
                violation_error_message=_("The deadline must lie in the future."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-created_at"], name="request_unit")]

    def __str__(self) -> str:
        return self.title


class Order(models.Model):
    """One asked unit's part of a request."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("asked")
        ACCEPTED = "ACCEPTED", _("accepted")
        ANSWERED = "ANSWERED", _("answered")
        DECLINED = "DECLINED", _("declined")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="orders")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    due_at = models.DateTimeField(help_text="as the request's, for the list of what is due")
    bulletin = models.ForeignKey(
        Bulletin,
        null=True,
        on_delete=models.SET_NULL,
        related_name="orders",
        help_text="being written for it",
    )
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="answers")
    answer = models.TextField(max_length=MAX_ANSWER, blank=True)
    reason = models.TextField(max_length=MAX_REASON, blank=True)
    accepted_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, help_text="answered or declined")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["request", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["request", "unit"], name="order_once_a_unit"),
            models.CheckConstraint(
                condition=~models.Q(state="ANSWERED")
                | (
                    models.Q(answered_at__isnull=False)
                    & (models.Q(offer__isnull=False) | ~models.Q(answer=""))
                ),
                name="order_answered_says_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="DECLINED")
                | (models.Q(answered_at__isnull=False) & ~models.Q(reason="")),
                name="order_declined_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_at"], name="order_due"),
        ]

    @property
    def late(self) -> bool:
        """Answered after the deadline."""
        return self.answered_at is not None and self.answered_at > self.due_at
