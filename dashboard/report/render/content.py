"""What both renderings draw of a paper, as plain data: nothing in it is read as markup."""

from typing import Any

from dashboard.report.content.model import (
    Block,
    Bullets,
    Heading,
    Lines,
    Paper,
    Paragraph,
    Question,
    Sheet,
    Table,
    format_cell,
    format_cover_lines,
    format_draft_mark,
    format_footer,
    format_question,
    list_captions,
)


def build_content(paper: Paper) -> dict[str, Any]:
    """The texts of a paper, by the names that the templates of Word and typst have."""
    captions = list_captions(paper)
    return {
        "title": paper.title,
        "cover": list(format_cover_lines(paper)),
        "note": paper.note,
        "draft": format_draft_mark(paper) or "",
        "footer": format_footer(paper),
        "blocks": [
            # a sheet's own heading says what a table of it is
            _build_table(block, next(captions), has_caption=not isinstance(paper, Sheet))
            if isinstance(block, Table)
            else _build_block(block)
            for block in paper.blocks
        ],
    }


def _build_block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text}
        case Paragraph():
            label = f"{block.label} " if block.label else ""
            return {"kind": "paragraph", "label": label, "text": block.text}
        case Question():
            return {"kind": "question", "text": format_question(block)}
        case Bullets():
            return {"kind": "bullets", "texts": list(block.items)}
        case Lines():
            return {"kind": "lines", "texts": [""] * block.number}
        case _:
            raise TypeError(f"a {type(block).__name__} is drawn by itself")


def _build_table(block: Table, caption: str, *, has_caption: bool) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": caption if has_caption else "",
        "header": list(block.header),
        "rows": [[format_cell(cell) for cell in row] for row in block.rows],
        "note": block.note,
    }
