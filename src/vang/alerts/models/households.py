"""How many people live in a household, where a unit knows better than the national average."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class HouseholdSize(models.Model):
    """Số người bình quân một hộ; the units below have it too."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="household_size")
    people = models.DecimalField(max_digits=3, decimal_places=1)
    source = models.CharField(max_length=200, help_text="where the figure comes from")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["unit"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(people__gte=1, people__lte=20), name="household_size_possible"
            ),
        ]
