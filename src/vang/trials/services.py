"""Writing a trial: its words are fixed, so that whoever hears it knows what it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vang.base.refusals import Refusal
from vang.base.text import clean_text
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Category
from vang.bulletins.services import create_bulletin, submit_bulletin
from vang.journal.services import record
from vang.people.models import Person
from vang.stations.models import Cluster
from vang.trials.models import Trial

MOST_WORDS = 300


def start_trial(*, cluster: Cluster, words: str, by: Person, now: datetime) -> Bulletin:
    """A bulletin for this cluster alone, submitted for approval. Raises Refusal.

    ``words`` are spoken between the announcement that it is a trial and its repetition.
    """
    own = " ".join(clean_text(words).split())
    if len(own) > MOST_WORDS:
        raise Refusal("trial-too-long", _TOO_LONG)
    if not cluster.active:
        raise Refusal("cluster-inactive", _INACTIVE)
    unit = cluster.unit
    content = Content(
        # What is spoken is Vietnamese, whatever language the page is in.
        title=f"Phát thử: {cluster.name}"[:200],
        text=announced(unit.full_name, cluster.name, own),
        category=Category.DIRECTION,
        audience=(cluster.code,),
    )
    with transaction.atomic():
        bulletin = create_bulletin(unit=unit, content=content, by=by, now=now)
        Trial.objects.create(bulletin=bulletin, cluster=cluster)
        record("start-trial", f"bulletin:{bulletin.pk}", by=by, unit=unit, now=now)
        return submit_bulletin(bulletin=bulletin, by=by, now=now)


def announced(unit: str, cluster: str, own: str) -> str:
    """The whole text, in Vietnamese."""
    place = f"{unit[:1].lower()}{unit[1:]}"
    middle = f"{own}\n" if own else "Âm thanh nghe rõ là hệ thống hoạt động tốt.\n"
    return (
        f"Đây là buổi phát thử của đài truyền thanh {place}, phát tại {cluster}.\n"
        f"{middle}"
        "Xin nhắc lại: đây chỉ là buổi phát thử, bà con không cần làm gì."
    )


_TOO_LONG = _("Say at most 300 characters of your own in a trial.")
_INACTIVE = _("The cluster is out of service.")
