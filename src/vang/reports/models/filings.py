"""What a unit told: filings with their figures and texts, and every move between desks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit
from vang.reports.models.forms import Indicator, Section
from vang.reports.models.rounds import Recipient, Report

PERSON = settings.AUTH_USER_MODEL


class Filing(models.Model):
    """Lần nộp: one version of a report. Once submitted it is never changed: what is amended is a
    new filing, and the earlier ones are kept."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, blank=True, help_text="why it was amended")
    begun_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    signed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    consolidated_at = models.DateTimeField(null=True)
    came_as = models.CharField(
        max_length=64, blank=True, help_text="sha256 of the signed bundle it came in"
    )
    signer_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["report", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="filing_once"),
            models.UniqueConstraint(
                fields=["came_as"], condition=~models.Q(came_as=""), name="filing_bundle_once"
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True)
                | models.Q(signed_at__isnull=False, signed_at__lte=models.F("submitted_at")),
                name="filing_signed_before_it_is_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""),
                name="filing_amended_with_a_reason",
            ),
        ]


class Value(models.Model):
    """One figure or answer of a filing. ``milli``: thousandths; None where nothing was given.

    ``own_milli``: of a consolidated figure the unit's own part. A filing's rows are written at
    once, so that a round is read from neighbouring pages.
    """

    class Source(models.TextChoices):
        SYSTEM = "S", _("from the records")
        TYPED = "T", _("typed")
        CARRIED = "C", _("from the last round")
        SUM = "P", _("put together from the units below")

    filing = models.ForeignKey(
        Filing, on_delete=models.CASCADE, related_name="values", db_index=False
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="values", db_index=False
    )
    milli = models.BigIntegerField(null=True)
    system_milli = models.BigIntegerField(null=True)
    own_milli = models.BigIntegerField(null=True)
    source = models.CharField(max_length=1, choices=Source.choices, default=Source.TYPED)
    text = models.TextField(max_length=4_000, blank=True)
    note = models.CharField(max_length=1_000, blank=True)

    class Meta:
        ordering = ["filing", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "indicator"], name="value_once"),
            models.CheckConstraint(
                condition=~models.Q(source="S")
                | models.Q(milli__isnull=True)
                | models.Q(milli=models.F("system_milli")),
                name="value_from_the_system_is_the_systems",
            ),
            models.CheckConstraint(
                condition=~models.Q(source="T")
                | models.Q(system_milli__isnull=True)
                | models.Q(milli=models.F("system_milli"))
                | ~models.Q(note=""),
                name="value_that_differs_has_a_note",
                violation_error_message=_(
                    "A figure that differs from the records needs a note that says why."
                ),
            ),
        ]


class Passage(models.Model):
    """The text of one section. ``drafted`` is what the facts gave, before anybody changed it."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="passages")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=20_000, blank=True)
    drafted = models.TextField(max_length=20_000, blank=True)

    class Meta:
        ordering = ["section__place"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "section"], name="passage_once"),
        ]


class Attachment(models.Model):
    """A file that goes with a filing."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Inclusion(models.Model):
    """Which filing of a report below went into a consolidated filing: frozen with its version."""

    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="included")
    child = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    child_filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "child"], name="inclusion_once"),
        ]


class Move(models.Model):
    """Every step of a report from desk to desk, for ever."""

    class Kind(models.TextChoices):
        BEGIN = "BEGIN", pgettext_lazy("report", "begun")
        SIGN = "SIGN", pgettext_lazy("report", "signed")
        SUBMIT = "SUBMIT", pgettext_lazy("report", "submitted")
        RETURN = "RETURN", pgettext_lazy("report", "returned")
        ACCEPT = "ACCEPT", pgettext_lazy("report", "accepted")
        REOPEN = "REOPEN", pgettext_lazy("report", "reopened")
        EXTEND = "EXTEND", pgettext_lazy("report", "extended")
        CONSOLIDATE = "CONSOLIDATE", pgettext_lazy("report", "consolidated")
        RECEIVE = "RECEIVE", pgettext_lazy("report", "received as a signed file")
        HAND_ON = "HAND_ON", pgettext_lazy("report", "handed on: the unit became another")
        CLOSE = "CLOSE", pgettext_lazy("report", "closed")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="moves")
    filing = models.ForeignKey(Filing, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    comment = models.TextField(max_length=2_000, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["report", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["RETURN", "REOPEN", "EXTEND", "CLOSE"])
                | ~models.Q(comment=""),
                name="move_back_has_a_comment",
                violation_error_message=_("Say why."),
            ),
        ]


class Sending(models.Model):
    """Gửi báo cáo: one filing on its way to one recipient, and whether it arrived."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="sendings")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    receipt = models.CharField(max_length=200, blank=True, help_text="number of the arrival entry")
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recipient__place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "recipient"], name="sending_once"),
            models.CheckConstraint(
                condition=models.Q(received_at__isnull=True, receipt="")
                | models.Q(received_at__gte=models.F("sent_at")),
                name="sending_received_after_it_was_sent",
            ),
        ]


class SenderKey(models.Model):
    """The key by which a unit on another server signs its reports, after somebody compared it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sender_keys")
    public_key = models.CharField(max_length=64, help_text="Ed25519, hex")
    pinned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["unit", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "public_key"], name="sender_key_once"),
        ]


class Remark(models.Model):
    """Góp ý of the unit above to one indicator, or to the whole report, of a filing sent back."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="remarks")
    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="remarks")
    indicator = models.ForeignKey(Indicator, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2_000)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="remark_says_something"),
        ]
