"""Children: who they are, how we know them, and where each one stands."""

import polars as pl
import streamlit as st

from dashboard.text import duties, recurring, sentences, words
from dashboard.ui import components, tab
from queries import read

held = tab.enter("children")
st.title("Children")
members = read.members(held)
if members.is_empty():
    components.nobody()
    st.stop()

years = components.chips(
    "Year group", [words.year_group(n) for n in members["year_group"].unique().sort()], "years"
)
groups = components.chips(
    "How we know them", [words.GROUPS[name] for name in words.GROUPS if name != "all"], "groups"
)
shown = members
if years:
    shown = shown.filter(
        pl.col("year_group").map_elements(words.year_group, pl.String).is_in(years)
    )
if groups:
    shown = shown.filter(
        pl.any_horizontal(
            pl.col(column)
            for name, column in components.GROUP_COLUMNS.items()
            if words.GROUPS[name] in groups
        )
    )

st.markdown(sentences.shown_of(shown.height, members.height))
protection = components.protection_words(held)
states = recurring.seen(held, recurring.of_duties(members, read.duties(held)))
actions = {row["pupil_id"]: row for row in read.last_actions(held).to_dicts()}
components.quiet(" ".join(f"{shape} {state}." for state, shape in recurring.SHAPES.items()))
if states:
    components.quiet(words.terms("PEP", "SDQ", "EHCP"))
for group, rows in components.by_year_group(shown):
    st.header(group)
    for row in rows:
        components.child_row(
            row["pupil_id"],
            row["handle"],
            sentences.line_of_child(row, protection.get(row["pupil_id"], [])),
            "child",
            [
                recurring.line([recurring.attendance(row), *states.get(row["pupil_id"], [])]),
                duties.last_action(actions.get(row["pupil_id"])),
            ],
        )
if shown.is_empty():
    st.markdown("No child matches these choices. Take one of them away.")
