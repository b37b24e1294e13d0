"""A report as it will stand, before it is Word or PDF, without what people write."""

from collections.abc import Iterator

import polars as pl
import streamlit as st

from dashboard.report.content import sections, sentences, tables
from dashboard.report.content.facts import Facts
from dashboard.report.content.model import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Table,
    format_cell,
    number_captions,
)
from dashboard.report.make import PreparedReport
from dashboard.text import words
from dashboard.ui import components
from dashboard.ui.markdown import escape


def render_preview(prepared: PreparedReport) -> None:
    """What it says of children, in short, then the computed parts."""
    with st.container(border=True):
        st.markdown(f"**{describe_told(prepared.facts)}**")
        components.render_small_text(
            "Which ranges may be said was decided before anybody looked at what is true today."
        )
    document = sections.build_document(prepared.facts, (), "Part One", is_final=False)
    if document is not None:
        numbered = number_captions(document.blocks)
        for block in document.blocks:
            _block(block, numbered)


def render_standing(prepared: PreparedReport) -> None:
    """The whole group's sums and duties, as the report that was asked for says them."""
    facts = prepared.facts
    st.header("How things stand", anchor=False)
    lines = [
        *(sentences.describe_size(facts, group) for group in facts.told.sizes),
        sentences.describe_missed(facts),
        sentences.describe_rates(facts.told.rates or ()),
        sentences.describe_premium(facts),
    ]
    _block(Bullets(tuple(filter(None, lines))), iter(()))
    table = tables.tabulate_duties(facts)
    if table is not None:
        _block(table, iter([table.caption]))


def describe_told(facts: Facts) -> str:
    """How much a report says of children, in a sentence or two."""
    told = facts.told
    new = sum(each.day == told.day for each in told.statements)
    parts = [
        words.format_count(sum(each.missed is not None for each in told.sums.values()), "sum"),
        words.format_count(new, "new statement"),
    ]
    if old := len(told.statements) - new:
        parts.append(f"{words.format_count(old, 'statement')} of earlier reports")
    return f"Of children it tells {words.format_list(parts)}. Duties are counted in full."


def _block(block: Block, numbered: Iterator[str]) -> None:
    if isinstance(block, Heading):
        st.header(escape(block.text), anchor=False)
    elif isinstance(block, Paragraph):
        st.markdown(escape(block.text))
    elif isinstance(block, Bullets):
        st.markdown("\n".join(f"- {escape(item)}" for item in block.items))
    elif isinstance(block, Table):
        _table(block, next(numbered))


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
