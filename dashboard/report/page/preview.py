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
    captions,
    cell_text,
)
from dashboard.report.make import Prepared
from dashboard.ui import components
from dashboard.ui.markdown import plain


def shown(prepared: Prepared) -> None:
    """The disclosure check, then the computed parts; what people write is not in it."""
    document = _computed(prepared)
    found = checked.check(prepared.facts, document, prepared.earlier)
    with st.container(border=True):
        st.markdown(f"**{found.headline}**")
        if found.lines:
            st.markdown("\n".join(f"- {plain(line)}" for line in found.lines))
    numbered = captions(document.blocks)
    for block in document.blocks:
        _block(block, numbered)


def check(prepared: Prepared) -> str:
    """The disclosure check in a sentence or two."""
    return checked.check(prepared.facts, _computed(prepared), prepared.earlier).headline


def _computed(prepared: Prepared) -> Document:
    return make.documents(replace(prepared, answers=()), is_final=False)[0]


def _block(block: Block, numbered: Iterator[str]) -> None:
    if isinstance(block, Heading):
        st.subheader(plain(block.text))
    elif isinstance(block, Paragraph):
        st.markdown(plain(block.text))
    elif isinstance(block, Bullets | Numbered):
        sign = "-" if isinstance(block, Bullets) else "1."
        st.markdown("\n".join(f"{sign} {plain(item)}" for item in block.items))
    elif isinstance(block, Table):
        _table(block, next(numbered))
    elif isinstance(block, Picture):
        components.quiet(f"{plain(next(numbered))}. It is drawn in the files, from the next table.")


def _table(block: Table, caption: str) -> None:
    st.markdown(f"**{plain(caption)}**")
    columns = zip(*block.rows, strict=True)
    cells = {
        name: [cell_text(cell) for cell in column]
        for name, column in zip(block.header, columns, strict=True)
    }
    components.table(pl.DataFrame(cells), alt=caption)
    if block.note:
        components.quiet(plain(block.note))
