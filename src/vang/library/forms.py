"""Forms of the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vang.library import documents, recordings
from vang.library.models import Item, Tag
from vang.library.pictures import sorts as pictures
from vang.library.services.describing import About

ACCEPTED = ",".join((*pictures.EXTENSIONS, *recordings.EXTENSIONS, *documents.EXTENSIONS))


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class AddForm(forms.Form):
    """Several files at once; on a telephone also straight from the camera."""

    material = forms.FileField(
        label=_("Files"),
        help_text=_(
            "Pictures up to 30 MB, recordings up to 50 MB, documents up to 25 MB; ten at a time."
        ),
        widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        required=False,
    )
    photo = forms.FileField(
        label=_("Take a picture now"),
        help_text=_("On a telephone this opens the camera."),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        required=False,
    )


class AboutForm(forms.Form):
    """What an item is, who made it, and what it may be used for."""

    title = forms.CharField(label=pgettext_lazy("material", "Name"), max_length=200)
    alt_text = forms.CharField(
        label=_("What the picture shows"),
        help_text=_("For people who cannot see it; needed before it is published."),
        max_length=300,
        required=False,
    )
    description = forms.CharField(
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    author = forms.CharField(label=_("Who made it"), max_length=200, required=False)
    source = forms.CharField(
        label=_("Where it is from"),
        help_text=_("The office, newspaper or person that it was taken over from."),
        max_length=300,
        required=False,
    )
    licence = forms.ChoiceField(
        label=_("What gives us the right to use it"), choices=Item.Licence.choices
    )
    consent = forms.ChoiceField(
        label=_("People in it"), choices=Item.Consent.choices, required=False
    )
    consent_note = forms.CharField(label=_("Who agreed, and when"), max_length=300, required=False)
    tags = forms.CharField(
        label=_("Tags"),
        help_text=_("Words to find it by, with commas between: đuối nước, mùa hè"),
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != Item.Kind.PICTURE:
            del self.fields["alt_text"]
        if kind == Item.Kind.DOCUMENT:
            del self.fields["consent"], self.fields["consent_note"]

    def about(self) -> About:
        """What was typed."""
        told = dict(self.cleaned_data)
        names = tuple(name.strip() for name in told.pop("tags", "").split(","))
        told["consent"] = told.get("consent") or Item.Consent.UNASKED
        return About(**told, tags=tuple(name for name in names if name))


def about_item(item: Item) -> dict[str, Any]:
    """The item as the form shows it."""
    names = ("title", "alt_text", "description", "author", "source", "licence", "consent")
    told = {name: getattr(item, name) for name in (*names, "consent_note")}
    return {**told, "tags": ", ".join(tag.name for tag in item.tags.all())}


_WHERE = [("", _("In use")), ("yes", _("In the archive"))]


class FilterForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label=_("Words to find"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    archived = forms.ChoiceField(label=_("Where"), choices=_WHERE, required=False)

    def __init__(self, *args: Any, tags: list[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("All"))]
        kinds: Any = self.fields["kind"]
        kinds.choices = every + list(Item.Kind.choices)
        named: Any = self.fields["tag"]
        named.choices = every + [(tag.key, tag.name) for tag in tags]
