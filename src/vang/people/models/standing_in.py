"""Who stands in for whom, and who sits on the editorial board."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit
from vang.people.models.persons import Membership, Person


class Delegation(models.Model):
    """Ủy quyền: somebody decides in the name of somebody else, for a time.

    Forms of signing by decree 30/2020/NĐ-CP article 13: a deputy signs for the head (KT.), the head
    of a subordinate office by order (TL.), somebody authorised in writing for a time (TUQ.).
    """

    class Form(models.TextChoices):
        KT = "KT", _("KT. – a deputy signs for the head")
        TL = "TL", _("TL. – by order of the head")
        TUQ = "TUQ", _("TUQ. – authorised in writing, for a time")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="delegations")
    principal = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="given_delegations"
    )
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations")
    role = models.CharField(max_length=14, choices=Membership.Role.choices)
    form = models.CharField(max_length=3, choices=Form.choices)
    principal_title = models.CharField(max_length=120, help_text='as signed: "CHỦ TỊCH"')
    delegate_title = models.CharField(max_length=120, help_text='as signed: "PHÓ CHỦ TỊCH"')
    scope = models.CharField(max_length=300, blank=True)
    basis_number = models.CharField(max_length=60, blank=True, help_text="12/GUQ-UBND")
    basis_date = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day no longer valid")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("delegate")),
                name="delegation_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="delegation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["APPROVER", "LEADER"]),
                name="delegation_of_a_decision",
            ),
            models.CheckConstraint(
                condition=~models.Q(form="TUQ")
                | (models.Q(valid_to__isnull=False) & ~models.Q(basis_number="")),
                name="delegation_tuq_in_writing_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["delegate", "valid_to"], name="delegation_of_delegate"),
            models.Index(fields=["unit", "-valid_from"], name="delegation_of_unit"),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None until somebody ends it."""
        return self.valid_to and self.valid_to - timedelta(days=1)

    @property
    def in_whose_name(self) -> str:
        """``KT. CHỦ TỊCH Lý Thị Hạnh``."""
        return f"{self.form}. {self.principal_title} {self.principal.full_name}"

    @property
    def signature(self) -> str:
        """``KT. CHỦ TỊCH – PHÓ CHỦ TỊCH Trần Thị Bình``, as it stands under a document."""
        return (
            f"{self.form}. {self.principal_title} – {self.delegate_title} {self.delegate.full_name}"
        )


class Board(models.Model):
    """Ban biên tập của đài: set up by a decision of the unit, for a time."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="boards")
    decision_number = models.CharField(max_length=60, help_text="45/QĐ-UBND")
    decision_date = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day no longer valid")

    class Meta:
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(valid_to=None), name="board_in_force_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="board_ends_after_it_begins",
            ),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force; None for the present one."""
        return self.valid_to and self.valid_to - timedelta(days=1)


class BoardMember(models.Model):
    """Thành viên ban biên tập. Some have no account, such as an announcer of the village."""

    class Duty(models.TextChoices):
        HEAD = "HEAD", _("head of the board")
        DEPUTY = "DEPUTY", _("deputy head of the board")
        SECRETARY = "SECRETARY", _("secretary")
        EDITOR = "EDITOR", _("editor")
        ANNOUNCER = "ANNOUNCER", _("announcer")
        TECHNICIAN = "TECHNICIAN", _("technician")
        MEMBER = "MEMBER", _("member")

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="board_memberships"
    )
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    duty = models.CharField(max_length=10, choices=Duty.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day no longer valid")

    class Meta:
        ordering = ["board", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="board_member_ends_after_beginning",
            ),
            models.UniqueConstraint(
                fields=["board"],
                condition=models.Q(duty="HEAD", valid_to=None),
                name="board_has_one_head",
            ),
        ]
