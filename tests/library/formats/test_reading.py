"""The reading process ends within its limits, and nothing it meets harms the one who asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.library.formats.making import docx, pdf
from vang.library.formats.failures import Code, Unreadable
from vang.library.formats.lines import text_of
from vang.library.formats.reading import DEFAULT_LIMITS, Limits, read_bytes, read_file

LONG = "Nội dung của trang này dài.\n#pagebreak()\n" * 60


@pytest.fixture(scope="module")
def long_pdf() -> bytes:
    return pdf(LONG)


def test_progress_is_told_and_every_page_is_read(long_pdf: bytes) -> None:
    seen: list[tuple[int, int]] = []
    reading = read_bytes(long_pdf, progress=lambda done, total: seen.append((done, total)))
    assert reading.format == "pdf"
    assert text_of(reading.lines).count("Nội dung") == 60
    assert seen
    assert seen[-1][1] == 61


@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (Limits(wall_s=0.01), {Code.TOO_SLOW}),
        (Limits(letters=100), {Code.TOO_LONG}),
        # Without memory the reader says so, or can no longer say anything.
        (Limits(memory=20_000_000), {Code.TOO_MUCH, Code.DAMAGED}),
    ],
)
def test_a_limit_ends_the_reading(long_pdf: bytes, limits: Limits, codes: set[Code]) -> None:
    with pytest.raises(Unreadable) as refused:
        read_bytes(long_pdf, limits)
    assert refused.value.code in codes
    assert read_bytes(long_pdf, replace(DEFAULT_LIMITS, letters=10_000)).lines


@pytest.mark.parametrize("memory", [45_000_000, 60_000_000, 80_000_000])
def test_pages_that_memory_did_not_suffice_for_are_named(long_pdf: bytes, memory: int) -> None:
    try:
        reading = read_bytes(long_pdf, Limits(memory=memory))
    except Unreadable:
        return
    assert text_of(reading.lines).count("Nội dung") + len(reading.unread) in {60, 61}


def test_a_file_is_read_where_it_lies_and_left_there(tmp_path: Path) -> None:
    path = tmp_path / "thong-bao"
    path.write_bytes(docx("Thông báo."))
    assert text_of(read_file(path).lines) == "Thông báo."
    assert path.exists()
