"""A node's usual day, stepped: processor, memory, disk and bytes on 4G of one real process.

Pages and link are the product's, each in a process of its own; between them and the node stands a
meter (metered.py) that takes the TLS off and counts what the carrier would. Nobody waits a day:
each thing a node does is measured over a real span and scaled to a day of 30 minutes of plan in ten
plays that are fetched beforehand, one live voice of five minutes, one test, and what it asks for by
itself at its own intervals. The spans and what was seen in them are printed beside. The sound goes
into a virtual sound card whose recordings lie in memory, so that the disk's figures are the node's.
Beside it, in the same spans, the least that a player can be (bare_player.py) and a Python that
sleeps.
"""

import argparse
import base64
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import plan  # processes, folder and Django of the bench for plans

sys.path.insert(0, str(Path(__file__).parent.parent))

from django.conf import settings
from django.db import transaction
from tests.link.conftest import SECRET, RunningLink
from tests.node.ordering import an_opening, order_of, policy_of_town
from tests.node.repository import Repository
from tests.node.tape import noise
from tests.node.town import opus_file
from tests.prepared import copy, prepared_database
from tests.protocol.province import signed

from live import speak
from measured import (
    Beside,
    Cost,
    Device,
    beside,
    beyond,
    cpu_name,
    filesystem,
    less,
    peak_rss_mb,
    percent,
    plus,
    rate,
    ratio,
    sleep_until,
    times,
    traffic,
    until,
)
from metered import HANDSHAKE, Meter
from vang.base.files import FileStore
from vang.dispatch import commands
from vang.dispatch.models import CommandDelivery
from vang.dispatch.queries import newest_plan
from vang.installation.demonstration import open_all_hours
from vang.orgs.models import Unit
from vang.stations.models import Node
from vang.voice.models import Rendition
from vang_node import allegiance, poll, reporting
from vang_node.home import Home
from vang_protocol.commands import Mode
from vang_protocol.instants import format_instant
from vang_protocol.manifests import Manifest, Part, Piece, encode_manifest
from vang_protocol.plans import Audio, parse_plan
from vang_protocol.records import LiveHeard, PlayEnded

plan.NODES = 1
HOST = "127.0.1.1"
DAY_S = 86_400
PLANNED_S, PLAYS, LIVE_S, TEST_S = 1800, 10, 300, 10
"""A usual day: planned sound, in how many plays, and one live voice."""
SESSION_S = 3240
PAGE_BYTES = 4096
"""What the kernel writes at the least. A status is its own pages and one of its folder; nobody
waits for the next one of a quiet node."""
RELEASES_EVERY_S = 300
ASKS = 3
SETTLE_S = 15.0
BARE = "import bare_player; bare_player.main()"
EDGE_S = 2.0
"""So much of a play's beginning and end belongs to the act, not to the playing."""


class Bench:
    def __init__(self, root: Path, memory: Path, seconds: int) -> None:
        self.root, self.memory, self.seconds = root, memory, seconds
        self.sound = opus_file(noise(seconds, head_s=0))
        self.beside: dict[str, Beside] = {}
        self.bulletins = 0

    def run(self) -> dict[str, Any]:
        self._prepare()
        started = plan.start(plan.DATA, plan.WEB, plan.LINK)
        try:
            self.device = self._started_node()
            try:
                self._measure()
                return self._summary()
            finally:
                self.device.process.send_signal(signal.SIGTERM)
                self.device.process.wait(20)
        finally:
            for process in started.values():
                process.terminate()
                process.wait(10)

    def _prepare(self) -> None:
        now = datetime.now(UTC)
        os.environ |= {
            "VANG_LINK_URL": f"wss://{HOST}:{plan.LINK}/link",
            "VANG_HOSTS": f"127.0.0.1,{HOST}",
        }
        (plan.DATA / "secret.key").write_bytes(SECRET)  # that of the parts taken from the tests
        settings.SECRET_KEY = SECRET.decode()
        if prepared_database().exists():  # of the tests: a minute less
            copy(prepared_database(), plan.DATA / "db.sqlite3")
        plan.call_command("migrate", verbosity=0)
        self.office = plan.Office.open(now)
        open_all_hours(self.office.unit, by=self.office.approver, now=now)
        for path, content in Repository(policy_of_town(), now).files.items():
            file = plan.DATA / "trust" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        self.meter = Meter(HOST, self.root / "tls")
        self.meter.open(pages=plan.WEB, link=plan.LINK)
        self.link = RunningLink(plan.LINK)

    def _started_node(self) -> Device:
        home = Home(self.root / "node")
        home.root.mkdir()
        home.local_file.write_text(json.dumps({"ca_file": str(self.meter.ca_file)}))
        (code,) = self.office.codes(datetime.now(UTC))
        self.began = time.monotonic()
        enrol = ["enrol", "--server", f"https://{HOST}:{plan.WEB}", "--code", code]
        words = ["--home", str(home.root)]
        subprocess.run(
            [sys.executable, "-m", "vang_node.cli", *enrol, *words],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        shown = self.memory / "fsyncs"
        shown.write_bytes(bytes(8))
        script = [sys.executable, "-c", "import counted_node; counted_node.main()", str(shown)]
        run = ["run", *words, "--sink", f"wav:{self.memory / 'capture'}"]
        log = (home.root / "log").open("wb")
        process = subprocess.Popen([*script, *run], stderr=log, cwd=Path(__file__).parent)
        return Device(home, self.meter, shown, process)

    def _measure(self) -> None:
        self._start()
        self._idle()
        self._asks()
        self._plays()
        self._speaks()
        self._tests()
        self.hwm_mb = peak_rss_mb(self.device.process.pid)

    def _start(self) -> None:
        """Until it is connected, greeted, and knows the policy."""
        until(lambda: self.link.connections() == 1, "the link", 60)
        until(self.device.home.orders_file.exists, "the beacon", 60)
        for hour in range(1, PLAYS):  # what is planned is told with every state
            sound = opus_file(noise(1, seed=hour))
            self._published(sound, datetime.now(UTC) + timedelta(hours=hour))
        time.sleep(SETTLE_S)
        self.device.cut("start", Cost({"seconds": self.began}))

    def _idle(self) -> None:
        with beside(BARE) as bare, beside("import time; time.sleep(3600)") as python:
            time.sleep(2)
            began = self.device.read()
            with bare.measured(), python.measured():
                time.sleep(self.seconds)
            self.device.cut("idle", began)
        self.beside |= {"silence": bare, "sleep": python}

    def _asks(self) -> None:
        """A hint lets it look for plan and commands, as it does every five minutes by itself."""
        began = self.device.read()
        for _hint in range(ASKS):
            self.link.hint(self.office.unit.code, 1)
            time.sleep(6.5)  # as after five minutes: no connection is open any more
        self.device.cut("asks", began)

    def _plays(self) -> None:
        device, cut = self.device, self.device.cut
        at = device.read()
        start, sha256 = self._published(self.sound, datetime.now(UTC) + timedelta(seconds=28))
        file = device.home.audio / f"{sha256}.opus"
        until(file.exists, "the sound", 20)
        time.sleep(3)
        cut("fetch", at)
        sleep_until(start - timedelta(seconds=12))
        at = device.read()
        sleep_until(start)
        with beside(BARE, str(file)) as bare:
            sleep_until(start + timedelta(seconds=EDGE_S))
            at = cut("begin", at)
            with bare.measured():
                sleep_until(start + timedelta(seconds=self.seconds - EDGE_S))
                at = cut("playing", at)
        self.beside["decoding"] = bare
        sleep_until(start + timedelta(seconds=self.seconds + 6))
        cut("end", at)
        if [one.end.value for one in device.events(PlayEnded)] != ["done"]:
            raise SystemExit("it did not play what was planned")

    def _published(self, sound: bytes, wanted: datetime) -> tuple[datetime, str]:
        """A bulletin approved and placed: when it begins, and the hash of its sound."""
        self.bulletins += 1
        bulletin = self.office.submitted(self.bulletins)
        stored = FileStore(settings.DATA / "files").put(sound)
        Rendition.objects.filter(versions__bulletin=bulletin).update(
            sha256=stored, size=len(sound), duration_ms=self.seconds * 1000
        )
        bulletin.refresh_from_db()
        self.office.decide(bulletin, wanted.replace(microsecond=0))
        row = newest_plan(self.office.unit)
        if row is None:
            raise SystemExit("there is no plan")
        payload = base64.b64decode(json.loads(bytes(row.envelope))["payload"])
        (start,) = (i.start for i in parse_plan(payload).items if i.audio.sha256 == stored)
        return start, stored

    def _speaks(self) -> None:
        """One microphone, by UDP, as the office opens it."""
        unit, device = self.office.unit, self.device
        made = self.link.live("make")
        epoch, seq = numbered(unit)
        opening = an_opening(made["session"], made["key"], self.seconds + 60, epoch=epoch, seq=seq)
        at = device.read()
        commands.dispatch(signed(opening, "hanh"), None, issuer=unit, now=datetime.now(UTC))
        (node,) = Node.objects.values_list("pk", flat=True)
        self.link.live(
            "start", session=made["session"], nodes=[node], buffer_ms=1000,
            until=format_instant(opening.expires),
        )  # fmt: skip
        until(
            lambda: self._answered(opening.id, CommandDelivery.State.ACCEPTED), "the microphone", 20
        )
        sound = noise(self.seconds, seed=7, level=3500, head_s=0)
        speaker = threading.Thread(target=speak, args=[plan.LINK, made["session"], sound, []])
        speaker.start()
        time.sleep(2 * EDGE_S)
        at = device.cut("live begins", at)
        time.sleep(self.seconds - 3 * EDGE_S)
        at = device.cut("live", at)
        speaker.join()
        self.link.live("stop", session=made["session"], why="speaker")
        time.sleep(6)
        device.cut("live ends", at)
        heard = device.events(LiveHeard)
        if sum(one.received for one in heard) < self.seconds * 0.9 / 0.06:
            raise SystemExit(f"the voice was not heard: {heard}")

    def _tests(self) -> None:
        """A test that two people signed: the node announces it, plays it and answers."""
        unit, device = self.office.unit, self.device
        epoch, seq = numbered(unit)
        clip = opus_file(noise(TEST_S, seed=9, head_s=0))
        sha256 = FileStore(settings.DATA / "files").put(clip)
        audio = Audio(sha256, len(clip), "opus", TEST_S * 1000)
        manifest = encode_manifest(
            Manifest(
                Mode.TEST,
                "vi",
                "Thử",
                "ef" * 32,
                "Mai",
                (Piece(Part.SPEECH, audio.duration_ms, audio),),
            )
        )
        order = order_of(manifest, id="test-1", mode=Mode.TEST, volume_db=-10, epoch=epoch, seq=seq)
        at = device.read()
        commands.dispatch(order.command.encode(), manifest, issuer=unit, now=datetime.now(UTC))
        until(lambda: self._answered("test-1", CommandDelivery.State.PLAYED), "the test", 90)
        time.sleep(5)
        device.cut("test", at)

    def _answered(self, command: str, state: str) -> bool:
        return CommandDelivery.objects.filter(command=command, state=state).exists()

    def _summary(self) -> dict[str, Any]:
        spans, asked = self.device.spans, self._asked()
        day = self._day()
        whole = plus(*day.values())
        return {
            "bench": "node",
            "seconds": self.seconds,
            "usual_day": {
                "planned_s": PLANNED_S, "plays": PLAYS, "live_s": LIVE_S, "tests": 1,
                "asks": asked,
            },
            "cpu_pct_of_a_core": {
                name: percent(spans[name]) for name in ("idle", "playing", "live", "test")
            },
            "cpu_s_day": rounded({name: cost["cpu_s"] for name, cost in day.items()}, 1),
            "cpu_s_day_all": round(whole["cpu_s"], 1),
            "rss_peak_mb": self.hwm_mb,
            "pss_peak_mb": round(self.device.peak_mb["pss_mb"], 1),
            "disk_written_mb_day": megabytes({n: c["written"] for n, c in day.items()}),
            "disk_written_mb_day_all": round(whole["written"] / 1e6, 2),
            "fsyncs_day": rounded({name: cost["fsyncs"] for name, cost in day.items()}, 0),
            "bytes_day_mb": {
                name: [round(one / 1e6, 2) for one in traffic(cost)] for name, cost in day.items()
            },
            "bytes_day_all_mb": [round(one / 1e6, 2) for one in traffic(whole)],
            "purposes_day_mb": purposes(whole),
            "beside": self._beside(),
            "raw": {name: rounded(dict(cost), 2) for name, cost in spans.items()},
            "machine": {
                "cores": os.cpu_count(), "cpu": cpu_name(), "load": round(os.getloadavg()[0], 1),
                "python": platform.python_version(),
            },
        }  # fmt: skip

    def _day(self) -> dict[str, Cost]:
        """What each part of the day costs, beside being idle the whole day."""
        spans = self.device.spans
        idle, playing, live = (rate(spans[name]) for name in ("idle", "playing", "live"))
        playing, live = less(playing, idle), less(live, idle)
        one = {
            name: beyond(spans[name], (idle, spans[name]["seconds"]))
            for name in ("asks", "fetch", "begin", "end", "live begins", "live ends", "test")
        }
        edges = less(plus(one["begin"], one["end"]), times(playing, 2 * EDGE_S))
        sides = less(plus(one["live begins"], one["live ends"]), times(live, 3 * EDGE_S))
        sound = PLANNED_S / PLAYS / self.seconds
        fetched = plus(one["fetch"])
        for name in ("up files", "down files"):
            fetched[name] *= sound
        pages = 1 - (-self.device.home.status_file.stat().st_size // PAGE_BYTES)
        quiet = Cost(
            {"written": DAY_S * 1_000_000 // reporting.QUIET_EVERY_US * pages * PAGE_BYTES}
        )
        return {
            "idle": plus(times(idle, DAY_S), quiet),
            "asks": self._asks_of_a_day(one["asks"]),
            "fetch": times(fetched, PLAYS),
            "plan": plus(times(playing, PLANNED_S), times(edges, PLAYS)),
            "live": plus(times(live, LIVE_S), sides),
            "test": one["test"],
        }

    def _asked(self) -> dict[str, int]:
        """How often a day each thing is asked, a connection for each."""
        return {
            "plan": int(DAY_S / poll.WITH_LINK_S),
            "commands": int(DAY_S / allegiance.WITH_LINK_S),
            "beacon": int(DAY_S / allegiance.LINK_TEST_EVERY_S),
            "release": DAY_S // RELEASES_EVERY_S,
            "session": DAY_S // SESSION_S,
            "challenge": DAY_S // SESSION_S,
            "trust": int(DAY_S / allegiance.POLICY_EVERY_S),
            "pinned": int(DAY_S / allegiance.POLICY_EVERY_S),
        }

    def _asks_of_a_day(self, asks: Cost) -> Cost:
        """Processor and disk as for a hint's two questions; bytes as each was seen in this run."""
        asked = self._asked()
        seen = self.device.read()
        connecting = asks["times " + HANDSHAKE]
        total = Cost()
        share = sum(asked.values()) / max(1, asks["times plan"] + asks["times commands"])
        for name in ("cpu_s", "fsyncs", "written", "wakeups"):
            total[name] = asks[name] * share
        for purpose, count in asked.items():
            for way in ("up", "down"):
                each = seen[f"{way} {purpose}"] / max(1, seen[f"times {purpose}"])
                total[f"{way} {purpose}"] = each * count
        for way in ("up", "down"):
            each = asks[f"{way} {HANDSHAKE}"] / max(1, connecting)
            total[f"{way} {HANDSHAKE}"] = each * sum(asked.values())
        return total

    def _beside(self) -> dict[str, Any]:
        spans = self.device.spans
        silence, decoding, sleep = (self.beside[n] for n in ("silence", "decoding", "sleep"))
        return {
            "playing_to_bare_decoder": ratio(spans["playing"], decoding),
            "idle_to_bare_silence": ratio(spans["idle"], silence),
            "idle_python_rss_mb": sleep.memory["rss_mb"],
            "idle_python_cpu_s": round(sleep.used["cpu_s"], 2),
            "bare_decoder": {**decoding.memory, **rounded(dict(decoding.used), 2)},
            "bare_silence": {**silence.memory, **rounded(dict(silence.used), 2)},
        }


def purposes(cost: Cost) -> dict[str, list[float]]:
    """Megabytes up and down, the greatest first."""
    names = {name.split(" ", 1)[1] for name in cost if name.startswith(("up ", "down "))}
    found = {n: [cost[f"up {n}"] / 1e6, cost[f"down {n}"] / 1e6] for n in names}
    ordered = sorted(found.items(), key=lambda one: -sum(one[1]))
    return {name: [round(value, 2) for value in both] for name, both in ordered}


def rounded(values: dict[str, Any], digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in values.items() if value}


def megabytes(values: dict[str, Any]) -> dict[str, float]:
    return {name: round(value / 1e6, 2) for name, value in values.items()}


def numbered(unit: Unit) -> tuple[int, int]:
    with transaction.atomic():
        return commands.next_number(unit)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=int, default=30, help="of being idle, playing and live")
    words.add_argument("--folder", type=Path, help="on the disk that is measured; else a temporary")
    given = words.parse_args()
    if filesystem(given.folder or Path(tempfile.gettempdir())) == "tmpfs":
        raise SystemExit("That folder lies in memory: name one on a disk with --folder.")
    with (
        tempfile.TemporaryDirectory(dir=given.folder and given.folder.resolve()) as folder,
        tempfile.TemporaryDirectory(dir="/dev/shm") as memory,
    ):
        print(json.dumps(Bench(Path(folder), Path(memory), given.seconds).run()))


if __name__ == "__main__":
    main()
