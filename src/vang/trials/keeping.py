"""What a trial asks of the other rooms: its words stay, it is shown as a trial, it goes nowhere
else."""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from vang.bulletins.companions import Part, Sight
from vang.bulletins.content import Content
from vang.bulletins.models import Bulletin, Edition
from vang.bulletins.present import Question, has
from vang.orgs.models import Unit
from vang.review.facts import Reason
from vang.stations.models import Cluster
from vang.trials.models import Trial

SPEAKER = "speaker"
QUESTIONS: Mapping[str, Question] = {
    "trials.trial": lambda: Exists(Trial.objects.filter(bulletin=OuterRef("pk")))
}


def trial_of(bulletin: Bulletin) -> Trial | None:
    return Trial.objects.filter(bulletin=bulletin).select_related("cluster").first()


def beside(sight: Sight) -> Iterator[Part]:
    """The remark above the text."""
    trial = trial_of(sight.bulletin) if has(sight.bulletin, "trials.trial") else None
    if trial is not None:
        yield Part("top", "trials/banner.html", {"cluster": trial.cluster})


def unchanged(bulletin: Bulletin, _content: Content) -> Reason | None:
    """An edited trial could lose its announcement, or its one place."""
    if Trial.objects.filter(bulletin=bulletin).exists():
        return Reason("trial-fixed", _FIXED)
    return None


def places(unit: Unit) -> Mapping[str, str]:
    """A bulletin may speak to single clusters of its unit."""
    return dict(Cluster.objects.filter(unit=unit, active=True).values_list("code", "name"))


def only_heard(edition: Edition) -> Collection[str] | None:
    """A trial takes the loudspeaker alone; None leaves every channel to others."""
    trial = Trial.objects.filter(bulletin=edition.bulletin_id).exists()
    return {SPEAKER} if trial else None


_FIXED = _("The words of a trial are fixed. Start another trial to say something else.")
