"""A sheet on the page with the content of its file, and ways to download or print it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.report.content.model import Sheet, Table
from dashboard.ui import components
from dashboard.ui.markdown import escape
from safeguards.access import access
from safeguards.cells import serialise_csv

#: The file extension of each form.
_FORMS = {"Word": "docx", "PDF": "pdf", "CSV": "csv"}


def find_open_sheet(sheets: list[str], key: str) -> str | None:
    """Return the sheet that the address asks for, if it is one of these."""
    sheet = st.query_params.get(key)
    return sheet if sheet in sheets else None


def render_sheet_buttons(sheets: list[str], key: str) -> None:
    """Draw buttons that put the sheet into the address, so that the browser's Back leads here."""
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
    """Draw the sheet as it will be printed, under the page's title, which is also the sheet's.

    `child` is the pupil_id of the child whom it is about, for the log. `back` has the key of the
    buttons that open the sheet, and the title of the page that it replaces.
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
    """Offer a choice of forms, and the button that makes the file. A CSV has the only table."""
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
        (table,) = (block for block in sheet.blocks if isinstance(block, Table))
        return serialise_csv(table.header, table.rows).encode("utf-8-sig")  # as Excel takes it
    # the libraries for Word and PDF are imported when somebody first needs them
    if form == "Word":
        from dashboard.report.render.word import to_word  # noqa: PLC0415

        return to_word(sheet)
    from dashboard.report.render.pdf import to_pdf  # noqa: PLC0415

    return to_pdf(sheet)
