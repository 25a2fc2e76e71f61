"""What is asked: forms, their versions, the indicators and the sections of text."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.orgs.models import Unit

PERSON = settings.AUTH_USER_MODEL
MILLI = 1000
"""Figures are kept as whole thousandths, so that sums are exact."""


class Form(models.Model):
    """Biểu mẫu báo cáo. Without ``unit`` it came with the system and is there for everybody."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="report_forms"
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="report_form_code_once"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(unit__isnull=True),
                name="report_form_of_all_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """One wording of a form. An issued one is never changed: a round stays on its version."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        ISSUED = "ISSUED", pgettext_lazy("form", "in use")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    basis = models.CharField(max_length=300, blank=True, help_text="legal basis")
    begun_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    issued_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["form"],
                condition=models.Q(state="DRAFT"),
                name="form_one_draft",
                violation_error_message=_("There is a draft of this form already."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="DRAFT", issued_at__isnull=True)
                | models.Q(state="ISSUED", issued_at__isnull=False),
                name="form_version_issued_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.name} ({self.number})"


class Indicator(models.Model):
    """Chỉ tiêu: one thing asked, with its definition, where its figure comes from and its rules."""

    class Group(models.TextChoices):
        STATIONS = "STATIONS", _("Stations")
        CLUSTERS = "CLUSTERS", _("Clusters and speakers")
        AIRTIME = "AIRTIME", _("Airtime")
        CONTENT = "CONTENT", _("Content")
        CHANNELS = "CHANNELS", _("Other channels")
        PEOPLE = "PEOPLE", _("People of the station")
        TRAINING = "TRAINING", _("Training")
        MONEY = "MONEY", _("Money")
        OVERSIGHT = "OVERSIGHT", _("Oversight")
        FEEDBACK = "FEEDBACK", _("Feedback")
        AWARDS = "AWARDS", _("Awards")

    class Kind(models.TextChoices):
        NUMBER = "NUMBER", pgettext_lazy("indicator", "number")
        MONEY = "MONEY", _("money, in whole đồng")
        TEXT = "TEXT", pgettext_lazy("indicator", "text")
        CHOICE = "CHOICE", pgettext_lazy("indicator", "choice")

    class Rollup(models.TextChoices):
        SUM = "SUM", _("sum")
        MEAN = "MEAN", _("mean of those who gave it")
        NONE = "NONE", _("not put together")

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="indicators")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    group = models.CharField(max_length=9, choices=Group.choices)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.NUMBER)
    name = models.CharField(max_length=300)
    measure = models.CharField(max_length=40, blank=True, help_text='unit, such as "cụm"')
    definition = models.TextField(max_length=2_000, blank=True)
    formula = models.CharField(max_length=60, blank=True, help_text="name of a fact")
    rollup = models.CharField(max_length=4, choices=Rollup.choices, default=Rollup.SUM)
    decimals = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=True)
    carried = models.BooleanField(default=False, help_text="begins with the last round's figure")
    least = models.BigIntegerField(null=True, blank=True, default=0, help_text="thousandths")
    most = models.BigIntegerField(null=True, blank=True, help_text="thousandths")
    not_above = models.CharField(max_length=40, blank=True, help_text="code of another indicator")
    jump = models.PositiveSmallIntegerField(
        default=0, help_text="per cent against the last round that need a note; 0: no such rule"
    )
    choices = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=models.Q(decimals__lte=2), name="indicator_two_decimals_at_most"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="MONEY") | models.Q(decimals=0),
                name="indicator_money_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(least__isnull=True)
                | models.Q(most__isnull=True)
                | models.Q(least__lte=models.F("most")),
                name="indicator_bounds_in_order",
                violation_error_message=_("The smallest figure must not be above the largest."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["NUMBER", "MONEY"])
                | models.Q(rollup="NONE", formula=""),
                name="indicator_only_figures_add_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counted(self) -> bool:
        """A number or money; else words."""
        return self.kind in {self.Kind.NUMBER, self.Kind.MONEY}

    @property
    def step(self) -> int:
        """The smallest difference, in thousandths: shares are cut no finer."""
        return int(MILLI // 10**self.decimals)


class Section(models.Model):
    """Mục lời văn: one part of the report in words. ``draft`` names the template that begins it."""

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="sections")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    hint = models.CharField(max_length=400, blank=True)
    draft = models.CharField(max_length=40, blank=True)
    required = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="section_code_once"),
        ]

    def __str__(self) -> str:
        return self.title
