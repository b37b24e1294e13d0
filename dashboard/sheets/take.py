"""A sheet on the page, as its files have it, and the way to take it as Word, PDF or print."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.report.content.model import Sheet, Table
from dashboard.ui import components
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.cells import serialise_csv

#: How the name of a file of each form ends.
_FORMS = {"Word": "docx", "PDF": "pdf", "CSV": "csv"}


def find_open_sheet(sheets: list[str], key: str) -> str | None:
    """The one of these sheets that the address asks for."""
    asked = st.query_params.get(key)
    return asked if asked in sheets else None


def render_sheet_buttons(sheets: list[str], key: str) -> None:
    """Open a sheet of the page by its address, so that the browser's Back leads to the page."""
    for sheet in sheets:
        st.button(
            sheet, key=f"{key}-{sheet}", on_click=st.query_params.update, args=({key: sheet},)
        )


def render_sheet(
    session: access.Session,
    page: str,
    sheet: Sheet,
    name: str,
    child: str | None = None,
    back: tuple[str, str] | None = None,
) -> None:
    """The sheet as it will be printed, under the page's title, which is its own.

    child: the pupil_id of the one whom it is about, for the log.  back: the key of the buttons
    that open it, and what it stands in place of.
    """
    with st.container(key="take", horizontal=True, vertical_alignment="bottom", gap="small"):
        if back is not None:
            key, title = back
            st.button(f"← Back to {title}", on_click=st.query_params.__delitem__, args=(key,))
        if session.is_allowed(page, "download"):
            render_ways(session, page, lambda: sheet, name, "sheet", child=child)
        components.render_small_text(
            "To print, press Ctrl and P, or choose Print in the menu at the top right."
        )
    for line in sheet.cover:
        st.markdown(escape(line))
    components.render_blocks(sheet.blocks)
    components.render_small_text(escape(sheet.note))
    components.render_small_text(escape(sheet.footer))


def render_ways(
    session: access.Session,
    page: str,
    build: Callable[[], Sheet],
    name: str,
    key: str,
    *,
    child: str | None = None,
    with_csv: bool = False,
) -> None:
    """The choice of a form, and the button that makes the file; with_csv: of its one table."""
    forms = [form for form in _FORMS if with_csv or form != "CSV"]
    form = components.render_choice("Download as", forms, f"{key}-form")
    components.render_download(
        session,
        page,
        f"Create {form} {'file' if form == 'CSV' else 'document'}",
        lambda: partial(_render_file, build(), form),
        name=f"{name}.{_FORMS[form]}",
        child=child,
    )


def _render_file(sheet: Sheet, form: str) -> bytes:
    if form == "CSV":
        (table,) = (each for each in sheet.blocks if isinstance(each, Table))
        return serialise_csv(table.header, table.rows).encode("utf-8-sig")  # as Excel takes it
    # what writes Word and PDF comes with the first sheet that somebody takes
    if form == "Word":
        from dashboard.report.render.word import to_word  # noqa: PLC0415

        return to_word(sheet)
    from dashboard.report.render.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(sheet)
