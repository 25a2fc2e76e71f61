"""Forms of the phrase bank."""

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.phrases.inventory import Group
from vang.phrases.models import Phrase
from vang.phrases.services import LONGEST_PHRASE


class PhraseForm(forms.Form):
    """A place or standing sentence of the commune's own."""

    text = forms.CharField(
        label=_("Sentence or place"),
        help_text=_("As it is written in notices: “Nhà văn hóa thôn 3”."),
        max_length=LONGEST_PHRASE,
    )
    group = forms.ChoiceField(
        label=_("What it is"),
        choices=[(g.value, Phrase.Group(g.value).label) for g in (Group.PLACE, Group.SENTENCE)],
        initial=Group.PLACE.value,
        widget=forms.RadioSelect,
    )
