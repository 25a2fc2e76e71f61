# ruff: noqa: E501
"""What is filled in for plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.widgets import DateInput
from vang.library.attachments import ACCEPTED
from vang.library.documents import MAX_LETTERS
from vang.plans.models import DraftRow, Objective, Plan, Review, Task
from vang.plans.proofs import kinds
from vang.plans.services import Heads, Reading, Wanted, Work

_ONE_A_LINE = _("One on each line.")
_DEADLINES = _(
    "One a line, as people write them: trước ngày 10/6 và 10/11 hằng năm; quý II/2026; ngày 20 hằng tháng."
)


def _lines(
    label: Any, rows: int = 2, text: Any = _ONE_A_LINE, most: int = 4_000
) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, help_text=text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


class DocumentForm(forms.Form):
    """The plan as a file."""

    document = forms.FileField(
        label=_("The plan as a file"), required=False, allow_empty_file=True,
        help_text=_(".docx, .odt, .pdf with letters, .rtf or .txt, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.odt,.pdf,.rtf,.txt"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text, copied and pasted"), required=False, max_length=MAX_LETTERS,
        strip=False, widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip


class RowForm(forms.Form):
    """One row of a document, corrected."""

    kind = forms.ChoiceField(label=_("What it is"), choices=DraftRow.Kind.choices)
    text = forms.CharField(
        label=_("What is to be done or reached"), max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    leads = _lines(_("Who leads"))
    cooperating = _lines(_("Who cooperates"))
    deadlines = _lines(_("When it is due"), text=_DEADLINES)
    product = forms.CharField(label=_("What comes of it"), required=False, max_length=1_000)

    def reading(self) -> Reading:
        return Reading(**self.cleaned_data)


def known_row(row: DraftRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "text": row.text,
        "leads": "\n".join(row.leads),
        "cooperating": "\n".join(row.cooperating),
        "deadlines": "\n".join(one["text"] for one in row.deadlines),
        "product": row.product,
    }


class PlanForm(forms.Form):
    """The head of a plan."""

    title = forms.CharField(label=_("What it is about"), max_length=500)
    number = forms.CharField(label=_("Number and symbol"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=300, required=False)
    issued_on = forms.DateField(label=_("Issued on"), required=False, widget=DateInput())
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    bases = _lines(_("Legal bases"), rows=3)
    signer = forms.CharField(label=_("Signed by"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = fields.get("starts_on"), fields.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not lie before the first."))
        return fields

    def heads(self) -> Heads:
        return Heads(**self.cleaned_data)


def known_plan(plan: Plan) -> dict[str, Any]:
    names = ("title", "number", "issuer", "issued_on", "starts_on", "ends_on", "signer")
    return {**{name: getattr(plan, name) for name in names}, "bases": "\n".join(plan.bases)}


class TaskForm(forms.Form):
    """A task."""

    text = forms.CharField(
        label=_("What is to be done"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    leads = _lines(_("Who leads"))
    cooperating = _lines(_("Who cooperates"))
    deadlines = _lines(_("When it is due"), text=_DEADLINES)
    product = forms.CharField(label=_("What comes of it"), required=False, max_length=1_000)
    section = forms.CharField(label=_("Part of the plan"), required=False, max_length=300)

    def work(self) -> Work:
        return Work(**self.cleaned_data)


def known_task(task: Task) -> dict[str, Any]:
    return {
        "text": task.text,
        "leads": task.lead_name,
        "cooperating": "\n".join(task.cooperating),
        "deadlines": "\n".join(one["text"] for one in task.deadlines),
        "product": task.product,
        "section": task.section,
    }


class ProgressForm(forms.Form):
    """How far it has come."""

    percent = forms.IntegerField(
        label=_("How far it has come, in percent"), min_value=0, max_value=100
    )
    note = forms.CharField(
        label=_("What was done"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class EvidenceForm(forms.Form):
    """What shows it."""

    text = forms.CharField(label=_("What this shows"), max_length=500)
    evidence = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class ProofForm(forms.Form):
    """What counts by itself, of what the unit has."""

    what = forms.ChoiceField(label=_("What counts"))
    wanted = forms.IntegerField(
        label=_("How many are wanted"), min_value=1, max_value=10_000, initial=1
    )

    def __init__(self, *args: Any, unit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["what"]
        self.names = {kind.name: dict(kind.choices(unit)) for kind in kinds()}
        groups = [
            (
                kind.label,
                [(f"{kind.name}:{v}", words) for v, words in self.names[kind.name].items()],
            )
            for kind in kinds()
        ]
        field.choices = [(label, choices) for label, choices in groups if choices]

    def chosen(self) -> tuple[str, str]:
        kind, _colon, value = self.cleaned_data["what"].partition(":")
        return kind, value


class AcknowledgeForm(forms.Form):
    """Received and understood."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=500)


class ReviewForm(forms.Form):
    """Which review."""

    kind = forms.ChoiceField(
        label=_("Which review"), choices=Review.Kind.choices, widget=forms.RadioSelect
    )
    first_on = forms.DateField(label=_("From"), widget=DateInput())
    last_on = forms.DateField(label=_("To"), widget=DateInput())


class ReviewWordsForm(forms.Form):
    """What people make of the figures."""

    results = _lines(_("Results"), rows=8, text="", most=20_000)
    causes = _lines(_("Shortcomings and their causes"), rows=5, text="", most=20_000)
    lessons = _lines(_("Lessons"), rows=4, text="", most=20_000)
    proposals = _lines(_("Proposals"), rows=4, text="", most=20_000)


class ObjectiveForm(forms.Form):
    """What is to be reached; ``adopted``: why it comes or changes is to be said."""

    text = forms.CharField(
        label=_("What is to be reached"), max_length=8_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    target = forms.DecimalField(
        label=_("Target, as a number"), required=False, max_digits=14, decimal_places=2
    )
    unit_word = forms.CharField(
        label=_("Of what"), required=False, max_length=60, help_text=_("% or a word: lớp, cụm loa.")
    )
    why = forms.CharField(
        label=_("Why it comes, changes or ends"), max_length=500,
        help_text=_("It stands in the journal and in the next review."),
    )  # fmt: skip

    def __init__(self, *args: Any, adopted: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not adopted:
            del self.fields["why"]

    def wanted(self) -> Wanted:
        fields = self.cleaned_data
        return Wanted(fields["text"], fields["target"], fields["unit_word"])

    def reason(self) -> str:
        return str(self.cleaned_data.get("why", ""))


def known_objective(objective: Objective) -> dict[str, Any]:
    target = objective.target
    return {
        "text": objective.text,
        "target": None if target is None else f"{target.normalize():f}",
        "unit_word": objective.unit_word,
    }


class EndObjectiveForm(forms.Form):
    """Why nobody strives for it any more."""

    why = forms.CharField(label=_("Why it ends"), max_length=500)


class ReachedForm(forms.Form):
    """What was reached of an objective."""

    reached = forms.DecimalField(
        label=_("Reached"), required=False, max_digits=14, decimal_places=2, localize=True
    )
    note = forms.CharField(label=_("Remark"), required=False, max_length=500)
