"""Safeguarding: where each child stands, what is due, notes, and times missing; for the lead alone.

Each child in need or on a plan has the next step beside them, and whom to ring.  The school's own
cases are compared with England's published figures, with their year.  A measure that is not
published is compared with nothing, and no percentage is given of a group of children.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.text import cells, standing, tables, words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, concerns, lists, names, tab
from dashboard.ui.markdown import escape
from queries import read, reference
from safeguards.access import access, recall

_PAGE = "safeguarding"
#: The note whose dialog is open.
_OPEN_NOTE = "note-open"
_CLOSE, _WAIT = "Close it", "Set another review date"
#: The number of due dates that are listed before the rest is only counted.
_MOST = 15
#: The only core group with a deadline; of the others the next booked one is shown.
_FIRST_CORE_GROUP = "CORE_GROUP_1"
#: The stages after which nothing follows, unless the child is referred again.
_ENDED = ("closed", "plan ended")
_ORDINALS = {2: "Second", 3: "Third"}
#: How far back times missing are listed.
_YEAR = timedelta(days=365)


def render() -> None:
    """Draw the page."""
    session = tab.enter("safeguarding")
    own = components.render_place_choice(session)
    cases_now, dates = _fetch_cases(session, own), _list_dates(session, own)
    actions.render_kept(session, "safeguarding")
    notes = read.select_own(read.fetch_concerns(session), own)
    title = components.say_whose(session, _format_headline(cases_now, dates, notes))
    components.render_title("safeguarding", title)
    _render_cases(session, cases_now, own)
    left, right = st.columns([1.42, 1], gap="large")
    with left:
        if session.has_table("raw_concern"):
            _render_notes(session, own)
        if session.has_table("raw_missing"):
            _render_missing(session, own)
    with right:
        _render_other_dates(session, cases_now, dates)
        _render_nation(session, own)
        if session.has_table("raw_care_leaver"):
            _render_leavers(session, own)
    components.render_small_text(
        "Each time somebody opens this page, that is recorded. To print a child's chronology, "
        "open the child's page."
    )


@recall.share
def _fetch_cases(session: access.Session, own: read.Own) -> pl.DataFrame:
    return read.select_own(read.fetch_protection_cases(session), own)


@recall.share
def _list_dates(session: access.Session, own: read.Own) -> list[DutyDate]:
    dates = standing.fetch_protection_dates(session)
    return [duty for duty in dates if own is None or duty.pupil_id in own]


def _format_headline(cases: pl.DataFrame, dates: Sequence[DutyDate], notes: pl.DataFrame) -> str:
    """Return the title: the children on a plan, and what is overdue; `notes` are of concern."""
    on_plan = cases.filter(pl.col("plan_since").is_not_null()).height
    first = f"{words.capitalise(words.format_count(on_plan, 'child'))} on a child protection plan"
    return f"{first}, {_describe_overdue(dates, notes) or 'nothing is overdue'}"


def _describe_overdue(dates: Sequence[DutyDate], notes: pl.DataFrame) -> str:
    """Say how many dates and notes of concern are overdue, or return "" if none is."""
    counts = {"date": sum(duty.is_past for duty in dates), "note": int(notes["is_past"].sum())}
    overdue = words.format_list(words.format_count(n, noun) for noun, n in counts.items() if n)
    return f"{overdue} {words.pluralise(sum(counts.values()), 'is')} overdue" if overdue else ""


def _render_cases(session: access.Session, cases: pl.DataFrame, own: read.Own) -> None:
    """Draw a row for each child with an open case, and fold those that have ended into one line."""
    open_cases = _list_cases(session, own)
    st.header(f"Open cases ({len(open_cases)})", anchor=False)
    if not open_cases:
        st.markdown("No step of an open case is recorded by this date.")
    else:
        heads = (lists.CHILD, lists.YEAR, "Stage", "Next step, and who to ring")
        group = lists.Group(open_cases, label="Open cases")
        button = actions.build_log_button(session, "safeguarding")
        lists.render_list(session, "cases", "case", heads, [group], button)
    if over := cases.height - len(open_cases):
        with st.expander(f"Ended: {over}"):
            st.markdown(_describe_ended(session, own))


@recall.share
def _list_cases(session: access.Session, own: read.Own) -> list[lists.Row]:
    dates: dict[str, list[DutyDate]] = {}
    for duty in _list_dates(session, own):
        dates.setdefault(duty.pupil_id, []).append(duty)
    is_open = _fetch_cases(session, own).filter(~pl.col("stage").is_in(_ENDED))
    return [_build_case(session, row, dates.get(row["pupil_id"], [])) for row in is_open.to_dicts()]


@names.share_while_hidden
def _describe_ended(session: access.Session, own: read.Own) -> str:
    ended = _fetch_cases(session, own).filter(pl.col("stage").is_in(_ENDED)).to_dicts()
    lines = (
        f"{names.call(row['pupil_id'], row['handle'])}: {_describe_ending(row, session)}"
        for row in ended
    )
    return "\n\n".join(map(escape, lines))


def _build_case(session: access.Session, row: read.Row, dates: Sequence[DutyDate]) -> lists.Row:
    following = standing.find_strongest(dates)
    state = following.state if following else standing.UP_TO_DATE
    parts = []
    if row["booked_core_group_date"] and all(duty.rule != _FIRST_CORE_GROUP for duty in dates):
        day = words.format_near_day(row["booked_core_group_date"], session.as_at)
        parts.append(f"Core group, booked for {day}")
        state = standing.BOOKED if state == standing.UP_TO_DATE else state
    if following:
        others = [duty for duty in standing.select_near(dates, session.as_at) if duty != following]
        parts += [
            f"{duty.name}, {duty.text}. {_describe_whom_to_ring(duty)}"
            for duty in (following, *others)
        ]
    status = cells.format_status(state, ". ".join(parts))
    return lists.Row(
        child=(row["pupil_id"], row["handle"]),
        year_group=row["year_group"],
        is_linked=row["is_member"],
        cells=(
            cells.style("what", _describe_case(row, session)),
            status if parts else cells.style("quiet", "Nothing is outstanding"),
        ),
    )


def _describe_case(row: read.Row, session: access.Session) -> str:
    """Describe the stage of a case: "Second plan, since 3 Mar (neglect). Referred 11 Aug 2025."."""
    parts = [words.capitalise(row["stage"])]
    if row["plan_since"]:
        day = words.format_near_day(row["plan_since"], session.as_at)
        nth = _ORDINALS.get(row["plans"], f"{row['plans']}th")
        plan = f"{nth} plan," if row["plans"] > 1 else "Child protection plan"
        abuse = f" ({row['abuse'].lower()})" if row["abuse"] else ""
        parts = [f"{plan} since {day}{abuse}"]
    if row["referred_date"]:
        day = words.format_near_day(row["referred_date"], session.as_at)
        parts.append(f"Referred {day}{', again within a year' if row['is_re_referral'] else ''}")
    met = {"Core group": row["last_core_group_date"], "Review conference": row["last_review_date"]}
    who, last = max(met.items(), key=lambda item: item[1] or date.min)
    if row["plan_since"] and last:
        parts.append(f"{who} last met {words.format_near_day(last, session.as_at)}")
    return f"{'. '.join(parts)}."


def _describe_whom_to_ring(duty: DutyDate) -> str:
    """Say whom to ring about a date: its holder."""
    return f"Ring: {duty.holder.lower()}" if not duty.holder.startswith("School") else "School"


def _describe_ending(row: read.Row, session: access.Session) -> str:
    if row["stage"] != "closed":
        return _describe_case(row, session)
    day = row["closed_date"]
    closed = words.format_near_day(day, session.as_at) if day else f"date {words.NOT_RECORDED}"
    why = f", {row['closure_reason'].lower()}" if row["closure_reason"] else ""
    return f"Closed, {closed}{why}"


@recall.share
def _list_notes(session: access.Session, own: read.Own) -> tuple[list[read.Row], list[lists.Row]]:
    """Return the open notes, overdue ones first, and a row of the list for each."""
    notes = read.select_own(read.fetch_concerns(session), own)
    is_open = notes.filter(pl.col("closed_date").is_null())
    ordered = is_open.sort("is_past", descending=True, maintain_order=True).to_dicts()
    return ordered, [_build_note(session, row) for row in ordered]


def _render_notes(session: access.Session, own: read.Own) -> None:
    """Draw a row for each open note."""
    is_open, rows = _list_notes(session, own)
    past = sum(row["is_past"] for row in is_open)
    overdue = f", {past} overdue for review" if past else ""
    st.header(f"Open notes of concern ({len(is_open)}{overdue})", anchor=False)
    if not is_open:
        st.markdown("No note is open. To raise one, choose Log beside a child.")
        return

    def press(row: lists.Row) -> None:
        st.session_state[_OPEN_NOTE] = is_open[rows.index(row)]

    button = lists.Button("Update", "the note on", press, lambda: _render_dialog(session))
    heads = (lists.CHILD, "Day", "What was noticed", "Review date")
    group = lists.Group(rows, label="Open notes of concern")
    lists.render_list(session, "notes", "note", heads, [group], button, noun="note")


def _build_note(session: access.Session, row: read.Row) -> lists.Row:
    mark = "▲ " if row["is_past"] else ""
    again = row["follow_up_date"]
    day = f"{mark}{words.format_near_day(again, session.as_at)}" if again else words.NOTHING
    what = f"{row['kind']}: {row['line']} ({row['level_of_concern']}; {row['raised_by']})"
    return lists.Row(
        child=(row["pupil_id"], row["handle"]),
        is_linked=row["is_member"],
        key=f"{row['concern_date']} {row['kind']} {row['line']}",
        cells=(
            cells.style("when", words.format_near_day(row["concern_date"], session.as_at)),
            cells.style("what", what),
            cells.style("again", day),
        ),
    )


def _render_dialog(session: access.Session) -> None:
    """Draw the dialog about what came of a note, while one is open."""
    row: read.Row | None = st.session_state.get(_OPEN_NOTE)
    if row is not None:
        child = escape(names.call(row["pupil_id"], row["handle"], with_class=True))
        title = f"Outcome of the note: {child}"
        st.dialog(title, on_dismiss=_close_note)(lambda: _render_note_fields(session, row))()


def _render_note_fields(session: access.Session, row: read.Row) -> None:
    st.markdown(escape(f"{row['kind']}: {row['line']}"))
    done = st.pills(
        "What was done?",
        concerns.list_allowed("done"),
        format_func=words.capitalise,
        default=row["done"],
        key=_build_note_key("done"),
    )
    choice = st.segmented_control(
        "And now?", [_CLOSE, _WAIT], default=_CLOSE, required=True, key=_build_note_key("now")
    )
    label = "Closed on" if choice == _CLOSE else "Review date"
    day = st.date_input(label, session.as_at, format="DD/MM/YYYY", key=_build_note_key(label))
    if st.button("Save", type="primary", key=_build_note_key("save")):
        with tab.say_errors():
            wrong = concerns.record_outcome(
                session,
                _PAGE,
                row,
                done=done or "",
                follow_up=row["follow_up_date"] if choice == _CLOSE else day,
                closed=day if choice == _CLOSE else None,
            )
            for text in wrong:
                st.error(escape(text))
            if wrong:
                return
            _close_note()
            tab.forget_widgets()
            st.rerun()


def _close_note() -> None:
    st.session_state.pop(_OPEN_NOTE, None)


def _build_note_key(field: str) -> str:
    return tab.build_widget_key(f"note-{field}")


def _render_other_dates(
    session: access.Session, cases: pl.DataFrame, dates: Sequence[DutyDate]
) -> None:
    """Draw what is due to children without an open case, overdue ones first."""
    listed = set(cases.filter(~pl.col("stage").is_in(_ENDED))["pupil_id"])
    near = [
        duty for duty in standing.select_near(dates, session.as_at) if duty.pupil_id not in listed
    ]
    if not near:
        return
    st.header(f"Due for other children ({len(near)})", anchor=False)
    near.sort(key=lambda duty: not duty.is_past)
    due = [
        lists.Row(
            child=(duty.pupil_id, duty.handle),
            is_linked=False,
            cells=(
                cells.style("what", duty.name),
                cells.format_status(duty.state, words.capitalise(duty.text)),
                cells.style("quiet who", _describe_whom_to_ring(duty)),
            ),
        )
        for duty in near[:_MOST]
    ]
    heads = (lists.CHILD, "What", "When", "Who to ring")
    group = lists.Group(due, label="Due for other children")
    lists.render_list(session, "protection", "due", heads, [group])
    if len(near) > _MOST:
        st.markdown(f"And {len(near) - _MOST} more.")


def _render_nation(session: access.Session, own: read.Own) -> None:
    """Draw a line for each measure: the school's own figure, then England's newest."""
    duties = read.select_own(read.fetch_protection_duties(session), own)
    ours = describe_own_cases(_fetch_cases(session, own), duties, session.as_at)
    lines = [
        f"- {escape(' '.join(filter(None, (ours.get(measure), england))))}"
        for measure, england in _describe_england(session)
    ]
    if lines:
        st.header("Compared with England", anchor=False)
        st.markdown("\n".join(lines))


def describe_own_cases(cases: pl.DataFrame, duties: pl.DataFrame, as_at: date) -> dict[str, str]:
    """Describe the school's own cases, for each measure that they have anything on."""
    referred = cases.filter(pl.col("referrals") > 0)
    on_plan = cases.filter(pl.col("plan_since").is_not_null())
    reviews = _select_reviews(duties, as_at)
    lines = {}
    if referred.height:
        again = referred.filter("is_re_referral").height
        lines["re-referral"] = (
            f"Of our {words.format_count(referred.height, 'child')} referred in the last year, "
            f"{again} had also been referred in the year before that."
        )
    if on_plan.height:
        repeat = on_plan.filter(pl.col("plans") > 1).height
        lines["second plan"] = (
            f"Of our {words.format_count(on_plan.height, 'child')} on a child protection plan, "
            f"{repeat} had had one before."
        )
    if reviews.height:
        held = reviews.filter(pl.col("done_date") <= pl.col("due_date")).height
        conferences = words.format_count(reviews.height, "review conference")
        lines["reviews on time"] = (
            f"In the last year, {held} of our {conferences} were held on time."
        )
    return lines


def _select_reviews(duties: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Return the review conferences that fell due in the last year."""
    rules = reference.read("deadline").filter(done_by="review conference held")
    return duties.filter(
        pl.col("rule").is_in(rules["rule"].to_list())
        & pl.col("due_date").is_between(pl.lit(as_at).dt.offset_by("-1y"), as_at, closed="right")
    )


def _describe_england(session: access.Session) -> Iterator[tuple[str, str]]:
    """Yield each measure with England's newest line and the children it counts."""
    for measure, text in words.TEXTS["nation"].items():
        for row in read.fetch_national_lines(session, measure).head(1).to_dicts():
            share = f"In England in {row['academic_year']}, {row['rate'] * 100:g}%"
            yield measure, f"{share} of {row['scope']} {text} ({row['phase']})."


def _render_missing(session: access.Session, own: read.Own) -> None:
    """Draw a year's missing episodes, with the return home interview after each."""
    times = read.select_own(read.fetch_times_missing(session), own)
    recent = times.filter(pl.col("missing_date") > session.as_at - _YEAR)
    st.header(f"Missing in the last year ({recent.height})", anchor=False)
    if recent.is_empty():
        st.markdown("No missing episode is recorded.")
        return
    columns = words.TEXTS["missing_columns"]
    table = tables.tabulate_plain_rows(recent.select(*columns).rename(columns))
    rows = [
        lists.Row(cells, child=(row["pupil_id"], row["handle"]), is_linked=row["is_member"])
        for row, cells in zip(recent.to_dicts(), table.iter_rows(), strict=True)
    ]
    group = lists.Group(rows, label="Missing in the last year")
    lists.render_list(session, "missing", "found", (lists.CHILD, *table.columns), [group])


def _render_leavers(session: access.Session, own: read.Own) -> None:
    """Draw the latest record of each young person of the school who has left care."""
    leavers = names.call_rows(read.select_own(read.fetch_care_leavers(session), own))
    latest = leavers.unique("pupil_id", keep="first", maintain_order=True)
    st.header(f"Young people who have left care ({latest.height})", anchor=False)
    note = words.say("These young people used to be at this school.", session.home_of)
    components.render_small_text(note)
    if latest.is_empty():
        st.markdown("Nothing is recorded about any of them.")
        return
    columns = words.TEXTS["leaver_columns"]
    shown = latest.select(*columns).rename(columns)
    components.render_cards(tables.tabulate_plain_rows(shown))
