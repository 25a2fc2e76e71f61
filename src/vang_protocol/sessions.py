"""How a node proves itself: it signs the server's one-time challenge with its own key."""

from vang_protocol import fields
from vang_protocol.envelopes import PublicKey, SigningKey
from vang_protocol.reasons import Refused

PREFIX = b"vang-session-v1:"


def session_bytes(node: str, nonce: str) -> bytes:
    """The bytes to sign. Neither part may hold a colon, so no two pairs share their bytes."""
    fields.identifier(node, "node")
    fields.identifier(nonce, "nonce")
    return PREFIX + node.encode("ascii") + b":" + nonce.encode("ascii")


def sign_session(key: SigningKey, node: str, nonce: str) -> str:
    """The signature in hex, for ``POST /api/node/v1/session``."""
    return key.sign(session_bytes(node, nonce)).hex()


def session_is_signed(key: PublicKey, node: str, nonce: str, signature: str) -> bool:
    """Whether ``signature`` (hex) is the node's own over this challenge."""
    try:
        data = session_bytes(node, nonce)
        raw = bytes.fromhex(fields.hexadecimal(signature, "signature", 64))
    except Refused:
        return False
    return key.verifies(raw, data)
