"""How acts on clusters are taken back (vang.base.undo)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vang.base.clock import local_date
from vang.people.models import Person
from vang.stations.access import kept_cluster
from vang.stations.services import serve_again


def put_back(*, facts: dict[str, Any], by: Person, now: datetime) -> str:
    """``cluster``: in service again."""
    cluster = kept_cluster(facts["cluster"], by, local_date(now))
    serve_again(cluster, by=by, now=now)
    return _("In service again: %(name)s.") % {"name": cluster.name}
