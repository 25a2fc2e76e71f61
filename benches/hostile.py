"""100,000 hostile commands to a node: none sounds, memory stays flat, a genuine one gets through.

The node decides with the product's own Commander and OrderBook. Mixed by a fixed seed: forged keys,
one person instead of two, replays of what was genuine, expired, from the future, for another
commune, in another mode, too long, mutated bytes, borrowed signatures, noise, oversized. In the
middle a genuine emergency is given among them: it must sound, once. Prints one JSON line.
"""

import argparse
import json
import logging
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.fleet import Fleet, Node
from tests.protocol.conftest import NOW
from tests.protocol.province import (
    Passkey,
    a_command,
    a_manifest,
    a_policy,
    signed,
)

from vang_protocol.commands import Audience, Command, Mode
from vang_protocol.manifests import encode_manifest

COUNT = 100_000
MANIFEST = encode_manifest(a_manifest())
SEED = 20261128
DAY = timedelta(days=1)


class Attacker:
    """Has every genuine command that was ever carried, and keys of its own."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet, self._dice = fleet, random.Random(SEED)
        self._own = [Passkey(), Passkey()]
        self._number = 10_000
        self.seen: list[bytes] = []
        self.ways: list[Callable[[], bytes]] = [
            self.forged,
            self.alone,
            self.replayed,
            self.expired,
            self.early,
            self.elsewhere,
            self.as_training,
            self.too_long,
            self.mutated,
            self.noise,
            self.oversized,
        ]

    def next(self) -> bytes:
        return self._dice.choice(self.ways)()

    def _command(self, **changed: Any) -> Command:
        self._number += 1
        now = self._fleet.clock.now.replace(microsecond=0)
        made = a_command(
            id=f"x{self._number}", seq=self._number, issued=now, not_before=now,
            expires=now + timedelta(minutes=10),
        )  # fmt: skip
        return replace(made, **changed)

    def forged(self) -> bytes:
        return signed(self._command(), *self._own)

    def alone(self) -> bytes:
        return signed(self._command(), "binh")

    def replayed(self) -> bytes:
        return self._dice.choice(self.seen)

    def expired(self) -> bytes:
        old = self._fleet.clock.now.replace(microsecond=0) - DAY
        times = {"issued": old, "not_before": old, "expires": old + timedelta(minutes=10)}
        return signed(self._command(**times), "binh", "hanh")

    def early(self) -> bytes:
        late = self._fleet.clock.now.replace(microsecond=0) + DAY
        times = {"issued": late, "not_before": late, "expires": late + timedelta(minutes=10)}
        return signed(self._command(**times), "binh", "hanh")

    def elsewhere(self) -> bytes:
        audience = Audience(units=("20662", "20683"))
        return signed(self._command(audience=audience), "binh", "hanh")

    def as_training(self) -> bytes:
        mode = self._dice.choice([Mode.ACTUAL, Mode.TEST])
        return signed(self._command(mode=mode), "tap", "hanh")

    def too_long(self) -> bytes:
        return signed(self._command(max_play_ms=3_600_000), "binh", "hanh")

    def mutated(self) -> bytes:
        data = bytearray(self._dice.choice(self.seen))
        data[self._dice.randrange(len(data))] ^= 1 << self._dice.randrange(8)
        return bytes(data)

    def noise(self) -> bytes:
        return self._dice.randbytes(self._dice.randrange(2_000))

    def oversized(self) -> bytes:
        return b"[" * 20_000


def genuine(fleet: Fleet, number: int) -> bytes:
    now = fleet.clock.now.replace(microsecond=0)
    command = a_command(
        id=f"good{number}", seq=number, issued=now, not_before=now,
        expires=now + timedelta(minutes=10), max_play_ms=1_000,
    )  # fmt: skip
    return signed(command, "binh", "hanh")


def give(fleet: Fleet, node: Node, number: int) -> bytes:
    data = genuine(fleet, number)
    node.hear(data, MANIFEST)
    return data


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=COUNT)
    count = words.parse_args().count
    logging.disable(logging.CRITICAL)
    fleet = Fleet({"20662": 1}, a_policy(), NOW)
    (node,) = fleet.nodes
    attacker = Attacker(fleet)
    for number in range(1, 6):
        attacker.seen.append(give(fleet, node, number))
        fleet.run(2)
    before, memory = len(node.plays), rss_mb()
    begun, slowest, middle_s = time.monotonic(), 0.0, 0.0
    for number in range(count):
        data = attacker.next()
        at = time.perf_counter()
        node.hear(data, MANIFEST)
        slowest = max(slowest, time.perf_counter() - at)
        if number % 1_000 == 999:
            fleet.run(1)
        if number == count // 2:
            middle_s, played = time.perf_counter(), len(node.plays)
            give(fleet, node, 6)
            middle_s = time.perf_counter() - middle_s
            if len(node.plays) != played + 1:
                raise SystemExit("the genuine emergency was not heard")
        node.receipts.clear()
    took = time.monotonic() - begun
    told = {
        "bench": "hostile",
        "sent": count,
        "played": len(node.plays) - before - 1,
        "genuine_in_the_middle_s": round(middle_s, 4),
        "verdicts_per_s": round(count / took),
        "slowest_verdict_ms": round(slowest * 1000, 1),
        "memory_before_mb": memory,
        "memory_after_mb": rss_mb(),
        "ledger_bytes": len(node.disk.data or b""),
    }
    print(json.dumps({**told, "ok": told["played"] == 0}))


def rss_mb() -> float:
    """The most that the process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    main()
