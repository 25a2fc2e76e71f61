"""Getting the two files of a voice out of what a person hands over: a file or an archive."""

import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from vang.voice.engines.piper_config import LARGEST_CONFIG
from vang.voice.failures import VoiceRefused

LARGEST_MODEL = 400_000_000
"""Bytes; published medium voices have 63 million."""

_LARGEST_CARD = 65_536
_MOST_MEMBERS = 2_000
_CHUNK = 1 << 20
_CARD = "MODEL_CARD"


@dataclass(frozen=True)
class FoundVoice:
    """The files of one voice, brought to a folder of ours; ``card`` tells its licence."""

    name: str
    model: Path
    description: Path
    card: str


class _Archive(Protocol):
    def names(self) -> Iterator[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


def collect(source: Path, into: Path) -> FoundVoice:
    """Copy the voice in ``source`` (.onnx with .onnx.json beside it, .zip, .tar, .tar.gz).

    Members of an archive are only read, never extracted by their own names.
    Raises VoiceRefused.
    """
    if not source.is_file():
        raise VoiceRefused(f"{source} is not there")
    if source.suffix == ".onnx":
        return _beside(source, into)
    try:
        with _opened(source) as archive:
            return _unpacked(archive, into)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise VoiceRefused(f"{source.name} cannot be read: {error}") from None


def copy_limited(source: IO[bytes], target: Path, limit: int) -> None:
    """Copy a stream to a new file. Raises VoiceRefused beyond ``limit`` bytes."""
    count = 0
    with target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            count += len(chunk)
            if count > limit:
                raise VoiceRefused(f"{target.name} is larger than {limit} bytes")
            file.write(chunk)


def _beside(model: Path, into: Path) -> FoundVoice:
    description = model.with_name(model.name + ".json")
    if not description.is_file():
        raise VoiceRefused(f"{description.name} is not beside {model.name}")
    found = _places(model.stem, into)
    for path, target, limit in (
        (model, found.model, LARGEST_MODEL),
        (description, found.description, LARGEST_CONFIG),
    ):
        with path.open("rb") as file:
            copy_limited(file, target, limit)
    card = model.with_name(_CARD)
    text = card.read_bytes()[:_LARGEST_CARD].decode(errors="replace") if card.is_file() else ""
    return FoundVoice(found.name, found.model, found.description, text)


def _unpacked(archive: _Archive, into: Path) -> FoundVoice:
    names = _names(archive)
    models = [name for name in names if name.endswith(".onnx")]
    if len(models) != 1:
        raise VoiceRefused(f"the archive holds {len(models)} models (.onnx) instead of one")
    if f"{models[0]}.json" not in names:
        raise VoiceRefused(f"the archive holds no {PurePosixPath(models[0]).name}.json")
    found = _places(PurePosixPath(models[0]).stem, into)
    with archive.open(f"{models[0]}.json") as file:
        copy_limited(file, found.description, LARGEST_CONFIG)
    with archive.open(models[0]) as file:
        copy_limited(file, found.model, LARGEST_MODEL)
    card = next((name for name in names if PurePosixPath(name).name == _CARD), None)
    if card is None:
        return found
    with archive.open(card) as file:
        text = file.read(_LARGEST_CARD).decode(errors="replace")
    return FoundVoice(found.name, found.model, found.description, text)


def _names(archive: _Archive) -> list[str]:
    names: list[str] = []
    for name in archive.names():
        if len(names) >= _MOST_MEMBERS:
            raise VoiceRefused(f"the archive holds more than {_MOST_MEMBERS} files")
        names.append(name)
    return names


def _places(name: str, into: Path) -> FoundVoice:
    return FoundVoice(name, into / "model.onnx", into / "model.onnx.json", "")


@contextmanager
def _opened(source: Path) -> Iterator[_Archive]:
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            yield _Zip(archive)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            yield _Tar(archive)
    else:
        raise VoiceRefused(f"{source.name} is neither .onnx nor .zip nor .tar.gz")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> Iterator[str]:
        return (entry.filename for entry in self._archive.infolist() if not entry.is_dir())

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)


class _Tar:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def names(self) -> Iterator[str]:
        # Links and devices are no files; what they point to is none of our business.
        return (entry.name for entry in self._archive if entry.isreg())

    def open(self, name: str) -> IO[bytes]:
        entry = self._archive.getmember(name)
        file = self._archive.extractfile(entry) if entry.isreg() else None
        if file is None:
            raise VoiceRefused(f"{name} is not a plain file")
        return file
