"""A no of the ceremony: said on a terminal, to people with keys in their hands."""


class TrustRefused(Exception):
    """``code`` is stable, for tests; the sentence says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
