"""A no that a person can read and act on."""

from django.utils.functional import Promise


class Refusal(Exception):
    """An act was refused and nothing was changed.

    ``code`` is stable, for logs and tests; ``str()`` is a sentence in the reader's language.
    """

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
