"""Sentences cut where a voice breathes, keeping the mark that shapes its melody. Pure."""

import re

_MARKS = re.compile(r"([.,;:!?…]+)(?=\s|$)")
_ENDINGS = ".!?"


def utterances(text: str) -> list[list[tuple[str, str]]]:
    """The text as utterances of clauses, each with its mark: ". , ; : ! ?".

    >>> utterances("Kính mời bà con, 7 giờ. Xin cảm ơn")
    [[('Kính mời bà con', ','), ('7 giờ', '.')], [('Xin cảm ơn', '.')]]
    """
    found: list[list[tuple[str, str]]] = [[]]
    parts = _MARKS.split(text)
    for clause, mark in zip(parts[::2], [*parts[1::2], "."], strict=True):
        if not any(c.isalnum() for c in clause):
            continue
        sign = "." if mark.startswith("…") else mark[0]
        found[-1].append((clause.strip(), sign))
        if sign in _ENDINGS:
            found.append([])
    return [utterance for utterance in found if utterance]
