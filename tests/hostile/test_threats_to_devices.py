"""What an attacker near a device, or near its server's files, can do; numbered as the threats are.

Threats met on a real node's process and recording are in tests/node: A3, A14 and A17.
"""

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.node.ordering import policy_of_town
from tests.node.pole import Pole, until
from tests.node.repository import Repository
from tests.node.tape import noise
from tests.node.town import Town, open_town, opus_file, utc_now
from vang_node.audio_store import AudioStore
from vang_node.home import Home
from vang_protocol.plans import Audio
from vang_protocol.reasons import Reason, Refused

ROOT = Path(__file__).parents[2]
NODE = ROOT / "src" / "vang_node"
LISTENING = "0A"


@pytest.fixture
def town() -> Iterator[Town]:
    with open_town(Town(province=Repository(policy_of_town(), utc_now()))) as made:
        yield made


@pytest.fixture
def pole(town: Town, tmp_path: Path) -> Iterator[Pole]:
    made = Pole(town, tmp_path)
    yield made
    if made.process is not None:
        made.kill()


def listening_ports(process: int) -> set[int]:
    """TCP ports on which somebody could reach the process, and UDP ports that it holds."""
    own = {str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()}
    found = set()
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            open_to_all = name.startswith("udp") or fields[3] == LISTENING
            if open_to_all and f"socket:[{fields[9]}]" in own:
                found.add(int(fields[1].rpartition(":")[2], 16))
    return found


def test_a9_a_running_node_listens_on_no_port(pole: Pole) -> None:
    pole.switch_on()
    until(lambda: "n1" in pole.town.states, pole)
    assert pole.process is not None
    assert listening_ports(pole.process.pid) == set()


class Cache:
    """A cache between server and node that hands out what it likes."""

    def __init__(self, folder: Path) -> None:
        self.genuine = opus_file(noise(1.0))
        sha256 = hashlib.sha256(self.genuine).hexdigest()
        self.audio = Audio(sha256, len(self.genuine), "opus", 1000)
        self.store = AudioStore(folder, reserve=0)

    def hand_out(self, data: bytes) -> Reason | None:
        """What the node says to it."""
        self.store.part(self.audio).write_bytes(data)
        try:
            self.store.adopt(self.audio)
        except Refused as refused:
            return refused.reason
        return None


def test_a10_what_a_cache_swapped_cut_or_lengthened_is_never_taken_for_the_sound(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path)
    other = opus_file(noise(1.0, seed=9))[: len(cache.genuine)].ljust(len(cache.genuine), b"\0")
    assert cache.hand_out(other) is Reason.WRONG_HASH
    assert cache.hand_out(cache.genuine[:-1]) is Reason.WRONG_SIZE
    assert cache.hand_out(cache.genuine + b"\0") is Reason.WRONG_SIZE
    assert not cache.store.has(cache.audio)
    assert cache.hand_out(cache.genuine) is None


def test_a10_a_link_swapped_between_check_and_play_does_not_change_what_plays(
    tmp_path: Path,
) -> None:
    cache = Cache(tmp_path / "store")
    assert cache.hand_out(cache.genuine) is None
    place, other = cache.store.path(cache.audio), tmp_path / "other"
    other.write_bytes(b"x" * len(cache.genuine))
    with cache.store.open_verified(cache.audio) as file:
        place.unlink()
        place.symlink_to(other)
        assert file.read() == cache.genuine
    with pytest.raises(Refused) as refused:
        cache.store.open_verified(cache.audio)
    assert refused.value.reason is Reason.WRONG_HASH
    assert other.exists()


def test_a12_each_device_makes_a_key_of_its_own_and_none_comes_with_the_software(
    town: Town, tmp_path: Path
) -> None:
    keys = set()
    for number in (1, 2):
        keys.add(Pole(town, tmp_path / str(number)).home.key().public.public)
    assert len(keys) == 2
    for file in _shipped():
        text = file.read_bytes()
        assert not re.search(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=]{20}", text)


def test_a12_no_password_comes_with_the_software() -> None:
    """Every password that is set comes from somebody who typed it, or from chance."""
    told = re.compile(rb"""(password|passphrase|secret|token)\s*=\s*["'][^"'{%\s]{4,}["']""")
    found = {
        f"{file.relative_to(ROOT)}: {match[0].decode()}"
        for file in _shipped()
        if file.suffix in {".py", ".sh", ".service", ".conf", ""}
        for match in told.finditer(file.read_bytes())
    }
    assert found == set()


def _shipped() -> list[Path]:
    """What an installation or a device is made from."""
    folders = (ROOT / "src", ROOT / "deploy", ROOT / "samples")
    files = [file for folder in folders for file in folder.rglob("*")]
    small = [
        one for one in [*files, ROOT / "run"] if one.is_file() and "__pycache__" not in one.parts
    ]
    return [one for one in small if one.stat().st_size < 2_000_000]


def test_a12_a_device_that_was_never_enrolled_plays_a_local_tone_and_nothing_else(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "new")

    def call(*arguments: str) -> "subprocess.CompletedProcess[str]":
        sink = ["--sink", f"wav:{tmp_path / 'heard'}", "--home", str(home.root)]
        command = [sys.executable, "-m", "vang_node.cli", *arguments, *sink]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    refused = call("run")
    assert refused.returncode == 1
    assert "not enrolled" in refused.stderr
    assert not list(tmp_path.glob("heard/*.wav"))
    assert call("test-tone").returncode == 0


RUNS_CODE = {
    *("exec", "eval", "compile", "__import__", "import_module", "system", "popen", "Popen"),
    *("check_call", "check_output", "spawn", "execv", "execve", "load_module", "exec_module"),
}
MODULES = {"subprocess", "importlib.util", "pickle", "marshal", "shelve", "runpy", "zipimport"}


def test_a13_nothing_that_a_server_sends_is_run_by_a_node_itself() -> None:
    """The agent never makes code of data and starts no program. Software reaches it by one way: a
    release on the list that two people signed (tests/node/test_releases.py), started by the
    launcher that its technician put on it. The agent starts only that launcher, anew; programs of
    the system are run by a technician's command alone, and their names stand in the code."""
    begins_releases = {NODE / "launcher.py", NODE / "programs.py"}
    runs_programs = {NODE / name for name in ("cli.py", "network.py")}
    users = {file for file in NODE.rglob("*.py") if "vang_node.programs" in file.read_text()}
    assert users <= runs_programs
    begins_the_launcher = {NODE / "cli.py": {"execv"}}
    files = {*NODE.rglob("*.py"), *(ROOT / "src" / "vang_protocol").rglob("*.py")}
    for file in sorted(files - begins_releases):
        for part in ast.walk(ast.parse(file.read_text())):
            if isinstance(part, ast.Call):
                name = getattr(part.func, "id", getattr(part.func, "attr", ""))
                owner = getattr(getattr(part.func, "value", None), "id", "")
                allowed = begins_the_launcher.get(file, set())
                fine = name not in RUNS_CODE or owner == "re" or name in allowed
                assert fine, f"{file}:{part.lineno}"
            if isinstance(part, ast.Import):
                assert MODULES.isdisjoint(one.name for one in part.names), file
            if isinstance(part, ast.ImportFrom):
                assert part.module not in MODULES, file


def test_a13_a_swapped_or_older_library_is_not_installed() -> None:
    """The installer takes exactly what the lock names, by hash: another wheel, or another version
    under the same name, is refused by pip."""
    setup = (ROOT / "deploy" / "setup.sh").read_text()
    installs = re.findall(r"pip install.*?(?:\n(?=\s*\")|\n\s*(?=say|printf)|$)", setup, re.DOTALL)
    assert len(installs) >= 2
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)
    for lock in ROOT.glob("requirements*.lock"):
        wanted = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
        assert wanted
        assert all("==" in one and "--hash=sha256:" in one for one in wanted), lock
