"""A report as it will stand, before it is Word or PDF: its figures, and what it holds back."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import streamlit as st

from dashboard.report import make
from dashboard.report.check import checked
from dashboard.report.content.model import (
    Block,
    Bullets,
    Document,
    Heading,
    Numbered,
    Paragraph,
    Picture,
    Table,
    format_cell,
    number_captions,
)
from dashboard.report.make import PreparedReport
from dashboard.ui import components
from dashboard.ui.markdown import escape


def render_preview(prepared: PreparedReport) -> None:
    """The disclosure check, then the computed parts; what people write is not in it."""
    document = _build_computed_part(prepared)
    found = checked.describe_disclosure_check(prepared.facts, document, prepared.earlier)
    with st.container(border=True):
        st.markdown(f"**{found.headline}**")
        if found.lines:
            st.markdown("\n".join(f"- {escape(line)}" for line in found.lines))
    numbered = number_captions(document.blocks)
    for block in document.blocks:
        _block(block, numbered)


def describe_check(prepared: PreparedReport) -> str:
    """The disclosure check in a sentence or two."""
    return checked.describe_disclosure_check(
        prepared.facts, _build_computed_part(prepared), prepared.earlier
    ).headline


def _build_computed_part(prepared: PreparedReport) -> Document:
    return make.build_documents(replace(prepared, answers=()), is_final=False)[0]


def _block(block: Block, numbered: Iterator[str]) -> None:
    if isinstance(block, Heading):
        st.subheader(escape(block.text))
    elif isinstance(block, Paragraph):
        st.markdown(escape(block.text))
    elif isinstance(block, Bullets | Numbered):
        sign = "-" if isinstance(block, Bullets) else "1."
        st.markdown("\n".join(f"{sign} {escape(item)}" for item in block.items))
    elif isinstance(block, Table):
        _table(block, next(numbered))
    elif isinstance(block, Picture):
        components.render_small_text(
            f"{escape(next(numbered))}. It is drawn in the files, from the next table."
        )


def _table(block: Table, caption: str) -> None:
    st.markdown(f"**{escape(caption)}**")
    columns = zip(*block.rows, strict=True)
    cells = {
        name: [format_cell(cell) for cell in column]
        for name, column in zip(block.header, columns, strict=True)
    }
    components.render_table(pl.DataFrame(cells), alt=caption)
    if block.note:
        components.render_small_text(escape(block.note))
