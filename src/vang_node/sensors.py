"""What the device can tell of itself, from the kernel's files. An absent sensor stays absent."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vang_protocol.healths import Health, Network, NetworkKind

EVERY_S = 30.0
_RTF_UP = 1


@dataclass
class Machine:
    """The kernel's files below ``root``; ``home`` is on the disk that matters."""

    home: Path
    root: Path = Path("/")
    _busy: tuple[int, int] | None = None

    def read(self) -> Health:
        """All sensors, once. Never raises for a sensor that is missing or speaks nonsense."""
        disk = _disk(self.home)
        return Health(
            battery_mv=self._supply_mv({"Battery"}),
            supply_mv=self._measured_mv() or self._supply_mv({"Mains", "USB"}),
            undervoltage=self._undervoltage(),
            temperature_c10=self._temperature_c10(),
            disk_free_mb=disk[0],
            disk_free_pct=disk[1],
            memory_free_mb=self._memory_mb(),
            cpu_pct=self._cpu_pct(),
            network=self._network(),
        )

    def _supply_mv(self, kinds: set[str]) -> int | None:
        for folder in self._folders("sys/class/power_supply"):
            if _line(folder / "type") in kinds:
                found = _whole(folder / "voltage_now")
                if found is not None and 0 <= found <= 10**9:
                    return found // 1000
        return None

    def _measured_mv(self) -> int | None:
        """A voltage sensor of the INA family on the supply line."""
        for folder in self._folders("sys/class/hwmon"):
            if _line(folder / "name").startswith("ina"):
                found = _whole(folder / "in1_input")
                if found is not None and 0 <= found <= 1_000_000:
                    return found
        return None

    def _undervoltage(self) -> bool | None:
        """A Raspberry Pi says so itself."""
        for folder in self._folders("sys/class/hwmon"):
            if _line(folder / "name") == "rpi_volt":
                found = _whole(folder / "in0_lcrit_alarm")
                return None if found is None else bool(found)
        return None

    def _temperature_c10(self) -> int | None:
        """The hottest zone."""
        zones = [_whole(folder / "temp") for folder in self._folders("sys/class/thermal")]
        likely = [zone for zone in zones if zone is not None and -100_000 <= zone <= 200_000]
        return max(likely) // 100 if likely else None

    def _memory_mb(self) -> int | None:
        for line in _lines(self.root / "proc/meminfo"):
            name, _, rest = line.partition(":")
            if name == "MemAvailable" and rest.split()[:1] and rest.split()[0].isdecimal():
                return int(rest.split()[0]) // 1024
        return None

    def _cpu_pct(self) -> int | None:
        """Since the reading before; None at the first."""
        first = next(iter(_lines(self.root / "proc/stat")), "").split()
        if len(first) < 6 or first[0] != "cpu" or not all(word.isdecimal() for word in first[1:]):
            return None
        ticks = [int(word) for word in first[1:9]]
        total, idle = sum(ticks), ticks[3] + ticks[4]
        before, self._busy = self._busy, (total, idle)
        if before is None or total <= before[0]:
            return None
        return min(100, max(0, 100 - 100 * (idle - before[1]) // (total - before[0])))

    def _network(self) -> Network | None:
        name = next(self._routes(), None)
        if name is None:
            return None
        folder = self.root / "sys/class/net" / name
        if (folder / "wireless").exists() or "DEVTYPE=wlan" in _lines(folder / "uevent"):
            return Network(NetworkKind.WIFI, self._signal_dbm(name))
        if "DEVTYPE=wwan" in _lines(folder / "uevent") or name.startswith(("wwan", "ppp")):
            return Network(NetworkKind.MOBILE)
        return Network(NetworkKind.ETHERNET if _line(folder / "type") == "1" else NetworkKind.OTHER)

    def _routes(self) -> Iterator[str]:
        """Interfaces with a way to everywhere."""
        for line in _lines(self.root / "proc/net/route")[1:]:
            words = line.split()
            if len(words) > 7 and words[1] == words[7] == "00000000":
                with suppress(ValueError):
                    if int(words[3], 16) & _RTF_UP and "/" not in words[0]:
                        yield words[0]

    def _signal_dbm(self, name: str) -> int | None:
        for line in _lines(self.root / "proc/net/wireless"):
            words = line.split()
            if len(words) > 3 and words[0] == f"{name}:":
                with suppress(ValueError):
                    signal = round(float(words[3]))
                    return signal if -200 <= signal < 0 else None
        return None

    def _folders(self, path: str) -> list[Path]:
        with suppress(OSError):
            return sorted((self.root / path).iterdir())
        return []


class Sensors:
    """Reads them now and then on a thread of its own; ``latest`` is safe to call from any."""

    def __init__(self, machine: Machine, *further: Callable[[Health], Health]) -> None:
        """``further`` add what else is known of the device, such as its output."""
        self._machine, self._further = machine, further
        self._health = Health()
        self._stopping = threading.Event()

    def latest(self) -> Health:
        health = self._health
        for add in self._further:
            health = add(health)
        return health

    def look(self) -> None:
        self._health = self._machine.read()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(EVERY_S)

    def stop(self) -> None:
        self._stopping.set()


def _disk(home: Path) -> tuple[int | None, int | None]:
    try:
        found = os.statvfs(home)
    except OSError:
        return None, None
    free = found.f_bavail * found.f_frsize
    share = 100 * found.f_bavail // found.f_blocks if found.f_blocks else None
    return free // 1024**2, share


def _lines(path: Path) -> list[str]:
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text().splitlines()
    return []


def _line(path: Path) -> str:
    return next(iter(_lines(path)), "").strip()


def _whole(path: Path) -> int | None:
    with suppress(ValueError):
        return int(_line(path))
    return None
