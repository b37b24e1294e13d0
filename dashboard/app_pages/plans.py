"""Plans and dates: what is due, for whom to do, its calendar file, and how good the papers are.

The filters of the list stay in the address: Child, What, When, Who. The calendar file has what
is due by handle, never by name or code. The papers are where each Education, Health and Care
Plan is, and the newest PEPs.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256

import polars as pl
import streamlit as st
from icalendar import Calendar, Event

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
_CALENDAR_NAME = "dates.ics"


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
        group = lists.Group(shown, label="Dates")
        lists.render_list(session, "dates", "plan", heads, [group], noun="date")
        filtered.render_list_to_take(session, "plans", title, heads, shown, len(rows))
    components.render_small_text(" · ".join(standing.list_marks()))
    _render_calendar(session, own)
    return bool(chosen) or own is not None


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
    """Every date with its row: what is overdue first, what is not recorded last."""
    ordered = sorted(
        standing.fetch_dates(session),
        key=lambda each: (not each.is_past, each.state == standing.NOT_RECORDED),
    )
    return [(each, _build_date(each)) for each in ordered]


def _build_date(each: DutyDate) -> lists.Row:
    when = cells.format_status(each.state, words.capitalise(each.text))
    return lists.Row(
        child=(each.pupil_id, each.handle),
        found_by=frozenset(
            (f"Status: {_find_status(each)}", f"Who: {each.holder}", f"What: {_find_kind(each)}")
        ),
        cells=(
            cells.style("what", each.name),
            {**when, "kind": f"when {when['kind']}"},
            *lists.list_whose(each),
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


def _render_calendar(session: access.Session, own: read.Own) -> None:
    to_come = read.select_own(fetch_upcoming(session), own)
    with st.container(key="calendar"):
        components.render_download(
            session,
            "plans",
            "Create a calendar file of the dates ahead",
            lambda: partial(serialise_calendar, to_come, session.as_at),
            name=_CALENDAR_NAME,
            disabled=to_come.is_empty(),
        )
        told = "For your school calendar, with code names only."
        components.render_small_text(words.say(told, session.home_of))


@recall.share
def fetch_upcoming(session: access.Session) -> pl.DataFrame:
    """The duties that a calendar can hold: open, with a day to come; home_of: in whose words."""
    theirs = pl.col("pupil_id").is_in(standing.find_others(session))
    home_of = pl.when(theirs).then(pl.lit("school")).otherwise(pl.lit(session.home_of))
    is_open = ~pl.col("status").is_in(standing.ENDED_STATUSES)
    found = standing.fetch_duties(session).filter(is_open, pl.col("next_date") >= session.as_at)
    return found.with_columns(home_of=home_of)


def serialise_calendar(duties: pl.DataFrame, as_at: date) -> bytes:
    """The file for rows of `fetch_upcoming`: an all-day entry each, the same bytes each time.

    An entry keeps its UID while its duty is the same one, so that a newer file moves it
    and does not add a second.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//lac-monitor//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words.APP)
    stamp = datetime.combine(as_at, time(), UTC)
    for row in duties.to_dicts():
        day = row["next_date"]
        if day is None:
            continue
        event = Event()
        event.add("uid", _uid(row["pupil_id"], row["rule"], row["started_on"]))
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(1))
        event.add("summary", f"{row['name']}: {row['handle']}")
        status = words.capitalise(standing.describe(row, as_at))
        holder = words.say(words.HOLDERS[row["holder"]], row["home_of"])
        event.add("description", f"{status}. For {holder}.")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(pupil_id: str, rule: str, started_on: date) -> str:
    key = f"{pupil_id}|{rule}|{started_on.isoformat()}".encode("ascii")
    return f"{sha256(key).hexdigest()[:32]}@lac-monitor"


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
