"""Counting within a query that asks for something else."""

from django.db.models import IntegerField, Subquery


class Counted(Subquery):
    """How many rows a query finds; sliced, it stops counting there."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class First(Counted):
    """The one number that a query of one column finds first; 0 when it finds none."""

    template = "COALESCE((%(subquery)s), 0)"
