"""Is this release well? Asked on the main loop before a trial begins, and before it may end.

What failed before is no fault of the new release: a broken sound card must not keep a node from
what would repair it.
"""

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from vang_node.announcements import announcement
from vang_node.decoder import DecodeFailed, decoded_blocks
from vang_protocol.commands import Mode

if TYPE_CHECKING:
    from vang_node.agent import Agent


def complaints(agent: "Agent") -> dict[str, str]:
    """By name of the examination, what is wrong; empty: it is well."""
    found = {name: examine(agent) for name, examine in _EXAMINATIONS.items()}
    return {name: words for name, words in found.items() if words}


def _plan(agent: "Agent") -> str:
    return "" if agent.keeper.current else "no plan is followed"


def _policy(agent: "Agent") -> str:
    return "" if agent.policies.policy else "there is no policy that can be read"


def _sink(agent: "Agent") -> str:
    failure = agent.sink_failure
    return f"the sound output fails: {failure}" if failure is not None else ""


def _journal(agent: "Agent") -> str:
    """The first record of this start is in the chain."""
    return "" if agent.journal.head.seq > 0 else "the journal took no record"


def _decoder(agent: "Agent") -> str:
    try:
        sound = announcement(Mode.TEST, agent.home.sounds)
        heard = any(map(any, islice(decoded_blocks(sound), 50)))
    except (DecodeFailed, OSError, ImportError) as error:
        return f"sound cannot be decoded: {error}"
    return "" if heard else "what is decoded is silent"


_EXAMINATIONS: dict[str, Callable[["Agent"], str]] = {
    "plan": _plan,
    "policy": _policy,
    "sink": _sink,
    "journal": _journal,
    "decoder": _decoder,
}
