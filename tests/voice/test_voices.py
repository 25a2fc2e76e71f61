import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.voice.neural_voice import NAME, fetched_voice
from vang.voice import voice_downloads, voice_files
from vang.voice.failures import EngineMissing, VoiceRefused
from vang.voice.voice_downloads import PUBLIC_VOICES, PublicVoice
from vang.voice.voice_installation import install_file, install_named
from vang.voice.voices import engine_named, installed_voices

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def model() -> Path:
    return fetched_voice()


@pytest.fixture(scope="module")
def installed(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voices folder with the test voice in it; read only."""
    folder = tmp_path_factory.mktemp("voices")
    install_file(model, folder, now=NOW)
    return folder


def names(folder: Path) -> list[str]:
    return [voice.name for voice in installed_voices(folder)]


@pytest.mark.voice_model
def test_an_installed_voice_is_listed_and_speaks(installed: Path) -> None:
    assert names(installed) == [NAME, "espeak-vi"]
    engine = engine_named(NAME, installed)
    assert engine.speak("Good morning.").duration_ms > 400
    engine.rest()
    record = json.loads((installed / NAME / "voice.json").read_text())
    assert len(record["model_sha256"]) == 64
    assert "CC0" in record["licence"]


@pytest.mark.voice_model
def test_changed_files_are_refused(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    for path in (installed / NAME).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert engine_named(NAME, tmp_path).name == NAME
    description = folder / f"{NAME}.onnx.json"
    description.write_bytes(description.read_bytes() + b" ")
    with pytest.raises(VoiceRefused, match="not those that were installed"):
        engine_named(NAME, tmp_path)


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _tar(path: Path, members: dict[str, bytes]) -> Path:
    # Compressing a whole model takes longer than all the rest.
    with tarfile.open(path, "w:gz" if "gz" in path.name else "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.voice_model
def test_a_voice_is_taken_from_an_archive_and_only_its_own_files(
    model: Path, tmp_path: Path
) -> None:
    members = {
        "../../outside.txt": b"escaped",
        f"some/folder/{NAME}.onnx": model.read_bytes(),
        f"some/folder/{NAME}.onnx.json": model.with_name(model.name + ".json").read_bytes(),
        "some/folder/MODEL_CARD": "giấy phép".encode(),
    }
    folder = tmp_path / "data" / "voices"
    record = install_file(_zip(tmp_path / "voice.zip", members), folder, now=NOW)
    assert record.licence == "giấy phép"
    assert sorted(p.name for p in folder.rglob("*")) == [
        NAME,
        f"{NAME}.onnx",
        f"{NAME}.onnx.json",
        "voice.json",
    ]
    assert not list(tmp_path.rglob("outside.txt"))
    again = install_file(_tar(tmp_path / "voice.tar", members), folder, now=NOW)
    assert again.model_sha256 == record.model_sha256


DESCRIPTION = json.dumps(
    {
        "audio": {"sample_rate": 22050},
        "espeak": {"voice": "vi"},
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2]},
    }
).encode()


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "0 models"),
        ({"a.onnx": b"x", "b.onnx": b"x"}, "2 models"),
        ({"a.onnx": b"x"}, "no a.onnx.json"),
        ({"a.onnx": b"x", "a.onnx.json": b"{}"}, "not that of a Piper voice"),
        ({"a.onnx": b"not a model", "a.onnx.json": DESCRIPTION}, "does not speak"),
        ({"espeak-vi.onnx": b"x", "espeak-vi.onnx.json": DESCRIPTION}, "cannot be the name"),
        ({"..onnx": b"x", "..onnx.json": DESCRIPTION}, "cannot be the name"),
    ],
)
def test_archives_without_a_whole_voice_are_refused(
    members: dict[str, bytes], reason: str, tmp_path: Path
) -> None:
    for archive in (_zip(tmp_path / "a.zip", members), _tar(tmp_path / "a.tar.gz", members)):
        with pytest.raises(VoiceRefused, match=reason):
            install_file(archive, tmp_path / "v", now=NOW)
    assert names(tmp_path / "v") == ["espeak-vi"]
    assert list((tmp_path / "v").iterdir()) == []


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "voice.tar"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("a.onnx")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(VoiceRefused, match="0 models"):
        install_file(path, tmp_path / "v", now=NOW)


def test_sizes_are_limited_while_copying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_files, "LARGEST_MODEL", 1000)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.onnx", bytes(10_000_000))
        archive.writestr("a.onnx.json", DESCRIPTION)
    with pytest.raises(VoiceRefused, match="larger than 1000 bytes"):
        install_file(bomb, tmp_path / "v", now=NOW)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 cut", b"\x1f\x8b\x08 cut"])
def test_files_that_are_no_archive_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "voice.zip"
    path.write_bytes(content)
    with pytest.raises(VoiceRefused):
        install_file(path, tmp_path / "v", now=NOW)


def test_a_voice_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoiceRefused, match="is not there"):
        install_file(tmp_path / "x.onnx", tmp_path / "v", now=NOW)
    for name in ("nothing", "../espeak", "", "a/b"):
        with pytest.raises(EngineMissing):
            engine_named(name, tmp_path)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A voice collection on this computer: its address and its folder."""
    root = tmp_path / "site"
    root.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: _Quiet(*a, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", root
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.voice_model
def test_a_public_voice_is_fetched_and_pinned(
    site: tuple[str, Path],
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, root = site
    monkeypatch.setitem(PUBLIC_VOICES, NAME, PublicVoice(NAME, "en/joe", 22_050, "CC0"))
    (root / "en" / "joe").mkdir(parents=True)
    offered = root / "en" / "joe" / f"{NAME}.onnx"
    offered.write_bytes(model.read_bytes())
    beside = offered.with_name(f"{NAME}.onnx.json")
    beside.write_bytes(model.with_name(f"{NAME}.onnx.json").read_bytes())
    steps: list[int] = []

    def install() -> str:
        record = install_named(
            NAME, tmp_path / "v", address=address, now=NOW, report=lambda _, n: steps.append(n)
        )
        return record.model_sha256

    pinned = install()
    assert steps[-1] == model.stat().st_size
    assert install() == pinned
    # Another hash on record is what other bytes behind the address would look like.
    record = tmp_path / "v" / NAME / "voice.json"
    record.write_text(record.read_text().replace(pinned, "0" * 64))
    with pytest.raises(VoiceRefused, match="is installed with the hash 0000"):
        install()
    assert names(tmp_path / "v") == [NAME, "espeak-vi"]


def test_a_collection_without_the_voice_or_without_encryption_is_refused(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    address, _root = site
    for asked, reason in (
        (address, "answered 404"),
        ("http://voices.invalid", "without encryption"),
        ("https://127.0.0.1:1", "could not be fetched"),
    ):
        with pytest.raises(VoiceRefused, match=reason):
            install_named(
                "vi_VN-vais1000-medium",
                tmp_path / "v",
                address=asked,
                now=NOW,
                report=lambda _name, _count: None,
            )
    assert list((tmp_path / "v").iterdir()) == []


def test_the_address_comes_from_the_option_the_environment_or_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(voice_downloads.ADDRESS_SETTING, raising=False)
    assert voice_downloads.address_of_voices(None) == voice_downloads.DEFAULT_ADDRESS
    monkeypatch.setenv(voice_downloads.ADDRESS_SETTING, "https://mirror.example/")
    assert voice_downloads.address_of_voices(None) == "https://mirror.example"
    assert voice_downloads.address_of_voices("https://usb/x") == "https://usb/x"
