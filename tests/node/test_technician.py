"""What a technician types, and the page on which a telephone sets a loudspeaker up."""

import ast
import json
import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.node.pole import COMMAND, PATIENCE_S
from tests.node.speaker import set_up
from tests.node.town import Town, open_town
from vang_node.home import Home, HomeUnfit
from vang_node.loudness import level_line, set_level
from vang_node.network import known_networks
from vang_node.running import usual_sink
from vang_node.supervised import Supervisor
from vang_node.words import VIETNAMESE, refusal
from vang_protocol.journals import ChainBroken
from vang_protocol.reasons import Reason

NODE = Path(__file__).parents[2] / "src/vang_node"
NMCLI = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/asked"
case "$*" in
*"wifi list"*) printf 'UBND xa\\nQuan nuoc\\n' ;;
*"wifi connect"*) read -r password; echo "password=$password" >> "$(dirname "$0")/asked"
  [ "$password" = "mat-khau-dung" ] || { echo "Error: wrong password" >&2; exit 4; } ;;
*"TYPE,STATE"*) echo "wifi:connected:vang-wifi" ;;
*"--active"*) [ ! -e "$(dirname "$0")/hotspot" ] || echo 'Loa\\:1:lo' ;;
*wireless.mode*) echo ap ;;
*"connection down"*) rm -f "$(dirname "$0")/hotspot" ;;
*"connection up id"*) touch "$(dirname "$0")/hotspot" ;;
esac
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "node").mkdir()
    speaker = set_up(tmp_path / "node")
    speaker.switch_off()
    return speaker.home


def test_every_sentence_is_said_in_vietnamese() -> None:
    missing = []
    for file in NODE.rglob("*.py"):
        for part in ast.walk(ast.parse(file.read_text())):
            named = isinstance(part, ast.Call) and getattr(part.func, "id", "") == "said"
            first = part.args[0] if named and part.args else None  # type: ignore[attr-defined]
            if isinstance(first, ast.Constant) and first.value not in VIETNAMESE:
                missing.append(f"{file.name}: {first.value}")
    assert missing == []
    for english, vietnamese in VIETNAMESE.items():
        assert re.findall(r"\{\w+\}", english) == sorted(
            re.findall(r"\{\w+\}", vietnamese), key=re.findall(r"\{\w+\}", english).index
        ), english


SAYS = {"HomeUnfit", "NotConnected", "print", "say", "_say", "help", "description"}


def sayings(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given to those who speak to a person."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") in SAYS:
            yield from part.args[:1]
        if isinstance(part, ast.keyword) and part.arg in SAYS:
            yield part.value


def test_nothing_is_said_in_english_alone() -> None:
    """Sentences go through ``said``; names, numbers and lines of commands do not need to."""
    alone = []
    for file in NODE.rglob("*.py"):
        for words in sayings(ast.parse(file.read_text())):
            if not isinstance(words, (ast.Constant, ast.JoinedStr)):
                continue
            if re.search(r"[A-Za-z]{2,} [a-z]{2,}", ast.unparse(words)):
                alone.append(f"{file.name}:{words.lineno} {ast.unparse(words)}")
    assert alone == []


def test_a_broken_journal_is_explained_in_vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ChainBroken(7, Reason.WRONG_PREVIOUS)
    monkeypatch.setenv("VANG_NODE_LANGUAGE", "vi")
    assert refusal(error) == "Có dòng không nối với dòng trước: bị sửa hoặc mất."
    monkeypatch.setenv("VANG_NODE_LANGUAGE", "en")
    assert refusal(error) == str(error)


def test_the_level_stays_within_what_the_office_allows(home: Home) -> None:
    home.local_file.write_text('{"device_delay_ms":120}')
    assert "-12 dB" in set_level(home, -12)
    assert json.loads(home.local_file.read_bytes()) == {
        "device_delay_ms": 120,
        "volume_ceiling_db": -12,
    }
    assert "-12" in level_line(home)
    for wrong in (1, -61):
        with pytest.raises(HomeUnfit):
            set_level(home, wrong)


def test_the_locale_chooses_the_language(home: Home) -> None:
    line = [*COMMAND, "level", "--home", str(home.root)]
    for told, word in (("vi_VN.UTF-8", "Cơ quan"), ("en_US.UTF-8", "The office"), ("C", "The off")):
        around = {**os.environ, "LANG": told, "LC_ALL": ""}
        done = subprocess.run(line, capture_output=True, text=True, check=True, env=around)
        assert done.stdout.startswith(word)


def test_systemd_hears_that_the_main_loop_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        supervisor = Supervisor()
        supervisor.turned(0)
        supervisor.turned(1_000_000)
        supervisor.turned(6_000_000)
        supervisor.ends()
        line.settimeout(5)
        said = [line.recv(100).decode() for _ in range(3)]
    assert said == ["READY=1\nWATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


class SetUp:
    """The real command with a made-up nmcli before it on the path."""

    def __init__(self, root: Path) -> None:
        self.programs, self.home = root / "bin", Home(root / "node")
        self.programs.mkdir()
        place = self.programs / "nmcli"
        place.write_text(NMCLI)
        place.chmod(place.stat().st_mode | stat.S_IXUSR)
        around = {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", "LANG": "vi_VN"}
        line = ["setup", "--interface", "lo", "--port", "0", "--home", str(self.home.root)]
        self.process = subprocess.Popen(
            [*COMMAND, *line], env=around, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found is not None
        self.address = found[0]

    def get(self, path: str = "") -> str:
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **told: str) -> str:
        body = urllib.parse.urlencode(told).encode()
        with urllib.request.urlopen(self.address + path, body, timeout=60) as answer:
            return str(answer.read().decode())

    def token(self) -> str:
        found = re.search(r"name=token value='([^']+)'", self.get())
        assert found is not None
        return found[1]

    def asked(self) -> str:
        return (self.programs / "asked").read_text()


@pytest.fixture
def setting_up(tmp_path: Path) -> Iterator[SetUp]:
    made = SetUp(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()
    made.process.stdout.close()  # type: ignore[union-attr]


def test_a_telephone_sets_a_loudspeaker_up(setting_up: SetUp) -> None:
    with open_town(Town(codes={"K7QF": "c1"})) as town:
        token = setting_up.token()
        shown = setting_up.get()
        assert "Cài đặt loa" in shown
        assert "Quan nuoc" in shown
        wrong = setting_up.post("wifi", token=token, ssid="UBND xa", password="mat-khau-sai")
        assert "wrong password" in wrong
        well = setting_up.post("wifi", token=token, ssid="UBND xa", password="mat-khau-dung")
        assert "Đã kết nối" in well
        assert "mat-khau" not in re.sub(r"(?m)^password=.*$", "", setting_up.asked())
        assert "Đã kết nối" in setting_up.post("mobile", token=token, apn="v-internet")
        assert "apn v-internet" in setting_up.asked()
        refused = setting_up.post("enrol", token=token, server=town.url, code="SAI")
        assert "Chưa đăng ký được loa: Mã không đúng" in refused
        assert 'value="SAI"' in refused, "nothing of the form is lost"
        done = setting_up.post(
            "wifi", token=token, ssid="UBND xa", password="mat-khau-dung", server=town.url,
            code="K7QF",
        )  # fmt: skip
        assert "Đã đăng ký loa" in done
        assert setting_up.process.wait(PATIENCE_S) == 0, "the page closes once it is enrolled"
    assert setting_up.home.pinned().answer.cluster == "c1"


def test_the_radio_of_the_access_point_joins_the_wifi_itself(setting_up: SetUp) -> None:
    hotspot = setting_up.programs / "hotspot"
    hotspot.touch()
    with open_town(Town(codes={"K7QF": "c1"})) as town:
        given = {"token": setting_up.token(), "ssid": "UBND xa", "server": town.url, "code": "K7QF"}
        lacking = setting_up.post("wifi", **{**given, "code": ""})
        assert "Hãy điền tên Wi-Fi" in lacking
        assert hotspot.exists()
        told = setting_up.post("wifi", **given, password="mat-khau-sai")
        assert "Wi-Fi của loa tắt" in told, "answered before it goes off"
        waited(lambda: "Chưa kết nối được: Error: wrong password" in setting_up.get())
        waited(hotspot.exists)  # it comes back to the telephone
        assert "connection down id Loa:1" in setting_up.asked()
        setting_up.post("wifi", **given, password="mat-khau-dung")
        assert setting_up.process.wait(PATIENCE_S) == 0
    assert setting_up.home.pinned().answer.cluster == "c1"
    assert not hotspot.exists()
    never_again = "connection modify id Loa:1 connection.autoconnect no"
    assert setting_up.asked().count(never_again) == 1, "nor after a power cut"


def test_pressing_twice_joins_once(setting_up: SetUp) -> None:
    hotspot = setting_up.programs / "hotspot"
    hotspot.touch()
    with open_town(Town(codes={"K7QF": "c1"})) as town:
        given = {"token": setting_up.token(), "ssid": "UBND xa", "server": town.url, "code": "K7QF"}
        pages = [setting_up.post("wifi", **given, password="mat-khau-dung") for _press in range(2)]
        assert setting_up.process.wait(PATIENCE_S) == 0
    assert "Wi-Fi của loa tắt" in pages[0]
    assert pages[1] == pages[0]
    assert setting_up.asked().count("wifi connect") == 1
    assert "connection up id" not in setting_up.asked()
    assert not hotspot.exists()


def test_enrolled_by_cable_before_the_radio_turns_to_the_wifi(setting_up: SetUp) -> None:
    hotspot = setting_up.programs / "hotspot"
    hotspot.touch()
    with open_town(Town(codes={"K7QF": "c1"})) as town:
        given = {"token": setting_up.token(), "ssid": "UBND xa", "server": town.url, "code": "K7QF"}
        setting_up.post("wifi", **given, password="mat-khau-dung")
        assert "Đã đăng ký loa" in setting_up.post("enrol", **given)
        assert setting_up.process.wait(PATIENCE_S) == 0
    assert "wifi connect" not in setting_up.asked()
    assert "connection up id" not in setting_up.asked()
    assert "connection.autoconnect no" in setting_up.asked()
    assert not hotspot.exists()


MISTYPED = (
    "https://vang.xa.vn:abc", "https://vang.xa.vn:99999", "https://vang..vn", "https://[bad",
    "https://", "https://vang xa.vn", f"https://{'a' * 64}.vn",
)  # fmt: skip


@pytest.mark.parametrize("path", ["wifi", "mobile", "enrol"])
def test_a_mistyped_address_is_told_at_its_field(setting_up: SetUp, path: str) -> None:
    """Before any connection is touched."""
    (setting_up.programs / "hotspot").touch()
    given = {"token": setting_up.token(), "ssid": "UBND xa", "apn": "v-internet", "code": "K7QF"}
    for server in MISTYPED:
        shown = setting_up.post(path, **given, server=server, password="mat-khau-dung")
        assert re.search(r"role=alert id=about-server>[^<]*không phải địa chỉ", shown), server
        assert "aria-describedby=about-server" in shown
    assert "https:// hoặc http://" in setting_up.post(path, **given, server="ftp://vang.xa.vn")
    for touched in ("wifi connect", "connection down", "gsm"):
        assert touched not in setting_up.asked()


def test_a_mistyped_address_is_told_in_the_terminal(tmp_path: Path) -> None:
    line = [*COMMAND, "enrol", "--home", str(tmp_path / "node"), "--code", "K7QF", "--server"]
    around = {**os.environ, "LANG": "vi_VN.UTF-8", "LC_ALL": ""}
    for server in ("https://vang..vn", "https://[bad"):
        done = subprocess.run(
            [*line, server], capture_output=True, text=True, env=around, check=False
        )
        assert done.returncode == 1
        assert f"{server} không phải địa chỉ" in done.stderr
        assert "Traceback" not in done.stderr


def test_whatever_goes_wrong_is_told_and_the_own_wifi_comes_back(setting_up: SetUp) -> None:
    """Nobody foresees everything: here a setting of the wrong kind."""
    setting_up.home.root.mkdir(exist_ok=True)
    setting_up.home.local_file.write_text('{"ca_file":5}')
    given = {"token": setting_up.token(), "server": "http://127.0.0.1:9", "code": "K7QF"}
    assert "Có lỗi: " in setting_up.post("enrol", **given)
    hotspot = setting_up.programs / "hotspot"
    hotspot.touch()
    setting_up.post("wifi", **given, ssid="UBND xa", password="mat-khau-dung")
    waited(lambda: "Có lỗi: " in setting_up.get())
    assert "connection down id Loa:1" in setting_up.asked()
    waited(hotspot.exists)


def answered(setting_up: SetUp, length: str, body: str = "") -> str:
    """The first line of the answer to a request as no browser sends it."""
    host, port = setting_up.address[7:].rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        head = f"POST /wifi HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}"
        line.sendall(head.encode("latin-1"))
        return line.makefile(encoding="utf-8").readline()


def test_what_is_no_form_is_refused_in_order(setting_up: SetUp) -> None:
    many = "&".join(["a=1"] * 50)
    assert " 400 " in answered(setting_up, str(len(many)), many)
    for length in ("²", "", "-1", "1_0", "x"):
        assert " 400 " in answered(setting_up, length), length
    assert " 413 " in answered(setting_up, "9" * 5000)
    assert "Trang đã cũ" in setting_up.post("wifi", token="ä")


def waited(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_page_closes_for_a_device_that_was_enrolled_by_hand(setting_up: SetUp) -> None:
    setting_up.get()
    with open_town(Town(codes={"K7QF": "c1"})) as town:
        home = str(setting_up.home.root)
        line = [*COMMAND, "enrol", "--home", home, "--server", town.url]
        vietnamese = {**os.environ, "LANG": "vi_VN.UTF-8", "LC_ALL": ""}
        for code, code_expected, words in (
            ("SAI", 1, "Mã không đúng"), ("K7QF", 0, "Đã đăng ký"), ("K7QF", 1, "vang-node reset"),
        ):  # fmt: skip
            done = subprocess.run(
                [*line, "--code", code], capture_output=True, text=True, env=vietnamese,
                check=False, timeout=PATIENCE_S,
            )  # fmt: skip
            assert done.returncode == code_expected
            assert words in done.stdout + done.stderr
        assert setting_up.process.wait(PATIENCE_S) == 0


def test_the_tone_takes_the_output_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VANG_NODE_SINK", raising=False)
    file = tmp_path / "vang-node"
    assert usual_sink(file) == "alsa"
    file.write_text("# where\nVANG_NODE_SINK=alsa:plughw:0\nVANG_NODE_SETUP_INTERFACE=wlan0\n")
    assert usual_sink(file) == "alsa:plughw:0"
    monkeypatch.setenv("VANG_NODE_SINK", "wav:/tmp/x")
    assert usual_sink(file) == "wav:/tmp/x"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_leaves_nothing_of_its_own_in_the_devices_folder() -> None:
    program = (
        "import os, pathlib, sys; from vang_node.home import become_owner;"
        "root = pathlib.Path(sys.argv[1]); become_owner(root); (root / 'x').touch();"
        "print(os.geteuid(), os.getgroups())"
    )
    with tempfile.TemporaryDirectory(dir="/tmp") as top:
        Path(top).chmod(0o755)
        home = Path(top) / "node"
        home.mkdir()
        os.chown(home, 12345, 12345)
        line = [sys.executable, "-c", program, str(home)]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        assert done.stdout == "12345 []\n"
        assert (home / "x").stat().st_uid == 12345


def test_the_picture_on_the_offices_page_fills_in_server_and_code(setting_up: SetUp) -> None:
    given = urllib.parse.urlencode({"server": "https://vang.example", "code": "K7QF-22"})
    shown = setting_up.get(f"?{given}&ssid=evil")
    assert 'value="https://vang.example"' in shown
    assert 'value="K7QF-22"' in shown
    assert "evil" not in shown
    script = urllib.parse.urlencode({"code": '"><script>alert(1)</script>'})
    assert "<script>" not in setting_up.get(f"?{script}")
    assert "Cài đặt loa" in setting_up.get("?" + "&".join(["a=1"] * 50))


def test_the_page_answers_only_its_own_forms(setting_up: SetUp) -> None:
    told = setting_up.post("wifi", token="other", ssid="UBND xa", password="mat-khau-dung")
    assert "Trang đã cũ" in told
    token = setting_up.token()
    for name, value in (("ssid", "-x"), ("ssid", "x" * 33), ("ssid", "")):
        setting_up.post("wifi", **{"token": token, "password": "mat-khau-dung", name: value})
    for apn in ("a;reboot", "-a", "a b", "ä"):
        setting_up.post("mobile", token=token, apn=apn)
    assert "wifi connect" not in setting_up.asked()
    assert "gsm" not in setting_up.asked()
    shown = setting_up.post("wifi", token="x", ssid='"><script>alert(1)</script>')
    assert "<script>" not in shown
    with pytest.raises(urllib.error.HTTPError, match="413"):
        setting_up.post("wifi", token=token, ssid="x" * 5000)
    assert "Cài đặt loa" in setting_up.get("generate_204"), "a captive network leads to the page"


def test_many_at_once_do_not_stop_the_page(setting_up: SetUp) -> None:
    host, port = setting_up.address[7:].rstrip("/").split(":")
    lines = [socket.create_connection((host, int(port))) for _ in range(30)]
    threading.Event().wait(0.2)
    for line in lines:
        line.close()
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            assert "Cài đặt loa" in setting_up.get()
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < deadline
            continue
        break


def test_an_enrolled_loudspeaker_opens_no_page(home: Home) -> None:
    line = [*COMMAND, "setup", "--interface", "lo", "--port", "0", "--home", str(home.root)]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=PATIENCE_S)
    assert "already" in done.stdout
    lost = [sys.executable, *COMMAND[1:], "setup", "--interface", "none0", "--home", "/tmp/none"]
    gone = subprocess.run(lost, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert gone.returncode == 1
    assert "none0 has no address" in gone.stderr


def test_a_wifi_whose_name_is_no_text_is_listed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "nmcli"
    program.write_bytes(b"#!/bin/sh\nprintf 'UBND x\\343\\nLoa\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert known_networks() == ["UBND x\N{REPLACEMENT CHARACTER}", "Loa"]
