"""What is read into the microphone, for each language of a bulletin. Pure."""

from dataclasses import replace

from vang.base.languages import VIETNAMESE
from vang.bulletins.content import Content, Words, spoken_text, vietnamese_speech
from vang.bulletins.wordings import spoken_level
from vang.library.models import Recording


def text_to_read(content: Content, language: str = VIETNAMESE) -> str:
    """What the loudspeakers are to say in that language; "" when it was not written."""
    if language == VIETNAMESE:
        return vietnamese_speech(content)
    words = _spoken_words(content, language)
    if words is None:
        return ""
    return spoken_text(words.title, words.text) if words.title else words.text


def recording_in(content: Content, language: str = VIETNAMESE) -> Recording | None:
    """The recording that is played in that language."""
    if language == VIETNAMESE:
        return content.recording
    words = _spoken_words(content, language)
    return words.recording if words else None


def with_recording(content: Content, language: str, recording: Recording) -> Content:
    """The same content, told in that language by the recording."""
    if language == VIETNAMESE:
        return replace(content, recording=recording)
    spoken = _spoken_words(content, language)
    wordings = tuple(
        replace(words, recording=recording) if words is spoken else words
        for words in content.wordings
    )
    return replace(content, wordings=wordings)


def _spoken_words(content: Content, language: str) -> Words | None:
    own = [w for w in content.wordings if w.language == language and w.channel == ""]
    level = spoken_level([words.level for words in own])
    return next((words for words in own if words.level == level), None)
