"""Files that were damaged by chance or made with ill will bring text or a refusal, nothing else."""

import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.formats.making import docx, odt, pdf, read, zipped
from tests.library.formats.test_pdf import LETTER
from vang.library.formats.failures import Unreadable
from vang.library.formats.lines import Line, from_plain, to_plain
from vang.library.formats.reading import read_bytes

HTML = "<html><body><table><tr><td>a<td>b</table><ul><li>c<li>d</ul><p>đ</p></body></html>"
RTF = "{\\rtf1\\ansi{\\fonttbl\\f0 Times;}\\f0 Th\\'f4ng b\\'e1o\\par {\\b x}}"


@cache
def good(kind: str) -> bytes:
    """A file that is whole."""
    list_items = "<text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>"
    return {
        "docx": lambda: docx("Thông báo.", "Nội dung."),
        "odt": lambda: odt(f"<text:p>Thông báo.</text:p>{list_items}"),
        "html": HTML.encode,
        "rtf": RTF.encode,
        "pdf": lambda: pdf(LETTER),
    }[kind]()


def damaged(content: bytes, seed: int) -> bytes:
    """The file with bytes changed, cut out, doubled or lost at its end."""
    chance, broken = random.Random(seed), bytearray(content)
    for _ in range(chance.randint(1, 12)):
        if not broken:
            break
        place = chance.randrange(len(broken))
        length = chance.randint(1, 40)
        act = chance.randrange(4)
        if act == 0:
            broken[place] = chance.randrange(256)
        elif act == 1:
            del broken[place : place + length]
        elif act == 2:
            broken[place:place] = broken[place : place + length]
        elif len(broken) > 200:
            del broken[max(place, 100) :]
    return bytes(broken)


def read_or_refused(content: bytes) -> bool:
    """Whether text came out; anything but a refusal beside is an accident."""
    try:
        return bool(read(content) or True)
    except Unreadable as refused:
        return not str(refused.code)


@settings(max_examples=120)
@given(kind=st.sampled_from(["docx", "odt", "html", "rtf"]), seed=st.integers(0, 2**32))
def test_no_damage_brings_anything_but_text_or_a_refusal(kind: str, seed: int) -> None:
    read_or_refused(damaged(good(kind), seed))


@settings(max_examples=60)
@given(noise=st.binary(max_size=300), part=st.sampled_from(["word__document_xml", "content_xml"]))
def test_no_noise_inside_an_archive_brings_anything_else(noise: bytes, part: str) -> None:
    mime = {"mimetype": "application/vnd.oasis.opendocument.text"} if "content" in part else {}
    read_or_refused(zipped(**mime, **{part: noise}))


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_bring_anything_else(content: bytes) -> None:
    read_or_refused(content)


def test_damaged_pdf_files_end_the_reader_at_worst() -> None:
    ends = set()
    for seed in range(8):
        try:
            ends.add(bool(read_bytes(damaged(good("pdf"), seed)).lines))
        except Unreadable as refused:
            ends.add(refused.code)
    assert ends


def test_deeply_nested_tables_are_refused_or_read() -> None:
    depth = 3_000
    html = f"<html><body>{'<table><tr><td>' * depth}x</body></html>"
    word = "<w:tbl><w:tr><w:tc>" * depth
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {names}><w:body>{word}{'</w:tc></w:tr></w:tbl>' * depth}"
    read_or_refused(html.encode())
    read_or_refused(zipped(word__document_xml=f"{body}</w:body></w:document>"))


lines = st.builds(Line, st.text(max_size=20), begins=st.booleans(), page=st.integers(1, 9))


@settings(max_examples=40)
@given(lines)
def test_a_line_comes_through_the_pipe_as_it_was(line: Line) -> None:
    assert from_plain(to_plain(line)) == line
