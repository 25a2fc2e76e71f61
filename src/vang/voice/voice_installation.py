"""Taking a voice in: collected, tried, pinned by its hash, and only then put in place."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from vang.base.files import sha256_of_file
from vang.voice.engines.piper import Piper
from vang.voice.failures import EngineMissing, SynthesisFailed, VoiceRefused
from vang.voice.voice_downloads import PUBLIC_VOICES, Report, download
from vang.voice.voice_files import FoundVoice, collect
from vang.voice.voices import VoiceRecord, checked_name, read_record, write_record

_FIRST_WORDS = "Xin chào bà con."
_CARD_LENGTH = 2_000


def install_file(source: Path, folder: Path, *, now: datetime) -> VoiceRecord:
    """Install a voice from a file or an archive, such as one on a USB stick.

    Raises VoiceRefused, leaving what was installed before untouched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".installing-") as work:
        found = collect(source, Path(work))
        return _put_in_place(found, folder, source=source.name, now=now)


def install_named(
    name: str, folder: Path, *, address: str, now: datetime, report: Report
) -> VoiceRecord:
    """Fetch and install one of ``PUBLIC_VOICES``.

    Raises VoiceRefused, also when the voice is installed and the address now gives other bytes.
    """
    voice = PUBLIC_VOICES.get(name)
    if voice is None:
        raise VoiceRefused(f"{name!r} is neither a file nor one of {', '.join(PUBLIC_VOICES)}")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".installing-") as work:
        found = download(voice, address, Path(work), report)
        return _put_in_place(found, folder, source=f"{address}/{voice.path}", now=now)


def _put_in_place(found: FoundVoice, folder: Path, *, source: str, now: datetime) -> VoiceRecord:
    name = checked_name(found.name)
    language = _tried(found)
    record = VoiceRecord(
        name=name,
        model_sha256=sha256_of_file(found.model),
        description_sha256=sha256_of_file(found.description),
        language=language,
        source=source,
        licence=found.card[:_CARD_LENGTH],
        installed=now.isoformat(),
    )
    _check_pin(record, folder)
    _exchange(record, found, folder)
    return record


def _tried(found: FoundVoice) -> str:
    """The voice's language, after it has really spoken. Raises VoiceRefused."""
    try:
        engine = Piper(found.name, found.model)
        try:
            engine.speak(_FIRST_WORDS)
        finally:
            engine.rest()
    except (EngineMissing, SynthesisFailed) as error:
        raise VoiceRefused(f"the voice does not speak: {error}") from None
    return engine.config.language


def _check_pin(record: VoiceRecord, folder: Path) -> None:
    """A name stands for the bytes it stood for first. Raises VoiceRefused."""
    before = read_record(record.name, folder)
    if before is not None and before.model_sha256 != record.model_sha256:
        raise VoiceRefused(
            f"{record.name} is installed with the hash {before.model_sha256}, this one has"
            f" {record.model_sha256}; remove the folder first if that is meant"
        )


def _exchange(record: VoiceRecord, found: FoundVoice, folder: Path) -> None:
    """Build the whole folder aside and rename it into place."""
    ready = found.model.parent / record.name
    ready.mkdir()
    found.model.rename(ready / f"{record.name}.onnx")
    found.description.rename(ready / f"{record.name}.onnx.json")
    write_record(record, ready)
    target = folder / record.name
    if target.exists():
        shutil.rmtree(target)
    ready.rename(target)
