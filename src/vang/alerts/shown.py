"""What a signer is shown: made from the very bytes that are signed, and kept beside the signature.

Words travel in neither command nor manifest, only their hash: they are taken from the version (or
the template) and stand on the page only if they have that hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vang.alerts.commanding import Heard, heard_of, ready_of
from vang.alerts.models import Alert, AlertOrder, AlertVersion, Status, TemplateText
from vang.base.display import vi_datetime
from vang.base.refusals import Refusal
from vang.voice.models import Rendition
from vang_protocol.commands import Command, Mode, parse_command
from vang_protocol.manifests import Manifest, Part, parse_manifest
from vang_protocol.strict_json import digest

STATUS_OF = {Mode.ACTUAL: Status.ACTUAL, Mode.EXERCISE: Status.EXERCISE, Mode.TEST: Status.TEST}


@dataclass(frozen=True)
class Shown:
    """One order before a person. ``renditions`` are the sounds, to listen to beforehand."""

    command: Command
    manifest: Manifest | None
    status: Status
    area: str
    words: tuple[str, ...]
    renditions: tuple[Rendition, ...] = ()

    @property
    def tone(self) -> bool:
        return self.manifest is not None and any(
            piece.part is Part.TONE for piece in self.manifest.pieces
        )

    @property
    def length_ms(self) -> int:
        return self.manifest.duration_ms if self.manifest else 0

    @property
    def text(self) -> str:
        """All of it in plain lines, as it is kept with the signature."""
        lines = [
            str(self.status.label),
            self.area,
            *self.words,
            _("until %(when)s") % {"when": vi_datetime(self.command.expires)},
        ]
        if self.manifest is not None:
            lines.append(
                _("%(times)s times, at most %(seconds)s seconds")
                % {"times": self.command.repeat, "seconds": self.command.max_play_ms // 1000}
            )
        return "\n".join(lines)


def shown_of(order: AlertOrder) -> Shown:
    """Raises Refusal when the words are not those that the bytes name."""
    command = parse_command(bytes(order.payload))
    manifest = parse_manifest(order.manifest.encode()) if order.manifest else None
    heard = said_by(order) if manifest else []
    if manifest is not None:
        words = "\n\n".join(one.words for one in heard)
        if manifest.text_sha256 != digest(words.encode()):
            raise Refusal("words-changed", _("The words are not those of this command."))
    return Shown(
        command=command,
        manifest=manifest,
        status=STATUS_OF[command.mode],
        area=order.version.area_words,
        words=tuple(one.words for one in heard),
        renditions=tuple(one.rendition for one in heard),
    )


def said_by(order: AlertOrder) -> list[Heard]:
    """What the order lets sound: a version's words, or a template's as they lie ready."""
    use = TemplateText.Use
    if order.kind == AlertOrder.Kind.RETRACT:
        return ready_texts(order.version, use.RETRACTION)
    if order.alone:
        return ready_texts(order.version, use.ALERT)
    return heard_of(order.version.texts.select_related("rendition"))


def ready_texts(version: AlertVersion, use: str) -> list[Heard]:
    """Of the template that the version was made from; none when it was made from none."""
    if version.template is None:
        return []
    return ready_of(version.template.texts.filter(use=use).select_related("rendition"))


def retraction_words(alert: Alert) -> Sequence[tuple[str, str, str]]:
    """(language, headline, text) of what is said when it is cancelled."""
    template = alert.version.template
    if template is not None:
        rows = template.texts.filter(use=TemplateText.Use.RETRACTION)
        if found := [(one.language, one.headline, one.ready) for one in rows]:
            return found
    headline = alert.version.texts.order_by("id").values_list("headline", flat=True).first() or ""
    return [("vi", f"HỦY: {headline}"[:160], _RETRACTION.format(headline=headline))]


# Said to residents: Vietnamese, whatever the officer's own language is.
_RETRACTION = (
    "Cảnh báo “{headline}” đã được hủy, không còn hiệu lực. Đề nghị bà con theo dõi thông báo tiếp "
    "theo của Ủy ban nhân dân."
)
