"""The node is a distribution of its own: it needs neither the server nor Django."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from vang_node import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline with the build tool that is already here."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT / "deploy" / "node",
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("vang_node-*.whl")
    return built


def test_it_holds_the_agent_and_the_protocol_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"vang_node", "vang_protocol"}
    assert "vang_node/sinks/alsa.py" in names
    assert not [name for name in names if name.endswith((".pyc", ".po"))]


def test_its_command_is_declared(wheel: Path) -> None:
    (name,) = [n for n in zipfile.ZipFile(wheel).namelist() if n.endswith("entry_points.txt")]
    text = zipfile.ZipFile(wheel).read(name).decode()
    assert "vang-node = vang_node.cli:main" in text


FORBIDDEN = """
import sys
sys.path.insert(0, sys.argv[1])
for name in ("vang", "django", "starlette", "uvicorn", "numpy"):
    sys.modules[name] = None
import vang_node.running, vang_node.status, vang_node.enrolment, vang_node.tone, vang_node.cli
assert vang_node.__file__.startswith(sys.argv[1]), vang_node.__file__
assert not any(name.split(".")[0] == "av" for name in sys.modules), "decoding is loaded lazily"
sys.exit(vang_node.cli.main(["status", "--home", sys.argv[2]]))
"""


def test_it_runs_where_the_server_and_django_cannot_be_imported(
    wheel: Path, tmp_path: Path
) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, str(wheel), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    assert "run vang-node enrol first" in answer.stderr


def test_its_version_is_the_one_it_reports(wheel: Path) -> None:
    assert wheel.name.startswith(f"vang_node-{__version__}-")
