"""``vang run``: the processes of one installation, started, watched and ended together."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from vang.base.virtual_nodes import SUPERVISED, WantedNode, free_home, take_wanted
from vang.installation.model_station import HOST
from vang.installation.options import RunOptions
from vang.installation.preflight import (
    CannotStart,
    check_port,
    free_port,
    lock_data_folder,
    prepare_data_folder,
)
from vang.installation.processes import Child, stop_all
from vang.installation.secret import make_secret
from vang.installation.shape import is_demonstration, is_set_up, note_set_up
from vang.rollouts.archives import DEMONSTRATION, LAUNCHER, SOURCE, make_package

_READY_WITHIN_S = 90.0
_WATCH_S = 0.5
_NODE = (sys.executable, "-m", "vang_node.cli")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Addresses:
    """Where the pages and the push process listen."""

    bind: str
    port: int
    link_port: int
    station_port: int
    """Of the demonstration's model station, on this computer only."""

    @property
    def host(self) -> str:
        """An address that this computer itself can open."""
        if self.bind in {"0.0.0.0", "::"}:  # noqa: S104 - only compared
            return "127.0.0.1"
        return f"[{self.bind}]" if ":" in self.bind else self.bind

    @property
    def pages(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def link(self) -> str:
        return f"http://{self.host}:{self.link_port}"

    @property
    def station(self) -> str:
        return f"http://{HOST}:{self.station_port}"


def environment_for(options: RunOptions, addresses: Addresses) -> dict[str, str]:
    """What every child is told."""
    hosts = {"127.0.0.1", "localhost", "[::1]", addresses.host}
    if options.bind in {"0.0.0.0", "::"}:  # noqa: S104 - only compared
        hosts.add("*")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "vang.config.settings",
        "PYTHONUNBUFFERED": "1",
        "VANG_DATA": str(options.data),
        "VANG_HOSTS": os.environ.get("VANG_HOSTS", ",".join(sorted(hosts))),
        "VANG_LINK_PORT": str(addresses.link_port),
        "VANG_LINK_URL": f"ws://{addresses.host}:{addresses.link_port}/link",
        "VANG_LINK_INTERNAL_URL": addresses.link,
        "VANG_WEB_URL": addresses.pages,
        SUPERVISED: "1",
    }


def with_station(environment: Mapping[str, str], addresses: Addresses) -> dict[str, str]:
    """The demonstration's own station may be relayed although it is a neighbour."""
    name = "VANG_RELAYS_INSIDE"
    inside = [*filter(None, [environment.get(name, "")]), addresses.station.removeprefix("http://")]
    return {**environment, name: ",".join(inside)}


class Installation:
    """One running Vang: use as a context manager; leaving it ends every child."""

    def __init__(self, options: RunOptions, *, purpose: str = "run", say: Say = print) -> None:
        self.options = options
        self.purpose = purpose
        self.say = say
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        options = self.options
        prepare_data_folder(options.data)
        self._lock = lock_data_folder(options.data)
        try:
            self._begin()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _begin(self) -> None:
        options = self.options
        check_port(options.bind, options.port)
        link_port = free_port(options.bind, preferred=min(options.port + 1, 65_535))
        station_port = free_port(HOST, preferred=min(options.port + 2, 65_535))
        self.addresses = Addresses(options.bind, options.port, link_port, station_port)
        self.environment = environment_for(options, self.addresses)
        make_secret(options.data)
        database = self.environment.get("VANG_DATABASE_URL", "")
        # The set-up still checks everything; it only has nothing to change, so that the servers
        # may load beside it.
        current = is_set_up(options.data, database)
        if current:
            self._start_servers()
        self.facts = self._set_up()
        note_set_up(options.data, database)
        if not current:
            self._start_servers()
        self._wait_until_ready()
        self._start_station()
        self._start_nodes(self.facts["nodes"])

    def __exit__(self, *_exception: object) -> None:
        stop_all(self.children)
        self._lock.handle.close()

    def _set_up(self) -> dict[str, Any]:
        """Database and first data, in a process of its own so that this one stays small."""
        words = ["set-up", "--purpose", self.purpose, "--nodes", str(self.options.nodes)]
        around = self.environment
        if self.options.empty:
            words.append("--empty")
        else:
            words += ["--station", self.addresses.station]
            around = with_station(around, self.addresses)
        done = subprocess.run(
            [sys.executable, "-m", "vang.cli", *words],
            # Nobody listens for hints yet.
            env={**around, "VANG_LINK_INTERNAL_URL": ""},
            stdout=subprocess.PIPE,
            check=False,
            text=True,
        )
        if done.returncode != 0:
            raise CannotStart("")
        facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return facts

    def _start_servers(self) -> None:
        around = self.environment
        if is_demonstration(self.options.data):
            around = with_station(around, self.addresses)
        for name, command in self._servers().items():
            self._add(name, command, around)

    def _servers(self) -> Mapping[str, list[str]]:
        addresses, python = self.addresses, sys.executable
        return {
            "web": [
                *(python, "-m", "granian", "--interface", "wsgi"),
                *("--host", addresses.bind, "--port", str(addresses.port)),
                *("--workers", "1", "--blocking-threads", "4", "--backlog", "512"),
                *("--no-ws", "--log-level", "warning", "vang.config.wsgi:application"),
            ],
            "link": [
                *(python, "-m", "vang.cli", "link"),
                *("--bind", addresses.bind, "--port", str(addresses.link_port)),
            ],
            "worker": [python, "-m", "vang.cli", "worker"],
        }

    def _add(
        self, name: str, command: list[str], environment: Mapping[str, str] | None = None
    ) -> Child:
        log = self.options.data / "logs" / f"{name}.log"
        child = Child(name, command, environment or self.environment, log)
        child.start()
        self.children.append(child)
        return child

    def _start_station(self) -> None:
        if is_demonstration(self.options.data):
            port = str(self.addresses.station_port)
            self._add(
                "station", [sys.executable, "-m", "vang.cli", "model-station", "--port", port]
            )

    def _start_nodes(self, nodes: Sequence[Mapping[str, Any]]) -> None:
        """Virtual nodes; those that have never enrolled do so first, side by side."""
        new = [node for node in nodes if node["code"] is not None]
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(self._enrol, new))
        package = self.options.data / "node-package"
        if nodes:
            modules = Path(sysconfig.get_path("purelib"))
            make_package(package, source=SOURCE, libraries=DEMONSTRATION, modules=modules)
        around = {**self.environment, "VANG_NODE_FACTORY": str(package)}
        for node in nodes:
            sink = node.get("sink") or f"wav:{Path(node['home']) / 'captured'}"
            line = [sys.executable, str(LAUNCHER), "run", "--home", node["home"], "--sink", sink]
            self._add(node["name"], line, around)

    def _start_wanted(self, wanted: WantedNode) -> None:
        """A virtual node that a page asked for; what fails is told and stops nothing else."""
        home = free_home(self.options.data, wanted.cluster)
        node = {"name": f"node-{home.name}", "home": str(home), "code": wanted.code}
        try:
            self._start_nodes([node])
        except CannotStart as error:
            self.say(str(error))
        else:
            self.say(f"{node['name']} started")

    def _enrol(self, node: Mapping[str, Any]) -> None:
        where = ["--server", self.addresses.pages, "--home", node["home"], "--name", node["name"]]
        done = subprocess.run(
            [*_NODE, "enrol", *where, "--code", node["code"]],
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode != 0:
            raise CannotStart(f"{node['name']} could not enrol: {done.stderr.strip()}")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while time.monotonic() < deadline:
            if _answers(f"{self.addresses.pages}/health"):
                return
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    raise CannotStart(f"{child.name} ended at once; its log is {child.log}")
            time.sleep(0.05)
        raise CannotStart(f"The pages did not answer in time; see {self.options.data / 'logs'}")

    def watch(self, stopping: threading.Event) -> None:
        """Keep every child alive until ``stopping`` is set."""
        while not stopping.wait(_WATCH_S):
            for child in self.children:
                if told := child.revive(time.monotonic()):
                    self.say(told)
            for wanted in take_wanted(self.options.data):
                self._start_wanted(wanted)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        raise CannotStart(f"The pages answered with an error: {error}") from error
    except (OSError, urllib.error.URLError):
        return False


def run(options: RunOptions) -> None:
    """Start, say "ready", and stay until SIGINT or SIGTERM. Raises KeyboardInterrupt when it is
    told to end while it still starts; everything begun is ended then too."""
    stopping, ready = threading.Event(), threading.Event()

    def end(*_signal: object) -> None:
        stopping.set()
        if not ready.is_set():
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    with Installation(options) as installation:
        ready.set()
        _announce(installation)
        installation.watch(stopping)
        print("stopping …", flush=True)


def _announce(installation: Installation) -> None:
    accounts = installation.facts.get("accounts", [])
    for account in accounts:
        print(f"  {account['username']:<8} {account['password']:<18} {account['about']}")
    if is_demonstration(installation.options.data):
        print(f"  Đài mẫu  {installation.addresses.station}/")
    print(f"ready: {installation.addresses.pages}", flush=True)
