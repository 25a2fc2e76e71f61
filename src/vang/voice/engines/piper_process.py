"""The process that runs a neural voice; its model, memory and faults stay in here.

Reads one line of JSON an utterance ({"ids": [...], "speaker": n}) from standard input, writes
for each four bytes of length (little endian) and that many bytes of float32 samples. The first
answer, of length 0, says that the model is loaded.
"""

import json
import resource
import struct
import sys
from typing import Any

import numpy as np
import onnxruntime

_SEED = 1  # the model draws noise: the same utterances in the same order sound the same
_INPUTS = {"input", "input_lengths", "scales"}


def main(arguments: list[str]) -> int:
    model, scales, threads, memory = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    session = _loaded(model, int(threads))
    takes_speaker = "sid" in {entry.name for entry in session.get_inputs()}
    _answer(b"")
    for line in sys.stdin:
        asked = json.loads(line)
        feed = _feed(asked["ids"], json.loads(scales))
        if takes_speaker:
            feed["sid"] = np.array([asked["speaker"]], dtype=np.int64)
        _answer(np.asarray(session.run(None, feed)[0], dtype=np.float32).reshape(-1).tobytes())
    return 0


def _loaded(model: str, threads: int) -> onnxruntime.InferenceSession:
    onnxruntime.set_seed(_SEED)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    missing = _INPUTS - {entry.name for entry in session.get_inputs()}
    if missing:
        raise SystemExit(f"not a Piper model: it has no input {sorted(missing)}")
    return session


def _feed(ids: list[int], scales: list[float]) -> dict[str, Any]:
    return {
        "input": np.array([ids], dtype=np.int64),
        "input_lengths": np.array([len(ids)], dtype=np.int64),
        "scales": np.array(scales, dtype=np.float32),
    }


def _answer(content: bytes) -> None:
    sys.stdout.buffer.write(struct.pack("<I", len(content)) + content)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
