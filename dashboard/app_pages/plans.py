"""Plans and dates: the dates due and who must act, the stage of each EHCP, and the newest PEPs.

The filters of the list stay in the address: Status, Who, What.
"""

from datetime import date

import polars as pl
import streamlit as st

from dashboard.sheets import filtered
from dashboard.text import cells, duty_tables, rules, standing, words
from dashboard.text.standing import DutyDate
from dashboard.ui import components, lists, names, tab
from queries import read
from safeguards.access import access, recall

#: The choices of the filter Status.
_STATUSES = ("Overdue", "Due", "Later", "Not recorded")
#: The statuses that are listed until somebody chooses: all but the later dates.
_FIRST = ("Overdue", "Due", "Not recorded")

#: Marks a date that the home itself must see to.
_OURS = "Ours"


def render() -> None:
    """Draw the page."""
    session = tab.enter("plans")
    if components.render_no_children(session, "plans"):
        return
    own = components.render_place_choice(session)
    is_filtered = _render_dates(session, own)
    with st.container(key="beside-filtered" if is_filtered else "beside"):
        left, right = st.columns(2, gap="large")
        with left:
            _render_ehcps(session, own)
        with right:
            _render_peps(session, own)
    components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))


def _render_dates(session: access.Session, own: read.Own) -> bool:
    """Draw the title, the filters and a line for each date; return whether there is a filter."""
    if (only := st.query_params.pop("only", "")) in _STATUSES:  # a link replaces the filters
        st.session_state.update(status=[only], holder=[], kind=[])
    title, holders, kinds, rows = _list_dates(session, own)
    place = st.empty()
    with st.container(key="filters", horizontal=True, vertical_alignment="top", gap="medium"):
        statuses = components.render_filters("Status", list(_STATUSES), "status")
        chosen_holders = components.render_filters("Who", holders, "holder")
        chosen_kinds = components.render_filters("What", kinds, "kind")
    wanted = (
        {f"Status: {status}" for status in statuses or _FIRST},
        {f"Who: {holder}" for holder in chosen_holders},
        {f"What: {kind}" for kind in chosen_kinds},
    )
    shown = [row for row in rows if all(not labels or row.found_by & labels for labels in wanted)]
    chosen = [*statuses, *chosen_kinds, *chosen_holders]
    if chosen:
        title = f"{words.format_part(len(shown), len(rows), 'date')}: {', '.join(chosen)}"
    title = components.say_whose(session, title)
    components.render_title("plans", title, place)
    if not shown:
        st.markdown("No date matches.")
    else:
        heads = lists.list_date_heads(session, lists.CHILD, "What", "When", "For")
        lists.render_list(
            session, "dates", "plan", heads, _group_dates(session, shown), noun="date"
        )
        filtered.render_list_to_take(session, "plans", title, heads, shown, len(rows))
    components.render_small_text(" · ".join(standing.list_marks()))
    return bool(chosen) or own is not None


def _group_dates(session: access.Session, rows: list[lists.Row]) -> list[lists.Group]:
    """Return a school's own dates first, and then those of others; one list in a home of many."""
    if session.home_of != "school":
        return [lists.Group(rows, label="Dates")]
    ours = [row for row in rows if _OURS in row.found_by]
    others = [row for row in rows if _OURS not in row.found_by]
    groups = (("Ours to do", ours), ("Waiting for others", others))
    return [lists.Group(part, f"{title} ({len(part)})") for title, part in groups if part]


@recall.share
def _list_dates(
    session: access.Session, own: read.Own
) -> tuple[str, list[str], list[str], list[lists.Row]]:
    """Return the title, the holders and kinds that the dates have, and the rows in their order."""
    pairs = [pair for pair in _build_dates(session) if own is None or pair[0].pupil_id in own]
    dates = [duty for duty, _ in pairs]
    past = [duty for duty in dates if duty.is_past]
    ours = sum(duty.is_own for duty in past)
    number = words.capitalise(words.format_count(len(past), "date"))
    is_are = words.pluralise(len(past), "is")
    note = words.say(f", {ours or 'none'} of them for the school", session.home_of) if past else ""
    return (
        f"{number} {is_are} overdue{note}",
        sorted({duty.holder for duty in dates}),
        sorted({_find_kind(duty) for duty in dates}),
        [row for _, row in pairs],
    )


@recall.share
def _build_dates(session: access.Session) -> list[tuple[DutyDate, lists.Row]]:
    """Return every date with its row, overdue ones first and those not recorded last.

    A school's own dates stand before those of others.
    """
    is_school = session.home_of == "school"
    ordered = sorted(
        standing.fetch_dates(session),
        key=lambda duty: (
            is_school and not duty.is_own,
            not duty.is_past,
            duty.state == standing.NOT_RECORDED,
        ),
    )
    return [(duty, _build_date(duty, session.as_at)) for duty in ordered]


def _build_date(duty: DutyDate, as_at: date) -> lists.Row:
    when = cells.format_status(duty.state, words.capitalise(duty.text))
    return lists.Row(
        child=(duty.pupil_id, duty.handle),
        found_by=frozenset(
            (
                f"Status: {_find_status(duty)}",
                f"Who: {duty.holder}",
                f"What: {_find_kind(duty)}",
                *([_OURS] if duty.is_own else []),
            )
        ),
        cells=(
            cells.style("what", duty.name),
            {**when, "kind": f"when {when['kind']}"},
            *lists.list_whose(duty, as_at),
        ),
    )


def _find_status(duty: DutyDate) -> str:
    """Return which of `_STATUSES` a date has; one that is booked late is due until its day."""
    if duty.is_past:
        return "Overdue"
    return {standing.UP_TO_DATE: "Later", standing.NOT_RECORDED: "Not recorded"}.get(
        duty.state, "Due"
    )


def _find_kind(duty: DutyDate) -> str:
    """Return a word for the rule's group, as people ask for it."""
    prefix = duty.rule.partition("_")[0]
    return str(words.TEXTS["duty_kinds"].get(prefix, "Attendance"))


def _render_ehcps(session: access.Session, own: read.Own) -> None:
    """Draw the stage of each plan."""
    st.header("Education, Health and Care Plans", anchor=False)
    plans = _tabulate_ehcps(session, own)
    if plans.is_empty():
        components.render_no_rows(
            session, "ehcp.csv", "No child has a step of a plan", "the stage of each plan"
        )
        return
    components.render_small_text(
        f"The statutory limit is {rules.format_deadline('EHC_FINAL')} from request to final plan."
    )
    components.render_cards(plans, alt="Plans by child")


@names.share_while_hidden
def _tabulate_ehcps(session: access.Session, own: read.Own) -> pl.DataFrame:
    plans = names.call_rows(read.select_own(read.fetch_ehcps(session), own))
    steps = standing.find_steps(session, "EHC")
    texts = {child: f"{step.holder}: {step.name}, {step.text}" for child, step in steps.items()}
    return duty_tables.tabulate_ehcps(plans, texts)


def _render_peps(session: access.Session, own: read.Own) -> None:
    """Draw the newest meeting of each child, and the quality of its plan."""
    st.header("Personal education plans", anchor=False)
    newest = _tabulate_peps(session, own)
    if newest.is_empty():
        components.render_no_rows(
            session, "pep.csv", "No PEP is recorded yet", "each child's latest meeting"
        )
        return
    components.render_small_text(
        "The latest meeting for each child. Quality is the local authority's grade."
    )
    components.render_cards(newest, alt="Latest PEP for each child")


@names.share_while_hidden
def _tabulate_peps(session: access.Session, own: read.Own) -> pl.DataFrame:
    newest = names.call_rows(read.select_own(read.fetch_newest_peps(session), own))
    return duty_tables.tabulate_peps(newest)
