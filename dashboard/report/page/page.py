"""The Reports page: four steps from a choice to files, and what was made before."""

from datetime import date

import streamlit as st

from dashboard.report import make
from dashboard.report.content import facts
from dashboard.report.content.facts import Kind
from dashboard.report.make import Prepared
from dashboard.report.page import preview, state, take
from dashboard.report.page import words as report_words
from dashboard.text import words
from dashboard.ui import components
from dashboard.ui.markdown import plain
from safeguards.access import access
from safeguards.errors import DisclosureError, LedgerError, ReportError, SafeguardsError

CHOOSE, PREVIEW, WORDS, TAKE = "1. Choose", "2. Preview", "3. Your words", "4. Take it"
STEPS = (CHOOSE, PREVIEW, WORDS, TAKE)
#: Where this tab keeps its step, and what is asked for while its fields are not drawn.
STEP, KIND, DAY, _ASKED = "report-step", "report-kind", "report-day", "report-asked"

_TITLES: dict[type[SafeguardsError], str] = {
    DisclosureError: "No figures are safe to give",
    LedgerError: "The list of final reports cannot be read",
    ReportError: "This report cannot be made",
}


def shown(held: access.Session) -> None:
    """The step that this tab is at, and under it the reports that were made."""
    before, day = st.session_state.setdefault(_ASKED, ("termly", held.as_at))
    kind: Kind = st.session_state.get(KIND, before)
    if STEP not in st.session_state or (kind == "nil") != (before == "nil"):
        st.session_state[STEP] = CHOOSE
    if kind == "nil":
        _nil(held, *_choice(held, kind, day))
    else:
        step = st.segmented_control(
            "Step",
            STEPS,
            key=STEP,
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
        if step == CHOOSE:
            kind, day = _choice(held, kind, day)
        _step(held, kind, day, step or CHOOSE)
    take.history(held)


def _step(held: access.Session, kind: Kind, day: date, step: str) -> None:
    prepared = _prepared(held, kind, day)
    if prepared is None:
        return
    if step != CHOOSE:
        components.quiet(_told(prepared))
    match step:
        case _ if step == PREVIEW:
            preview.shown(prepared)
        case _ if step == WORDS:
            report_words.shown(held, prepared)
        case _ if step == TAKE:
            take.shown(held, prepared)
        case _:
            st.markdown(f"**{_told(prepared)}**")
            st.markdown(preview.check(prepared))
            st.markdown(report_words.headline(prepared))
    if step != TAKE:
        after = STEPS[STEPS.index(step) + 1]
        st.button(f"Go on to {after[3:].lower()}", on_click=_go, args=(STEP, after), key="next")


def _nil(held: access.Session, kind: Kind, day: date) -> None:
    """A nil return is one step: what it says, the few words that it needs, and its files."""
    prepared = _prepared(held, kind, day)
    if prepared is None:
        return
    st.markdown(f"**{_told(prepared)}** No child is looked after on this day.")
    st.header("Your words")
    report_words.shown(held, prepared)
    st.header("Take it")
    take.shown(held, prepared)


def _choice(held: access.Session, kind: Kind, day: date) -> tuple[Kind, date]:
    st.session_state.setdefault(KIND, kind)
    st.session_state.setdefault(DAY, day)
    with st.container(horizontal=True):
        chosen = st.segmented_control(
            "Report",
            facts.KINDS,
            format_func=facts.KIND_WORDS.__getitem__,
            key=KIND,
            required=True,
        )
        on = st.date_input(
            "Data up to",
            key=DAY,
            format="DD/MM/YYYY",
            max_value=max(held.as_at, held.data_until),
            width=200,
        )
    found = (chosen or kind, on if isinstance(on, date) else day)
    st.session_state[_ASKED] = found
    return found


def _prepared(held: access.Session, kind: Kind, day: date) -> Prepared | None:
    """The report that is asked for; None where there is none, which the page then says."""
    try:
        with st.spinner("Working out which figures may be told. This takes some seconds."):
            return state.prepared(held, kind, day)
    except access.Denied:
        raise
    except make.DoesNotFit as error:
        components.notice(_TITLES[ReportError], plain(str(error)))
        st.button(
            f"Make a {facts.KIND_WORDS[error.fits].lower()}",
            on_click=_go,
            args=(KIND, error.fits),
            key="fits",
            type="primary",
        )
    except SafeguardsError as error:
        title = _TITLES.get(type(error), _TITLES[ReportError])
        components.notice(title, f"{plain(str(error))} Nothing was made.")
    return None


def _told(prepared: Prepared) -> str:
    asked = prepared.facts
    return (
        f"{facts.KIND_WORDS[asked.kind]}, {asked.term_words}, "
        f"data up to {words.short_day(asked.as_at)}."
    )


def _go(key: str, value: str) -> None:
    st.session_state[key] = value
