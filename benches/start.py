"""How exactly three nodes begin on time, read from the samples they played.

Three real node processes enrol with a real server on this machine, fetch one signed plan and play
it into capture sinks: virtual sound cards that pace themselves by the clock. The start of every
play is found in the recording by a matched filter, not taken from the node's own journal.
One host has one clock: what the network adds to the clock's error is not in these figures.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.node.town import RATE, Town, a_plan, an_item, open_town, utc_now  # noqa: E402

from vang_node.decoder import decoded_blocks  # noqa: E402
from vang_protocol.instants import to_us  # noqa: E402
from vang_protocol.plans import PlanItem  # noqa: E402

Sound = np.ndarray[tuple[int], np.dtype[np.float64]]

NODES = 3
PLAYS = 12
EVERY = timedelta(seconds=3, milliseconds=371)
CLIP_S = 1.5
LONG_S = 15.0
HEAD_S = 0.5
DEADLINE_S = 110.0


@dataclass
class Node:
    """One real process and what was measured of it."""

    name: str
    home: Path
    process: "subprocess.Popen[bytes]"
    rss_mb: float = 0.0
    cpu_percent: float = 0.0


def noise(seconds: float, seed: int) -> "array[int]":
    """Half a second of silence, then speech-like noise: sharp under correlation."""
    chance, level = random.Random(seed), 0.0
    samples = array("h", bytes(2 * int(HEAD_S * RATE)))
    for _ in range(int((seconds - HEAD_S) * RATE)):
        level = 0.7 * level + chance.gauss(0, 2500)
        samples.append(int(max(-30000, min(30000, level))))
    return samples


def start_node(town: Town, home: Path, name: str) -> Node:
    command = [str(Path(sys.executable).with_name("vang-node"))]
    town.codes[name] = "c1"
    enrol = ["enrol", "--server", town.url, "--code", name, "--name", name, "--home", str(home)]
    subprocess.run([*command, *enrol], check=True, stdout=subprocess.DEVNULL)
    log = (home / "log").open("wb")
    run = ["run", "--home", str(home), "--sink", f"wav:{home / 'capture'}"]
    return Node(name, home, subprocess.Popen([*command, *run], stderr=log))


def wait_until(done: Callable[[], bool], what: str, deadline: float) -> None:
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit(f"gave up waiting: {what}")
        time.sleep(0.2)


def ticks(pid: int) -> float:
    """CPU seconds the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def measure_while_playing(nodes: list[Node], item: PlanItem) -> None:
    """CPU and memory over the middle of the long play."""
    sleep_until(item.start + timedelta(seconds=2))
    before, began = [ticks(node.process.pid) for node in nodes], time.monotonic()
    sleep_until(item.start + timedelta(seconds=LONG_S - 2))
    took = time.monotonic() - began
    for node, used in zip(nodes, before, strict=True):
        node.cpu_percent = 100 * (ticks(node.process.pid) - used) / took
        node.rss_mb = rss_mb(node.process.pid)


def sleep_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - utc_now()).total_seconds()))


def heard_at_us(home: Path, item: PlanItem, clip: Sound) -> float | None:
    """The instant of the clip's sample 0 in the node's recording, microseconds since 1970.

    None when the node recorded nothing for the item: it did not play it.
    """
    wav = next((home / "capture").glob(f"*-{item.id}.wav"), None)
    if wav is None:
        return None
    sound = np.frombuffer(wav.read_bytes()[44:], "<i2").astype(float)
    size = 1 << (len(sound) + len(clip)).bit_length()
    spectrum = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(clip, size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)[: len(sound)]))
    notes = [json.loads(line) for line in wav.with_suffix(".jsonl").read_text().splitlines()]
    first = int(HEAD_S * RATE)  # the first loud sample decides which note counts
    note = [entry for entry in notes if entry["sample"] <= lag + first][-1]
    return float(note["wall_us"] + (lag - note["sample"]) * 1e6 / RATE)


def percentile(values: list[float], share: int) -> float:
    return round(float(np.percentile(values, share)), 3)


def summary(nodes: list[Node], items: list[PlanItem], town: Town) -> dict[str, object]:
    clips = {
        sha256: np.concatenate([np.array(block, float) for block in decoded_blocks(BytesIO(data))])
        for sha256, data in town.files.items()
    }
    errors: list[float] = []
    spreads: list[float] = []
    not_played = 0
    for item in items:
        clip = clips[item.audio.sha256]
        found = [heard_at_us(node.home, item, clip) for node in nodes]
        heard = [instant for instant in found if instant is not None]
        not_played += len(found) - len(heard)
        if not heard:
            continue
        errors += [abs(instant - to_us(item.start)) / 1000 for instant in heard]
        spreads.append((max(heard) - min(heard)) / 1000)
    return {
        "bench": "start",
        "nodes": len(nodes),
        "plays": len(errors),
        "not_played": not_played,
        "start_error_p50_ms": percentile(errors, 50),
        "start_error_p95_ms": percentile(errors, 95),
        "start_error_max_ms": round(max(errors), 3),
        "spread_p95_ms": percentile(spreads, 95),
        "spread_max_ms": round(max(spreads), 3),
        "node_rss_mb": round(max(node.rss_mb for node in nodes), 1),
        "node_cpu_percent": round(max(node.cpu_percent for node in nodes), 1),
        "xruns": sum(e.xruns for node in nodes for e in town.events(_id(node), "play-ended")),
    }


def all_ended(town: Town, nodes: list[Node], count: int) -> bool:
    return all(len(town.events(_id(node), "play-ended")) == count for node in nodes)


def _id(node: Node) -> str:
    answer = json.loads((node.home / "server.json").read_bytes())["answer"]
    return str(answer["node"])


def bench(folder: Path) -> dict[str, object]:
    town, deadline = Town(), time.monotonic() + DEADLINE_S
    with open_town(town):
        nodes = [start_node(town, folder / f"node-{n}", f"node-{n}") for n in range(NODES)]
        try:
            wait_until(lambda: len(town.states) == NODES, "nodes to connect", deadline)
            clips = [town.add_audio(noise(CLIP_S, seed)) for seed in range(4)]
            first = utc_now() + timedelta(seconds=8)
            items = [an_item(clips[n % 4], first + n * EVERY) for n in range(PLAYS)]
            long_clip = town.add_audio(noise(LONG_S, 99))
            items.append(an_item(long_clip, first + PLAYS * EVERY))
            town.publish(a_plan(*items))
            measure_while_playing(nodes, items[-1])
            wait_until(lambda: all_ended(town, nodes, len(items)), "every play's end", deadline)
        finally:
            for node in nodes:
                node.process.terminate()
            for node in nodes:
                node.process.wait(10)
        return summary(nodes, items, town)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="vang-bench-start-"))
    try:
        print(json.dumps(bench(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
