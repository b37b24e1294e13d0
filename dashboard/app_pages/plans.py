"""Plans and dates: what is due and who must act, how far each EHCP has got, and the newest PEPs.

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

#: What can be asked of the list.
_STATUSES = ("Overdue", "Due", "Later", "Not recorded")
#: What is listed until somebody asks: all but the later ones.
_FIRST = ("Overdue", "Due", "Not recorded")

#: Marks a date that is the home's own to see to.
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
    """The title with its figure, the filters, and a line a date; whether there is a filter."""
    if (only := st.query_params.pop("only", "")) in _STATUSES:  # a link, whatever was chosen
        st.session_state.update(status=[only], holder=[], kind=[])
    title, holders, kinds, rows = _list_dates(session, own)
    place = st.empty()
    with st.container(key="filters", horizontal=True, vertical_alignment="top", gap="medium"):
        statuses = components.render_filters("Status", list(_STATUSES), "status")
        whose = components.render_filters("Who", holders, "holder")
        which = components.render_filters("What", kinds, "kind")
    asked = (
        {f"Status: {each}" for each in statuses or _FIRST},
        {f"Who: {each}" for each in whose},
        {f"What: {each}" for each in which},
    )
    shown = [row for row in rows if all(not each or row.found_by & each for each in asked)]
    chosen = [*statuses, *which, *whose]
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
    """The title, for whom and of which kinds there are dates, and a row each in their order."""
    found = [each for each in _build_dates(session) if own is None or each[0].pupil_id in own]
    dates = [each for each, _ in found]
    past = [each for each in dates if each.is_past]
    ours = sum(each.is_own for each in past)
    number = words.capitalise(words.format_count(len(past), "date"))
    is_are = words.pluralise(len(past), "is")
    told = words.say(f", {ours or 'none'} of them for the school", session.home_of) if past else ""
    return (
        f"{number} {is_are} overdue{told}",
        sorted({each.holder for each in dates}),
        sorted({_find_kind(each) for each in dates}),
        [row for _, row in found],
    )


@recall.share
def _build_dates(session: access.Session) -> list[tuple[DutyDate, lists.Row]]:
    """Return every date with its row: what is overdue first, what is not recorded last.

    A school's own dates stand before those of others.
    """
    is_school = session.home_of == "school"
    ordered = sorted(
        standing.fetch_dates(session),
        key=lambda each: (
            is_school and not each.is_own,
            not each.is_past,
            each.state == standing.NOT_RECORDED,
        ),
    )
    return [(each, _build_date(each, session.as_at)) for each in ordered]


def _build_date(each: DutyDate, as_at: date) -> lists.Row:
    when = cells.format_status(each.state, words.capitalise(each.text))
    return lists.Row(
        child=(each.pupil_id, each.handle),
        found_by=frozenset(
            (
                f"Status: {_find_status(each)}",
                f"Who: {each.holder}",
                f"What: {_find_kind(each)}",
                *([_OURS] if each.is_own else []),
            )
        ),
        cells=(
            cells.style("what", each.name),
            {**when, "kind": f"when {when['kind']}"},
            *lists.list_whose(each, as_at),
        ),
    )


def _find_status(each: DutyDate) -> str:
    """Under which of `_STATUSES` it is listed; one that is booked late is due until its day."""
    if each.is_past:
        return "Overdue"
    return {standing.UP_TO_DATE: "Later", standing.NOT_RECORDED: "Not recorded"}.get(
        each.state, "Due"
    )


def _find_kind(each: DutyDate) -> str:
    """A word for a group of rules, as people ask for them."""
    prefix = each.rule.partition("_")[0]
    return str(words.TEXTS["duty_kinds"].get(prefix, "Attendance"))


def _render_ehcps(session: access.Session, own: read.Own) -> None:
    """The stage of each plan."""
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
    told = {child: f"{each.holder}: {each.name}, {each.text}" for child, each in steps.items()}
    return duty_tables.tabulate_ehcps(plans, told)


def _render_peps(session: access.Session, own: read.Own) -> None:
    """The newest meeting of each child, and how good its paper is."""
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
