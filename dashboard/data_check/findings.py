"""What a check found: whose it is, where it stands, what to do, and the list to pass on."""

import polars as pl
import streamlit as st

from dashboard.text import rules, tables, words
from dashboard.ui import components, rows
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access


def render_finding(session: access.Session, name: str, found: pl.DataFrame) -> None:
    """One check view (`check_...`) with its rows; each child is a link."""
    figures = rules.list_figures(read.fetch_thresholds(session))
    title = words.get_definition_title(name)
    st.subheader(f"{title}: {found.height}", anchor=False)
    st.markdown(escape(words.format_definition(read.list_definitions()[name], figures)))
    st.markdown(f"**What to do:** {words.FIXES.get(name, 'Ask the office.')}")
    shown = found.head(components.MAX_TABLE_ROWS)
    if found.height > shown.height:
        components.render_small_text(
            f"The first {shown.height} of {words.format_count(found.height, 'row')}."
        )
    table = tables.tabulate_check(shown)
    if "handle" not in shown.columns:
        components.render_table(table, alt=title)
    else:
        _render_rows(session, name, shown, table.drop("Child"))
    with st.expander("Copy this list, by code"):
        st.code(tables.tabulate_check(found).write_csv(separator="\t"), language=None)


def _render_rows(
    session: access.Session, name: str, shown: pl.DataFrame, table: pl.DataFrame
) -> None:
    ordered = tables.sort_check(shown)
    with st.container(key=f"list-{name}"):
        rows.render_heads("found", "Child", *table.columns, key=name)
        children = ordered.select("pupil_id", "handle").iter_rows()
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
