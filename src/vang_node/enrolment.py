"""Becoming a node: a key made here, a one-time code, and the trust pinned for good."""

from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from vang_node import SOFTWARE
from vang_node.home import Home, HomeUnfit, Pinned, write_private
from vang_node.journal import Journal
from vang_node.server import make_client, request_enrolment
from vang_node.words import said
from vang_protocol.enrolments import EnrolAnswer, EnrolRequest
from vang_protocol.envelopes import SigningKey
from vang_protocol.journals import Stamp
from vang_protocol.limits import DETAIL_CHARS
from vang_protocol.records import Enrolled
from vang_protocol.states import ClockSource


def enrol(home: Home, *, server: str, code: str, name: str) -> EnrolAnswer:
    """Spend ``code`` and write the journal's first record. Never overwrites an enrolment.

    Raises HomeUnfit, Unreachable, Refused, or JournalFailed (enrolled, but not recorded).
    """
    if home.server_file.exists():
        words = "{home} is enrolled already: run vang-node reset first, or use another folder."
        raise HomeUnfit(said(words, home=home.root))
    check_address(server)
    home.root.mkdir(parents=True, exist_ok=True)
    home.root.chmod(0o700)
    key = _own_key(home)
    with make_client(server, ca_file=home.local().ca_file) as client:
        request = EnrolRequest(code.strip(), key.public.public, name, SOFTWARE)
        answer = request_enrolment(client, request)
    home.pin(Pinned(server, answer))
    _record(home, server, answer, key)
    return answer


def check_address(server: str) -> None:
    """Raises HomeUnfit for what cannot be the address of a server, before anything is asked."""
    try:
        told, host = urlsplit(server), httpx.URL(server).raw_host.decode("ascii")
        fine = bool(host.encode("idna")) and "%" not in host and told.port != 0
    except (ValueError, httpx.InvalidURL):  # an IDNA error is a ValueError
        fine, told = False, urlsplit("")
    if fine and told.scheme not in {"http", "https"}:
        raise HomeUnfit(said("The server's address must begin with https:// or http://."))
    if not fine:
        words = "{server} is not an address: type it as the office gave it, such as {example}"
        raise HomeUnfit(said(words, server=server[:100], example="https://vang.example.vn"))


def _record(home: Home, server: str, answer: EnrolAnswer, key: SigningKey) -> None:
    """The server has just told the time; how long its answer travelled is not measured here."""
    journal = Journal(home.journal, node=answer.node, boot=uuid4().hex[:12])
    event = Enrolled(answer.unit, answer.cluster, key.public.public, server[:DETAIL_CHARS])
    journal.append(event, at=answer.server_time, clock=Stamp(ClockSource.SERVER, None))
    journal.close()


def _own_key(home: Home) -> SigningKey:
    """A key left by an attempt that did not get through is used again: the code was not spent."""
    if home.key_file.exists():
        return home.key()
    key = SigningKey.generate()
    write_private(home.key_file, key.to_pem())
    return key
