"""What a check found: whose it is, where it stands, what to do, and the list to pass on."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from dashboard.text import tables, words
from dashboard.ui import components, rows
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access


def render_finding(
    session: access.Session, name: str, found: pl.DataFrame, figures: Mapping[str, str]
) -> None:
    """One check view (`check_...`) with its rows by handle and date; each child is a link."""
    title = words.get_definition_title(name)
    st.subheader(f"{title}: {found.height}", anchor=False)
    st.markdown(escape(words.format_definition(read.list_definitions()[name], figures)))
    st.markdown(f"**What to do:** {words.FIXES.get(name, 'Ask the office.')}")
    most = components.MAX_TABLE_ROWS
    if found.height > most:
        components.render_small_text(
            f"The first {most} of {words.format_count(found.height, 'row')}."
        )
    ordered = tables.sort_check(found)
    table = tables.tabulate_check(ordered)
    if "handle" not in found.columns:
        components.render_table(table.head(most), alt=title)
    else:
        _render_rows(session, name, ordered.head(most), table.head(most).drop("Child"))
    with st.expander("Copy this list, by code"):
        st.code(table.write_csv(separator="\t"), language=None)


def _render_rows(
    session: access.Session, name: str, shown: pl.DataFrame, table: pl.DataFrame
) -> None:
    with st.container(key=f"list-{name}"):
        rows.render_heads("found", "Child", *table.columns, key=name)
        children = zip(shown["pupil_id"], shown["handle"], strict=True)
        for place, ((pupil_id, handle), cells) in enumerate(
            zip(children, table.iter_rows(named=True), strict=True)
        ):
            with rows.open_row("found", f"{name}-{place}"):
                if pupil_id is None:
                    st.markdown(words.NOTHING)
                else:
                    rows.render_child_link(session, pupil_id, handle)
                rows.render_cells(
                    *(rows.format_cell(_format(value), "", head) for head, value in cells.items())
                )


def _format(value: object) -> str:
    return words.NOT_RECORDED if value is None else str(value)
