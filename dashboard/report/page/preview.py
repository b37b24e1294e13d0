"""A report as it will stand, before it is Word or PDF, without what people write."""

from collections.abc import Iterator

import polars as pl
import streamlit as st

from dashboard.report.content import sections
from dashboard.report.content.model import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Part,
    Table,
    format_cell,
    number_captions,
)
from dashboard.report.make import PreparedReport
from dashboard.ui import components
from dashboard.ui.markdown import escape


def render_part(prepared: PreparedReport, part: Part) -> None:
    """What a part says without anybody's words; nothing where there is no such part."""
    document = sections.build_document(prepared.facts, (), part, is_final=False)
    if document is not None:
        numbered = number_captions(document.blocks)
        for block in document.blocks:
            _render_block(block, numbered)
        components.render_small_text(escape(document.note))


def _render_block(block: Block, numbered: Iterator[str]) -> None:
    match block:
        case Heading():
            st.header(escape(block.text), anchor=False)
        case Paragraph():
            st.markdown(escape(block.text))
        case Bullets():
            st.markdown("\n".join(f"- {escape(item)}" for item in block.items))
        case Table():
            _render_table(block, next(numbered))


def _render_table(block: Table, caption: str) -> None:
    st.markdown(f"**{escape(caption)}**")
    columns = zip(*block.rows, strict=True)
    cells = {
        name: [format_cell(cell) for cell in column]
        for name, column in zip(block.header, columns, strict=True)
    }
    components.render_table(pl.DataFrame(cells), alt=caption)
    if block.note:
        components.render_small_text(escape(block.note))
