"""One POST to a stranger's server, within a time; a little of the answer is read."""

from vang.base.exchange import Answer, exchange
from vang.base.outside import Target

DEADLINE_S = 15.0
_ANSWER_BYTES = 4096


def post(
    target: Target, headers: dict[str, str], body: bytes, *, deadline_s: float = DEADLINE_S
) -> Answer:
    """Send and look at the answer's status. Never raises for what the other side does."""
    return exchange(
        "POST",
        target,
        headers,
        body=body,
        most_bytes=_ANSWER_BYTES,
        deadline_s=deadline_s,
        whole=False,
    )
