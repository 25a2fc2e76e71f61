"""The process in which the recogniser lives: its memory and its faults stay here.

Standard input brings sounds, each a length (4 bytes, little-endian) and 16-bit mono samples at
16 kHz; standard output answers each with a length and the heard words (UTF-8). An empty answer
of the length 0 comes first, once the model is loaded.
"""

import os
import resource
import struct
import sys

import numpy as np

RATE = 16_000
_LONGEST = 2 * RATE * 60


def main(arguments: list[str]) -> int:
    cpu_s, memory = (int(argument) for argument in arguments)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever the library prints must not be taken for an answer
    import vietasr  # noqa: PLC0415 (70 MB; only after the limits hold)

    pipeline = vietasr.Pipeline.preset("transcribe")
    _answer(answers.write, "")
    while len(head := sys.stdin.buffer.read(4)) == 4:
        (length,) = struct.unpack("<I", head)
        if length > _LONGEST or length % 2:
            return 2
        samples = np.frombuffer(sys.stdin.buffer.read(length), dtype="<i2")
        _answer(answers.write, str(pipeline.transcribe(samples, sample_rate=float(RATE)).text))
    return 0


def _answer(write: object, words: str) -> None:
    content = words.encode()
    write(struct.pack("<I", len(content)) + content)  # type: ignore[operator]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
