"""A village without a network: the stick's words count as much as a network's, and no more."""

import os
import signal
from pathlib import Path
from secrets import token_hex

import pytest

from tests.node.ordering import order_of, phases
from tests.node.pole import Pole, in_seconds, until
from tests.node.tape import noise
from tests.node.test_by_a_broker import a_drill
from tests.node.town import UNIT, Town, a_plan, an_item
from vang_node.home import HomeUnfit
from vang_node.stick import Spool, copy_in
from vang_protocol import sticks, strict_json
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.journals import open_batch, verify_chain
from vang_protocol.links import Order
from vang_protocol.plans import Audio, Plan, sign_plan
from vang_protocol.reasons import Reason, Refused
from vang_protocol.receipts import Phase, open_receipt
from vang_protocol.records import (
    FetchFailed,
    OrderAccepted,
    OrderRefused,
    PlanAccepted,
    PlanRefused,
    PlayEnded,
    PlayStarted,
)


class Stick:
    """What somebody wrote on it: an office, or whoever held it in between."""

    def __init__(self, root: Path) -> None:
        root.mkdir()
        self.root = root

    def put(self, data: bytes, *names: str) -> Path:
        path = self.root.joinpath(sticks.TOP, *names)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def plan(self, plan: Plan, key: SigningKey) -> None:
        self.put(sign_plan(plan, key), UNIT, sticks.PLAN)

    def order(self, order: Order, number: int = 0) -> None:
        self.put(strict_json.canonical(vars(order)), UNIT, sticks.COMMANDS, f"{number:03}.json")

    def sound(self, town: Town, audio: Audio, data: bytes | None = None) -> None:
        self.put(data or town.files[audio.sha256], sticks.AUDIO, f"{audio.sha256}.opus")

    def policy(self, town: Town) -> None:
        assert town.province is not None
        for path, data in town.province.files.items():
            self.put(data, UNIT, sticks.TRUST, *path.split("/"))

    def batches(self) -> list[bytes]:
        return [one.read_bytes() for one in sorted((self.root / "vang" / "journal").iterdir())]


@pytest.fixture
def stick(tmp_path: Path) -> Stick:
    return Stick(tmp_path / "stick")


@pytest.fixture
def alone(town: Town, pole: Pole) -> Pole:
    """It has met the province once; now there is no network any more."""
    pole.switch_on()
    until(lambda: (pole.home.trust / "policy.json").exists() and "n1" in town.states, pole)
    until(pole.home.orders_file.exists, pole)
    town.down = True
    return pole


def brought(pole: Pole, stick: Stick) -> str:
    done = pole.call("import", str(stick.root))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_plan_order_sound_and_policy_come_on_a_stick_and_the_journal_goes_back_on_it(
    town: Town, alone: Pole, stick: Stick
) -> None:
    audio = town.add_audio(noise(1.0))
    item = an_item(audio, in_seconds(25))
    manifest, speech = a_drill(town, 1.0)
    stick.plan(a_plan(item, version=3), town.key)
    stick.order(order_of(manifest))
    stick.policy(town)
    for one in (audio, speech):
        stick.sound(town, one)
    told = brought(alone, stick)
    assert "2 sounds are taken over" in told
    assert "version 3" in told
    until(lambda: len(alone.all_of(PlayEnded)) == 2, alone)
    assert {one.item for one in alone.all_of(PlayStarted) if isinstance(one, PlayStarted)} == {
        "command-c1", item.id,
    }  # fmt: skip
    assert len(alone.all_of(PlanAccepted)) == len(alone.all_of(OrderAccepted)) == 1
    brought(alone, stick)  # the second time there is nothing new, and all of the journal
    alone.kill(signal.SIGTERM)
    public = PublicKey(alone.home.key().public.public)
    given = [line for data in stick.batches() for line in open_batch(data, key=public).lines]
    before = town.lines.get("n1", [])  # as much as went out while there was a network
    records = verify_chain([*before, *given], node="n1")
    assert {"plan-accepted", "order-accepted", "play-ended"} <= {
        record.event.kind for record in records
    }
    answers = strict_json.decode(
        (stick.root / "vang" / "receipts" / "n1.json").read_bytes(), limit=2**20
    )["receipts"]
    said = [open_receipt(one.encode(), key=public).phase for one in answers]
    assert said[-1] is Phase.PLAYED
    assert phases(town) == []  # nothing of it went by any other way


def test_what_nobody_signed_is_refused_and_written_down(
    town: Town, alone: Pole, stick: Stick
) -> None:
    """The same refusals as over a network, by the same rules."""
    manifest, speech = a_drill(town, 1.0)
    stick.plan(a_plan(version=9), SigningKey.generate())
    stick.order(order_of(manifest, "binh"))  # one person where two are needed
    stick.put(b'{"command":1}', UNIT, sticks.COMMANDS, "001.json")
    stick.put(b"{" * 4_000, UNIT, sticks.COMMANDS, "002.json")
    for name in ("timestamp.json", "1.root.json"):
        stick.put(b"{}", UNIT, sticks.TRUST, sticks.METADATA, name)
    stick.sound(town, speech)
    brought(alone, stick)
    until(lambda: alone.all_of(PlanRefused) and len(alone.all_of(OrderRefused)) >= 2, alone)
    reasons = {one.reason for one in alone.all_of(OrderRefused) if isinstance(one, OrderRefused)}
    assert reasons == {Reason.TOO_FEW_PEOPLE, Reason.POLICY_REFUSED}
    assert not alone.all_of(PlayStarted)
    assert not (alone.home.audio / f"{speech.sha256}.opus").exists()  # nobody wants it


def test_a_sound_that_is_not_what_its_name_says_is_not_kept(
    town: Town, alone: Pole, stick: Stick
) -> None:
    audio = town.add_audio(noise(1.0))
    other = town.files[town.add_audio(noise(1.0, seed=5)).sha256]
    stick.plan(a_plan(an_item(audio, in_seconds(600)), version=3), town.key)
    stick.sound(town, audio, other[: audio.bytes].ljust(audio.bytes, b"\0"))
    brought(alone, stick)
    until(
        lambda: any(
            one.reason is Reason.WRONG_HASH
            for one in alone.all_of(FetchFailed)
            if isinstance(one, FetchFailed)
        ),
        alone,
    )
    assert not (alone.home.audio / f"{audio.sha256}.opus").exists()
    stick.sound(town, audio)
    brought(alone, stick)
    until((alone.home.audio / f"{audio.sha256}.opus").exists, alone)


def test_a_hostile_stick_reads_nothing_of_ours_and_writes_over_nothing(
    town: Town, pole: Pole, stick: Stick, tmp_path: Path
) -> None:
    """Links, pipes, names that climb, files without end. The node does not run, so that what was
    copied can be seen."""
    secret = pole.home.key_file.read_bytes()
    commands = stick.put(b"{}", UNIT, sticks.COMMANDS, "000.json").parent
    (commands / "001.json").symlink_to(pole.home.key_file)
    os.mkfifo(commands / "002.json")
    (commands / "003.json").mkdir()
    (commands / "004.json").write_bytes(b"x" * 60_000)
    (commands / "..json").write_bytes(b"{}")
    (commands / "a\nb.json").write_bytes(b"{}")
    trust = stick.root / "vang" / UNIT / sticks.TRUST
    trust.mkdir()
    (trust / sticks.METADATA).symlink_to(pole.home.root)
    (stick.root / "vang" / sticks.AUDIO).symlink_to(pole.home.root)
    journal = stick.root / "vang" / sticks.JOURNAL
    journal.mkdir()
    (journal / "n1-000000000001.dsse").symlink_to(pole.home.key_file)
    told = brought(pole, stick)
    assert "1 files and 0 sounds" in told
    assert told.count("not taken") == 4
    spool = Spool(pole.home)
    found = [one.relative_to(spool.inside) for one in spool.inside.rglob("*") if one.is_file()]
    assert found == [Path("commands/000.json")]
    assert pole.home.key_file.read_bytes() == secret
    assert not (journal / "n1-000000000001.dsse").is_symlink()
    assert secret not in b"".join(stick.batches())


def test_a_journal_folder_that_leads_elsewhere_is_refused(
    pole: Pole, stick: Stick, tmp_path: Path
) -> None:
    stick.put(b"{}", UNIT, sticks.COMMANDS, "000.json")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (stick.root / "vang" / sticks.JOURNAL).symlink_to(elsewhere)
    done = pole.call("import", str(stick.root))
    assert done.returncode == 1
    assert "file-not-found: journal" in done.stderr
    assert list(elsewhere.iterdir()) == []


def test_a_stick_of_another_commune_and_none_at_all_are_said_to_be_so(
    pole: Pole, stick: Stick, tmp_path: Path
) -> None:
    stick.put(b"{}", "99999", sticks.PLAN)
    for where in (stick.root, tmp_path / "nowhere"):
        done = pole.call("import", str(where))
        assert done.returncode == 1
        assert f"{where} has nothing for this unit" in done.stderr
    with pytest.raises(HomeUnfit):
        copy_in(type(pole.home)(tmp_path / token_hex(4)), stick.root)


def test_a_folder_without_end_is_given_up(stick: Stick, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sticks, "MOST_LISTED", 20)
    for number in range(30):
        stick.put(b"", sticks.AUDIO, f"{number:064x}.opus")
    with (
        sticks.folder(stick.root, sticks.AUDIO) as folder,
        pytest.raises(Refused, match="too many files"),
    ):
        folder.names(sticks.AUDIO_NAME, 5)
