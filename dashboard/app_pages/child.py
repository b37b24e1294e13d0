"""Child: the story of one child's year, opened by handle from a list."""

import streamlit as st

from dashboard import charts
from dashboard.text import sentences, tables, words
from dashboard.ui import child_sections, components, forms, identity, names, tab
from dashboard.ui.markdown import plain
from queries import read

pupil_id = st.session_state.get(tab.CHILD_KEY)
held = tab.enter("child", pupil_id)
if pupil_id is None:
    st.title("No child is open")
    st.markdown("Choose a child from the list of children.")
    st.page_link("app_pages/children.py", label="Go to Children")
    st.stop()
child = read.child(held, pupil_id)
if child is None:
    st.title("You cannot see this child")
    st.markdown(
        "The child is not on these pages on this day. "
        "The child may have left, or no longer be in one of the groups. "
        "Ask the safeguarding lead if that is wrong."
    )
    st.page_link("app_pages/children.py", label="Go to Children")
    st.stop()

st.title(plain(words.sentence(child["handle"])), anchor=False)  # no handle in an address
if called := names.beside(pupil_id):
    st.markdown(f"**{plain(called)}**")
st.markdown(plain(sentences.about_child(child)))
components.quiet(words.terms("PEP", "SDQ", "EHCP"))
year = read.academic_year(held)
shown = ["the child's year", "a sheet for the PEP"]
if held.sees("plans") and components.choice("Show", shown, "child-view") == shown[1]:
    child_sections.pep_sheet(held, child, year)
    st.stop()
for line in components.protection_words(held).get(pupil_id, []):
    st.markdown(plain(f"{words.sentence(line)}."))
child_sections.look_and_action(held, pupil_id)
forms.shown(held, "child", [child["handle"]])
identity.shown(held, pupil_id, child["handle"])

st.header("Attendance this year")
components.year_tiles(child)
duties = child_sections.of(read.duties(held), pupil_id)
child_sections.dates(duties)
child_sections.timeline(held, child, duties, year)
if held.sees("wellbeing"):
    child_sections.scores(held, pupil_id)

years = read.child_years(held, pupil_id)
if years.is_empty():
    components.notice(
        "No marks yet", "The register has no mark for this child up to this day. Load it again."
    )
    child_sections.seen_by(held, child)
    st.stop()
st.header("When were sessions missed?")
chosen = components.choice("School year", years["academic_year"].to_list(), "child-year")
sessions = read.child_sessions(held, pupil_id, chosen)
terms = charts.by_term(sessions)
if not terms:
    st.markdown("There is no session to show for this school year.")
else:
    strip = charts.weekday_strip(sessions, chosen)
    if strip:
        components.figure(strip, "strip")
    term = components.choice("Term", list(terms), f"child-term-{chosen}")
    drawn = charts.register_calendar(terms[term], handle=child["handle"], when=term)
    if drawn:
        components.figure(drawn, "register")

st.header("Year by year")
components.quiet("A child is compared with its own past only.")
components.table(tables.child_years(years), alt="Attendance by school year")
child_sections.seen_by(held, child)
