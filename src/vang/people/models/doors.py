"""Rules at the door."""

from django.db import models

from vang.orgs.models import Unit
from vang.people.models.persons import Person


class SecondFactorRule(models.Model):
    """Yêu cầu xác thực hai lớp: whoever approves, leads or administers in the unit or below it
    needs a second proof from a day on."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="second_factor_rule")
    required_from = models.DateField(null=True, help_text="None: not required")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()


class Limit(models.Model):
    """Counted attempts at the door, shared by all processes; see ``people.limits``."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
