"""One-time enrolment codes: short enough to type on a pole, worthless after 15 minutes."""

import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else
LENGTH = 8
LASTS = timedelta(minutes=15)
SETUP_PAGE = "http://10.42.0.1/"
"""What a device shows on its own Wi-Fi until it is set up (NetworkManager's hotspot)."""


def new_code() -> str:
    """Two groups of four, such as ``K7PX-3MQD``: 39 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def setup_link(server: str, code: str) -> str:
    """The device's set-up page with server and code filled in. Only the device gets to see it."""
    return f"{SETUP_PAGE}?{urlencode({'server': server, 'code': code})}"


def code_hash(code: str) -> str:
    """What is kept of a code. Keyed, so that a stolen database gives no codes away."""
    return salted_hmac("vang.stations.enrolment", typed(code), algorithm="sha256").hexdigest()


def typed(code: str) -> str:
    """The code without case, spaces and hyphens."""
    return "".join(letter for letter in code.upper() if letter.isalnum())
