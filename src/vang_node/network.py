"""The device's own way to the network: Wi-Fi or 4G through NetworkManager, and how it is."""

import time
from datetime import UTC, datetime

from vang_node.home import Home
from vang_node.programs import Ran, run
from vang_node.server import Unreachable, make_client
from vang_node.words import number, said

WIFI, MOBILE = "vang-wifi", "vang-4g"
SSID_BYTES, PASSWORD_CHARS, APN_CHARS = 32, 63, 100


class NotConnected(Exception):
    """The text says why, for whoever stands there."""


def connect_wifi(name: str, password: str) -> None:
    """Join and remember a Wi-Fi. The password goes by the program's input, not on its command
    line. Raises NotConnected."""
    if not 1 <= len(name.encode()) <= SSID_BYTES or name.startswith("-") or not _plain(name):
        raise NotConnected(said("That is not accepted here."))
    if password and not (8 <= len(password) <= PASSWORD_CHARS and _plain(password)):
        raise NotConnected(said("That is not accepted here."))
    line = ("--ask", "--wait", "30", "device", "wifi", "connect", name, "name", WIFI)
    _done(run("nmcli", *line, told=f"{password}\n"))


def connect_mobile(apn: str) -> None:
    """Remember the SIM's APN and dial. Raises NotConnected."""
    fine = 1 <= len(apn) <= APN_CHARS and all(one.isalnum() or one in ".-_" for one in apn)
    if not fine or not apn.isascii() or apn.startswith("-"):
        raise NotConnected(said("That is not accepted here."))
    run("nmcli", "connection", "delete", MOBILE)  # a former attempt, if any
    add = ("connection", "add", "type", "gsm", "ifname", "*", "con-name", MOBILE, "apn", apn)
    _done(run("nmcli", *add))
    _done(run("nmcli", "--wait", "40", "connection", "up", MOBILE))


def access_point(interface: str) -> str | None:
    """The connection by which ``interface`` is an access point now, or None."""
    fields = ("--terse", "--fields", "NAME,DEVICE")
    told = run("nmcli", *fields, "connection", "show", "--active", within_s=10)
    for line in told.out.splitlines() if told else ():
        name, _, device = line.rpartition(":")
        if device == interface and _mode(plain := name.replace("\\:", ":")) == "ap":
            return plain
    return None


def _mode(name: str) -> str:
    line = ("--get-values", "802-11-wireless.mode", "connection", "show", "id", name)
    told = run("nmcli", *line, within_s=10)
    return told.out.strip() if told else ""


def leave_access_point(name: str) -> None:
    """Free the radio of it and look round: an access point hears no other Wi-Fi."""
    run("nmcli", "connection", "down", "id", name)
    run("nmcli", "device", "wifi", "list", "--rescan", "yes", within_s=20)


def open_access_point(name: str) -> None:
    run("nmcli", "--wait", "30", "connection", "up", "id", name)


def end_access_point(name: str) -> None:
    """For good: it does not come back with the next start."""
    run("nmcli", "connection", "modify", "id", name, "connection.autoconnect", "no")
    run("nmcli", "connection", "down", "id", name)


def known_networks() -> list[str]:
    """Names of the Wi-Fis heard here, each once, at most twenty."""
    heard = run("nmcli", "--terse", "--fields", "SSID", "device", "wifi", "list", within_s=15)
    if heard is None or heard.code:
        return []
    names = [line.replace("\\:", ":") for line in heard.out.splitlines() if line]
    return list(dict.fromkeys(names))[:20]


def state() -> str | None:
    """Connections that are up, in NetworkManager's words; None without it."""
    told = run("nmcli", "--terse", "--fields", "TYPE,STATE,CONNECTION", "device", within_s=10)
    if told is None:
        return None
    rows = [line.split(":") for line in told.out.splitlines()]
    up = [f"{row[0]} {row[2]}" for row in rows if len(row) >= 3 and row[1] == "connected"]
    return ", ".join(up)


def network_lines(home: Home) -> list[str]:
    """``vang-node network``."""
    now = state()
    shown = said("NetworkManager is not installed; see ip address.") if now is None else now
    lines = [f"{said('connection'):12} {shown or said('none')}"]
    if not home.server_file.exists():
        return [*lines, f"{said('server'):12} {said('not enrolled yet')}"]
    return [*lines, *_server_lines(home)]


def _server_lines(home: Home) -> list[str]:
    import httpx  # noqa: PLC0415

    server = home.pinned().server
    began = time.monotonic()
    try:
        with make_client(server, ca_file=home.local().ca_file) as client:
            answer = client.get("/api/node/v1/challenge")
            answer.raise_for_status()
            theirs = datetime.fromisoformat(answer.json()["server_time"])
    except (httpx.HTTPError, Unreachable, ValueError, KeyError) as error:
        why = str(error) or type(error).__name__
        return [f"{said('server'):12} {server} {said('does not answer: {why}', why=why)}"]
    took_ms = round((time.monotonic() - began) * 1000)
    off_s = (datetime.now(UTC) - theirs).total_seconds()
    off = said("{s} s from the server's", s=number(off_s, sign=True))
    return [
        f"{said('server'):12} {server} {said('answers after {ms} ms', ms=took_ms)}",
        f"{said('clock'):12} {off}",
    ]


def _done(ran: Ran | None) -> None:
    if ran is None:
        raise NotConnected(said("NetworkManager is not installed; see ip address."))
    if ran.code:
        if "Secrets were required" in ran.error + ran.out:
            raise NotConnected(said("The password is wrong."))
        lines = (ran.error or ran.out).strip().splitlines()
        raise NotConnected(lines[-1][:200] if lines else f"nmcli: {ran.code}")


def _plain(text: str) -> bool:
    return all(one.isprintable() for one in text)
