"""Data check, whether today's numbers can be trusted and what is to fix."""

import polars as pl
import streamlit as st

from dashboard.parts import data_check
from dashboard.text import rules, sentences, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from queries import read

session = tab.enter("data_check")
files = read.fetch_loaded_files(session)
found = {
    name: read.fetch_check(session, name.removeprefix("check_"))
    for name in tab.list_checks(session)
}
wrong = {name: rows for name, rows in found.items() if rows.height}
newest = files.filter(pl.col("load_id") == pl.col("load_id").max())
refused = newest.filter("is_refused")["file_name"].to_list()
headline = escape(sentences.format_data_headline(len(wrong), refused))
components.render_title("data_check", headline)

left, right = st.columns(2, gap="large")
with left:
    st.header("To fix", anchor=False)
    data_check.render_message()
    if not wrong:
        st.markdown("Checked, nothing to fix.")
    elif session.is_allowed("data_check", "download"):
        components.render_download(
            session,
            "data_check",
            "Make a workbook of these lists",
            lambda: data_check.build_check_book(wrong),
            name=data_check.WORKBOOK_NAME,
            mime=data_check.WORKBOOK_MIME,
        )
    figures = rules.list_figures(read.fetch_thresholds(session))
    for name, rows in wrong.items():
        data_check.render_finding(session, name, rows, figures)
        if name == "check_left_out":
            data_check.render_waiver(session, rows)
    clear = [words.get_definition_title(name) for name in found if name not in wrong]
    if clear and wrong:
        st.subheader("Checked, nothing to fix", anchor=False)
        st.markdown("\n".join(f"- {title}" for title in clear))
with right:
    st.header("Files", anchor=False)
    st.markdown(f"Newest load: {words.format_moment(session.loaded_at)}.")
    components.render_small_text(
        "Other children: rows of those who are in none of the groups. They are summed by week; "
        "no row of theirs is kept."
    )
    components.render_table(tables.tabulate_files(newest, files), alt="Files of the newest load")
    older = files.filter(pl.col("load_id") < pl.col("load_id").max())
    if older.height and st.toggle("Show earlier loads", key="older-loads"):
        components.render_table(tables.tabulate_files(older, files), alt="Files of earlier loads")
    components.render_why_different()
