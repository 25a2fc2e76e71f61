"""Becoming a node: a key made here, a one-time code, and the trust pinned for good."""

from pathlib import Path
from urllib.parse import urlsplit

from vang_node import SOFTWARE
from vang_node.home import Home, HomeUnfit, Pinned, write_private
from vang_node.server import make_client, request_enrolment
from vang_protocol.enrolments import EnrolAnswer, EnrolRequest
from vang_protocol.envelopes import SigningKey


def enrol(home: Home, *, server: str, code: str, name: str) -> EnrolAnswer:
    """Spend ``code``; raises HomeUnfit, Unreachable or Refused. Never overwrites an enrolment."""
    if home.server_file.exists():
        raise HomeUnfit(f"{home.root} is already enrolled; use another folder.")
    if urlsplit(server).scheme not in {"http", "https"}:
        raise HomeUnfit("The server's address must begin with https:// or http://.")
    home.root.mkdir(parents=True, exist_ok=True)
    home.root.chmod(0o700)
    key = _own_key(home)
    with make_client(server, ca_file=home.local().ca_file) as client:
        request = EnrolRequest(code.strip(), key.public.public, name, SOFTWARE)
        answer = request_enrolment(client, request)
    home.pin(Pinned(server, answer))
    return answer


def _own_key(home: Home) -> SigningKey:
    """A key left by an attempt that did not get through is used again: the code was not spent."""
    if home.key_file.exists():
        return home.key()
    key = SigningKey.generate()
    write_private(home.key_file, key.to_pem())
    return key


def default_home() -> Path:
    return Path("/var/lib/vang-node")
