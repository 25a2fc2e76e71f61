"""When it is asked and of whom: regimes, rounds, and the report that each unit owes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit
from vang.reports.models.forms import Form, FormVersion

PERSON = settings.AUTH_USER_MODEL


class Regime(models.Model):
    """Chế độ báo cáo: which units below ``unit`` (None: the whole country) fill in which form.

    Each reports to the unit right above it; those consolidate, up to ``unit``.
    """

    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="report_regimes"
    )
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="regimes")
    name = models.CharField(max_length=200)
    level = models.CharField(max_length=8, choices=Unit.Level.choices, default=Unit.Level.COMMUNE)
    with_offices = models.BooleanField(default=False, help_text="offices below the unit too")
    basis = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(ended_on__isnull=True),
                name="regime_name_once",
                violation_error_message=_("There is a regime of this name already."),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(ended_on__isnull=True, unit__isnull=True),
                name="regime_of_all_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """Kỳ: one due day of every year, and which days its report covers.

    ``years_back`` is 1 where the first covered day lies in the year before the due day.
    """

    regime = models.ForeignKey(Regime, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=120)
    due_month = models.PositiveSmallIntegerField()
    due_day = models.PositiveSmallIntegerField()
    from_month = models.PositiveSmallIntegerField()
    from_day = models.PositiveSmallIntegerField(default=1)
    to_month = models.PositiveSmallIntegerField()
    from_years_back = models.PositiveSmallIntegerField(default=0)
    to_years_back = models.PositiveSmallIntegerField(default=0)
    days_open = models.PositiveSmallIntegerField(default=30, help_text="opens so long before")
    days_to_lock = models.PositiveSmallIntegerField(default=20, help_text="locks so long after")

    class Meta:
        ordering = ["due_month", "due_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["regime", "due_month", "due_day"], name="term_due_day_once"
            ),
            models.CheckConstraint(
                condition=models.Q(due_month__range=(1, 12), due_day__range=(1, 31))
                & models.Q(from_month__range=(1, 12), from_day__range=(1, 31))
                & models.Q(to_month__range=(1, 12)),
                name="term_days_of_the_year",
            ),
        ]


class Recipient(models.Model):
    """Nơi nhận besides the unit above: who gets the consolidated report for information."""

    regime = models.ForeignKey(Regime, on_delete=models.CASCADE, related_name="recipients")
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["place", "id"]


class Round(models.Model):
    """Đợt báo cáo: one period of one regime, on one version of the form."""

    regime = models.ForeignKey(Regime, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=200)
    covers_from = models.DateField()
    covers_to = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField(help_text="the last day on time")
    locks_on = models.DateField(help_text="the last day on which anything is taken")
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-covers_to", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["regime", "covers_from", "covers_to"],
                name="round_once",
                violation_error_message=_("This period has a round already."),
            ),
            models.CheckConstraint(
                condition=models.Q(covers_from__lte=models.F("covers_to"))
                & models.Q(opens_on__lte=models.F("due_on"))
                & models.Q(due_on__lte=models.F("locks_on")),
                name="round_days_in_order",
                violation_error_message=_("Opening, due day and lock must follow each other."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """Báo cáo that a unit owes in a round, from the day the round opens.

    ``above``: the unit that it goes to, as it was then; ``parent``: that unit's own report, into
    which it is consolidated. ``keeper``: whose people go on with it after its unit became another;
    it still tells of ``unit``, so that no record is told twice. ``current`` is the filing that is
    worked on or was sent last; ``accepted`` the one whose figures count. ``late`` is set at the
    first submission and never again; ``due_on`` never moves, an extension stands beside it. CLOSED:
    nobody owes it any more, for a reason among its moves; what was written is kept.
    """

    class State(models.TextChoices):
        EXPECTED = "EXPECTED", pgettext_lazy("report", "not begun")
        DRAFT = "DRAFT", pgettext_lazy("report", "being written")
        SUBMITTED = "SUBMITTED", pgettext_lazy("report", "submitted")
        RETURNED = "RETURNED", pgettext_lazy("report", "returned")
        ACCEPTED = "ACCEPTED", pgettext_lazy("report", "accepted")
        CLOSED = "CLOSED", pgettext_lazy("report", "closed")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports")
    above = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    keeper = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="kept_reports"
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    consolidates = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.EXPECTED)
    due_on = models.DateField()
    extended_to = models.DateField(null=True, blank=True)
    extension_reason = models.CharField(max_length=500, blank=True)
    unlocked = models.BooleanField(default=False, help_text="reopened: the lock does not hold")
    current = models.OneToOneField("Filing", null=True, on_delete=models.PROTECT, related_name="+")
    accepted = models.OneToOneField("Filing", null=True, on_delete=models.PROTECT, related_name="+")
    first_submitted_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True)
    stale = models.BooleanField(
        default=False, help_text="a report below has changed since it was consolidated"
    )

    class Meta:
        ordering = ["round", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="report_once"),
            models.CheckConstraint(
                condition=models.Q(extended_to__isnull=True, extension_reason="")
                | models.Q(extended_to__gt=models.F("due_on")) & ~models.Q(extension_reason=""),
                name="report_extension_has_a_reason",
                violation_error_message=_("An extension has a later day and a reason."),
            ),
            models.CheckConstraint(
                condition=models.Q(late__isnull=True, first_submitted_at__isnull=True)
                | models.Q(late__isnull=False, first_submitted_at__isnull=False),
                name="report_late_is_known_once_submitted",
            ),
            models.CheckConstraint(
                condition=models.Q(state="EXPECTED", current__isnull=True)
                | models.Q(state="CLOSED")
                | models.Q(state="DRAFT", current__isnull=False)
                | models.Q(
                    state__in=["SUBMITTED", "RETURNED", "ACCEPTED"],
                    current__isnull=False,
                    first_submitted_at__isnull=False,
                ),
                name="report_state_has_its_filing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ACCEPTED") | models.Q(accepted=models.F("current")),
                name="report_accepted_is_current",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="report_unit_state"),
            models.Index(
                fields=["keeper", "state"],
                condition=models.Q(keeper__isnull=False),
                name="report_keeper_state",
            ),
            models.Index(fields=["above", "state"], name="report_above_state"),
            models.Index(fields=["round", "state"], name="report_round_state"),
            models.Index(
                fields=["parent"], condition=models.Q(parent__isnull=False), name="report_parent"
            ),
        ]

    @property
    def desk(self) -> Unit:
        """The unit whose people write it: its own, or the one that goes on with it."""
        return self.keeper or self.unit

    @property
    def owed_on(self) -> object:
        """The last day on time, with an extension."""
        return self.extended_to or self.due_on
