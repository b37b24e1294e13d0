"""Safeguarding: where each child stands, what is due, notes, and times missing; for the lead alone.

Beside each child in need or on a plan stands what is next, and whom to ring. The school's own
cases stand beside what was published for England, with its year. A measure that nobody published
is not set beside anything, and of a group of children no percentage is said.
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
#: Lines of what is due before the rest is only counted.
_MOST = 15
#: The one core group that has a last day; of the others the next that is booked is told.
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
    found, dates = _fetch_cases(session, own), _list_dates(session, own)
    actions.render_kept(session, "safeguarding")
    notes = read.select_own(read.fetch_concerns(session), own)
    title = components.say_whose(session, _format_headline(found, dates, notes))
    components.render_title("safeguarding", title)
    _render_cases(session, found, own)
    left, right = st.columns([1.42, 1], gap="large")
    with left:
        if session.has_table("raw_concern"):
            _render_notes(session, own)
        if session.has_table("raw_missing"):
            _render_missing(session, own)
    with right:
        _render_other_dates(session, found, dates)
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
    return [each for each in dates if own is None or each.pupil_id in own]


def _format_headline(cases: pl.DataFrame, dates: Sequence[DutyDate], notes: pl.DataFrame) -> str:
    """The title: how many are on a plan, and what is overdue; `notes` are those of concern."""
    on_plan = cases.filter(pl.col("plan_since").is_not_null()).height
    first = f"{words.capitalise(words.format_count(on_plan, 'child'))} on a child protection plan"
    return f"{first}, {_describe_overdue(dates, notes) or 'nothing is overdue'}"


def _describe_overdue(dates: Sequence[DutyDate], notes: pl.DataFrame) -> str:
    """How many dates and notes of concern are past their day; "" if none is."""
    counts = {"date": sum(each.is_past for each in dates), "note": int(notes["is_past"].sum())}
    told = words.format_list(words.format_count(n, what) for what, n in counts.items() if n)
    return f"{told} {words.pluralise(sum(counts.values()), 'is')} overdue" if told else ""


def _render_cases(session: access.Session, cases: pl.DataFrame, own: read.Own) -> None:
    """A row a child whose case is live; those that have ended are folded into one line."""
    found = _list_cases(session, own)
    st.header(f"Open cases ({len(found)})", anchor=False)
    if not found:
        st.markdown("No step of an open case is recorded by this date.")
    else:
        heads = (lists.CHILD, lists.YEAR, "Stage", "Next step, and who to ring")
        group = lists.Group(found, label="Open cases")
        button = actions.build_log_button(session, "safeguarding")
        lists.render_list(session, "cases", "case", heads, [group], button)
    if over := cases.height - len(found):
        with st.expander(f"Ended: {over}"):
            st.markdown(_describe_ended(session, own))


@recall.share
def _list_cases(session: access.Session, own: read.Own) -> list[lists.Row]:
    dates: dict[str, list[DutyDate]] = {}
    for each in _list_dates(session, own):
        dates.setdefault(each.pupil_id, []).append(each)
    is_open = _fetch_cases(session, own).filter(~pl.col("stage").is_in(_ENDED))
    return [_build_case(session, row, dates.get(row["pupil_id"], [])) for row in is_open.to_dicts()]


@names.share_while_hidden
def _describe_ended(session: access.Session, own: read.Own) -> str:
    ended = _fetch_cases(session, own).filter(pl.col("stage").is_in(_ENDED)).to_dicts()
    told = (
        f"{names.call(row['pupil_id'], row['handle'])}: {_describe_ending(row, session)}"
        for row in ended
    )
    return "\n\n".join(map(escape, told))


def _build_case(session: access.Session, row: read.Row, dates: Sequence[DutyDate]) -> lists.Row:
    following = standing.find_strongest(dates)
    state = following.state if following else standing.UP_TO_DATE
    told = []
    if row["booked_core_group_date"] and all(each.rule != _FIRST_CORE_GROUP for each in dates):
        day = words.format_near_day(row["booked_core_group_date"], session.as_at)
        told.append(f"Core group, booked for {day}")
        state = standing.BOOKED if state == standing.UP_TO_DATE else state
    if following:
        others = [each for each in standing.select_near(dates, session.as_at) if each != following]
        told += [
            f"{each.name}, {each.text}. {_describe_whom_to_ring(each)}"
            for each in (following, *others)
        ]
    status = cells.format_status(state, ". ".join(told))
    return lists.Row(
        child=(row["pupil_id"], row["handle"]),
        year_group=row["year_group"],
        is_linked=row["is_member"],
        cells=(
            cells.style("what", _describe_case(row, session)),
            status if told else cells.style("quiet", "Nothing is outstanding"),
        ),
    )


def _describe_case(row: read.Row, session: access.Session) -> str:
    """Stage, in short sentences: "Second plan, since 3 Mar (neglect). Referred 11 Aug 2025."."""
    parts = [words.capitalise(row["stage"])]
    if row["plan_since"]:
        day = words.format_near_day(row["plan_since"], session.as_at)
        nth = _ORDINALS.get(row["plans"], f"{row['plans']}th")
        plan = f"{nth} plan," if row["plans"] > 1 else "Child protection plan"
        abuse = f" ({row['abuse'].lower()})" if row["abuse"] else ""
        parts = [f"{plan} since {day}{abuse}"]
    if row["referred_date"]:
        day = words.format_near_day(row["referred_date"], session.as_at)
        parts.append(f"Referred {day}{', again within a year' * bool(row['is_re_referral'])}")
    met = {"Core group": row["last_core_group_date"], "Review conference": row["last_review_date"]}
    who, last = max(met.items(), key=lambda each: each[1] or date.min)
    if row["plan_since"] and last:
        parts.append(f"{who} last met {words.format_near_day(last, session.as_at)}")
    return f"{'. '.join(parts)}."


def _describe_whom_to_ring(each: DutyDate) -> str:
    """Who to ring about a date: who holds it."""
    return f"Ring: {each.holder.lower()}" if not each.holder.startswith("School") else "School"


def _describe_ending(row: read.Row, session: access.Session) -> str:
    if row["stage"] != "closed":
        return _describe_case(row, session)
    day = row["closed_date"]
    told = words.format_near_day(day, session.as_at) if day else f"date {words.NOT_RECORDED}"
    why = f", {row['closure_reason'].lower()}" if row["closure_reason"] else ""
    return f"Closed, {told}{why}"


@recall.share
def _list_notes(session: access.Session, own: read.Own) -> tuple[list[read.Row], list[lists.Row]]:
    """The open notes, those past their day first, and a row of the list for each."""
    notes = read.select_own(read.fetch_concerns(session), own)
    is_open = notes.filter(pl.col("closed_date").is_null())
    ordered = is_open.sort("is_past", descending=True, maintain_order=True).to_dicts()
    return ordered, [_build_note(session, row) for row in ordered]


def _render_notes(session: access.Session, own: read.Own) -> None:
    """A row for each open note."""
    is_open, found = _list_notes(session, own)
    past = sum(row["is_past"] for row in is_open)
    told = f", {past} overdue for review" if past else ""
    st.header(f"Open notes of concern ({len(is_open)}{told})", anchor=False)
    if not is_open:
        st.markdown("No note is open. To raise one, choose Log beside a child.")
        return

    def press(row: lists.Row) -> None:
        st.session_state[_OPEN_NOTE] = is_open[found.index(row)]

    button = lists.Button("Update", "the note on", press, lambda: _render_dialog(session))
    heads = (lists.CHILD, "Day", "What was noticed", "Review date")
    group = lists.Group(found, label="Open notes of concern")
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
    """What came of a note, while that is asked for."""
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
    what = st.segmented_control(
        "And now?", [_CLOSE, _WAIT], default=_CLOSE, required=True, key=_build_note_key("now")
    )
    label = "Closed on" if what == _CLOSE else "Review date"
    day = st.date_input(label, session.as_at, format="DD/MM/YYYY", key=_build_note_key(label))
    if st.button("Save", type="primary", key=_build_note_key("save")):
        with tab.say_errors():
            wrong = concerns.record_outcome(
                session,
                _PAGE,
                row,
                done=done or "",
                follow_up=row["follow_up_date"] if what == _CLOSE else day,
                closed=day if what == _CLOSE else None,
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
    """What is due to children without an open case, the overdue first; nothing if nothing is."""
    listed = set(cases.filter(~pl.col("stage").is_in(_ENDED))["pupil_id"])
    near = [
        each for each in standing.select_near(dates, session.as_at) if each.pupil_id not in listed
    ]
    if not near:
        return
    st.header(f"Due for other children ({len(near)})", anchor=False)
    near.sort(key=lambda each: not each.is_past)
    due = [
        lists.Row(
            child=(each.pupil_id, each.handle),
            is_linked=False,
            cells=(
                cells.style("what", each.name),
                cells.format_status(each.state, words.capitalise(each.text)),
                cells.style("quiet who", _describe_whom_to_ring(each)),
            ),
        )
        for each in near[:_MOST]
    ]
    heads = (lists.CHILD, "What", "When", "Who to ring")
    group = lists.Group(due, label="Due for other children")
    lists.render_list(session, "protection", "due", heads, [group])
    if len(near) > _MOST:
        st.markdown(f"And {len(near) - _MOST} more.")


def _render_nation(session: access.Session, own: read.Own) -> None:
    """A line a measure: the school's own first, then England's newest."""
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
    """What the school's own cases say of each measure that they say anything of."""
    referred = cases.filter(pl.col("referrals") > 0)
    on_plan = cases.filter(pl.col("plan_since").is_not_null())
    reviews = _select_reviews(duties, as_at)
    found = {}
    if referred.height:
        again = referred.filter("is_re_referral").height
        found["re-referral"] = (
            f"Of our {words.format_count(referred.height, 'child')} referred in the last year, "
            f"{again} had also been referred in the year before that."
        )
    if on_plan.height:
        repeat = on_plan.filter(pl.col("plans") > 1).height
        found["second plan"] = (
            f"Of our {words.format_count(on_plan.height, 'child')} on a child protection plan, "
            f"{repeat} had had one before."
        )
    if reviews.height:
        held = reviews.filter(pl.col("done_date") <= pl.col("due_date")).height
        conferences = words.format_count(reviews.height, "review conference")
        found["reviews on time"] = (
            f"In the last year, {held} of our {conferences} were held on time."
        )
    return found


def _select_reviews(duties: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """The review conferences whose last day came in the last year."""
    rules = reference.read("deadline").filter(done_by="review conference held")
    return duties.filter(
        pl.col("rule").is_in(rules["rule"].to_list())
        & pl.col("due_date").is_between(pl.lit(as_at).dt.offset_by("-1y"), as_at, closed="right")
    )


def _describe_england(session: access.Session) -> Iterator[tuple[str, str]]:
    """Each measure with England's newest line and whom it counts."""
    for measure, what in words.TEXTS["nation"].items():
        for row in read.fetch_national_lines(session, measure).head(1).to_dicts():
            share = f"In England in {row['academic_year']}, {row['rate'] * 100:g}%"
            yield measure, f"{share} of {row['scope']} {what} ({row['phase']})."


def _render_missing(session: access.Session, own: read.Own) -> None:
    """Missing episodes of a year, with the talk that is offered afterwards."""
    times = read.select_own(read.fetch_times_missing(session), own)
    lately = times.filter(pl.col("missing_date") > session.as_at - _YEAR)
    st.header(f"Missing in the last year ({lately.height})", anchor=False)
    if lately.is_empty():
        st.markdown("No missing episode is recorded.")
        return
    columns = words.TEXTS["missing_columns"]
    table = tables.tabulate_plain_rows(lately.select(*columns).rename(columns))
    found = [
        lists.Row(cells, child=(row["pupil_id"], row["handle"]), is_linked=row["is_member"])
        for row, cells in zip(lately.to_dicts(), table.iter_rows(), strict=True)
    ]
    group = lists.Group(found, label="Missing in the last year")
    lists.render_list(session, "missing", "found", (lists.CHILD, *table.columns), [group])


def _render_leavers(session: access.Session, own: read.Own) -> None:
    """What was told last of each young person of the school who has left care."""
    leavers = names.call_rows(read.select_own(read.fetch_care_leavers(session), own))
    told = leavers.unique("pupil_id", keep="first", maintain_order=True)
    st.header(f"Young people who have left care ({told.height})", anchor=False)
    who = words.say("These young people used to be at this school.", session.home_of)
    components.render_small_text(who)
    if told.is_empty():
        st.markdown("Nothing is recorded about any of them.")
        return
    columns = words.TEXTS["leaver_columns"]
    shown = told.select(*columns).rename(columns)
    components.render_cards(tables.tabulate_plain_rows(shown))
