"""The ceremony as a province does it: real files, two computers, no network between them."""

import getpass
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.trust.conftest import keyed
from tests.trust.province import a_node
from vang.cli import main
from vang.orgs.models import Unit
from vang.people.models import Person
from vang.trust import folder as places
from vang.trust import signers
from vang.trust.cli import TOLD_BY
from vang.trust.metadata import read_root
from vang.trust.queries import current_policy

NAMES = ("Một", "Hai", "Ba", "Bốn")


@pytest.fixture
def stick(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The USB stick between the holders' computer and the server; the passphrase is at hand."""
    told = tmp_path / "passphrase"
    told.write_text("một câu rất dài và bí mật\n")
    monkeypatch.setenv(TOLD_BY, str(told))
    monkeypatch.setattr(signers, "STRETCH", 4)
    return tmp_path / "stick"


def vang(*words: str | Path) -> int:
    return main(["keys", *map(str, words)])


def signed_by(file: Path, *names: str, policy: Path | None = None) -> None:
    more = ["--policy", policy] if policy else []
    for name in names:
        assert vang("sign", file, "--key", file.parent / f"{name}.key", "--yes", *more) == 0


@pytest.fixture
def holders(stick: Path) -> Path:
    for name in NAMES:
        assert vang("init", name, "--out", stick / f"{name}.key") == 0
    return stick


@pytest.fixture
def root(holders: Path) -> Path:
    for name in NAMES[:3]:
        assert vang("add", holders / f"{name}.public.json") == 0
    assert vang("root", "--out", holders) == 0
    signed_by(holders / "1.root.json", "Một", "Hai")
    assert vang("publish", holders / "1.root.json") == 0
    return holders


def publish_policy(stick: Path, number: int, *names: str) -> int:
    assert vang("policy", "--out", stick) == 0
    policy, targets = stick / f"{number}.policy.json", stick / f"{number}.targets.json"
    signed_by(targets, *names, policy=policy)
    return vang("publish", targets, policy)


@pytest.mark.django_db
class TestCeremony:
    def test_a_holders_key_opens_with_the_passphrase_only(
        self, holders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        key = holders / "Một.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in key.read_bytes()
        assert key.read_bytes().startswith(b"vang-scrypt 4 ")
        assert vang("init", "Một", "--out", key) == 1
        assert "written over" in capsys.readouterr().err
        (holders.parent / "passphrase").write_text("kurz\n")
        assert vang("init", "Năm", "--out", holders / "Năm.key") == 1
        assert not (holders / "Năm.key").exists()

    def test_the_passphrase_is_asked_twice_on_the_terminal(
        self, stick: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv(TOLD_BY)
        answers = iter(["một câu rất dài", "một câu khác hẳn"])
        monkeypatch.setattr(getpass, "getpass", lambda _question: next(answers))
        assert vang("init", "Một", "--out", stick / "Một.key") == 1
        assert not stick.exists()
        told = capsys.readouterr()
        assert "differ" in told.err
        assert "một câu" not in told.out + told.err

    def test_from_nothing_to_a_policy_that_nodes_take(
        self, root: Path, xa_a: Unit, binh: Person, hanh: Person, quan: Person, tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        now = datetime.now(UTC)
        for someone in (binh, hanh):
            keyed(someone, xa_a, quan, now)
        capsys.readouterr()
        assert publish_policy(root, 1, "Hai", "Ba") == 0
        told = capsys.readouterr().out
        assert "+ person Trần Thị Bình" in told
        assert "+ grant 20662-emergency: play (actual), 2 of" in told
        node = a_node(tmp_path / "node")
        assert node.refresh(places.file, now=datetime.now(UTC))
        assert node.policy == current_policy()

        lost = binh.keys.get()
        assert vang("show") == 0
        assert f"key {lost.keyid[:32]}  Trần Thị Bình" in capsys.readouterr().out
        assert vang("revoke", lost.keyid[:12]) == 0
        assert vang("show") == 0
        assert f"- key {lost.keyid[:16]} of Trần Thị Bình" in capsys.readouterr().out
        assert publish_policy(root, 2, "Một", "Ba") == 0
        assert node.refresh(places.file, now=datetime.now(UTC))
        assert node.policy is not None
        assert node.policy.key_named(lost.keyid) is None

    def test_one_holder_hands_over_to_another(
        self, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert publish_policy(root, 1, "Một", "Hai") == 0
        node = a_node(tmp_path / "node")
        node.refresh(places.file, now=datetime.now(UTC))
        leaving = next(
            keyid
            for keyid, key in read_root(places.root_bytes() or b"").keys.items()
            if key.unrecognized_fields.get("x-vang-holder") == "Hai"
        )
        comes = root / "Bốn.public.json"
        assert vang("rotate", "--holder", "0" * 12, "--to", comes, "--out", root) == 1
        assert vang("rotate", "--holder", leaving[:12], "--out", root) == 1
        assert vang("rotate", "--holder", leaving[:12], "--to", comes, "--out", root) == 0
        signed_by(root / "2.root.json", "Một", "Hai", "Bốn")
        policy = root / "1.policy.json"
        signed_by(root / "2.targets.json", "Một", "Bốn", policy=policy)
        files = (root / "2.root.json", root / "2.targets.json", policy)
        assert vang("publish", *files) == 0
        capsys.readouterr()
        assert vang("show") == 0
        told = capsys.readouterr().out
        assert "root 2" in told
        assert "holder Bốn" in told
        assert "holder Hai" not in told
        assert not node.refresh(places.file, now=datetime.now(UTC)), "the same policy as before"
        assert vang("policy", "--out", root) == 0
        files = (root / "3.targets.json", root / "2.policy.json")
        signed_by(files[0], "Một", "Hai", policy=files[1])
        assert vang("publish", *files) == 1, "whoever left no longer counts"
        signed_by(files[0], "Ba", policy=files[1])
        assert vang("publish", *files) == 0
        assert node.refresh(places.file, now=datetime.now(UTC))

    def test_the_server_gets_a_new_key(self, root: Path, tmp_path: Path) -> None:
        assert publish_policy(root, 1, "Một", "Hai") == 0
        node = a_node(tmp_path / "node")
        node.refresh(places.file, now=datetime.now(UTC))
        assert vang("rotate", "--server-key", "--out", root) == 0
        signed_by(root / "2.root.json", "Hai", "Ba")
        assert vang("publish", root / "2.root.json") == 0
        assert not node.refresh(places.file, now=datetime.now(UTC))
        assert publish_policy(root, 2, "Một", "Hai") == 0
        assert node.refresh(places.file, now=datetime.now(UTC))

    def test_nobody_signs_unread(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert vang("policy", "--out", root) == 0
        targets, policy = root / "1.targets.json", root / "1.policy.json"
        key = ["--key", root / "Một.key"]
        assert vang("sign", targets, *key, "--yes") == 1
        assert "nobody signs unread" in capsys.readouterr().err
        other = root / "other.policy.json"
        other.write_bytes(policy.read_bytes().replace(b'"version":1', b'"version":2'))
        assert vang("sign", targets, *key, "--yes", "--policy", other) == 1
        assert "not about this policy" in capsys.readouterr().err
        before = targets.read_bytes()
        monkeypatch.setattr("builtins.input", lambda _question: "no")
        assert vang("sign", targets, *key, "--policy", policy) == 1
        assert targets.read_bytes() == before

    def test_the_wrong_passphrase_and_an_exposed_file(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = root / "1.root.json"
        key = root / "Ba.key"
        key.chmod(0o644)
        assert vang("sign", file, "--key", key, "--yes") == 1
        assert "Others may read" in capsys.readouterr().err
        key.chmod(0o600)
        (root.parent / "passphrase").write_text("eine ganz andere Losung\n")
        assert vang("sign", file, "--key", key, "--yes") == 1
        assert "does not open" in capsys.readouterr().err

    def test_what_comes_too_early_or_twice_is_said(
        self, holders: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert vang("root", "--out", holders) == 1
        assert "Three holders are needed; 0 are here" in capsys.readouterr().err
        assert vang("policy", "--out", holders) == 1
        assert vang("show") == 0
        assert "no loudspeaker obeys any command" in capsys.readouterr().out
        assert vang("add", holders / "Một.public.json") == 0
        assert vang("add", holders / "Một.public.json") == 1
        assert vang("add", holders / "Một.key") == 1
        assert vang("publish", holders / "Một.public.json") == 1

    def test_one_signature_makes_no_root(
        self, holders: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in NAMES[:3]:
            vang("add", holders / f"{name}.public.json")
        vang("root", "--out", holders)
        signed_by(holders / "1.root.json", "Một", "Một")
        assert vang("publish", holders / "1.root.json") == 1
        assert "not signed by two" in capsys.readouterr().err
        signed_by(holders / "1.root.json", "Bốn")
        assert vang("publish", holders / "1.root.json") == 1
        assert places.root_text() == ""
