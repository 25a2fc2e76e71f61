"""How far apart two loudspeakers sound, planned and live, over a mobile network.

Four real node processes on devices whose quartz and system clock are wrong (skewed_node.py), behind
a network with delay, jitter, asymmetry and loss (mobile_network.py), a real link in a process of
its own. Two go by our clock, two by their system clock alone. All hear the same plan of ``--plays``
clips and one live voice; what their sinks captured is correlated with itself, pair by pair, on the
true time of this computer. Prints one JSON line: spread_p95_ms for planned and live, with our clock
and without it.
"""

import argparse
import asyncio
import json
import logging
import signal
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.link.conftest import RunningLink, free_port
from tests.node.ordering import an_opening, phases, policy_of_town
from tests.node.repository import Repository
from tests.node.tape import noise
from tests.node.town import Town, a_plan, an_item, open_town, utc_now
from tests.protocol.province import signed
from websockets.sync.client import connect

from mobile_network import Line, Network, prefer
from vang.base.tokens import make_token
from vang_node.home import Home
from vang_protocol.instants import format_instant, to_us
from vang_protocol.plans import PlanItem
from vang_protocol.receipts import Phase

RATE = 48_000
LOUD = 100
CLIP_S, EVERY_S = 1.5, 3.0
LIVE_S = 24
SKEWS = {"n1": (28.0, 23.0), "n2": (-21.0, -18.0), "n3": (28.0, 23.0), "n4": (-21.0, -18.0)}
"""ppm of the quartz, milliseconds of the system clock."""
LINES = {"n1": Line(36, 21), "n2": Line(41, 23), "n3": Line(36, 21), "n4": Line(41, 23)}
FOLLOWING, DEAF = ("n1", "n2"), ("n3", "n4")


class Bench:
    def __init__(self, root: Path, plays: int, settle_s: float) -> None:
        self.root, self.plays, self.settle_s = root, plays, settle_s
        self.town = Town(province=Repository(policy_of_town(), utc_now()))
        self.spoken_us = 0
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self) -> dict[str, Any]:
        with open_town(self.town):
            self._start_link()
            self._start_network()
            try:
                self._start_nodes()
                return self._measure()
            finally:
                for one in reversed(self.processes):
                    one.send_signal(signal.SIGTERM)
                    one.wait(20)

    def _start_link(self) -> None:
        data = self.root / "link"
        data.mkdir()
        (data / "secret.key").write_text("tests-only")
        self.port = free_port()
        words = ["--port", str(self.port), "--data", str(data), "--web", self.town.url]
        self.processes.append(subprocess.Popen([sys.executable, "-m", "vang.link", *words]))
        prefer(self.processes[-1].pid)
        self.link = RunningLink(self.port)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.link.connections()
            except Exception:  # noqa: BLE001 - not up yet, whatever it says
                time.sleep(0.2)
            else:
                return
        raise SystemExit("the link did not start")

    def _start_network(self) -> None:
        self.town.link_port = self.port
        started = threading.Event()

        async def networks() -> None:
            for number, (node, line) in enumerate(LINES.items(), 1):
                host = f"127.0.1.{number}"
                self.town.link_hosts[node] = host
                await Network(host, self.port, line, number).open()
                await Network(host, self.town.port, line, 10 + number).open()
            started.set()
            await asyncio.Event().wait()

        def carry() -> None:
            prefer(threading.get_native_id())
            asyncio.run(networks())

        threading.Thread(target=carry, daemon=True).start()
        if not started.wait(10):
            raise SystemExit("the network did not start")

    def _start_nodes(self) -> None:
        self.town.publish(a_plan())
        for number, (node, (ppm, off_ms)) in enumerate(SKEWS.items()):
            home = self._home(node)
            self.town.codes[f"K{number}"] = "c1"
            pages = f"http://127.0.1.{number + 1}:{self.town.port}"
            enrol = ["enrol", "--server", pages, "--code", f"K{number}"]
            subprocess.run(
                [sys.executable, "-m", "vang_node.cli", *enrol, "--home", str(home.root)],
                check=True, capture_output=True,
            )  # fmt: skip
            words = ["--ppm", str(ppm), "--off-ms", str(off_ms)]
            words += ["--deaf"] if node in DEAF else []
            sink = f"wav:{home.root / 'capture'}"
            words += ["run", "--home", str(home.root), "--sink", sink]
            script = [sys.executable, "-c", "import skewed_node; skewed_node.main()"]
            log = (self.root / f"{node}.log").open("wb")
            self.processes.append(
                subprocess.Popen([*script, *words], stderr=log, cwd=Path(__file__).parent)
            )
        self._until(lambda: len(self.town.states) == len(SKEWS), 120)
        self._until(lambda: all(self._home(n).orders_file.exists() for n in SKEWS), 60)

    def _home(self, node: str) -> Home:
        return Home(self.root / node)

    def _measure(self) -> dict[str, Any]:
        time.sleep(self.settle_s)
        clips = [self.town.add_audio(noise(CLIP_S, seed=100 + n)) for n in range(self.plays)]
        first = utc_now() + timedelta(seconds=25)
        items = [
            replace(an_item(clip, first + timedelta(seconds=EVERY_S * n)), id=f"p{n}")
            for n, clip in enumerate(clips)
        ]
        self.town.publish(a_plan(*items, version=2))
        self.link.hint("20641", 2)
        time.sleep(max(0.0, (items[-1].start - utc_now()).total_seconds()) + 6)
        session = self._live()
        time.sleep(3)
        found = {
            "planned": [self._spreads(pair, items) for pair in (FOLLOWING, DEAF)],
            "live": [self._live_spreads(pair) for pair in (FOLLOWING, DEAF)],
        }
        return {
            "bench": "sync",
            "plays": self.plays,
            "spread_p95_ms": _p95(found["planned"][0]),
            "live_spread_p95_ms": _p95(found["live"][0]),
            "spread_max_ms": _max(found["planned"][0]),
            "live_spread_max_ms": _max(found["live"][0]),
            "measured": [len(found["planned"][0]), len(found["live"][0])],
            "without_our_clock": {
                "spread_p95_ms": _p95(found["planned"][1]),
                "live_spread_p95_ms": _p95(found["live"][1]),
            },
            "clock_error_ms": {n: self._error_ms(n) for n in SKEWS},
            "live_heard": {n: self._live_heard(n) for n in SKEWS},
            "session": session,
            "target_ms": 10,
            "network": {n: vars(line) for n, line in LINES.items() if n in FOLLOWING},
        }

    def _live(self) -> str:
        made = self.link.live("make")
        opening = an_opening(made["session"], made["key"], LIVE_S + 30)
        self.link.order(["20641"], [], signed(opening, "hanh").decode(), "")
        self.link.live(
            "start", session=made["session"], nodes=list(SKEWS), buffer_ms=1000,
            until=format_instant(opening.expires),
        )  # fmt: skip
        accepted = lambda: phases(self.town, "v1").count(Phase.ACCEPTED) == len(SKEWS)  # noqa: E731
        self._until(accepted, 20)
        claims = {"session": made["session"], "person": 1}
        token = make_token(self.town.secret, "live-microphone", claims, now=utc_now(), lasts_s=120)
        sound = noise(LIVE_S, seed=7, level=3500, head_s=0)
        with connect(f"ws://127.0.0.1:{self.port}/link/microphone", proxy=None) as socket:
            socket.send(json.dumps({"token": token}))
            began = time.monotonic()
            self.spoken_us = to_us(utc_now())
            for start in range(0, len(sound), 960):
                time.sleep(max(0.0, began + start / RATE - time.monotonic()))
                socket.send(b"P" + sound[start : start + 960].tobytes())
        self.link.live("stop", session=made["session"], why="speaker")
        return str(made["session"])

    def _spreads(self, pair: tuple[str, str], items: list[PlanItem]) -> list[float]:
        """Milliseconds between both, for each item. Items so near one another that the sink
        captured them together are cut out again."""
        moments = [to_us(item.start) + 100_000 for item in items]
        return self._apart(pair, moments, CLIP_S - 0.3)

    def _live_spreads(self, pair: tuple[str, str]) -> list[float]:
        """The same for each second of the voice in which both sounded."""
        seconds = range(2, LIVE_S)
        return self._apart(pair, [self.spoken_us + s * 1_000_000 for s in seconds], 1.0)

    def _apart(self, pair: tuple[str, str], moments: list[int], seconds: float) -> list[float]:
        found = []
        takes = {node: self._takes(node) for node in pair}
        for at_us in moments:
            cuts = [_heard(takes[node], at_us, seconds) for node in pair]
            if cuts[0] is not None and cuts[1] is not None:
                found.append(_apart_ms(cuts[0], cuts[1]))
        return found

    def _takes(self, node: str) -> "list[Take]":
        wavs = sorted((self._home(node).root / "capture").glob("*.wav"))
        return [Take(wav, SKEWS[node][0]) for wav in wavs]

    def _error_ms(self, node: str) -> float | None:
        state = self.town.states[node].clock
        return None if state.error_us is None else round(state.error_us / 1000, 1)

    def _live_heard(self, node: str) -> list[int]:
        """[received, repaired, concealed, late]."""
        rows = self.town.events(node, "live-heard")
        names = ("received", "repaired", "concealed", "late")
        return [sum(getattr(one, name) for one in rows) for name in names]

    def _until(self, done: Any, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while not done():
            if time.monotonic() > deadline:
                raise SystemExit("it did not happen in time")
            time.sleep(0.2)


class Take:
    """One recording and the true instant of its sample 0."""

    def __init__(self, wav: Path, ppm: float) -> None:
        self.samples = np.array(array("h", wav.read_bytes()[44:]), float)
        self.step_us = 1e6 / (RATE * (1 + ppm / 1e6))
        note = json.loads(wav.with_suffix(".jsonl").read_text().splitlines()[-1])
        self.first_us = note["wall_us"] - note["sample"] * self.step_us

    def cut(self, at_us: float, seconds: float = 1.0) -> "Take":
        """A second of it; its first sample is heard at about ``at_us``."""
        start = max(0, round((at_us - self.first_us) / self.step_us))
        piece = Take.__new__(Take)
        piece.samples = self.samples[start : start + round(seconds * RATE)]
        piece.step_us, piece.first_us = self.step_us, self.first_us + start * self.step_us
        return piece


def _heard(takes: list[Take], at_us: float, seconds: float) -> Take | None:
    """What was captured then; None where nothing sounded."""
    for take in takes:
        if take.first_us <= at_us < take.first_us + len(take.samples) * take.step_us:
            cut = take.cut(at_us, seconds)
            return cut if np.sqrt(np.mean(cut.samples**2)) > LOUD else None
    return None


def _apart_ms(one: Take, two: Take) -> float:
    """How much later the same sound is heard in ``two``."""
    size = 1 << (len(one.samples) + len(two.samples)).bit_length()
    spectrum = np.fft.rfft(two.samples, size) * np.conj(np.fft.rfft(one.samples, size))
    alike = np.fft.irfft(spectrum, size)
    lag = int(np.argmax(alike))
    lag = lag - size if lag > size // 2 else lag
    return abs((two.first_us + lag * two.step_us - one.first_us) / 1000)


def _p95(found: list[float]) -> float | None:
    return round(float(np.percentile(found, 95)), 2) if found else None


def _max(found: list[float]) -> float | None:
    return round(max(found), 2) if found else None


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--plays", type=int, default=30)
    words.add_argument("--settle", type=float, default=60.0, help="seconds before the first play")
    words.add_argument("--keep", type=Path, default=None, help="keep recordings and logs here")
    given = words.parse_args()
    logging.disable(logging.WARNING)
    if given.keep is not None:
        given.keep.mkdir(parents=True)
        print(json.dumps(Bench(given.keep.resolve(), given.plays, given.settle).run()))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(Bench(Path(folder), given.plays, given.settle).run()))


if __name__ == "__main__":
    main()
