"""A paper on the page, before it is Word or PDF."""

from collections.abc import Iterable

import streamlit as st
from markupsafe import Markup

from dashboard.report.content import sections
from dashboard.report.content.model import (
    Block,
    Bullets,
    Heading,
    Lines,
    Paragraph,
    Part,
    Table,
    format_cell,
)
from dashboard.report.make import PreparedReport
from dashboard.ui import components, rows
from dashboard.ui.markdown import escape


def render_part(prepared: PreparedReport, part: Part) -> None:
    """What a part says without anybody's words; nothing where there is no such part."""
    document = sections.build_document(prepared.facts, (), part, is_final=False)
    if document is not None:
        render_blocks(document.blocks)
        components.render_small_text(escape(f"{part}. {document.note}"))


def render_blocks(blocks: Iterable[Block]) -> None:
    """The blocks of a report or a sheet; on a phone a row of a table is a card."""
    for block in blocks:
        match block:
            case Heading():
                st.header(escape(block.text), anchor=False)
            case Paragraph():
                st.markdown(escape(block.text))
            case Bullets():
                st.markdown("\n".join(f"- {escape(item)}" for item in block.items))
            case Table():
                cells = (map(format_cell, row) for row in block.rows)
                rows.render_html(rows.format_listing(block.header, cells))
                if block.note:
                    components.render_small_text(escape(block.note))
            case Lines():
                height = Markup('<div class="lines" style="height: {}rem"></div>')
                rows.render_html(height.format(2 * block.number))
