"""Links in letters: signed by the installation, so that nothing secret lies in the database."""

from datetime import timedelta

from django.core import signing

_CONFIRM = "vang.mailing.confirm"
_LEAVE = "vang.mailing.leave"
CONFIRM_WITHIN = timedelta(days=2)


def confirm_token(pk: int) -> str:
    return signing.TimestampSigner(salt=_CONFIRM).sign(str(pk))


def leave_token(pk: int) -> str:
    """Never expires: whoever finds an old letter may leave the list."""
    return signing.Signer(salt=_LEAVE).sign(str(pk))


def read_confirm(token: str) -> int | None:
    """The subscriber's key; None for a token that is old or not ours."""
    try:
        signer = signing.TimestampSigner(salt=_CONFIRM)
        return int(signer.unsign(token, max_age=CONFIRM_WITHIN))
    except (signing.BadSignature, ValueError):
        return None


def read_leave(token: str) -> int | None:
    try:
        return int(signing.Signer(salt=_LEAVE).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
