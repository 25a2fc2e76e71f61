"""People, and what each may do where and from when to when."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from vang.orgs.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from vang.people.acting import Standing
    from vang.people.models.standing_in import Delegation


class Person(AbstractBaseUser):
    """Cán bộ: one human being, one account. Rights come only from memberships."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    search_key = models.CharField(max_length=200, default="", help_text="name and title, folded")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    acting: "Delegation | None" = None
    """In whose name the person acts at this moment; set by people.access, never stored."""
    capacity: int | None = None
    """What the person chose for this session: a delegation's key, 0 for their own right."""

    standings: "dict[tuple[int, date], Standing] | None" = None
    """While a page is only read: the person's roles by unit and day, asked for once."""

    objects = BaseUserManager()

    class Meta:
        ordering = ["full_name", "username"]

    def __str__(self) -> str:
        return self.full_name


class Membership(models.Model):
    """Vai trò của một người tại một đơn vị, có thời hạn. A role holds for the unit and below."""

    class Role(models.TextChoices):
        WRITER = "WRITER", _("writer")
        APPROVER = "APPROVER", _("approver")
        LEADER = "LEADER", _("leader of the unit")
        TECHNICIAN = "TECHNICIAN", _("technician")
        READER = "READER", _("district or province reader")
        ADMINISTRATOR = "ADMINISTRATOR", _("administrator")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True, help_text="first day no longer valid")

    class Meta:
        ordering = ["unit", "role", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role", "valid_from"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="membership_ends_after_it_begins",
                violation_error_message=_("A role must end after it begins."),
            ),
        ]
