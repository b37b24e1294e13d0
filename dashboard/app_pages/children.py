"""Children: a row a child and a column a thing, to be scanned down."""

import streamlit as st

from dashboard.parts import children
from dashboard.text import standing
from dashboard.ui import actions, components, names, tab
from queries import read

session = tab.enter("children")
members = read.fetch_members(session)
if members.is_empty():
    st.title("Children", anchor=False)
    components.render_no_children()
    st.stop()
duties = session.select_visible(read.fetch_duties(session))
dates = standing.list_duty_dates(duties, session.as_at)
past = standing.find_past_children(dates)
title = st.empty()
chosen = children.render_filters(session, members)
shown = children.select(session, members, past, chosen, names.call)
components.render_title("children", children.format_title(shown, members.height, past), title)
children.render_rows(session, shown, duties, dates)
actions.render_dialog(session)
