"""Children: who they are, how we know them, and where each one stands."""

import polars as pl
import streamlit as st

from dashboard.text import duties, recurring, sentences, words
from dashboard.ui import components, tab
from queries import read

session = tab.enter("children")
st.title("Children")
members = read.fetch_members(session)
if members.is_empty():
    components.render_no_children()
    st.stop()

years = components.render_filters(
    "Year group",
    [words.format_year_group(n) for n in members["year_group"].unique().sort()],
    "years",
)
groups = components.render_filters(
    "How we know them", [words.GROUPS[name] for name in words.GROUPS if name != "all"], "groups"
)
shown = members
if years:
    shown = shown.filter(
        pl.col("year_group").map_elements(words.format_year_group, pl.String).is_in(years)
    )
if groups:
    shown = shown.filter(
        pl.any_horizontal(
            pl.col(column)
            for name, column in components.GROUP_COLUMNS.items()
            if words.GROUPS[name] in groups
        )
    )

st.markdown(sentences.describe_shown_count(shown.height, members.height))
protection = components.describe_protection(session)
states = recurring.group_visible(
    session, recurring.tabulate_duty_states(members, read.fetch_duties(session))
)
persistent_absence = read.fetch_threshold(session, "persistent_absence")
actions = read.fetch_last_actions(session)
components.render_small_text(
    " ".join(f"{shape} {state}." for state, shape in recurring.SHAPES.items())
)
if states:
    components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))
for group, rows in components.group_by_year_group(read.Member, shown):
    st.header(group)
    for row in rows:
        components.render_child_row(
            row["pupil_id"],
            row["handle"],
            sentences.describe_child_briefly(row, protection.get(row["pupil_id"], [])),
            "child",
            [
                recurring.format_states(
                    [
                        recurring.build_attendance_state(row, persistent_absence),
                        *states.get(row["pupil_id"], []),
                    ]
                ),
                duties.describe_last_action(actions.get(row["pupil_id"])),
            ],
        )
if shown.is_empty():
    st.markdown("No child matches these choices. Take one of them away.")
