"""Child: how things stand, what is next, the story, and the records, at an address without a name.

The first screen says who the child is and how things stand.  The story is the timeline, and the
register of a term.  Records are tables for reference: each is a button with its number of rows,
and opens when chosen.  Last is who may look.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.charts.figure import Figure
from dashboard.charts.register import draw_register_calendar, split_by_term
from dashboard.charts.timeline import Event, draw_timeline
from dashboard.sheets import take
from dashboard.sheets.child import build_child_sheet, list_places, list_sheets
from dashboard.sheets.chronology import build_chronology
from dashboard.text import (
    cells,
    duty_tables,
    recurring,
    rules,
    scores,
    sentences,
    standing,
    tables,
    words,
)
from dashboard.text import duties as duty_words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, concerns, forms, identity, lists, names, tab
from dashboard.ui.markdown import escape
from queries import read
from queries.school_year import get_first_day
from safeguards.access import access, recall, roles

#: The number of the child's own words on top, newest first.
_WORDS = 2
#: The number of newest actions beside the dates; older ones are records.
_ACTIONS = 4
_ACTION_HEADS = ("Day", "Who", "What", "In a few words")
_SCORE_NOTE = (
    "A higher score means more difficulties; on the prosocial scale, more strengths. "
    "Each change compares scores on the same kind of form."
)
#: A timeline goes back to the start of the school year before this one.
_YEARS_BACK = 1
#: The number of days for which the page says who has looked.
_VIEW_DAYS = 28


@dataclass(frozen=True)
class _Record:
    """A table for reference; `note` is something to know before reading it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


def render() -> None:
    """Draw the page."""
    address = st.query_params.get(lists.ADDRESS)
    session = tab.open_session()
    may_ask = session.is_allowed("child")  # if not, entering is refused and logged
    pupil_id = session.find_pupil_by_address(address) if address and may_ask else None
    tab.enter("child", pupil_id)
    child = read.fetch_pupil(session, pupil_id) if pupil_id else None
    if child is None or pupil_id is None:
        _render_other(session, pupil_id, has_address=bool(address))
        return

    handle = child["handle"]
    actions.render_kept(session, "child")
    if kind := _render_title(session, child):
        sheet = build_child_sheet(session, kind, child, _list_dates(session, pupil_id))
        back = "sheet", escape(names.call(pupil_id, handle))
        take.render_sheet(session, "child", sheet, kind.lower().replace(" ", "-"), pupil_id, back)
        return
    code = f"{escape(f'Code name: {handle}.')} " if names.is_open() else ""
    about = _describe_child(session, pupil_id)
    st.markdown(f"{_describe_own_words(session, pupil_id)}{code}{about}")
    components.render_strip(_list_facts(session, pupil_id))
    left, right = st.columns(2, gap="large")
    with left:
        reasons = _describe_reasons(session, pupil_id)
        past = sum(duty.is_past for duty in _list_shown_dates(session, pupil_id))
        none = duty_words.describe_no_reasons(past)
        st.header("Needs attention" if reasons else none, anchor=False)
        if reasons:
            st.markdown(reasons)
        _render_log(session, pupil_id)
    with right:
        _render_next_dates(session, pupil_id)
    _render_story(session, pupil_id, handle)
    own_notes = _Record(
        "Notes of concern that you raised",
        ("Day", "About", "Note"),
        concerns.list_own_notes(session, pupil_id),
        "Ask the safeguarding lead what was done about them.",
    )
    _render_records([own_notes, *_list_records(session, pupil_id)])
    letter, looks, who = st.columns(3)
    with letter:
        forms.render_fact_form(session, handle)
    with looks:
        _render_access_history(session, child)
    with who:
        identity.render_identity(session, pupil_id, handle)
    components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))


def _render_other(session: access.Session, pupil_id: str | None, *, has_address: bool) -> None:
    """Draw a child who is no longer on the pages, or say why no child is open."""
    if pupil_id is not None:
        _render_former(session, pupil_id)
        return
    st.title("You cannot see this child" if has_address else "No child is open", anchor=False)
    if has_address:
        ask = words.say("Ask the safeguarding lead", session.home_of)
        whom = "Check the roll" if roles.is_lead(session.role) else ask
        st.markdown(
            "The child is not on these pages on this date. They may have left, or may no longer be "
            f"in any of the groups. {whom} if that is wrong."
        )
    components.render_page_link("children", "Choose a child from the list")


def _render_former(session: access.Session, pupil_id: str) -> None:
    """Draw a child who is no longer on the pages: the chronology, and the record as it stood.

    Only an authority knows that a child has no school place: a school does not know where a child
    who left has gone.
    """
    left = read.get_first_row(read.fetch_former_members(session).filter(pupil_id=pupil_id))
    without = read.fetch_without_place(session).filter(pupil_id=pupil_id)
    child = left or without.row(0, named=True)
    if session.home_of == "school":
        without = without.clear()
    st.title(escape(names.call(pupil_id, child["handle"], with_class=True)), anchor=False)
    about = [
        *([f"{sentences.describe_end(left, session.home_of)}."] if left else []),
        *list_places(session, pupil_id),
    ]
    sheet = build_chronology(session, child, " ".join(about))
    actions.render_kept(session, "child")
    actions.render_log_button(session, pupil_id, child["handle"])
    for row in without.to_dicts():
        components.render_strip(_list_place_facts(session, row))
    _render_log(session, pupil_id)
    if left and left["leaving_date"]:
        _render_last_record(session, left)
    take.render_sheet(session, "child", sheet, "chronology", pupil_id)
    components.render_page_link("children", "Back to the children")


def _render_last_record(session: access.Session, left: read.Row) -> None:
    """Draw, when somebody asks, what the page had on the child's last day on roll."""
    pupil_id, last_day = left["pupil_id"], left["leaving_date"]
    if not st.toggle(f"Show the record as it stood on {words.format_day(last_day)}", key="stood"):
        return
    then = session.copy_as_at(last_day)
    if read.fetch_pupil(then, pupil_id) is None:
        st.markdown("The child was in none of the groups on that day.")
        return
    components.render_strip(_list_facts(then, pupil_id))
    _render_story(then, pupil_id, left["handle"])
    _render_records(_list_records(then, pupil_id))


def _list_place_facts(session: access.Session, row: read.Row) -> list[tuple[str, str, str]]:
    """List the facts on a child in care without a school place; `row` is of no_school_place.

    They say since when, what is in its place, and where the child lives.
    """

    def tell(verb: str, day: date | None) -> str:
        return f"{verb} {words.format_near_day(day, session.as_at)}" if day else ""

    days, last = words.format_count(row["days_without"], "day"), row["last_school"]
    facts = (
        ("No school place", days, tell("last on a roll", row["last_place_ended_on"])),
        ("Last school", last or "No school here", ""),
        ("In its place", row["provision"] or "Nothing recorded", ""),
        ("Looked after", row["authority"], tell("since", row["looked_after_since"])),
        ("Home", row["home_kind"], tell("since", row["home_since"])),
        ("Legal status", row["legal_status"], ""),
    )
    return [(head, words.capitalise(of or words.NOT_RECORDED), more) for head, of, more in facts]


def _render_title(session: access.Session, child: read.Row) -> str | None:
    """Draw the name, the button to log an action and the sheets; return the sheet that is open."""
    pupil_id, handle = child["pupil_id"], child["handle"]
    with st.container(key="who", horizontal=True, vertical_alignment="center", gap="small"):
        title = st.empty()  # so that its place comes first
        with st.container(width="content"):
            actions.render_log_button(session, pupil_id, handle)
        sheets = list_sheets(session)
        take.render_sheet_buttons(sheets, "sheet")
        _render_neighbours(session, pupil_id)
    kind = take.find_open_sheet(sheets, "sheet")
    name = names.call(pupil_id, handle, with_class=True)
    components.render_title("child", escape(f"{kind}: {name}" if kind else name), title)
    return kind


def _render_neighbours(session: access.Session, pupil_id: str) -> None:
    """Draw the links to the child before and the child after, by year group and handle."""
    children = read.fetch_members(session).select("pupil_id", "handle").rows()
    place = next(place for place, (child, _) in enumerate(children) if child == pupil_id)
    before, after = children[:place][-1:], children[place + 1 :][:1]
    for label, neighbours in (("← Previous child", before), ("Next child →", after)):
        for neighbour, _ in neighbours:
            address = session.get_address(neighbour)
            components.render_page_link("child", label, **{lists.ADDRESS: address})


@recall.share
def _describe_own_words(session: access.Session, pupil_id: str) -> str:
    """Return the newest things that the child chose to have kept, newest first."""
    rows = read.fetch_own_words(session, pupil_id).head(_WORDS).to_dicts()
    return "".join(
        f"> {escape(row['line'])} :small[({escape(row['setting'])}, "
        f"{words.format_near_day(row['words_date'], session.as_at)})]\n\n"
        for row in rows
    )


@recall.share
def _describe_child(session: access.Session, pupil_id: str) -> str:
    """Describe who this is; for the safeguarding lead also the child protection."""
    protection = components.describe_protection(session).get(pupil_id, [])
    child = read.fetch_pupil(session, pupil_id) or {}
    excluded = read.fetch_pupil_suspensions(session, pupil_id).filter(
        category=words.EXCLUDED, academic_year=read.fetch_academic_year(session)
    )
    lines = [
        *list_places(session, pupil_id),
        sentences.describe_child(child, session.home_of),
        *(f"{words.capitalise(line)}." for line in protection),
        *(
            f"{words.EXCLUDED} on {words.format_near_day(day, session.as_at)}."
            for day in excluded["suspension_date"]
        ),
    ]
    return "\n\n".join(map(escape, lines))


@recall.share
def _list_dates(session: access.Session, pupil_id: str) -> list[DutyDate]:
    """List the child's open dates that a sheet may show."""
    return [duty for duty in standing.fetch_dates(session) if duty.pupil_id == pupil_id]


@recall.share
def _list_facts(session: access.Session, pupil_id: str) -> list[tuple[str, str, str]]:
    """List the facts that a call or a meeting begins with."""
    child = read.fetch_pupil(session, pupil_id) or {}
    facts = [_describe_attendance(session, child), _describe_waiting(session, child)]
    if session.has_category("wellbeing"):
        facts.append(_describe_score(session, pupil_id))
    states = recurring.find_states(session, [child])[pupil_id]
    facts += [
        (thing, f"{standing.SHAPES[state.state]} {state.text}" if state else "Not needed", "")
        for thing, state in states.items()
        if thing != "SDQ"
    ]
    if session.has_category("plans"):
        facts.append(_describe_provision(session, pupil_id))
    return facts


def _describe_attendance(session: access.Session, child: read.Row) -> tuple[str, str, str]:
    rate, _, missed = words.describe_attendance(child).partition(" (")
    if not missed:
        below = words.TOO_EARLY if child["possible_sessions"] else ""
        return "Attendance", words.capitalise(rate), below
    share = rules.format_share(read.fetch_threshold(session, "persistent_absence"))
    limit = f"▼\u00a0{share} or more" if child["is_persistent_absentee"] else f"less than {share}"
    return "Attendance", rate, f"{missed.removesuffix(')')}, {limit}"


def _describe_waiting(session: access.Session, child: read.Row) -> tuple[str, str, str]:
    waiting = read.fetch_check(session, "unexplained_n").filter(pupil_id=child["pupil_id"]).height
    text = words.capitalise(words.format_count(waiting, "session"))
    late = words.format_count(child["late_sessions"] or 0, "session")
    return "No reason yet", text, f"Late: {late}"


def _describe_score(session: access.Session, pupil_id: str) -> tuple[str, str, str]:
    scored = read.fetch_sdq(session).filter(pl.col("total").is_not_null(), pupil_id=pupil_id)
    newest = read.get_first_row(scored.sort("sdq_date", descending=True))
    if newest is None:
        dates = _list_dates(session, pupil_id)
        due = next((duty for duty in dates if duty.rule == "SDQ_YEARLY"), None)
        text = (
            f"{standing.SHAPES[due.state]} {words.capitalise(due.text)}" if due else "No score yet"
        )
        return "SDQ", text, ""
    day = words.format_near_day(newest["sdq_date"], session.as_at)
    return f"SDQ, {day}", str(newest["total"]), scores.describe_change_briefly(newest)


def _describe_provision(session: access.Session, pupil_id: str) -> tuple[str, str, str]:
    """Return the provision on the roll, with a warning if the recorded plan disagrees."""
    provision = read.get_first_row(read.fetch_sen_provision(session).filter(pupil_id=pupil_id))
    if provision is None:
        return "Special needs", "Not recorded on the roll", ""
    by_roll = f"from the roll, {words.format_near_day(provision['said_on'], session.as_at)}"
    if not read.fetch_check(session, "sen_at_odds").filter(pupil_id=pupil_id).is_empty():
        by_roll += ". ▲ The recorded plan disagrees: see Data check"
    # the page explains these letters below, and the strip has no room for the words
    label = str({"E": "EHCP", "N": "None"}.get(provision["provision"], provision["label"]))
    return "Special needs", label, by_roll


@recall.share
def _describe_reasons(session: access.Session, pupil_id: str) -> str:
    """List why the child needs attention, each reason with a school's next step."""
    rows = rules.fetch_reasons(session, with_protection=session.has_category("child_protection"))
    reasons = rows.filter(~pl.col("is_closed"), pupil_id=pupil_id)
    return "\n".join(
        f"- {escape(reason)}  \n  :small[{escape(advice)}]"
        for reason, advice in rules.list_advice(session, reasons)
    )


def _render_log(session: access.Session, pupil_id: str) -> None:
    """Draw the actions, newest first; one that was corrected stays, struck out."""
    st.header("What we did", anchor=False)
    rows = read.fetch_actions(session).filter(pupil_id=pupil_id).to_dicts()
    if not rows:
        st.markdown("No action logged yet.")
        return
    newest = (_describe_action(session, row) for row in rows[:_ACTIONS])
    components.render_listing(_ACTION_HEADS, newest)
    correctable = [row for row in rows if row["actor"] == session.actor and not row["corrected_by"]]
    if correctable:
        with st.container(horizontal=True):
            actions.render_correct_button(session, correctable[0])


def _describe_action(session: access.Session, row: read.Row) -> tuple[str, ...]:
    texts = (
        words.format_near_day(row["action_date"], session.as_at),
        row["actor"] or words.NOTHING,
        words.describe_action(row, session.home_of),
        row["line"] or "",
    )
    if row["corrected_by"]:
        return tuple(Markup("<del>{}</del>").format(text) for text in texts)
    if row["follow_up_date"]:
        day = words.format_near_day(row["follow_up_date"], session.as_at)
        return (*texts[:3], f"{texts[3]} (review {day})".strip())
    return texts


def _render_next_dates(session: access.Session, pupil_id: str) -> None:
    """Draw the open dates: first those that need something done, then the later ones in a line."""
    due, later = _split_dates(session, pupil_id)
    st.header(f"Next dates ({len(due)})", anchor=False)
    if not due:
        st.markdown("Nothing is outstanding.")
    else:
        heads = ("Status", "What", "When", "For")
        group = lists.Group(due, label="Next dates")
        lists.render_list(session, "next", "due", heads, [group])
    if later:
        st.markdown(later)


@recall.share
def _list_shown_dates(session: access.Session, pupil_id: str) -> list[DutyDate]:
    """List the open dates by day; for the lead with child protection, which no sheet has."""
    dates = _list_dates(session, pupil_id)
    if session.has_category("child_protection"):
        protection = [
            duty for duty in standing.fetch_protection_dates(session) if duty.pupil_id == pupil_id
        ]
        dates = sorted([*dates, *protection], key=lambda duty: duty.day or date.max)
    return dates


@recall.share
def _split_dates(session: access.Session, pupil_id: str) -> tuple[list[lists.Row], str]:
    """Return a row for each date that needs something done, and the later ones in a line."""
    dates = _list_shown_dates(session, pupil_id)
    due = [
        lists.Row(
            (
                cells.format_status(duty.state, words.capitalise(duty.state)),
                cells.style("what", duty.name),
                cells.style("how", duty.text),
                cells.style("quiet who", duty.holder),
            )
        )
        for duty in dates
        if duty.state != standing.UP_TO_DATE
    ]
    later = "; ".join(
        f"{duty.name}, {duty.text}"
        for duty in dates
        if duty.state == standing.UP_TO_DATE and duty.day
    )
    return due, escape(f"Later: {later}.") if later else ""


@names.share_while_hidden
def _draw_timeline(session: access.Session, pupil_id: str, handle: str) -> Figure | None:
    """Draw two school years of periods and dates, with the lanes that the role may see."""
    year = read.fetch_academic_year(session)
    return draw_timeline(
        read.fetch_pupil_periods(session, pupil_id),
        _list_events(session, pupil_id, standing.fetch_duties(session).filter(pupil_id=pupil_id)),
        handle=names.call(pupil_id, handle),
        first=get_first_day(int(year[:4]) - _YEARS_BACK),
        last=session.as_at,
    )


def _list_events(session: access.Session, pupil_id: str, duties: pl.DataFrame) -> list[Event]:
    """List the events of the child's time at school that the role may see."""
    events = [
        Event(words.EXCLUDED, day, words.format_short_day(day))
        if row["category"] == words.EXCLUDED
        else _build_event("Suspension", day, words.format_count(row["sessions"], "session"))
        for row in read.fetch_pupil_suspensions(session, pupil_id).to_dicts()
        for day in [row["suspension_date"]]
    ]
    if session.has_category("plans"):
        meetings = read.fetch_peps(session).filter(pupil_id=pupil_id).filter(outcome="held")
        events += [_build_event("PEP", row["pep_date"], "held") for row in meetings.to_dicts()]
        plans = read.fetch_ehcps(session).filter(pupil_id=pupil_id)
        for row in plans.to_dicts():
            steps = (
                (row["requested_date"], "assessment asked for"),
                (row["plan_date"], "plan issued"),
                (row["last_review_date"], "plan reviewed"),
            )
            events += [_build_event("EHCP", day, step) for day, step in steps if day]
    if session.has_category("health"):
        done = duties.filter(category="health", status="done")
        events += [
            _build_event("Health", row["done_date"], row["name"].lower())
            for row in done.to_dicts()
            if row["done_date"]
        ]
    if session.has_category("wellbeing"):
        scored = read.fetch_sdq(session).filter(pupil_id=pupil_id).drop_nulls("total")
        events += [
            _build_event("SDQ", row["sdq_date"], f"{row['total']}, {row['band']} band, {form}")
            for row in scored.to_dicts()
            for form in [scores.INFORMANTS[row["informant"]]]
        ]
    return events


def _build_event(lane: str, day: date, text: str) -> Event:
    return Event(lane, day, f"{words.format_short_day(day)}, {text}")


def _render_story(session: access.Session, pupil_id: str, handle: str) -> None:
    """Draw two school years, with a term of the register and the year's weekdays beside them."""
    years = read.fetch_pupil_years(session, pupil_id)["academic_year"].to_list()
    left, right = st.columns(2, gap="large")
    if timeline := _draw_timeline(session, pupil_id, handle):
        with left:
            components.render_figure(timeline, "timeline")
    if not years:
        with right:
            components.render_notice(
                "No marks yet",
                "The register has no mark for this child by this date. Load the register again.",
            )
        return
    with right:
        register = st.container()
        with st.container(key="child-when", horizontal=True):
            year = components.render_choice("School year", years, "child-year")
            terms = _list_terms(session, pupil_id, year)
            term = components.render_choice("Term", terms, f"child-term-{year}") if terms else None
    with register:
        if term is None:
            st.markdown("There is no session to show for this school year.")
        elif drawn := _draw_term(session, pupil_id, handle, year, term):
            components.render_figure(drawn, "register")
        if weekdays := _describe_weekdays(session, pupil_id, year):
            components.render_small_text(weekdays)


@recall.share
def _list_terms(session: access.Session, pupil_id: str, year: str) -> list[str]:
    return list(split_by_term(read.fetch_pupil_sessions(session, pupil_id, year)))


@names.share_while_hidden
def _draw_term(
    session: access.Session, pupil_id: str, handle: str, year: str, term: str
) -> Figure | None:
    marks = split_by_term(read.fetch_pupil_sessions(session, pupil_id, year))[term]
    name = names.call(pupil_id, handle)
    return draw_register_calendar(marks, handle=name, when=term)


@recall.share
def _describe_weekdays(session: access.Session, pupil_id: str, year: str) -> str:
    """Describe the sessions missed on each weekday of a year, or return "" if none was possible."""
    possible = read.fetch_pupil_sessions(session, pupil_id, year).filter("is_possible")
    days = possible.group_by(pl.col("session_date").dt.weekday().alias("n")).agg(
        pl.col("is_absent").sum(), pl.len()
    )
    parts = [f"{calendar.day_abbr[n - 1]} {a} of {b}" for n, a, b in days.sort("n").iter_rows()]
    return f"Missed in {year}: {', '.join(parts)}." if parts else ""


def _render_records(all_records: Sequence[_Record]) -> None:
    """Draw a button for each record, and below them the open ones; a phone folds the buttons."""
    records = {record.title: record for record in all_records if record.rows}
    with st.container():
        st.toggle(f"Show {words.format_count(len(records), 'kind')} of record", key="fold-records")
        chosen = st.pills(
            "Records",
            list(records),
            selection_mode="multi",
            format_func=lambda title: f"{title} ({len(records[title].rows)})",
            key="records",
        )
        for title in chosen:
            st.header(escape(title), anchor=False)
            if records[title].note:
                components.render_small_text(records[title].note)
            components.render_listing(records[title].heads, records[title].rows)


@recall.share
def _list_records(session: access.Session, pupil_id: str) -> list[_Record]:
    """List the records that the role may see and the school keeps, and last the empty ones."""
    records, years = [], read.fetch_pupil_years(session, pupil_id)
    actions_before = read.fetch_actions(session).filter(pupil_id=pupil_id).to_dicts()[_ACTIONS:]
    if not years.is_empty():
        by_year = tables.tabulate_child_years(years)
        note = "Each child is compared only with their own past."
        records.append(_build_record("Year by year", by_year, note))
    if actions_before:
        described = [_describe_action(session, row) for row in actions_before]
        records.append(_Record("What we did before that", _ACTION_HEADS, described))
    if session.has_category("wellbeing"):
        records.append(_build_record("Wellbeing", _tabulate_scores(session, pupil_id), _SCORE_NOTE))
    for title, mart in read.list_plain_marts().items():
        is_kept = session.has_table(read.get_plain_table(mart))
        if is_kept and session.has_category(mart.category):
            rows = read.fetch_plain_rows(session, mart, pupil_id)
            rows = rows[[column.name for column in rows if column.null_count() < rows.height]]
            records.append(_build_record(title, tables.tabulate_plain_rows(rows)))
    empty = [(record.title,) for record in records if not record.rows]
    return [*records, _Record("Empty sections", ("Section",), empty)]


def _build_record(title: str, table: pl.DataFrame, note: str = "") -> _Record:
    return _Record(title, table.columns, [tuple(map(str, row)) for row in table.rows()], note)


def _tabulate_scores(session: access.Session, pupil_id: str) -> pl.DataFrame:
    """Tabulate the child's scores in words."""
    rows = read.fetch_sdq(session).filter(pupil_id=pupil_id).sort("sdq_date", maintain_order=True)
    chance = {
        informant: int(read.fetch_threshold(session, f"sdq_chance_{informant}"))
        for informant in rows["informant"].unique()
    }
    return duty_tables.tabulate_scores(rows, chance)


def _render_access_history(session: access.Session, child: read.Row) -> None:
    """Draw who may see the child's page and, for the safeguarding lead, who has looked."""
    title = "Who can see this child, and who has looked"
    lines = sentences.describe_access(
        roles.list_roles(session.home_of), is_restricted=child["is_restricted"]
    )
    # the log is read only while somebody wants to know
    with st.expander(title, key="who-looked", on_change="rerun") as part:
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))
        if not session.is_allowed("child", "audit"):
            text = (
                "Each time this page is opened, that is recorded. The safeguarding lead sees who."
            )
            components.render_small_text(words.say(text, session.home_of))
        elif part.open:
            components.render_small_text(
                f"Who opened this page in the last {_VIEW_DAYS} days. "
                "Lists and group figures are not counted."
            )
            rows = (
                (
                    words.format_table_day(view.day),
                    view.actor,
                    words.ROLES.get(view.role, words.NOT_RECORDED),
                )
                for view in session.find_views(child["pupil_id"], _VIEW_DAYS)
            )
            title = "Who has looked at this child"
            components.render_listing(("Day", "Who", "Role"), rows, "wrapped", title)
