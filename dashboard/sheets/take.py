"""A sheet on the page, as its files have it, and the way to take it as Word, PDF or print."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.report.content.model import (
    Block,
    Bullets,
    Heading,
    Lines,
    Paragraph,
    Sheet,
    Table,
    format_cell,
    format_cover_lines,
    format_footer,
)
from dashboard.report.render.pdf import to_pdf
from dashboard.report.render.word import to_word
from dashboard.ui import components
from dashboard.ui.markdown import escape
from safeguards.access import access

_FORMS: Final[dict[str, tuple[str, str, Callable[[Sheet], bytes]]]] = {
    "Word": (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        to_word,
    ),
    "PDF": ("pdf", "application/pdf", to_pdf),
}


@contextmanager
def open_title() -> Iterator[DeltaGenerator]:
    """A row for what stands beside a title, whose place comes first."""
    with st.container(key="who", horizontal=True, vertical_alignment="center", gap="small"):
        yield st.empty()


def is_sheet_open(key: str) -> bool:
    """Whether a sheet is asked for, by a click or by the address."""
    return bool(st.session_state.get(key) or st.query_params.get(key))


def render_sheet_choice(sheets: list[str], key: str) -> str | None:
    """The sheets that can be opened in place of the page; which one is, by the address."""
    chosen: str | None = st.pills(
        "Sheets to take along", sheets, key=key, bind="query-params", label_visibility="collapsed"
    )
    return chosen


def render_sheet(
    session: access.Session, page: str, sheet: Sheet, name: str, child: str | None = None
) -> None:
    """The sheet as it will be printed, under the page's title, which is its own.

    child: the pupil_id of the one whom it is about, for the log.
    """
    with st.container(key="take", horizontal=True, vertical_alignment="bottom", gap="small"):
        if session.is_allowed(page, "download"):
            form = components.render_choice("Take it as", list(_FORMS), "sheet-form")
            suffix, mime, make = _FORMS[form]
            components.render_download(
                session,
                page,
                f"Make the sheet for {form}",
                lambda: make(sheet),
                name=f"{name}.{suffix}",
                mime=mime,
                child=child,
            )
        components.render_small_text(
            "To print, press Ctrl and P, or choose Print in the menu at the top right."
        )
    for line in format_cover_lines(sheet):
        st.markdown(escape(line))
    for block in sheet.blocks:
        _render_block(block)
    components.render_small_text(escape(sheet.note))
    components.render_small_text(escape(format_footer(sheet)))


def _render_block(block: Block) -> None:
    match block:
        case Heading():
            st.header(escape(block.text), anchor=False)
        case Paragraph():
            st.markdown(escape(block.text))
        case Bullets():
            st.markdown("\n".join(f"- {escape(item)}" for item in block.items))
        case Table():
            cells = (map(format_cell, row) for row in block.rows)
            components.render_listing(block.header, cells)
        case Lines():
            components.render_lines(block.number)
