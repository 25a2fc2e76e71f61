"""Official plans: read from a document, adopted, carried out task by task, reviewed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.documents.models import Document
from vang.library.models import Item
from vang.orgs.models import Organisation, Unit

PERSON = settings.AUTH_USER_MODEL
MAX_TEXT = 8_000


class Plan(models.Model):
    """Kế hoạch of a unit for a time; derived from a plan of a unit above, or from nobody's."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", pgettext_lazy("plan", "draft")
        ADOPTED = "ADOPTED", pgettext_lazy("plan", "adopted")
        CLOSED = "CLOSED", pgettext_lazy("plan", "closed")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="official_plans")
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    title = models.CharField(max_length=500)
    number = models.CharField(max_length=60, blank=True, help_text='such as "90/KH-UBND"')
    issuer = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="last day of its time")
    bases = models.JSONField(default=list, help_text="legal bases, in order")
    signer = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derived"
    )
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="plans"
    )
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    adopted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="official_plan_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(state="DRAFT") | models.Q(adopted_at__isnull=False),
                name="official_plan_adopted_has_its_time",
            ),
            models.UniqueConstraint(
                fields=["unit", "parent"],
                condition=models.Q(parent__isnull=False),
                name="official_plan_derived_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "-starts_on"], name="official_plan_unit")]

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """A document read into rows, before a person has made a plan of it. ``head`` is what
    ``recognition.plain`` tells without rows and text."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="plan_drafts")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    file_name = models.CharField(max_length=200)
    text = models.TextField()
    head = models.JSONField()
    plan = models.OneToOneField(Plan, null=True, on_delete=models.SET_NULL, related_name="draft")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["unit", "-made_at"], name="plan_draft_unit")]


class DraftRow(models.Model):
    """One row of a document as it was read, and what the person made of it."""

    class State(models.TextChoices):
        READ = "READ", pgettext_lazy("draft row", "as read")
        EDITED = "EDITED", pgettext_lazy("draft row", "edited")
        DROPPED = "DROPPED", pgettext_lazy("draft row", "left out")

    class Kind(models.TextChoices):
        OBJECTIVE = "objective", _("objective")
        TASK = "task", _("task")
        REPORTING = "reporting", _("reporting duty")
        CONTENT = "content", _("content or form")
        SOLUTION = "solution", _("solution")
        MONEY = "money", _("funding")
        TIME = "time", _("time")
        SCOPE = "scope", _("scope")
        SITUATION = "situation", _("situation")
        CLOSING = "closing", _("closing words")
        UNKNOWN = "unknown", _("not understood")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.READ)
    code = models.CharField(max_length=60, blank=True)
    section = models.JSONField(default=list)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    leads = models.JSONField(default=list)
    cooperating = models.JSONField(default=list)
    requested = models.BooleanField(default=False)
    deadlines = models.JSONField(default=list)
    product = models.CharField(max_length=1_000, blank=True)
    targets = models.JSONField(default=list)
    doubts = models.JSONField(default=list)

    class Meta:
        ordering = ["draft", "place"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "place"], name="plan_row_place_once"),
        ]


class Objective(models.Model):
    """Mục tiêu: what the plan wants to reach, with a figure where it names one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="objectives")
    place = models.PositiveIntegerField()
    text = models.TextField(max_length=MAX_TEXT)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit_word = models.CharField(max_length=60, blank=True, help_text='such as "%" or "lớp"')
    reached = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True, help_text="from then on nobody strives for it")

    class Meta:
        ordering = ["plan", "place", "id"]


class ObjectiveChange(models.Model):
    """Điều chỉnh mục tiêu: one that came, became another or ended while the plan was in force, and
    why. ``before`` are its words and figure as they stood."""

    class Kind(models.TextChoices):
        ADDED = "ADDED", pgettext_lazy("objective", "added")
        REWORDED = "REWORDED", pgettext_lazy("objective", "changed")
        ENDED = "ENDED", pgettext_lazy("objective", "ended")

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    before = models.TextField(blank=True, max_length=MAX_TEXT)
    why = models.CharField(max_length=500)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(why=""), name="objective_change_has_why"),
        ]


class Task(models.Model):
    """Nhiệm vụ: who leads, who cooperates, by when. ``next_due`` and ``percent`` follow from its
    occurrences and reports, so that lists need not reckon."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=60, blank=True)
    section = models.CharField(max_length=300, blank=True)
    text = models.TextField(max_length=MAX_TEXT)
    lead_name = models.CharField(max_length=400, blank=True)
    lead = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="led_tasks"
    )
    cooperating = models.JSONField(default=list, help_text="names, in order")
    organisations = models.ManyToManyField(Organisation, related_name="joint_tasks", blank=True)
    requested = models.BooleanField(default=False, help_text='"đề nghị", not "giao"')
    deadlines = models.JSONField(default=list)
    product = models.CharField(max_length=1_000, blank=True)
    passage = models.TextField(blank=True, help_text="the words of the document")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="derived"
    )
    percent = models.PositiveSmallIntegerField(default=0)
    next_due = models.DateField(null=True)
    finished_on = models.DateField(null=True)

    class Meta:
        ordering = ["plan", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="plan_task_percent_range"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_on__isnull=True) | models.Q(percent=100),
                name="plan_task_finished_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["plan", "next_due"], name="plan_task_due")]

    def __str__(self) -> str:
        return self.text[:80]


class Occurrence(models.Model):
    """One day on which a task is due. ``told_days`` is the last reminder: days before, -1 for
    overdue, -2 when the leader was told."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="occurrences")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    told_days = models.SmallIntegerField(default=99)

    class Meta:
        ordering = ["task", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["task", "due_on"], name="plan_task_due_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "told_days"],
                condition=models.Q(done_on__isnull=True),
                name="plan_occurrence_open",
            ),
        ]


class TaskProgress(models.Model):
    """What somebody reported: added, never changed."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="reports")
    percent = models.PositiveSmallIntegerField()
    note = models.TextField(max_length=2_000, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["task", "-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="plan_report_percent_range"
            ),
        ]


class Proof(models.Model):
    """What counts for a task by itself: releases of a series, of a theme … (``proofs.kinds``).
    Nothing is copied: what was found is looked up anew."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=30)
    value = models.CharField(max_length=60)
    wanted = models.PositiveIntegerField(default=1, help_text="as many are wanted")

    class Meta:
        ordering = ["task", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "kind", "value"], name="plan_proof_once"),
            models.CheckConstraint(condition=models.Q(wanted__gte=1), name="plan_proof_wants_some"),
        ]


class Evidence(models.Model):
    """What a person brought: words, and a file by the hash of its bytes."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="evidence")
    text = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["task", "-at", "-id"]


class Recipient(models.Model):
    """A line of "Nơi nhận"; with a unit of this installation it acknowledges here."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="recipients")
    name = models.CharField(max_length=300)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="plans_received"
    )

    class Meta:
        ordering = ["plan", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit"],
                condition=models.Q(unit__isnull=False),
                name="plan_recipient_unit_once",
            ),
        ]


class Acknowledgement(models.Model):
    """Đã nhận, đã quán triệt: one recipient unit says so, by a person of its own."""

    recipient = models.OneToOneField(
        Recipient, on_delete=models.CASCADE, related_name="acknowledgement"
    )
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Review(models.Model):
    """Sơ kết, tổng kết: results against targets as reckoned, and what people make of them."""

    class Kind(models.TextChoices):
        INTERIM = "INTERIM", _("interim review")
        FINAL = "FINAL", _("final review")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    first_on = models.DateField()
    last_on = models.DateField()
    facts = models.JSONField(default=dict, help_text="figures as reckoned, see reviewing.facts_of")
    results = models.TextField(max_length=20_000, blank=True)
    causes = models.TextField(max_length=20_000, blank=True)
    lessons = models.TextField(max_length=20_000, blank=True)
    proposals = models.TextField(max_length=20_000, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["plan", "-last_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "last_on"], name="plan_review_once"),
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")),
                name="plan_review_days_in_order",
            ),
        ]
