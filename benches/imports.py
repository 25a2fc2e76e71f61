"""Importing documents of 500 pages: seconds and megabytes of the reading process, per format."""

import io
import json
import resource
import sys
import time
import zipfile

import typst
from docx import Document

from vang.library.formats.lines import text_of
from vang.library.formats.reading import read_bytes

SENTENCE = (
    "Tăng cường công tác chỉ đạo, điều hành, bảo đảm cung cấp đầy đủ, kịp thời những thông tin, "
    "kiến thức cần thiết cho đời sống, lao động, sản xuất, kinh doanh của nhân dân. "
)
PARAGRAPHS_A_PAGE = 5


def pdf(pages: int) -> bytes:
    text = f'#set page(numbering: "1")\n{f"{SENTENCE * 3}{chr(10)}{chr(10)}" * pages * 5}'
    return bytes(typst.compile(text.encode()))


def docx(pages: int) -> bytes:
    document, content = Document(), io.BytesIO()
    for _ in range(pages * PARAGRAPHS_A_PAGE):
        document.add_paragraph(SENTENCE * 3)
    document.save(content)
    return content.getvalue()


def odt(pages: int) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text")
    )
    body = f"<text:p>{SENTENCE * 3}</text:p>" * pages * PARAGRAPHS_A_PAGE
    xml = f"<office:document-content {names}><office:body><office:text>{body}</office:text>"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"{xml}</office:body></office:document-content>")
    return content.getvalue()


def measured(content: bytes) -> dict[str, float]:
    began = time.perf_counter()
    reading = read_bytes(content)
    return {
        "seconds": round(time.perf_counter() - began, 2),
        "file_mb": round(len(content) / 1e6, 2),
        "letters": len(text_of(reading.lines)),
        "pages": reading.lines[-1].page,
        "peak_mb_so_far": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    kinds = {"odt": odt, "docx": docx, "pdf": pdf}
    figures = {kind: measured(make(pages)) for kind, make in kinds.items()}
    print(json.dumps({"bench": "imports", "pages": pages, **figures}))


if __name__ == "__main__":
    main()
