"""Trial broadcasts: heard at one place only, announced as a trial, told to nobody else."""

from django.db import models

from vang.bulletins.models import Bulletin
from vang.stations.models import Cluster


class Trial(models.Model):
    """Phát thử: a bulletin that goes to one cluster and to no other channel."""

    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="trial")
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="trials")

    class Meta:
        ordering = ["-bulletin"]
