"""Verifying a file of evidence: no network, no database, nothing of ours but the protocol.

What it proves: the province's holders signed the policy; enough people by that policy signed
exactly these commands; each receipt was signed by the key that the server knew for that node; the
journal lines are consecutive. What it cannot prove: that the file leaves nothing out, and that a
node's key is the one in the village: compare the root's fingerprint with the province's, and a
node's key with what ``vang-node status`` shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Targets

from vang.alerts.proof.bundle import Bundle, Ordered, Spoke
from vang_protocol.commands import Command, item_of
from vang_protocol.deciding import Accepted, Listener, decide, read_command
from vang_protocol.envelopes import PublicKey
from vang_protocol.journals import line_hash, parse_line, verify_chain
from vang_protocol.manifests import named_manifest
from vang_protocol.policies import Policy, parse_policy
from vang_protocol.reasons import Refused
from vang_protocol.receipts import Receipt, open_receipt
from vang_protocol.records import PlayStarted

TARGET = "policy.json"


@dataclass
class Findings:
    """``wrong``: what does not hold, in sentences; empty: everything holds."""

    fingerprint: str = ""
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phases: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def verify(bundle: Bundle, *, root_fingerprint: str | None = None) -> Findings:
    """Everything that can be checked; it goes on after what is wrong, to find it all."""
    found = Findings()
    policy = _policy(bundle, found, root_fingerprint)
    if policy is None:
        return found
    commands = {}
    for order in bundle.orders:
        command = _command(order, policy, bundle, found)
        if command is not None:
            commands[command[0].id] = command
    for node in bundle.nodes:
        _node(node, commands, found)
    if not commands:
        found.wrong.append("No command in the file is one that the policy allows.")
    return found


def _policy(bundle: Bundle, found: Findings, fingerprint: str | None) -> Policy | None:
    try:
        root = Metadata[Root].from_bytes(bundle.root.encode())
        root.signed.verify_delegate("root", root.signed_bytes, root.signatures)
        targets = Metadata[Targets].from_bytes(bundle.targets.encode())
        root.signed.verify_delegate("targets", targets.signed_bytes, targets.signatures)
        targets.signed.targets[TARGET].verify_length_and_hashes(bundle.policy.encode())
        policy = parse_policy(bundle.policy.encode())
    except (RepositoryError, KeyError, ValueError, Refused) as error:
        found.wrong.append(f"The policy is not the province's: {error}")
        return None
    found.fingerprint = sha256(root.signed_bytes).hexdigest()
    material = [str(key.keyval.get("public")) for key in root.signed.keys.values()]
    if len(set(material)) != len(material):
        found.wrong.append("In the root one key stands under two names.")
    if fingerprint is not None and fingerprint != found.fingerprint:
        found.wrong.append(f"The root is another than {fingerprint}.")
    return policy


def _command(
    order: Ordered, policy: Policy, bundle: Bundle, found: Findings
) -> tuple[Command, str] | None:
    """The command with the SHA-256 of its payload, once a node of its area would obey it."""
    try:
        envelope, command = read_command(order.envelope.encode())
        if command.manifest is not None:
            named_manifest(order.manifest.encode(), sha256=command.manifest, mode=command.mode)
        accepted = _accepted(order, command, policy, bundle)
    except Refused as error:
        found.wrong.append(f"A command does not hold: {error}")
        return None
    if accepted is None:
        found.wrong.append(f"{command.id}: none of the loudspeakers in the file is in its area.")
        return None
    names = {one.person: one.name for one in policy.persons}
    found.people[command.id] = tuple(f"{names[one]} ({one})" for one in accepted.people)
    for shown in order.shown:
        if shown.sha256 != accepted.sha256:
            found.wrong.append(f"{command.id}: {shown.person} saw other bytes than were sent.")
    return command, sha256(bytes(envelope.payload)).hexdigest()


def _accepted(order: Ordered, command: Command, policy: Policy, bundle: Bundle) -> Accepted | None:
    """By the very rule of the nodes, at the moment of its issue."""
    for node in bundle.nodes:
        if command.audience.includes(node.unit, node.cluster):
            listener = Listener(node.unit, node.cluster, policy, command.issued)
            return decide(order.envelope.encode(), listener)
    return None


def _node(node: Spoke, commands: dict[str, tuple[Command, str]], found: Findings) -> None:
    for text in node.receipts:
        receipt = _receipt(node, text, found)
        if receipt is None:
            continue
        known = commands.get(receipt.command)
        if known is None or known[1] != receipt.sha256:
            found.wrong.append(f"{node.node}: a receipt is for another command.")
            continue
        found.phases.setdefault(node.node, []).append(receipt.phase.value)
    items = {item_of(name): command for name, (command, _sha) in commands.items()}
    found.heard.extend(_heard(node, items, found))


def _receipt(node: Spoke, text: str, found: Findings) -> Receipt | None:
    try:
        receipt = open_receipt(text.encode(), key=PublicKey(node.public_key))
    except Refused as error:
        found.wrong.append(f"{node.node}: a receipt is not its own: {error}")
        return None
    if receipt.node != node.node:
        found.wrong.append(f"{node.node}: a receipt speaks for {receipt.node}.")
        return None
    return receipt


def _heard(node: Spoke, items: dict[str, Command], found: Findings) -> Iterator[str]:
    """When the node's journal says that it sounded; the lines must be consecutive."""
    if not node.journal:
        return
    try:
        first = parse_line(node.journal[0])
        records = [
            first,
            *verify_chain(
                node.journal[1:],
                node=node.node,
                after_seq=first.seq,
                after_hash=line_hash(node.journal[0]),
            ),
        ]
    except Refused as error:
        found.wrong.append(f"{node.node}: its journal does not hold: {error}")
        return
    for record in records:
        event = record.event
        if isinstance(event, PlayStarted) and event.item in items:
            if event.sha256 != items[event.item].manifest:
                found.wrong.append(f"{node.node}: another sound than was ordered.")
            yield f"{node.node} {event.first_sample.isoformat()}"
