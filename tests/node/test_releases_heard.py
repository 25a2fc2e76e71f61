"""A real node takes real releases: a good one is kept, a broken one gives way."""

import os
import signal
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path

import pytest

from tests.node.ordering import policy_of_town
from tests.node.pole import Pole, in_seconds, until
from tests.node.releasing import LIBRARIES, a_file, sources
from tests.node.tape import noise
from tests.node.town import Town, a_plan, an_item, utc_now
from vang_protocol.records import Boot, PlayEnded
from vang_protocol.releases import (
    Failure,
    Offer,
    Phase,
    Release,
    Settings,
    Sort,
    settings_file,
)

TWO = Release(Sort.SOFTWARE, "0.2.0")
LAUNCHER = Path(__file__).parents[2] / "src/vang_node/launcher.py"


class Device(Pole):
    """A pole whose agent came in a package, with a launcher."""

    def __init__(self, town: Town, root: Path) -> None:
        super().__init__(town, root)
        self.package = root / "package"
        release = self.package / "releases" / "0.1.0"
        release.parent.mkdir(parents=True)
        sources(release, "0.1.0")
        said = f'{{"libraries":"{LIBRARIES}","v":1,"version":"0.1.0"}}'
        (release / "release.json").write_text(said)
        (self.package / "current").symlink_to("releases/0.1.0")
        libraries = self.package / "libraries" / LIBRARIES
        libraries.parent.mkdir()
        libraries.symlink_to(sysconfig.get_paths()["purelib"])

    def switch_on(self, *, largest_file: int | None = None) -> None:
        sink = f"wav:{self.home.root / 'capture'}"
        line = [sys.executable, str(LAUNCHER), "run", "--home", str(self.home.root)]
        around = {**os.environ, "VANG_NODE_FACTORY": str(self.package)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*line, "--sink", sink], stderr=log, env=around)

    def versions(self) -> list[str]:
        """What was started, one after the other."""
        return [boot.software for boot in self.all_of(Boot) if isinstance(boot, Boot)]


@pytest.fixture
def device(town: Town, tmp_path: Path) -> "object":
    assert town.province is not None
    town.province.let_sign_software(policy_of_town(version=2), utc_now())
    made = Device(town, tmp_path)
    yield made
    if made.process is not None:
        made.kill()


def offer(town: Town, content: bytes, release: Release = TWO, *, ask: str = "a1") -> None:
    assert town.province is not None
    town.province.publish_list({release.target: content}, utc_now())
    town.files[sha256(content).hexdigest()] = content
    town.offer = Offer(ask, release, 1)


def test_a_good_release_is_kept_and_the_plan_goes_on(
    town: Town, device: Device, tmp_path: Path
) -> None:
    device.switch_on()
    until(lambda: "n1" in town.states, device)
    audio = town.add_audio(noise(3.0))
    first = an_item(audio, in_seconds(6))
    town.publish(a_plan(first))
    offer(town, a_file(tmp_path / "two", "0.2.0"))
    until(lambda: any(one.phase is Phase.WAITING for one in town.told), device)
    assert device.versions() == ["vang-node 0.1.0"], "not so shortly before a play"
    until(lambda: any(one.follows(TWO) for one in town.told), device)
    assert device.versions() == ["vang-node 0.1.0", "vang-node 0.2.0"]
    assert [one.end.value for one in device.all_of(PlayEnded)] == ["done"]  # type: ignore[attr-defined]
    second = an_item(audio, in_seconds(5))
    town.publish(a_plan(second, version=2))
    until(lambda: len(device.all_of(PlayEnded)) == 2, device)
    until(lambda: _said_healthy(town, "0.2.0"), device)
    assert device.kill(signal.SIGTERM) == 0
    device.switch_on()
    until(lambda: len(device.versions()) == 3, device)
    assert device.versions()[-1] == "vang-node 0.2.0"


def test_a_broken_release_gives_way_and_is_reported(
    town: Town, device: Device, tmp_path: Path
) -> None:
    broken = "def run(home, sink_text):\n    raise SystemExit(3)"
    device.switch_on()
    offer(town, a_file(tmp_path / "two", "0.2.0", broken=broken))
    until(lambda: any(one.failed for one in town.told), device)
    told = [one for one in town.told if one.failed][-1]
    assert told.failed is not None
    assert (told.failed.ask, told.failed.reason, told.software) == ("a1", Failure.DIED, "0.1.0")
    assert set(device.versions()) == {"vang-node 0.1.0"}
    seen = len(town.told)
    until(lambda: len(town.told) > seen + 1, device)
    assert device.versions() == ["vang-node 0.1.0"] * 2, "the same offer is not tried twice"


def test_other_settings_are_tried_and_kept(town: Town, device: Device) -> None:
    device.switch_on()
    seven = Release(Sort.CONFIGURATION, "7")
    offer(town, settings_file(7, Settings(reserve_mb=70)), seven)
    until(lambda: any(one.follows(seven) for one in town.told), device)
    until(lambda: _said_healthy(town, "0.1.0", settings=7), device)


@pytest.mark.parametrize("after", ["incoming", "releases/0.2.0", "trial.json", "current"])
def test_a_power_cut_at_any_step_leaves_a_node_that_runs(
    town: Town, device: Device, tmp_path: Path, after: str
) -> None:
    device.switch_on()
    offer(town, a_file(tmp_path / "two", "0.2.0"))
    until((device.home.software / after).exists, device)
    device.kill()
    device.switch_on()
    until(lambda: any(one.follows(TWO) for one in town.told), device)
    assert device.versions()[-1] == "vang-node 0.2.0"
    assert device.call("journal", "verify").returncode == 0


def _said_healthy(town: Town, version: str, settings: int = 0) -> bool:
    said = town.states["n1"].release
    if said is None or not said.healthy:
        return False
    return (said.version, said.configuration) == (version, settings)
