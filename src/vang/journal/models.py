"""Who did what, when: rows are added and never changed."""

from django.conf import settings
from django.db import models

from vang.orgs.models import Unit


class Entry(models.Model):
    """One act in the office's own journal (sổ nhật ký). Not the node's journal of plays."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    capacity = models.CharField(
        max_length=200, blank=True, help_text='in whose name, as signed: "KT. CHỦ TỊCH …"'
    )
    unit = models.ForeignKey(
        Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text='kind and key, such as "bulletin:12"')
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]
        # Read by number, newest first: numbers grow with time, and a page needs no counting.
        indexes = [
            models.Index(fields=["subject", "-id"], name="entry_subject"),
            models.Index(fields=["unit", "-id"], name="entry_unit"),
            models.Index(fields=["by", "-id"], name="entry_by"),
            models.Index(fields=["unit", "action", "-id"], name="entry_unit_action"),
            models.Index(fields=["at"], name="entry_at"),
        ]


class Mention(models.Model):
    """What else an act concerns: the bulletin that was placed, the person who got the role."""

    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, related_name="mentions", db_index=False
    )
    subject = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "subject"], name="mention_once"),
        ]
        indexes = [models.Index(fields=["subject", "-entry"], name="mention_subject")]


class Seal(models.Model):
    """One entry's place in the chain: each hash holds the one before it, so that no row can be
    changed, left out, put in between or moved without everything after it being wrong.

    ``position`` counts from 1 without a gap.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    chain = models.CharField(max_length=64)


class Head(models.Model):
    """The chain's end, in one row: whoever adds to the chain holds it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    entries = models.PositiveBigIntegerField(default=0)
    chain = models.CharField(max_length=64, default="0" * 64)
    newest = models.PositiveBigIntegerField(default=0, help_text="the highest entry in the chain")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="journalhead_only_one"),
        ]
