"""Today: who needs a look and what is due, on one screen."""

import polars as pl
import streamlit as st

from dashboard.parts import today
from dashboard.sheets import take
from dashboard.sheets.today import TODAY, build_today_list
from dashboard.text import duties as duty_words
from dashboard.text import rules, standing, words
from dashboard.ui import actions, components, tab
from queries import read

session = tab.enter("today")
members = read.fetch_members(session)
if members.is_empty():
    st.title("Today", anchor=False)
    components.render_no_children()
    st.stop()

looks, duties = rules.fetch_reasons(session), session.select_visible(read.fetch_duties(session))
dates = standing.list_duty_dates(duties, session.as_at)
near = standing.select_near(dates, session.as_at)
listed = looks.filter(~pl.col("is_closed"))["pupil_id"].n_unique()
past = sum(each.is_past for each in near)
actions.render_dialog(session)
last_actions = read.fetch_last_actions(session)
if take.is_sheet_open("list"):
    with take.open_title() as title:
        is_list = take.render_sheet_choice([TODAY], "list")
    if is_list:
        sheet = build_today_list(session, looks, last_actions, near)
        title.title(sheet.title, anchor=False)
        take.render_sheet(session, "today", sheet, "todays-list")
        st.stop()
st.title(duty_words.format_headline(listed, past), anchor=False)
last_seen = session.find_last_seen_day("today")
new = today.render_since(session, last_seen, looks, duties, members)
today.render_protection(session)
left, right = st.columns([1.33, 1], gap="medium")
with left:
    today.render_looks(session, looks, new, last_actions)
    today.render_pointers(session, last_seen)
    today.render_band(session, dates)
with right:
    if not take.is_sheet_open("list"):  # after the list, for who goes by the keyboard
        take.render_sheet_choice([TODAY], "list")
    today.render_dates(session, near)
    with st.container(key="terms"):
        components.render_small_text(words.spell_out_terms("PEP", "SDQ"))
