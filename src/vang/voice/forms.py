"""Forms of the voice room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.voice.decisions import SPOKEN_LENGTH, WRITTEN_LENGTH
from vang.voice.engines import USUAL_PACE
from vang.voice.voices import InstalledVoice

PACES = [
    (80, _("slow (80 %)")),
    (90, _("a little slower (90 %)")),
    (100, _("usual")),
    (110, _("a little faster (110 %)")),
]


class PronunciationForm(forms.Form):
    """How a written word is to be spoken."""

    written = forms.CharField(
        label=_("Written"),
        help_text=_("A word, name or abbreviation as it stands in the text."),
        max_length=WRITTEN_LENGTH,
    )
    spoken = forms.CharField(
        label=_("Spoken"),
        help_text=_("As an announcer would say it, in words."),
        max_length=SPOKEN_LENGTH,
    )


class ExampleForm(forms.Form):
    """A sentence to try the dictionary on."""

    example = forms.CharField(
        label=_("A sentence to try"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VoiceForm(forms.Form):
    """The administrator's choice of a voice."""

    voice = forms.ChoiceField(label=_("Voice"), widget=forms.RadioSelect)
    pace = forms.TypedChoiceField(
        label=_("Speed"), coerce=int, choices=PACES, required=False, empty_value=str(USUAL_PACE)
    )
    trial_may_air = forms.BooleanField(
        label=_("Allow the trial voice on the loudspeakers"),
        help_text=_(
            "People understand few of its words. Allow it for trying the system out, not for "
            "real notices."
        ),
        required=False,
    )

    def __init__(self, *args: Any, voices: list[InstalledVoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["voice"]
        field.choices = [(voice.name, _described(voice)) for voice in voices]


def _described(voice: InstalledVoice) -> str:
    if voice.trial:
        return str(_("%(name)s (trial voice)")) % {"name": voice.name}
    return voice.name
