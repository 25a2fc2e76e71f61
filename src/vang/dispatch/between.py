"""How pages and link know each other: a secret that both derive from the installation's."""

from vang.base.tokens import derived_secret
from vang.dispatch.sessions import server_secret

SECRET_HEADER = "X-Vang-Internal"  # noqa: S105 - the header's name


def internal_secret() -> str:
    return derived_secret(server_secret(), "link-internal")
