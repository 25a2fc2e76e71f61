"""The voices on this computer: espeak-ng, and one folder for each neural voice.

``voices/<name>/`` holds ``<name>.onnx``, ``<name>.onnx.json`` and ``voice.json``, our own record
of what was installed, whose hashes are checked each time the voice is used.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from vang.base.files import sha256_of_file, write_atomic
from vang.voice.engines import USUAL_PACE, SpeechEngine
from vang.voice.engines.espeak import NAME as ESPEAK
from vang.voice.engines.espeak import Espeak
from vang.voice.engines.piper import Piper
from vang.voice.failures import EngineMissing, VoiceRefused

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,79}")
_RECORD = "voice.json"


@dataclass(frozen=True)
class VoiceRecord:
    """What was installed: hashes (hex SHA-256), where from, under which terms."""

    name: str
    model_sha256: str
    description_sha256: str
    language: str
    source: str
    licence: str
    installed: str


@dataclass(frozen=True)
class InstalledVoice:
    """A voice that could speak now; ``model_sha256`` is empty for espeak-ng."""

    name: str
    language: str
    trial: bool
    model_sha256: str = ""


def installed_voices(folder: Path) -> list[InstalledVoice]:
    """The voices that could speak now, real ones first. Folders that fail their check are left
    out; ``engine_named`` says why."""
    found = [voice for path in sorted(folder.glob(f"*/{_RECORD}")) if (voice := _voice(path))]
    try:
        Espeak()
    except EngineMissing:
        pass
    else:
        found.append(InstalledVoice(ESPEAK, "vi", trial=True))
    return sorted(found, key=lambda voice: (voice.trial, voice.name))


def engine_named(name: str, folder: Path, pace: int = USUAL_PACE) -> SpeechEngine:
    """The engine of an installed voice, speaking at ``pace`` percent of its usual speed.

    Raises EngineMissing, and VoiceRefused when its files are not those that were installed.
    """
    if name == ESPEAK:
        return Espeak(pace=pace)
    model = model_path(name, folder)
    record = read_record(name, folder)
    if record is None:
        raise EngineMissing(f"no voice of the name {name!r} is installed")
    if sha256_of_file(model) != record.model_sha256 or (
        sha256_of_file(description_path(model)) != record.description_sha256
    ):
        raise VoiceRefused(f"the files of {name} are not those that were installed")
    return Piper(name, model, pace=pace)


def checked_name(name: str) -> str:
    """The name if it can name a voice. Raises VoiceRefused."""
    if not _NAME.fullmatch(name) or name == ESPEAK:
        raise VoiceRefused(f"{name!r} cannot be the name of a voice")
    return name


def model_path(name: str, folder: Path) -> Path:
    """Where the model of a voice lies or would lie. Raises EngineMissing on a malformed name."""
    if not _NAME.fullmatch(name):
        raise EngineMissing(f"{name!r} cannot be the name of a voice")
    return folder / name / f"{name}.onnx"


def description_path(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def read_record(name: str, folder: Path) -> VoiceRecord | None:
    """What ``voice.json`` says, None when there is none or it cannot be read."""
    path = model_path(name, folder).with_name(_RECORD)
    try:
        return VoiceRecord(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def write_record(record: VoiceRecord, voice_folder: Path) -> None:
    content = json.dumps(asdict(record), ensure_ascii=False, indent=2) + "\n"
    write_atomic(voice_folder / _RECORD, content.encode())


def _voice(record_path: Path) -> InstalledVoice | None:
    record = read_record(record_path.parent.name, record_path.parent.parent)
    if record is None or not model_path(record.name, record_path.parent.parent).is_file():
        return None
    return InstalledVoice(
        record.name, record.language, record.language != "vi", record.model_sha256
    )
