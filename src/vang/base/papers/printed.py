"""The document as PDF/A, by typst."""

from typing import Any

from vang.base.papers.paper import Block, Grid, Heading, Paper, closed
from vang.base.pdf import pdf, table

_TEMPLATE = "base/paper/paper.typ"


def as_pdf(paper: Paper) -> bytes:
    """Pages to print and sign. The same paper gives the same bytes."""
    return pdf(
        _TEMPLATE,
        head=paper.head,
        signatures=[paper.signature],
        made_at=paper.made_at,
        bases=closed(paper.bases),
        to=closed(paper.to),
        recipients=closed(paper.recipients),
        blocks=[_shown(block) for block in paper.blocks],
    )


def _shown(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text, "level": block.level}
    if isinstance(block, Grid):
        return {"kind": "grid", "caption": block.caption, **table(block.columns, block.rows)}
    return {"kind": "paragraph", "text": block.text, "bold": block.bold, "italic": block.italic}
