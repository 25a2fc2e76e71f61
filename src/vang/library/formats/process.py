"""The process that reads one file from outside; the faults of its libraries end here.

``python -I -m vang.library.formats.process PATH CPU_S MEMORY MOST_LETTERS`` writes lines of JSON to
standard output: ``{"done": 3, "total": 40}`` while it works, and last its verdict (``verdicts``).
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vang.library.encodings import NotText, decode_text, repair_legacy
from vang.library.formats import opendocument, word
from vang.library.formats.archives import Package
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import Kind, Line, tidy
from vang.library.formats.markup import lines_of_html, looks_like_html
from vang.library.formats.rich_text import lines_of_rtf
from vang.library.formats.verdicts import Reading, to_verdict

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_TELL_EVERY_S = 0.3

Progress = Callable[[int, int], None]


def main(arguments: list[str]) -> int:
    path, cpu_s, memory, most_letters = arguments
    _bound(int(cpu_s), int(memory))
    try:
        found = read_content(Path(path).read_bytes(), _Progress())
        _measure(found.lines, int(most_letters))
    except Unreadable as refused:
        _tell({"code": refused.code, "detail": refused.detail[:500]})
    except (MemoryError, RecursionError) as error:
        _tell({"code": Code.TOO_MUCH, "detail": repr(error)})
    else:
        _tell(to_verdict(found))
    return 0


def read_content(content: bytes, progress: Progress) -> Reading:
    """What the file holds, whatever its name says. Raises Unreadable."""
    found = _read(content, progress)
    lines, repaired = _in_unicode(found.lines)
    encoding = found.encoding if repaired == "Unicode" else repaired
    return replace(found, encoding=encoding, lines=lines)


def _bound(cpu_s: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _tell(verdict: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(verdict, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _Progress:
    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._told > _TELL_EVERY_S:
            self._told = time.monotonic()
            _tell({"done": done, "total": total})


def _read(content: bytes, progress: Progress) -> Reading:
    if b"%PDF-" in content[:1024]:
        from vang.library.formats import pdf  # noqa: PLC0415 - PDFium is for PDF files alone

        lines, unread = pdf.lines_of(content, progress)
        return Reading("pdf", "Unicode", lines, tuple(unread))
    if content.startswith(b"PK"):
        return _archive(content)
    if content.startswith(_OLE):
        code = Code.PROTECTED if _ENCRYPTED_PACKAGE in content else Code.OLD_WORD
        raise Unreadable(code, "a compound file")
    if content.startswith(b"{\\rtf"):
        return Reading("rtf", "Unicode", lines_of_rtf(content))
    return _text(content)


def _archive(content: bytes) -> Reading:
    package = Package(content)
    if "mimetype" in package and package.read("mimetype").strip() == opendocument.MIME:
        return Reading("odt", "Unicode", opendocument.lines_of(package))
    return Reading("docx", "Unicode", word.lines_of(package))


def _text(content: bytes) -> Reading:
    try:
        decoded = decode_text(content)
    except NotText as error:
        # Zero bytes are in pictures, sounds and programs, and in no text.
        code = Code.WRONG_KIND if b"\0" in content else Code.NOT_TEXT
        raise Unreadable(code, str(error)) from error
    if looks_like_html(decoded.text):
        return Reading("html", decoded.encoding, lines_of_html(decoded.text))
    lines = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Reading("txt", decoded.encoding, [Line(line) for line in lines])


def _in_unicode(lines: list[Line]) -> tuple[list[Line], str]:
    """The lines tidied, those typed in a font from before Unicode converted, and the name of
    that encoding, "Unicode" when there was none."""
    pieces = [piece for line in lines for piece in (line.text, *line.cells)]
    decoded = repair_legacy("\n".join(pieces))
    repaired = decoded.text.split("\n")
    told, place = [], 0
    for piece in pieces:
        end = place + piece.count("\n") + 1
        told.append("\n".join(repaired[place:end]))
        place = end
    words = iter(told)
    fixed = (
        replace(line, text=next(words), cells=tuple(next(words) for _ in line.cells))
        for line in lines
    )
    return list(tidy(fixed)), decoded.encoding


def _measure(lines: list[Line], most_letters: int) -> None:
    if sum(len(line.text) for line in lines) > most_letters:
        raise Unreadable(Code.TOO_LONG, "more letters than may be")
    if not any(line.text.strip() for line in lines if line.kind != Kind.HEADER):
        raise Unreadable(Code.EMPTY, "no letters")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
