"""The package of the agent: whole, without a secret, the same twice, and it runs from its files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEBIAN = ROOT / "deploy" / "node" / "debian"
pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="only where Debian's tool is")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With no libraries of its own: those are wheels, fetched by their hashes."""
    folder = tmp_path_factory.mktemp("package")
    (folder / "none").mkdir()
    around = {**os.environ, "PYTHON": sys.executable, "LIBRARIES": str(folder / "none")}
    line = ["sh", str(ROOT / "deploy/node/build-deb.sh"), "amd64", str(folder)]
    subprocess.run(line, env=around, check=True, capture_output=True, timeout=120)
    return folder


def package(built: Path) -> Path:
    (found,) = built.glob("*.deb")
    return found


def test_it_says_what_it_needs_and_keeps_the_settings(built: Path) -> None:
    told = _dpkg("--info", str(package(built)))
    for words in ("Package: vang-node", "Architecture: amd64", "libasound2", "python3 (<< 3.12)"):
        assert words in told
    assert _dpkg("--info", str(package(built)), "conffiles") == "/etc/default/vang-node\n"


def test_it_runs_from_its_files(built: Path, tmp_path: Path) -> None:
    _dpkg("-x", str(package(built)), str(tmp_path))
    opt = tmp_path / "opt/vang-node"
    (libraries,) = (opt / "libraries").iterdir()
    libraries.rmdir()
    libraries.symlink_to(Path(pytest.__file__).parents[1])  # those of this environment
    around = {**os.environ, "VANG_NODE_FACTORY": str(opt)}
    line = [sys.executable, str(opt / "bin/vang-node"), "status", "--home", str(tmp_path)]
    done = subprocess.run(line, env=around, capture_output=True, text=True, check=False)
    assert "is not enrolled" in done.stderr
    assert (tmp_path / "usr/bin/vang-node").readlink() == Path("../../opt/vang-node/bin/vang-node")


def test_it_holds_no_secret_and_belongs_to_root(built: Path) -> None:
    listed = _dpkg("--contents", str(package(built))).splitlines()
    assert all(" root/root " in line for line in listed)
    names = [line.split()[5] for line in listed]
    assert not [name for name in names if name.endswith((".key", ".pem", ".pyc", "local.json"))]
    assert not [name for name in names if "/var/lib" in name]


def test_two_who_build_it_get_the_same_release(built: Path, tmp_path: Path) -> None:
    """Two people sign the release: each can build it and compare."""
    line = [sys.executable, "-m", "vang.rollouts.archives", "--lock"]
    lock = ROOT / "deploy/node/requirements.lock"
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([*line, str(lock), "--out", str(tmp_path)], env=around, check=True)
    (mine,), (theirs,) = tmp_path.glob("*.zip"), built.glob("*.zip")
    assert mine.read_bytes() == theirs.read_bytes()


def test_its_libraries_are_those_of_the_lock_by_hash() -> None:
    build = (ROOT / "deploy/node/build-deb.sh").read_text()
    assert "--require-hashes" in build
    assert "--only-binary :all:" in build
    lock = (ROOT / "deploy/node/requirements.lock").read_text()
    for name in ("av", "cryptography", "httpx", "tuf", "websockets"):
        assert f"\n{name}==" in f"\n{lock}"


def test_its_scripts_are_sound_and_only_purging_takes_the_journal() -> None:
    for name in ("postinst", "prerm", "postrm"):
        subprocess.run(["sh", "-n", str(DEBIAN / name)], check=True)
        text = (DEBIAN / name).read_text()
        assert ("rm -rf /var/lib/vang-node" in text) == (name == "postrm")
    assert '"$1" = purge' in (DEBIAN / "postrm").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="only where systemd is")
@pytest.mark.parametrize("unit", ["vang-node.service", "vang-node-setup.service"])
def test_its_services_are_hardened(unit: str) -> None:
    line = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=25"]
    done = subprocess.run([*line, str(DEBIAN / unit)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]
    assert "WatchdogSec=" in (DEBIAN / "vang-node.service").read_text()


def _dpkg(*arguments: str) -> str:
    done = subprocess.run(["dpkg-deb", *arguments], capture_output=True, text=True, check=True)
    return done.stdout
