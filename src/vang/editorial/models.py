"""The year's plan with its lines, series with their episodes, and quality scores."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.airtime.models import Programme
from vang.bulletins.models import Bulletin, Category
from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MOST_POINTS = 10


class Series(models.Model):
    """Chuyên mục: items of one kind that come regularly, for which somebody answers."""

    class Frequency(models.TextChoices):
        DAILY = "DAILY", _("daily")
        WEEKLY = "WEEKLY", _("weekly")
        FORTNIGHTLY = "FORTNIGHTLY", _("every two weeks")
        MONTHLY = "MONTHLY", _("monthly")
        QUARTERLY = "QUARTERLY", _("every three months")
        IRREGULAR = "IRREGULAR", _("when there is reason")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="series")
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2_000, blank=True)
    frequency = models.CharField(max_length=11, choices=Frequency.choices)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.SET_NULL, related_name="series"
    )
    responsible = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target_s = models.PositiveIntegerField(null=True, blank=True, help_text="length aimed at, s")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(ended_on__isnull=True),
                name="series_name_once",
                violation_error_message=_("There is a series of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """Kế hoạch tuyên truyền năm of a unit. Progress is reckoned, never typed."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        ADOPTED = "ADOPTED", _("adopted")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plans_of_year")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=60, blank=True, help_text='such as "15/KH-UBND"')
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived"
    )
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    adopted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-year", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="plan_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2100), name="plan_year_is_a_year"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Line(models.Model):
    """One theme of a plan with its quota. What counts: see ``progress.counts``."""

    class Source(models.TextChoices):
        ANY = "ANY", _("own and taken over")
        OWN = "OWN", _("the unit's own")
        RELAYED = "RELAYED", _("taken over from others")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    name = models.CharField(max_length=200)
    month_from = models.PositiveSmallIntegerField(default=1)
    month_to = models.PositiveSmallIntegerField(default=12)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="lines"
    )
    source = models.CharField(max_length=7, choices=Source.choices, default=Source.ANY)
    items = models.PositiveIntegerField(null=True, blank=True, help_text="bulletins released")
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="minutes heard")
    note = models.TextField(max_length=1_000, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="derived"
    )

    class Meta:
        ordering = ["plan", "month_from", "month_to", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month_from__gte=1, month_to__lte=12)
                & models.Q(month_from__lte=models.F("month_to")),
                name="line_months_in_order",
                violation_error_message=_("The last month must not lie before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(items__isnull=False, items__gte=1)
                | models.Q(minutes__isnull=False, minutes__gte=1),
                name="line_has_a_quota",
                violation_error_message=_("Give a number of bulletins, of minutes, or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Season(models.Model):
    """Lịch mùa vụ of a unit's own: suggested to itself and to all below it.

    From a later month to an earlier one it goes over the turn of the year.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="seasons")
    name = models.CharField(max_length=200)
    month_from = models.PositiveSmallIntegerField()
    month_to = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    note = models.TextField(max_length=1_000, blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["month_from", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month_from__gte=1, month_from__lte=12)
                & models.Q(month_to__gte=1, month_to__lte=12),
                name="season_has_months",
            ),
        ]


class Place(models.Model):
    """Where a bulletin belongs: a series, a theme of the plan, or both."""

    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="place")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="places"
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.SET_NULL, related_name="places"
    )
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Criterion(models.Model):
    """Tiêu chí chấm điểm of a unit: 0 to 10 points, counted ``weight`` times."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="criteria")
    name = models.CharField(max_length=120)
    weight = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=models.Q(ended_at__isnull=True),
                name="criterion_name_once",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=10), name="criterion_weight_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Score(models.Model):
    """Chấm điểm: one person's marks for one bulletin. ``average`` is weighted, of 10 points."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="scores")
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.PROTECT, related_name="scores"
    )
    average = models.DecimalField(max_digits=4, decimal_places=2)
    comment = models.TextField(max_length=2_000, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "by"], name="score_once_a_person"),
            models.CheckConstraint(
                condition=models.Q(average__gte=0, average__lte=MOST_POINTS),
                name="score_average_range",
            ),
        ]
        indexes = [models.Index(fields=["series", "-at"], name="score_series")]


class Mark(models.Model):
    """Points for one criterion."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="marks")
    points = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["score", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["score", "criterion"], name="mark_once_a_criterion"),
            models.CheckConstraint(
                condition=models.Q(points__lte=MOST_POINTS), name="mark_points_range"
            ),
        ]
