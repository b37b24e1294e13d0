"""Data check, whether today's numbers can be trusted and what should be mended."""

import polars as pl
import streamlit as st

from dashboard.text import rules, sentences, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from queries import read

session = tab.enter("data_check")
st.title("Data check")
files, definitions = read.fetch_loaded_files(session), read.list_definitions()
found = {
    name: read.fetch_check(session, name.removeprefix("check_"))
    for name in tab.list_checks(session)
}
figures = rules.list_figures(read.fetch_thresholds(session))
wrong = {name: rows for name, rows in found.items() if rows.height}
newest = files.filter(pl.col("load_id") == pl.col("load_id").max())
refused = newest.filter("is_refused")["file_name"].to_list()
st.markdown(escape(sentences.format_data_headline(len(wrong), refused)))

st.header("What to mend")
if not wrong:
    st.markdown("Every check is clear. There is nothing to mend.")
for name, rows in wrong.items():
    st.subheader(f"{words.get_definition_title(name)}: {rows.height}")
    st.markdown(escape(words.format_definition(definitions[name], figures)))
    st.markdown(f"**What to do:** {words.FIXES.get(name, 'Ask the office.')}")
    components.render_table(
        tables.tabulate_check(rows),
        alt=words.get_definition_title(name),
        max_rows=components.MAX_TABLE_ROWS,
    )
clear = [words.get_definition_title(name) for name in found if name not in wrong]
if clear and wrong:
    st.subheader("Nothing found")
    st.markdown("\n".join(f"- {title}" for title in clear))

st.header("Files")
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
