"""What the pages ask about takes."""

from vang.library.models import Recording
from vang.takes.models import Take
from vang.takes.reading import text_sha256


def take_of(recording: Recording | None) -> Take | None:
    """The take that a recording is, None for one that nobody bound to a text."""
    if recording is None:
        return None
    return Take.objects.filter(recording=recording).select_related("by").first()


def reads_another_text(take: Take | None, text: str) -> bool:
    """Whether the take was read from another text than this."""
    return take is not None and take.text_sha256 != text_sha256(text)
