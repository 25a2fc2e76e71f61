"""A province's TUF repository in memory: real metadata, and any part of it can be made to lie."""

from datetime import datetime, timedelta
from typing import Any

from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from vang_protocol.policies import Policy, encode_policy

TOP = ("root", "targets", "snapshot", "timestamp")
YEAR, DAYS = timedelta(days=365), timedelta(days=14)


class Repository:
    """Three holders of the root, two of whom must sign; one key for what changes daily."""

    def __init__(self, policy: Policy, now: datetime) -> None:
        self.holders = [CryptoSigner.generate_ed25519() for _ in range(3)]
        self.daily = CryptoSigner.generate_ed25519()
        self.files: dict[str, bytes] = {}
        self.root = Root(expires=now + YEAR, consistent_snapshot=True)
        for role in TOP:
            online = role in {"snapshot", "timestamp"}
            for signer in [self.daily] if online else self.holders:
                self.root.add_key(signer.public_key, role)
            self.root.roles[role].threshold = 1 if online else 2
        self.version = 0
        self.software: list[CryptoSigner] = []
        self.listed = self.vouched = 0
        self.publish_root()
        self.publish(policy, now)

    @property
    def pinned(self) -> bytes:
        """The first root, as it is given at enrolment."""
        return self.files["metadata/1.root.json"]

    def publish_root(self, *signers: CryptoSigner) -> None:
        signed = Metadata(self.root)
        for signer in signers or self.holders[:2]:
            signed.sign(signer, append=True)
        self.files[f"metadata/{self.root.version}.root.json"] = signed.to_bytes()

    def rotate(self, old: int, new: CryptoSigner) -> None:
        """One holder hands over to another: the next root, signed by old and new."""
        before = self.holders[:2]
        for role in ("root", "targets"):
            self.root.revoke_key(self.holders[old].public_key.keyid, role)
            self.root.add_key(new.public_key, role)
        self.holders[old] = new
        self.root.version += 1
        self.publish_root(*dict.fromkeys([*before, *self.holders]))

    def publish(self, policy: Policy, now: datetime, *signers: CryptoSigner) -> None:
        self.publish_bytes(encode_policy(policy), now, *signers)

    def publish_bytes(self, payload: bytes, now: datetime, *signers: CryptoSigner) -> None:
        """Sign ``payload`` as the policy, by ``signers`` (two holders when none is named)."""
        self.version += 1
        target = TargetFile.from_data("policy.json", payload, ["sha256"])
        targets = Targets(version=self.version, expires=now + YEAR)
        targets.targets["policy.json"] = target
        if self.software:
            targets.delegations = self._delegations()
        self._write(f"{self.version}.targets.json", targets, *(signers or self.holders[:2]))
        self.files[f"targets/{target.hashes['sha256']}.policy.json"] = payload
        self._vouch(now)

    def let_sign_software(self, policy: Policy, now: datetime, people: int = 2) -> None:
        """The holders name people who sign releases, two of them together."""
        self.software = [CryptoSigner.generate_ed25519() for _ in range(people)]
        self.publish(policy, now)

    def _delegations(self, threshold: int = 2) -> Delegations:
        keys = {one.public_key.keyid: one.public_key for one in self.software}
        role = DelegatedRole(
            "software", list(keys), threshold, terminating=True, paths=["software/*"]
        )
        return Delegations(keys, {"software": role})

    def publish_list(
        self, files: dict[str, bytes], now: datetime, *signers: CryptoSigner, version: int = 0
    ) -> None:
        """The list of releases, by their target names."""
        self.listed = version or self.listed + 1
        listed = Targets(version=self.listed, expires=now + YEAR)
        for name, content in files.items():
            listed.targets[name] = TargetFile.from_data(name, content, ["sha256"])
        self._write(f"{self.listed}.software.json", listed, *(signers or self.software[:2]))
        self._vouch(now)

    def _vouch(self, now: datetime) -> None:
        self.vouched += 1
        snapshot = Snapshot(version=self.vouched, expires=now + DAYS)
        snapshot.meta["targets.json"] = MetaFile(self.version)
        if self.listed:
            snapshot.meta["software.json"] = MetaFile(self.listed)
        timestamp = Timestamp(version=self.vouched, expires=now + DAYS)
        timestamp.snapshot_meta = MetaFile(self.vouched)
        self._write(f"{self.vouched}.snapshot.json", snapshot, self.daily)
        self._write("timestamp.json", timestamp, self.daily)

    def fetch(self, path: str) -> bytes | None:
        return self.files.get(path)

    def _write(
        self, name: str, part: Targets | Snapshot | Timestamp, *signers: CryptoSigner
    ) -> None:
        signed: Metadata[Any] = Metadata(part)
        for signer in signers:
            signed.sign(signer, append=True)
        self.files[f"metadata/{name}"] = signed.to_bytes()
