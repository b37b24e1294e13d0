"""Children: a row a child and a column a thing, to be scanned down."""

import streamlit as st

from dashboard.children import filters, matrix
from dashboard.ui import actions, components, names, tab
from queries import read

session = tab.enter("children")
members = read.fetch_members(session)
if members.is_empty():
    st.title("Children", anchor=False)
    components.render_no_children()
    st.stop()
duties = session.select_visible(read.fetch_duties(session))
title = st.empty()
chosen = filters.render_filters(session, members)
shown = filters.select(session, members, duties, chosen, names.call)
headline = matrix.format_title(session, shown, members.height, duties)
components.render_title("children", headline, title)
matrix.render(session, shown, duties)
actions.render_dialog(session)
