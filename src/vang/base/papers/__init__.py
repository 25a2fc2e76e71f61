"""An office document from data, in the layout of Decree 30/2020/NĐ-CP: as DOCX and as PDF."""

from vang.base.papers.paper import Block, Grid, Heading, Paper, Paragraph
from vang.base.papers.printed import as_pdf
from vang.base.papers.word import as_docx, docx_response

__all__ = [
    "Block",
    "Grid",
    "Heading",
    "Paper",
    "Paragraph",
    "as_docx",
    "as_pdf",
    "docx_response",
]
