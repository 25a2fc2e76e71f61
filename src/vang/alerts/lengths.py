"""Whether what lies ready fits into what one alone may let sound."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from vang.alerts.commanding import manifest_of, once_ms, ready_of
from vang.alerts.models import TemplateText
from vang.base.refusals import Refusal
from vang.voice.models import Rendition
from vang_protocol.commands import Mode

Use = TemplateText.Use
READY = Rendition.State.READY


@dataclass(frozen=True)
class Length:
    """How long the alert or the retraction sounds once, in all its languages, sent by one alone."""

    use: str
    texts: Sequence[TemplateText]
    most_s: int

    @property
    def made(self) -> bool:
        """Whether every sound is there: else nobody knows."""
        return all(one.rendition.state == READY for one in self.texts if one.rendition)

    @property
    def seconds(self) -> int:
        ms = once_ms(ready_of(self.texts), retraction=self.use == Use.RETRACTION)
        return -(-ms // 1000)

    @property
    def fits(self) -> bool:
        return self.seconds <= self.most_s

    @property
    def words(self) -> str:
        """Said when it does not fit."""
        told = _RETRACTION_LONG if self.use == Use.RETRACTION else _ALERT_LONG
        return str(told) % {"seconds": self.seconds, "most": self.most_s}

    def check(self) -> None:
        """Raises Refusal while a sound is being made, and for what one alone could not let out."""
        manifest_of(ready_of(self.texts), Mode.TEST, tone=False)
        if not self.fits:
            raise Refusal("too-long", self.words)


def lengths_of(texts: Sequence[TemplateText], most_s: int) -> list[Length]:
    """Of the alert and of the retraction."""
    return [Length(use, [one for one in texts if one.use == use], most_s) for use in Use]


_ALERT_LONG = _(
    "The alert sounds %(seconds)s seconds with the siren, in all its languages; one alone may let "
    "it sound %(most)s. Shorten the texts, or leave a language to be read only."
)
_RETRACTION_LONG = _(
    "The retraction sounds up to %(seconds)s seconds in all its languages; %(most)s are allowed. "
    "Shorten the texts, or leave a language to be read only."
)
