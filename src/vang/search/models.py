"""One index of everything that people look for."""

from django.db import models

from vang.orgs.models import Unit


class Entry(models.Model):
    """One thing as it can be found. The newest have the highest ids: hits come newest first.

    ``words`` is what the database's own word index is made of (vang.search.database): marks of
    scope, then every word without Vietnamese marks, then the marked ones as they are.
    """

    kind = models.CharField(max_length=20, help_text="as in the journal's subjects")
    key = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField(help_text="the beginning, from which a hit is quoted")
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=24, blank=True, help_text="a key of base.states")
    url = models.CharField(max_length=200)
    at = models.DateTimeField(null=True)
    words = models.TextField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "key"], name="search_entry_key"),
            models.Index(fields=["kind", "-id"], name="search_entry_newest"),
        ]


class Word(models.Model):
    """Every word that occurs, once: an unfinished word is looked for as those that begin so.

    Some twenty thousand rows, whatever the index holds. Words that no entry has any more stay
    until the next rebuild and do no harm.
    """

    word = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["word"]
