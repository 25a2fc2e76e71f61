"""Why a sound could not be made, in words for the person who has to act on it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vang.voice.failures import RefusalCode

SYNTHESIS = "synthesis"
LOUDNESS = "loudness"
VOICE_MISSING = "voice-missing"
FILE_MISSING = "file-missing"
DISK_FULL = "disk-full"
WORKER_DIED = "worker-died"
UNEXPECTED = "unexpected"

SENTENCES: dict[str, str | Promise] = {
    RefusalCode.EMPTY: _("The recording is empty. Record it again."),
    RefusalCode.TOO_LARGE: _("The recording is too large. Cut it into shorter parts."),
    RefusalCode.TOO_LONG: _("The recording is longer than one hour. Cut it into shorter parts."),
    RefusalCode.NOT_AUDIO: _("The file holds no sound. Attach an .mp3, .wav, .m4a or .ogg file."),
    RefusalCode.VIDEO: _("The file is a film. Attach its sound alone."),
    RefusalCode.UNSUPPORTED: _(
        "The sound is of a kind that cannot be read. Save it as .mp3 or .wav and attach it again."
    ),
    RefusalCode.TRUNCATED: _("The recording breaks off. Copy the file again and attach it anew."),
    RefusalCode.DAMAGED: _("The recording is damaged. Copy the file again and attach it anew."),
    RefusalCode.SILENT: _("Nothing can be heard in the recording. Record it again, louder."),
    SYNTHESIS: _("The voice could not speak one of the sentences. Word it differently."),
    LOUDNESS: _("The sound could not be brought to the required loudness. Record it again."),
    VOICE_MISSING: _("No voice is installed that could speak the text. Attach a recording."),
    FILE_MISSING: _("The recording is no longer on this computer. Attach it again."),
    DISK_FULL: _("The disk of the server is full. Tell the technician, then try again."),
    WORKER_DIED: _("The work was broken off several times. Tell the technician, then try again."),
    UNEXPECTED: _("Something unforeseen happened. Tell the technician, then try again."),
}


def failure_sentence(code: str) -> str | Promise:
    """The sentence for a stored failure code; an unknown code counts as unforeseen."""
    return SENTENCES.get(code, SENTENCES[UNEXPECTED])
