"""The form in which a bulletin is written. Its rules are those of ``content``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vang.base.languages import language_name
from vang.base.widgets import DateInput, LongText
from vang.bulletins import companions
from vang.bulletins.attachments import attached, attachments_of, chosen_items
from vang.bulletins.content import (
    CATEGORY_MISSING,
    MAX_TITLE,
    PRIORITY_MISSING,
    TEXT_MISSING,
    TITLE_MISSING,
    Content,
    cleaned,
    content_faults,
)
from vang.bulletins.models import (
    MAX_TEXT,
    Advert,
    Category,
    Level,
    Priority,
    Version,
)
from vang.bulletins.selecting import MISSING, VIEWS, Looking, Search, further
from vang.library import documents
from vang.library.forms import SeveralFiles
from vang.library.models import Item, Recording
from vang.library.pictures.sorts import EXTENSIONS as PICTURES
from vang.library.recordings import EXTENSIONS
from vang.orgs.models import Unit
from vang.orgs.queries import villages

TYPED = (
    "title",
    "text",
    "category",
    "priority",
    "villages",
    "valid_until",
    "sensitive",
    "advert",
    "advert_by",
    "fee",
    "kept_recording",
    "attachments",
)
"""The fields that a draft keeps."""

_MISSING = {
    "title": TITLE_MISSING,
    "text": TEXT_MISSING,
    "category": CATEGORY_MISSING,
    "priority": PRIORITY_MISSING,
}


class BulletinForm(forms.Form):
    """Everything that is typed or chosen for one version."""

    use_required_attribute = False  # a half-filled form may still import, preview and autosave

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    kept_recording = forms.IntegerField(widget=forms.HiddenInput, required=False)
    document = forms.FileField(
        label=_("Take the text from a file"),
        help_text=_("Word (.docx), .odt, .pdf with text, .rtf, .html or .txt; at most 25 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(documents.EXTENSIONS)}),
    )
    title = forms.CharField(label=_("Title"), help_text=_("One line; it is read out first."))
    text = forms.CharField(
        label=_("Text"),
        help_text=_("Written as it shall be read out and shown on the public page."),
        widget=LongText(),
        strip=False,
    )
    category = forms.ChoiceField(label=_("Category"))
    priority = forms.ChoiceField(
        label=_("Priority"),
        help_text=_(
            "“Priority” is played first in its session. An emergency is no bulletin: it is sent "
            "under “Emergency”, signed by two people."
        ),
        widget=forms.RadioSelect,
    )
    villages = forms.MultipleChoiceField(
        label=_("For which villages"),
        help_text=_("Choose none for the whole commune."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_until = forms.DateField(
        label=_("Holds until"),
        help_text=_(
            "The last day. After it nothing of it is played any more; leave empty if none."
        ),
        required=False,
        widget=DateInput(),
    )
    sensitive = forms.ChoiceField(
        label=_("Is it a sensitive topic?"),
        help_text=_("A sensitive one is approved by a leader of the unit."),
        required=False,
        choices=(("", _("nobody has said")), ("no", _("no")), ("yes", _("yes, a leader decides"))),
    )
    advert = forms.ChoiceField(
        label=_("Notice of an outside body"),
        help_text=_(
            "Firms, schools and charities may have announced these only; what it may contain is "
            "confirmed before it is submitted."
        ),
        required=False,
        choices=(("", _("no, our own")), *Advert.choices),
    )
    advert_by = forms.CharField(label=_("Which body"), required=False)
    fee = forms.BooleanField(label=_("It pays a fee"), required=False)
    recording = forms.FileField(
        label=_("Recording"),
        help_text=_(
            "Attach a recording (.mp3, .wav, .m4a, .ogg, at most 50 MB) and it is played instead "
            "of the computer voice."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
    )
    attachments = forms.Field(required=False, widget=forms.SelectMultiple)
    pictures = forms.FileField(
        label=_("Bring pictures or documents"),
        help_text=_("They are kept in the library; on a telephone the camera is offered."),
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join((*PICTURES, *documents.EXTENSIONS))}),
    )
    without_recording = forms.BooleanField(
        label=_("Remove the recording and use the voice"), required=False
    )

    def __init__(self, *args: Any, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.places = [(v.code, v.full_name) for v in villages(unit, on)]
        self._field("villages", forms.MultipleChoiceField).choices = self.places
        self._field("category", forms.ChoiceField).choices = Category.choices
        self._field("priority", forms.ChoiceField).choices = Priority.choices
        # For the counter alone: a limit in the browser would cut a pasted text off unseen.
        self._field("title", forms.CharField).max_length = MAX_TITLE
        self._field("text", forms.CharField).max_length = MAX_TEXT
        for name, message in _MISSING.items():
            self.fields[name].error_messages["required"] = str(message)

    def _field(self, name: str, _kind: type[forms.Field]) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Every fault of the content beside its field."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        for fault in content_faults(self.content(), [code for code, _name in self.places]):
            if fault.field not in self.errors:
                self.add_error(fault.field, str(fault.message))
        return fields

    def content(self) -> Content:
        """What was typed, cleaned."""
        fields = self.cleaned_data
        return cleaned(
            Content(
                title=fields.get("title", ""),
                text=fields.get("text", ""),
                category=fields.get("category", ""),
                priority=fields.get("priority", ""),
                audience=tuple(fields.get("villages", [])),
                recording=self.recording_kept(),
                attachments=tuple(attached(item) for item in self.items_chosen()),
                valid_until=fields.get("valid_until"),
                advert=fields.get("advert", ""),
                advert_by=fields.get("advert_by", ""),
                fee=fields.get("fee", False),
            )
        )

    def items_chosen(self) -> list[Item]:
        """The pictures and documents of the library that are ticked."""
        return chosen_items(self.unit, self.cleaned_data.get("attachments") or [])

    @property
    def called_sensitive(self) -> bool | None:
        """None when the writer leaves it open."""
        return {"yes": True, "no": False}.get(self.cleaned_data.get("sensitive", ""))

    def recording_kept(self) -> Recording | None:
        """The recording attached before or just now, unless it is to be removed."""
        fields = self.cleaned_data
        if fields.get("without_recording") or not fields.get("kept_recording"):
            return None
        return kept_recording(self.unit, fields["kept_recording"])


def kept_recording(unit: Unit, pk: object) -> Recording | None:
    """The unit's recording of that key, if there is one."""
    if not str(pk or "").isdecimal():
        return None
    return Recording.objects.filter(unit=unit, pk=int(str(pk))).first()


def fields_of(version: Version) -> dict[str, Any]:
    """A version as the form shows it."""
    return {
        "title": version.title,
        "text": version.text,
        "category": version.category,
        "priority": version.priority,
        "villages": list(version.audience),
        "valid_until": version.valid_until or "",
        "sensitive": {True: "yes", False: "no", None: ""}[version.bulletin.sensitive],
        "advert": version.advert,
        "advert_by": version.advert_by,
        "fee": "on" if version.fee else "",
        "kept_recording": version.recording_id or "",
        "attachments": [str(row.item_id) for row in attachments_of(version)],
    }


def typed_fields(post: Any) -> dict[str, Any]:
    """What was typed, as a draft keeps it. ``post`` is the QueryDict of a request."""
    fields: dict[str, Any] = {name: post.get(name, "") for name in TYPED}
    fields |= {name: post[name] for name in companions.field_names() if name in post}
    for name in ("villages", "attachments"):
        fields[name] = post.getlist(name)
    if post.get("without_recording"):
        fields["kept_recording"] = ""
    return fields


def same_fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether ``one``, as typed, says the same; browsers send line ends of their own."""
    names = (*TYPED, *(name for name in companions.field_names() if name in one))
    return all(_comparable(one.get(name)) == _comparable(other.get(name)) for name in names)


def _comparable(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value)) or ""
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


class CorrectionForm(forms.Form):
    """What was wrong in an edition that is out, and why. Both are published."""

    wrong = forms.CharField(
        label=_("What was wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: the power cut is on 13/6, not on 12/6. Residents read this."),
    )
    because = forms.CharField(
        label=_("Why it was wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: the power company moved the date after we had been told."),
    )


class SearchForm(forms.Form):
    """The filters of the list; those of other rooms show themselves when they have choices."""

    q = forms.CharField(label=_("Words to look for"), required=False, max_length=200)
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=(("", _("All")), *Category.choices)
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    view = forms.ChoiceField(
        required=False, choices=[(name, name) for name in VIEWS], widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, looking: Looking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        language: Any = self.fields["language"]
        language.choices = [everything, *_languages(looking.languages)]
        for one in further:
            if choices := one.choices(looking.unit):
                self.fields[one.name] = forms.ChoiceField(
                    label=str(one.label), required=False, choices=[everything, *choices]
                )

    def search(self) -> Search:
        """What is asked; a filter that makes no sense does not narrow."""
        if not self.is_bound:
            return Search()
        self.is_valid()
        asked = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        names = [one.name for one in further]
        return Search(
            words=asked["q"],
            category=asked["category"],
            language=asked["language"],
            view=asked["view"],
            further={name: asked[name] for name in names if name in asked},
        )


def _languages(spoken: Sequence[str]) -> list[tuple[str, str]]:
    """In which it is told, and what is still missing."""
    there = [(code, str(language_name(code))) for code in spoken]
    line = (Level.ONE_LINE.value, str(Level.ONE_LINE.label))
    missing = _("still missing: {what}")
    lacking = [
        (f"{MISSING}{code}", str(format_lazy(missing, what=name))) for code, name in (*there, line)
    ]
    return there + lacking
