"""Data check, whether today's numbers can be trusted and what should be mended."""

import polars as pl
import streamlit as st

from dashboard.text import sentences, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import plain
from queries import read

held = tab.enter("data_check")
st.title("Data check")
files, definitions = read.files(held), read.definitions()
found = {name: read.check(held, name.removeprefix("check_")) for name in tab.checks(held)}
wrong = {name: rows for name, rows in found.items() if rows.height}
newest = files.filter(pl.col("load_id") == pl.col("load_id").max())
refused = newest.filter("is_refused")["file_name"].to_list()
st.markdown(plain(sentences.data_headline(len(wrong), refused)))

st.header("What to mend")
if not wrong:
    st.markdown("Every check is clear. There is nothing to mend.")
for name, rows in wrong.items():
    st.subheader(f"{words.definition_title(name)}: {rows.height}")
    st.markdown(plain(words.readable(definitions[name])))
    st.markdown(f"**What to do:** {words.FIXES.get(name, 'Ask the office.')}")
    components.table(
        tables.check_rows(rows), alt=words.definition_title(name), most=components.LONG_TABLE
    )
clear = [words.definition_title(name) for name in found if name not in wrong]
if clear and wrong:
    st.subheader("Nothing found")
    st.markdown("\n".join(f"- {title}" for title in clear))

st.header("Files")
st.markdown(f"Newest load: {words.moment(held.loaded_at)}.")
components.quiet(
    "Other children: rows of those who are in none of the groups. They are summed by week; "
    "no row of theirs is kept."
)
components.table(tables.files(newest, files), alt="Files of the newest load")
older = files.filter(pl.col("load_id") < pl.col("load_id").max())
if older.height and st.toggle("Show earlier loads", key="older-loads"):
    components.table(tables.files(older, files), alt="Files of earlier loads")
components.why_different()
