"""Text from elsewhere, made safe for a log and a terminal."""


def plain(text: str) -> str:
    """Line breaks, control and direction characters become spaces: they could draw a lie."""
    return "".join(character if character.isprintable() else " " for character in text)
