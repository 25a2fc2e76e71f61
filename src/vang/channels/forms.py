"""Which channels a unit uses."""

from typing import Any

from django import forms

from vang.channels.channel import Channel
from vang.channels.queries import names_on
from vang.channels.registry import channels
from vang.orgs.models import Unit


class ChannelsForm(forms.Form):
    """One switch a channel."""

    def __init__(self, *given: Any, unit: Unit, **options: Any) -> None:
        super().__init__(*given, **options)
        self.channels = channels()
        on = names_on(unit)
        for channel in self.channels:
            self.fields[channel.name] = forms.BooleanField(
                label=str(channel.label),
                help_text=str(channel.about),
                required=False,
                initial=channel.name in on,
            )

    def changes(self) -> list[tuple[Channel, bool]]:
        """What the person switched."""
        return [
            (channel, self.cleaned_data[channel.name])
            for channel in self.channels
            if channel.name in self.changed_data
        ]
