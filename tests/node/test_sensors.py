"""Sensors are read from the kernel's files; what is not there is not invented."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vang_node.sensors import Machine, Sensors
from vang_protocol.healths import Health, NetworkKind, health_table, parse_health

ROUTE = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"


def put(root: Path, **files: str) -> None:
    """``a__b__c="text"`` writes a/b/c."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, tmp_path / "root")


def test_a_bare_machine_tells_only_of_its_disk(tmp_path: Path) -> None:
    told = health_table(machine(tmp_path).read())
    assert set(told) == {"disk_free_mb", "disk_free_pct"}


def test_a_board_with_a_battery_and_a_radio(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(
        root,
        sys__class__power_supply__BAT0__type="Battery\n",
        sys__class__power_supply__BAT0__voltage_now="12480000\n",
        sys__class__power_supply__USB__type="USB\n",
        sys__class__power_supply__USB__voltage_now="5020000\n",
        sys__class__thermal__thermal_zone0__temp="48312\n",
        sys__class__thermal__thermal_zone1__temp="61999\n",
        sys__class__hwmon__hwmon0__name="rpi_volt\n",
        sys__class__hwmon__hwmon0__in0_lcrit_alarm="1\n",
        proc__meminfo="MemTotal: 900000 kB\nMemAvailable:  409600 kB\n",
        proc__net__route=ROUTE + "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\n",
        proc__net__wireless="h\nh\n wlan0: 0000   55.  -58.  -256        0\n",
        sys__class__net__wlan0__uevent="DEVTYPE=wlan\n",
        proc__stat="cpu  100 0 100 800 0 0 0 0 0 0\n",
    )
    board = machine(tmp_path)
    first = board.read()
    assert (first.battery_mv, first.supply_mv, first.undervoltage) == (12_480, 5_020, True)
    assert (first.temperature_c10, first.memory_free_mb, first.cpu_pct) == (619, 400, None)
    assert first.network is not None
    assert (first.network.kind, first.network.signal_dbm) == (NetworkKind.WIFI, -58)
    put(root, proc__stat="cpu  150 0 150 900 0 0 0 0 0 0\n")
    assert board.read().cpu_pct == 50


def test_a_modem_and_a_voltage_sensor(tmp_path: Path) -> None:
    put(
        tmp_path / "root",
        sys__class__hwmon__hwmon3__name="ina219\n",
        sys__class__hwmon__hwmon3__in1_input="11870\n",
        proc__net__route=ROUTE + "wwan0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\n",
        sys__class__net__wwan0__uevent="DEVTYPE=wwan\n",
    )
    told = machine(tmp_path).read()
    assert told.supply_mv == 11_870
    assert told.network is not None
    assert told.network.kind is NetworkKind.MOBILE
    assert told.network.signal_dbm is None


@given(st.binary(max_size=60), st.text(max_size=60))
def test_a_sensor_that_speaks_nonsense_is_absent(
    tmp_path_factory: object, raw: bytes, text: str
) -> None:
    root = tmp_path_factory.mktemp("m")  # type: ignore[attr-defined]
    for name in ("proc/stat", "proc/meminfo", "proc/net/route", "sys/class/thermal/t/temp"):
        path = root / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw + text.encode("utf-8", "replace"))
    health = Machine(root, root / "root").read()
    assert parse_health(health_table(health)) == health


def test_this_machine_is_read_without_complaint(tmp_path: Path) -> None:
    health = Machine(tmp_path).read()
    assert parse_health(health_table(health)) == health
    assert health.memory_free_mb is not None
    assert health.disk_free_mb is not None


def test_what_else_is_known_comes_with_the_readings(tmp_path: Path) -> None:
    sensors = Sensors(machine(tmp_path), lambda health: Health(cpu_pct=7))
    assert sensors.latest() == Health(cpu_pct=7)
