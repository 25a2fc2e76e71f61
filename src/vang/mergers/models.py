"""Lists of units that wait for a yes, and what was decided about what moves."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit, UnitChange


class BroughtList(models.Model):
    """A list of units as it was read, shown as a preview until somebody confirms it."""

    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", help_text="None: all there are"
    )
    name = models.CharField(max_length=200, help_text="of the file")
    rows = models.JSONField(help_text="vang.mergers.listing.packed")
    wrong = models.JSONField(default=list, help_text="[line, text, reason] of rows not understood")
    complete = models.BooleanField(default=False)
    effective_on = models.DateField()
    legal_basis = models.CharField(max_length=300)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    brought_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at"]


class Decision(models.Model):
    """Where one thing goes when its unit becomes another."""

    change = models.ForeignKey(UnitChange, on_delete=models.PROTECT, related_name="decisions")
    mover = models.CharField(max_length=30, help_text="vang.orgs.movers")
    key = models.CharField(max_length=80, help_text="of the thing, as its mover names it")
    choice = models.CharField(max_length=80)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["change", "mover", "key"]
        constraints = [
            models.UniqueConstraint(fields=["change", "mover", "key"], name="decided_once_a_thing"),
        ]
