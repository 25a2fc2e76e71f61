"""Two links in processes of their own: each has its communes, everything is told to both."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from tests.dispatch.radio import cluster_in
from tests.link.conftest import SECRET, free_port, wait_until
from tests.link.listener import Listener
from tests.protocol.province import a_command, a_manifest, signed
from vang.base import clock
from vang.dispatch.commands import dispatch
from vang.dispatch.push import EveryLink, transport
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.stations.enrolment import enrol_node, issue_enrolment_code
from vang.stations.models import Node
from vang_protocol.commands import Audience
from vang_protocol.envelopes import SigningKey
from vang_protocol.manifests import encode_manifest

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class LinkProcess:
    """``vang link --name NAME``."""

    name: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self, folder: Path, pages: str) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "vang.cli", "link"),
                *("--name", self.name, "--port", str(self.port)),
            ],
            env={
                **os.environ, "VANG_DATA": str(folder), "VANG_WEB_URL": pages,
                "VANG_LINKS_FILE": str(folder / "links.toml"),
            },
        )  # fmt: skip
        wait_until(lambda: self.connections() == 0, within_s=60)

    def connections(self) -> int:
        """-1 while it does not answer."""
        try:
            told = httpx.get(f"http://127.0.0.1:{self.port}/health", trust_env=False).json()
        except httpx.HTTPError:
            return -1
        return int(told["connections"])

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None


Links = tuple[LinkProcess, LinkProcess]


@pytest.fixture
def links(
    live_server: LiveServer, settings: object, tmp_path: Path, xa_a: Unit, xa_b: Unit
) -> Iterator[Links]:
    """The first has the first commune, the second the other one."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "secret.key").write_bytes(SECRET)
    made = LinkProcess("first", free_port()), LinkProcess("second", free_port())
    write_file(tmp_path, made, (xa_a.code, xa_b.code))
    settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
        settings.ENVIRONMENT,  # type: ignore[attr-defined]
        links_file=str(tmp_path / "links.toml"),
    )
    try:
        for link in made:
            link.start(tmp_path, live_server.url)
        yield made
    finally:
        for link in made:
            link.kill()


def write_file(folder: Path, links: Links, communes: tuple[str, str]) -> Path:
    file = folder / "links.toml"
    file.write_text(
        "".join(
            f'[[link]]\nname = "{link.name}"\naddress = "ws://127.0.0.1:{link.port}/link"\n'
            f'internal = "http://127.0.0.1:{link.port}"\ncommunes = ["{commune}"]\n'
            for link, commune in zip(links, communes, strict=True)
        )
    )
    return file


def a_listener(url: str, unit: Unit, by: Person) -> Listener:
    now, key = clock.now(), SigningKey.generate()
    code = issue_enrolment_code(cluster_in(unit, by, now, f"Cụm {unit.code}"), by=by, now=now).code
    node = enrol_node(code=code, public_key=key.public, name="Loa", software="1", now=now)
    return Listener(url, node.pk, unit.code, key, path="websocket")


def test_each_commune_has_its_link_and_an_order_to_both_reaches_both(
    links: Links, live_server: LiveServer, xa_a: Unit, xa_b: Unit, tech: Person, chi: Person
) -> None:
    assert isinstance(transport(), EveryLink)
    first, second = links
    with (
        a_listener(live_server.url, xa_a, tech).switched_on() as one,
        a_listener(live_server.url, xa_b, chi).switched_on() as two,
    ):
        wait_until(lambda: (first.connections(), second.connections()) == (1, 1))
        now = clock.now().replace(microsecond=0)
        audience = Audience(units=(xa_a.code, xa_b.code))
        command = a_command(
            issued=now, not_before=now, expires=now + timedelta(minutes=10), audience=audience
        )
        manifest = encode_manifest(a_manifest())
        dispatch(signed(command, "binh", "hanh"), manifest, issuer=xa_a, now=now)
        wait_until(lambda: one.heard.orders and two.heard.orders)
        wait_until(lambda: Node.objects.filter(last_seen_at__isnull=False).count() == 2)


def test_a_link_that_is_dead_makes_the_other_wait_for_nothing_and_its_nodes_ask(
    links: Links, live_server: LiveServer, xa_a: Unit, xa_b: Unit, tech: Person, chi: Person
) -> None:
    first, _second = links
    with (
        a_listener(live_server.url, xa_a, tech).switched_on() as one,
        a_listener(live_server.url, xa_b, chi).switched_on() as two,
    ):
        wait_until(lambda: one.link.up and two.link.up)
        first.kill()
        wait_until(lambda: not one.link.up)
        begun = time.monotonic()
        assert transport().hint(xa_b.code, 7) is True
        assert time.monotonic() - begun < 2
        wait_until(lambda: two.heard.hints == [7])
        seen = Node.objects.get(pk=one.node).last_seen_at
        wait_until(lambda: Node.objects.get(pk=one.node).last_seen_at != seen)
        assert two.link.up


def test_a_commune_that_moves_is_told_its_new_link_and_missed_by_nobody_meanwhile(
    links: Links, live_server: LiveServer, tmp_path: Path, settings: object, xa_a: Unit,
    xa_b: Unit, tech: Person,
) -> None:  # fmt: skip
    first, second = links
    with a_listener(live_server.url, xa_a, tech).switched_on() as one:
        wait_until(lambda: first.connections() == 1)
        moved = write_file(tmp_path, links, (xa_b.code, xa_a.code)).rename(tmp_path / "moved.toml")
        settings.ENVIRONMENT = replace(  # type: ignore[attr-defined]
            settings.ENVIRONMENT,
            links_file=str(moved),  # type: ignore[attr-defined]
        )
        assert transport().hint(xa_a.code, 8) is True
        wait_until(lambda: one.heard.hints == [8])  # it is still at the first
        one.server.forget_session()  # as after its hour
        first.kill()
        wait_until(lambda: second.connections() == 1)
        transport().hint(xa_a.code, 9)
        wait_until(lambda: 9 in one.heard.hints)
