"""What part of the log somebody wants to see."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateInput
from vang.evidence.models import AsRun
from vang.orgs.models import Unit
from vang.stations.models import Cluster


class LogFilter(forms.Form):
    """Day, cluster, outcome; whatever makes no sense is passed over."""

    day = forms.DateField(label=_("Day"), required=False, widget=DateInput)
    cluster = forms.ModelChoiceField(
        label=_("Cluster"), queryset=Cluster.objects.none(), required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(
        label=_("Outcome"), choices=[("", _("All")), *AsRun.State.choices], required=False
    )

    def __init__(self, asked: QueryDict, *, unit: Unit, today: date) -> None:
        wanted = asked.copy()
        if not wanted.get("day"):
            wanted["day"] = today.isoformat()
        super().__init__(wanted)
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the types
        field.queryset = Cluster.objects.filter(unit=unit).order_by("name", "pk")
        self._today = today
        self.is_valid()

    @property
    def wanted_day(self) -> date:
        day: date | None = self.cleaned_data.get("day")
        return day or self._today

    @property
    def wanted_cluster(self) -> int | None:
        cluster: Cluster | None = self.cleaned_data.get("cluster")
        return cluster.pk if cluster else None

    @property
    def wanted_state(self) -> str:
        return str(self.cleaned_data.get("state") or "")
