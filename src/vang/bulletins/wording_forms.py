"""The form in which one language, or one channel's own words, are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vang.base.languages import VIETNAMESE, language_name, languages, voice_needed
from vang.base.widgets import LongText
from vang.bulletins.content import LIMITS, MAX_TITLE, Words, cleaned_words, words_faults
from vang.bulletins.forms import kept_recording
from vang.bulletins.models import Level
from vang.bulletins.reach import worded_channels
from vang.bulletins.wordings import spoken_level
from vang.library.models import Recording
from vang.library.recordings import EXTENSIONS
from vang.orgs.models import Unit

TYPED = ("title", "full", "spoken", "one_line", "kept_recording")
"""The fields that a draft keeps."""

_LEVELS = {"full": Level.FULL, "spoken": Level.SPOKEN, "one_line": Level.ONE_LINE}


@dataclass(frozen=True)
class Part:
    """What one page edits: a language and, when not for every channel, a channel."""

    language: str
    channel: str = ""

    @property
    def name(self) -> str:
        return f"{self.language} {self.channel}".strip()

    @property
    def label(self) -> str:
        channel = worded_channels().get(self.channel, self.channel)
        return f"{language_name(self.language)}, {channel}" if channel else self.language_name

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def is_known(self) -> bool:
        known = not self.channel or self.channel in worded_channels()
        return known and self.language in languages()

    @property
    def has_full(self) -> bool:
        """The main text has a page of its own."""
        return bool(self.channel) or self.language != VIETNAMESE

    @property
    def has_sound(self) -> bool:
        return not self.channel and self.language != VIETNAMESE


class WordingForm(forms.Form):
    """All levels of one part. What is left empty is not there, and is shown as missing."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ticket = forms.CharField(widget=forms.HiddenInput, required=False)
    kept_recording = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), required=False)
    full = forms.CharField(label=_("Full text"), required=False, widget=LongText(), strip=False)
    spoken = forms.CharField(
        label=_("Short form to be spoken"),
        help_text=_(
            "Heard from the loudspeakers instead of the full text, just as it stands; the title "
            "is not read out before it."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    one_line = forms.CharField(
        label=_("One line"),
        help_text=_(
            "For electronic boards and text messages. A message with Vietnamese marks holds 70 "
            "characters; a longer one is sent as several."
        ),
        required=False,
    )
    recording = forms.FileField(
        label=_("Recording"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
    )
    without_recording = forms.BooleanField(label=_("Remove the recording"), required=False)

    def __init__(self, *args: Any, unit: Unit, part: Part, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.part = unit, part
        for name, level in _LEVELS.items():
            self._limit(name, LIMITS[level])
        self._limit("title", MAX_TITLE)
        if not part.has_full:
            del self.fields["title"], self.fields["full"]
        if part.channel:
            del self.fields["spoken"]
        if part.has_sound:
            self.fields["recording"].help_text = str(voice_needed(part.language))
        else:
            del self.fields["recording"], self.fields["without_recording"]

    def _limit(self, name: str, most: int) -> None:
        """For the counter alone: a limit in the browser would cut a pasted text off unseen."""
        field = self.fields[name]
        assert isinstance(field, forms.CharField)  # noqa: S101 - for the types
        field.max_length = most

    def clean(self) -> dict[str, Any]:
        """Every fault beside its field."""
        fields: dict[str, Any] = super().clean() or self.cleaned_data
        for fault in words_faults(self.words()):
            name = fault.field if fault.field in self.fields else None
            if name not in self.errors:
                self.add_error(name, str(fault.message))
        return fields

    def words(self) -> tuple[Words, ...]:
        """What was typed, cleaned, with the recording on the level that sounds."""
        typed = [
            self._words(level, self.cleaned_data.get(name, "")) for name, level in _LEVELS.items()
        ]
        told = cleaned_words(typed)
        recording = self.recording_kept()
        if recording is None:
            return told
        sounding = spoken_level([words.level for words in told])
        others = [words for words in told if words.level != sounding]
        text = next((words.text for words in told if words.level == sounding), "")
        return cleaned_words([*others, self._words(sounding, text, recording)])

    def _words(self, level: str, text: str, recording: Recording | None = None) -> Words:
        titled = level == Level.FULL
        title = self.cleaned_data.get("title", "") if titled else ""
        language, channel = self.part.language, self.part.channel
        return Words(language, level, channel, title, text, recording)

    def recording_kept(self) -> Recording | None:
        """The recording attached before or just now, unless it is to be removed."""
        fields = self.cleaned_data
        if not self.part.has_sound or fields.get("without_recording"):
            return None
        return kept_recording(self.unit, fields.get("kept_recording"))


def fields_of_words(wordings: Sequence[Words]) -> dict[str, Any]:
    """The words of one part as the form shows them."""
    by_level = {words.level: words for words in wordings}
    texts = {
        name: by_level[level].text if level in by_level else "" for name, level in _LEVELS.items()
    }
    recordings = [words.recording.pk for words in wordings if words.recording]
    title = by_level[Level.FULL].title if Level.FULL in by_level else ""
    return {
        **dict.fromkeys(_LEVELS, ""),
        **texts,
        "title": title,
        "kept_recording": recordings[0] if recordings else "",
    }


def typed_words(post: Any) -> dict[str, Any]:
    """What was typed, as a draft keeps it. ``post`` is the QueryDict of a request."""
    fields = {name: post.get(name, "") for name in TYPED}
    return {**fields, "kept_recording": ""} if post.get("without_recording") else fields


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two forms say the same; browsers send line ends of their own."""
    return all(_plain(one.get(name)) == _plain(other.get(name)) for name in TYPED)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
