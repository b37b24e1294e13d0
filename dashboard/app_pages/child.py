"""Child: the story of one child's year, opened by handle from a list."""

import streamlit as st

from dashboard import charts
from dashboard.text import sentences, tables, words
from dashboard.ui import child_sections, components, forms, identity, names, tab
from dashboard.ui.markdown import escape
from queries import read

pupil_id = st.session_state.get(tab.CHILD_KEY)
session = tab.enter("child", pupil_id)
if pupil_id is None:
    st.title("No child is open")
    st.markdown("Choose a child from the list of children.")
    st.page_link("app_pages/children.py", label="Go to Children")
    st.stop()
child = read.fetch_pupil(session, pupil_id)
if child is None:
    st.title("You cannot see this child")
    st.markdown(
        "The child is not on these pages on this day. "
        "The child may have left, or no longer be in one of the groups. "
        "Ask the safeguarding lead if that is wrong."
    )
    st.page_link("app_pages/children.py", label="Go to Children")
    st.stop()

st.title(escape(words.capitalise(child["handle"])), anchor=False)  # no handle in an address
if called := names.find_name(pupil_id):
    st.markdown(f"**{escape(called)}**")
st.markdown(escape(sentences.describe_child(child)))
components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))
year = read.fetch_academic_year(session)
shown = ["the child's year", "a sheet for the PEP"]
if (
    session.has_category("plans")
    and components.render_choice("Show", shown, "child-view") == shown[1]
):
    child_sections.render_pep_sheet(session, child, year)
    st.stop()
for line in components.describe_protection(session).get(pupil_id, []):
    st.markdown(escape(f"{words.capitalise(line)}."))
child_sections.render_reasons_and_action(session, pupil_id)
forms.render_forms(session, "child", [child["handle"]])
identity.render_identity(session, pupil_id, child["handle"])

st.header("Attendance this year")
components.render_year_tiles(child)
duties = child_sections.filter_by_pupil(read.fetch_duties(session), pupil_id)
child_sections.render_dates(duties)
child_sections.render_timeline(session, child, duties, year)
if session.has_category("wellbeing"):
    child_sections.render_scores(session, pupil_id)

years = read.fetch_pupil_years(session, pupil_id)
if years.is_empty():
    components.render_notice(
        "No marks yet", "The register has no mark for this child up to this day. Load it again."
    )
    child_sections.render_plain_marts(session, pupil_id)
    child_sections.render_access_history(session, child)
    st.stop()
st.header("When were sessions missed?")
chosen = components.render_choice("School year", years["academic_year"].to_list(), "child-year")
sessions = read.fetch_pupil_sessions(session, pupil_id, chosen)
terms = charts.split_by_term(sessions)
if not terms:
    st.markdown("There is no session to show for this school year.")
else:
    strip = charts.draw_weekday_strip(sessions, chosen)
    if strip:
        components.render_figure(strip, "strip")
    term = components.render_choice("Term", list(terms), f"child-term-{chosen}")
    drawn = charts.draw_register_calendar(terms[term], handle=child["handle"], when=term)
    if drawn:
        components.render_figure(drawn, "register")

st.header("Year by year")
components.render_small_text("A child is compared with its own past only.")
components.render_table(tables.tabulate_child_years(years), alt="Attendance by school year")
child_sections.render_plain_marts(session, pupil_id)
child_sections.render_access_history(session, child)
