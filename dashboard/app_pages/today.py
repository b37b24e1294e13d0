"""Today: what is new, who needs attention and why, the quiet lines, and what is due, on one screen.

The children who need attention have a line each, by year group and handle.  One line says what is
new since this person last looked; a first visit says where to begin.  The quiet lines are good
news, the week's attendance, and what is not recorded yet.  Dates are in three spans: overdue, this
week, and the next four weeks.

On a phone the style sheet folds the later dates and all but the first quiet line, until their
switches are on.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboard.report.content.model import Block, Heading, Paragraph, Sheet
from dashboard.sheets import filtered, take
from dashboard.text import cells, changes, rules, scores, sentences, standing, words
from dashboard.text import duties as duty_words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, lists, names, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall, roles

_LOOKS, _LIST = "Needs attention", "Today's list"
_NOBODY = "Nobody needs attention today."
#: The title of the children for whom somebody logged an action while each open reason stood.
_SEEN, _ALL_SEEN = "Seen, still open", "Somebody has acted for everybody who needs attention."
_LOOK_HEADS = (lists.CHILD, lists.YEAR, "Why", "Last action")
_DATE_HEADS = (lists.CHILD, "When", "What", "For")
#: The key of the changes since the last visit, as this tab knows them.
_CHANGES = "changes"
#: Seconds to wait for the changes, if nobody has asked for them yet.
PATIENCE_S = 0.01
#: The children before "Show all", as many as fit on a screen; and in a home of many.
FIRST, FIRST_OF_MANY = 12, 30
#: The lines of one span in a home of many; Plans and dates has the others.
_MOST_DATES = 15
#: The lines of others' dates in a home of many, and of overdue dates on a phone there.
_FIRST_DATES = 5
#: The number of others' dates up to which they are open without a click.
_MOST_WAITING = 6


def render() -> None:
    """Draw the page."""
    session = tab.enter("today")
    if components.render_no_children(session, "today"):
        return

    own = components.render_place_choice(session)
    looks = _list_looks(session, own)
    actions.render_kept(session, "today")
    if take.find_open_sheet([_LIST], "list"):
        sheet = _build_sheet(session, own)
        st.title(sheet.title, anchor=False)
        take.render_sheet(session, "today", sheet, "todays-list", back=("list", "Today"))
        return
    st.title(_format_headline(session, own), anchor=False)
    last_seen = session.find_last_seen_days("today")
    new = _render_since(session, last_seen)
    with st.container(key="protection", gap=None):
        _render_protection(session, own)
        components.render_without_place(session, own)
    if session.home_of != "school":
        _render_sums(session, own)
    left, right = st.columns([1.28, 1], gap="medium")
    with left:
        _render_looks(session, looks, new)
        if session.has_category("plans"):
            title = "No longer here, with steps still to do"
            lists.render_formers(session, "Still to do", _list_formers(session), own, title)
        _render_pointers(session, last_seen)
        _render_band(session, own)
    with right:
        with st.container(key="list"):  # after the list, for people who use the keyboard
            take.render_sheet_buttons([_LIST], "list")
        heads = lists.list_date_heads(session, *_DATE_HEADS)
        lists.render_list(session, "dates", "date", heads, _group_dates(session, own))
        if session.home_of == "school":
            _render_waiting(session, own)
        with st.container(key="terms"):
            components.render_small_text(words.spell_out_terms("PEP", "SDQ"))


def _format_headline(session: access.Session, own: read.Own) -> str:
    listed = sum(look.shown is not None for look in _list_looks(session, own))
    title = duty_words.format_headline(listed, len(_list_spans(session, own)[0][1]))
    return components.say_whose(session, title)


def _build_sheet(session: access.Session, own: read.Own) -> Sheet:
    """Build the list on paper: everybody who is listed, and what is overdue or due this week."""
    listed = [look.shown for look in _list_looks(session, own) if look.shown is not None]
    heads = lists.list_date_heads(session, *_DATE_HEADS)
    date_parts = (
        (title, heads, [_build_date(session, duty) for duty in span], "Nothing.")
        for title, span in _list_paper_parts(session, own)
    )
    blocks: list[Block] = []
    for name, columns, rows, nothing in ((_LOOKS, _LOOK_HEADS, listed, _NOBODY), *date_parts):
        block = filtered.build_table(name, columns, rows) if rows else Paragraph(nothing)
        blocks += [Heading(1, f"{name} ({len(rows)})"), block]
    title = f"{_LIST}, {words.format_day(session.as_at)}"
    return filtered.build_sheet(session, title, blocks, f"{_format_headline(session, own)}.")


def _render_since(session: access.Session, days: tuple[date, date] | None) -> frozenset[str]:
    """Draw the line on what is new, and return the children (pupil_id) who are newly listed.

    `days` are those of the last visit, None for a first one.  Nothing is drawn on a first visit, or
    if the demo's day has not moved on.
    """
    if days is None or days[0] >= session.as_at:
        return frozenset()
    future = changes.ask_changes(session, days)
    wait([future], PATIENCE_S)
    if future.done():
        st.session_state[_CHANGES] = (days, future.result())
    else:
        _wait_for(future)
    # what was known before somebody logged something stays until the new answer is there
    known_days, known = st.session_state.get(_CHANGES, (None, None))
    is_known = known is not None and known_days == days
    text = "one moment"
    if is_known:
        text = changes.describe_changes(replace(known, reasons=names.call_rows(known.reasons)))
    day = words.format_short_day(days[0])
    st.markdown(escape(f"Since you last looked, on {day}: {text}."))
    return known.list_new() if is_known else frozenset()


@st.fragment(run_every=1)
def _wait_for(future: Future[changes.Changes]) -> None:
    if future.done():
        tab.run_by_clock()


def _render_protection(session: access.Session, own: read.Own) -> None:
    """For the safeguarding lead, say what is overdue on Safeguarding, without naming a child."""
    if session.is_allowed("safeguarding") and (text := _describe_protection(session, own)):
        components.render_page_link("safeguarding", text)


@recall.share
def _describe_protection(session: access.Session, own: read.Own) -> str:
    reasons = read.select_own(read.fetch_lead_reasons(session), own)
    is_open = pl.col("category") == "child_protection", ~pl.col("is_closed")
    listed = reasons.filter(is_open)["pupil_id"].n_unique()
    dates = standing.fetch_protection_dates(session)
    past = sum(duty.is_past for duty in dates if own is None or duty.pupil_id in own)
    return duty_words.describe_protection(listed, past)


@dataclass(frozen=True)
class _Look:
    """A child with a reason, as a row with the open reasons and as a row with all.

    `shown` is None if somebody has dealt with all.  `closed` counts the reasons dealt with.
    `is_seen` says whether somebody logged an action while each open reason stood.
    """

    pupil_id: str
    shown: lists.Row | None
    logged: lists.Row
    closed: int
    is_seen: bool


@recall.share
def _list_looks(session: access.Session, own: read.Own) -> list[_Look]:
    """List the children with a reason, by year group and handle."""
    of_child: dict[str, list[read.Row]] = {}
    for row in read.select_own(rules.fetch_reasons(session), own).to_dicts():
        of_child.setdefault(row["pupil_id"], []).append(row)
    last_actions, looks = read.fetch_last_actions(session), []
    for pupil_id, reasons in of_child.items():
        is_open = [row for row in reasons if not row["is_closed"]]
        last = last_actions.get(pupil_id)
        text = duty_words.describe_last_action(last, session.as_at, session.home_of)
        act = cells.style(f"{'quiet' if last else 'none'} act", f"{'' if is_open else '✓ '}{text}")
        shown = _build_look(is_open, act) if is_open else None
        logged = _build_look(reasons, act)
        is_seen = all(row["seen_on"] for row in is_open)
        looks.append(_Look(pupil_id, shown, logged, len(reasons) - len(is_open), is_seen))
    return looks


def _build_look(reasons: Sequence[read.Row], act: cells.Part) -> lists.Row:
    """Show two reasons, on a phone one, and the number of others; all are read aloud."""
    first, *others = rules.list_reason_parts(rules.select_reasons(reasons))
    second, rest = others[:1], others[1:]
    seconds = [cells.style("second", *second, more=f" +{len(others)}")] if second else []
    more = [cells.style("rest", "".join(rest), more=f" +{len(rest)}")] if rest else []
    why = cells.style("why", first, *seconds, *more)
    child = reasons[0]
    return lists.Row(
        child=(child["pupil_id"], child["handle"]), year_group=child["year_group"], cells=(why, act)
    )


def _render_looks(session: access.Session, looks: Sequence[_Look], new: Collection[str]) -> None:
    """Draw the children with an open reason; `new` are those (pupil_id) with a new one.

    Those for whom this tab has logged something keep their row.
    """
    done = actions.list_pupils_of_log()
    listed, seen = [], []
    for look in looks:
        is_logged = look.pupil_id in done
        row = look.logged if is_logged else look.shown
        if row is None:
            continue
        if look.is_seen and not is_logged:
            seen.append(row)
            continue
        why, *rest = row.cells
        if look.pupil_id in new:
            why = cells.style("why", cells.style("new", "New"), " ", why)
        listed.append(replace(row, cells=(why, *rest)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header(_LOOKS, anchor=False)
        with st.popover("Why these children?", type="tertiary"):
            st.markdown(_describe_rules(session))
            components.render_page_link("help", "What every word and figure means")
    if not listed:
        st.markdown(_ALL_SEEN if seen else _NOBODY)
    button = actions.build_log_button(session, "today")
    first = FIRST if session.home_of == "school" else FIRST_OF_MANY
    groups = [lists.Group(listed, label=_LOOKS)]
    lists.render_list(session, "looks", "look", _LOOK_HEADS, groups, button, first)
    if seen:
        title = f"{_SEEN} ({len(seen)})"
        groups = [lists.Group(seen, title=title)]
        lists.render_list(session, "seen", "look", _LOOK_HEADS, groups, button, first)
    if hidden := sum(look.closed for look in looks):
        components.render_small_text(duty_words.describe_closed_reasons(hidden))


@recall.share
def _list_formers(session: access.Session) -> list[lists.Group]:
    """List the steps left for those who left or whose care ended, until they are logged.

    In a home of many a step is the title above the children who have it.
    """
    steps, as_at = read.fetch_former_steps(session), session.as_at
    is_of_many = session.home_of != "school"
    without = set(read.fetch_without_place(session)["pupil_id"]) if is_of_many else set()
    groups: dict[str, list[lists.Row]] = {}
    for part in steps.partition_by("pupil_id", maintain_order=True):
        rows, title = part.to_dicts(), ""
        text = sentences.describe_former_steps(rows, as_at)
        if is_of_many:
            title = words.capitalise(words.say("; ".join(part["name"]), session.home_of))
            text = f"{sentences.describe_departure(rows[0], as_at)}, {rows[0]['school_name']}"
            if rows[0]["why"] == "left":
                place = "no school place" if rows[0]["pupil_id"] in without else "on no roll here"
                text = f"{text}: now {place}"
        child = rows[0]["pupil_id"], rows[0]["handle"]
        row = lists.Row((cells.style("why", text),), child, rows[0]["year_group"])
        groups.setdefault(title, []).append(row)
    return [lists.Group(entries, title, "No longer here") for title, entries in groups.items()]


@recall.share
def _describe_rules(session: access.Session) -> str:
    """Describe the rules of today's reasons."""
    figures, listed = rules.fetch_figures(session), set(rules.fetch_reasons(session)["rule"])
    lines = (
        f"- {escape(words.say(rules.describe_rule(row, figures), session.home_of))}"
        for row in read.load_attention_rules().to_dicts()
        if row["rule"] in listed
    )
    return (
        f"**{words.PURPOSES['today']}**\n\n"
        "Each child is listed for one or more of these reasons. A reason goes once somebody logs "
        "an action about it, and an overdue step once it is recorded as done. "
        'If you act and the reason stays open, the child is under "Seen, still open". '
        "There is no score and no ranking: the order is year group, then A to Z.\n\n"
        + "\n".join(lines)
        + f"\n\n{words.spell_out_terms('PEP', 'SDQ')}"
    )


def _render_sums(session: access.Session, own: read.Own) -> None:
    """Draw the dates by holder, the home's own first, and the children by adviser."""
    with st.container(key="sums"):
        st.toggle("Show by whom and by adviser", key="fold-sums")
        left, right = st.columns(2, gap="medium")
        with left:
            heads = ("For whom", "Overdue", f"Next {words.format_count(standing.WEEK.days, 'day')}")
            components.render_listing(heads, _count_by_holder(session, own))
            if session.home_of == "authority":
                components.render_small_text(
                    "School with social worker: for children whom another authority looks after."
                )
            components.render_page_link("plans", "Every overdue date", only="Overdue")
        with right:
            if not roles.has_caseload(session.role):
                by_adviser = ("Adviser", "Children", "Need attention", "Dates overdue")
                components.render_listing(by_adviser, _count_by_adviser(session, own))
            components.render_page_link("overdue_by_school", "Overdue dates by school")


@recall.share
def _count_by_holder(session: access.Session, own: read.Own) -> list[tuple[str, ...]]:
    near = _list_spans(session, own)[:2]
    spans = [Counter(duty.holder for duty in span) for _, span, _ in near]
    mine = {duty.holder for duty in standing.fetch_dates(session) if duty.is_own}
    holders = sorted(set().union(*spans), key=lambda holder: (holder not in mine, holder))
    return [(holder, *(f"{span[holder]:,}" for span in spans)) for holder in holders]


@recall.share
def _count_by_adviser(session: access.Session, own: read.Own) -> list[tuple[str, ...]]:
    """Count by adviser's name, and last the children in no caseload."""
    advisers_of, nobody = session.fetch_advisers(), "In no caseload"
    members = read.select_own(read.fetch_members(session), own)["pupil_id"]
    looks = [look.pupil_id for look in _list_looks(session, own) if look.shown is not None]
    past = [duty.pupil_id for duty in _list_spans(session, own)[0][1]]
    counts = [
        Counter(advisers_of.get(child, nobody) for child in part) for part in (members, looks, past)
    ]
    advisers = sorted(set().union(*counts), key=lambda name: (name == nobody, name))
    return [(name, *(f"{count[name]:,}" for count in counts)) for name in advisers]


def _render_pointers(session: access.Session, days: tuple[date, date] | None) -> None:
    """Draw how to begin on a first visit (`days` is None), until somebody puts it away."""
    done = _list_done()
    if days is None and session.actor not in done:
        with st.container(key="pointers", horizontal=True, vertical_alignment="center"):
            st.markdown(words.TEXTS["help"]["first_visit"])
            st.button("Got it", on_click=done.add, args=(session.actor,))


@st.cache_resource
def _list_done() -> set[str]:
    """Return who has put the pointers away; kept until the server stops, later the log knows."""
    return set()


def _render_band(session: access.Session, own: read.Own) -> None:
    """Draw the quiet lines, all but the first folded on a phone."""
    first, *others = _list_quiet_lines(session, own)
    with st.container(key="band"):
        st.markdown(first)
        st.toggle("Show more of the week", key="fold-week")
        st.markdown("\n\n".join(others))
        if session.home_of != "school" and session.is_allowed("plans"):
            components.render_page_link("plans", "All that is not recorded", only="Not recorded")


@names.share_while_hidden
def _list_quiet_lines(session: access.Session, own: read.Own) -> list[str]:
    """List the good news, its first line apart; the week; and what is not recorded yet."""
    week = read.select_own(read.fetch_this_week(session), own).to_dicts()
    first, *others = _list_good_news(session, own, week)
    missing = _describe_missing(session, own)
    return [
        f"**Good news.** {escape(first)}",
        *([escape(" ".join(others))] if others else []),
        f"**{_name_week(session)}.** {escape(_describe_week(session, own, week))}",
        *([f"**Not recorded yet.** {escape(missing)}"] if missing else []),
    ]


def _list_good_news(session: access.Session, own: read.Own, week: Sequence[read.Row]) -> list[str]:
    """List full weeks in school, and for roles that may see them scores and meetings."""
    counted = [row for row in week if row["possible_sessions"]]
    whole = sum(not (row["absent_sessions"] or row["not_recorded_sessions"]) for row in counted)
    lines = [duty_words.describe_full_week(whole, len(counted))]
    without = read.select_own(read.fetch_members(session), own).height - len(counted)
    if session.home_of != "school" and without and lines[0]:
        lines[0] += f" No marks of that week: {words.format_count(without, 'child')}."
    first = session.as_at.replace(day=1)
    if session.has_category("plans"):
        on_time = read.select_own(read.fetch_peps(session), own).filter(
            (pl.col("pep_date") >= first) & pl.col("is_on_time")
        )
        lines.append(duty_words.describe_peps_on_time(names.call_rows(on_time)["handle"].to_list()))
    if session.has_category("wellbeing"):
        all_scores = read.select_own(read.fetch_sdq(session), own)
        recent = names.call_rows(all_scores.filter(pl.col("sdq_date") >= first))
        lines += scores.describe_lower_scores(recent)
    return [line for line in lines if line] or ["The week has only just begun."]


def _name_week(session: access.Session) -> str:
    """Name the week of the register's newest marks."""
    monday = _find_monday(session.register_day)
    if monday == _find_monday(session.as_at):
        return "Attendance this week"
    return f"Attendance in the week of {words.format_day(monday)}"


def _find_monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _describe_week(session: access.Session, own: read.Own, week: Sequence[read.Row]) -> str:
    monday, year = _find_monday(session.register_day), read.fetch_academic_year(session)
    weeks = {
        row["week_start"]: row
        for row in read.fetch_cohort_weeks(session, year, own=own).to_dicts()
        if row["possible_sessions"]
    }
    now, last = weeks.get(monday), weeks.get(monday - timedelta(weeks=1))
    if now is None:
        return "No session is recorded yet."
    before = (last["attended_sessions"], last["possible_sessions"]) if last else None
    missing = sum(row["absent_sessions"] > 0 for row in week)
    parts = [
        sentences.describe_week(now["attended_sessions"], now["possible_sessions"], before),
        f"{missing} of {words.format_count(len(week), 'child')} missed at least one session.",
    ]
    if gaps := sum(row["not_recorded_sessions"] for row in week):
        parts.append(
            f"{words.format_count(gaps, 'session')} {words.pluralise(gaps, 'is')} not recorded."
        )
    return " ".join(parts)


def _describe_missing(session: access.Session, own: read.Own) -> str:
    """List what lacks its first date, with the children's names, in a home of many their number."""
    of_many, missing = session.home_of != "school", dict[str, list[str]]()
    for duty in standing.fetch_dates(session):
        if duty.state == standing.NOT_RECORDED and (own is None or duty.pupil_id in own):
            name = str(rules.get_deadline(duty.rule)["name"]) if of_many else duty.name
            missing.setdefault(name, []).append(names.call(duty.pupil_id, duty.handle))
    most = 0 if of_many else words.MOST_NAMED
    parts = [f"{name} ({words.format_few(children, most)})" for name, children in missing.items()]
    return f"{'; '.join(parts)}." if parts else ""


@recall.share
def _list_spans(
    session: access.Session, own: read.Own
) -> tuple[tuple[str, list[DutyDate], int], ...]:
    """Return the near dates in three spans, with how many of each a phone shows first."""
    near = standing.select_near(standing.fetch_dates(session), session.as_at)
    near = [duty for duty in near if own is None or duty.pupil_id in own]
    past, week, later = standing.split_by_span(near, session.as_at)
    end = words.format_near_day(session.as_at + standing.NEAR, session.as_at)
    first = len(past) if session.home_of == "school" else _FIRST_DATES
    return (
        (f"{standing.SHAPES[standing.OVERDUE]} Overdue", past, first),
        (f"◆ Next {words.format_count(standing.WEEK.days, 'day')}", week, _MOST_DATES),
        (f"◆ Later, to {end}", later, 0),
    )


def _list_parts(
    session: access.Session, spans: Sequence[tuple[str, list[DutyDate], int]]
) -> list[tuple[str, list[DutyDate], int, int]]:
    """Return the dates of `_list_spans` in parts, with how many a phone and a list shows.

    A school's own dates are never cut.  In a home of many its own come first, then a few of others.
    """
    if session.home_of == "school":
        return [
            (f"{title}: ours to do", duties, first, len(duties))
            for title, span, first in spans
            for duties in [[duty for duty in span if duty.is_own]]
        ]
    return [
        (f"{title}: {label}", [duty for duty in span if duty.is_own is is_ours], first, most)
        for title, span, first in spans
        for is_ours, label, most in ((True, "ours", _MOST_DATES), (False, "others'", _FIRST_DATES))
    ]


def _list_paper_parts(session: access.Session, own: read.Own) -> list[tuple[str, list[DutyDate]]]:
    """Return the dates of Today's list on paper: this week's or overdue, and others' overdue."""
    parts = [
        (title, span) for title, span, *_ in _list_parts(session, _list_spans(session, own)[:2])
    ]
    late = [duty for duty in _list_waiting(session, own) if duty.is_past]
    late.sort(key=lambda duty: duty.holder)
    return [*parts, ("Waiting for others: overdue", late)] if late else parts


def _list_waiting(session: access.Session, own: read.Own) -> list[DutyDate]:
    """Return the near dates that a school waits for, by day; none in a home of many."""
    if session.home_of != "school":
        return []
    return [duty for _, span, _ in _list_spans(session, own) for duty in span if not duty.is_own]


def _group_by_holder(dates: Iterable[DutyDate]) -> dict[str, list[DutyDate]]:
    groups: dict[str, list[DutyDate]] = {}
    for duty in dates:
        groups.setdefault(duty.holder, []).append(duty)
    return dict(sorted(groups.items()))


def _name(holder: str) -> str:
    """Return how a sentence names a holder: "the social worker"."""
    code = next(code for code, name in words.HOLDERS_BRIEFLY.items() if name == holder.lower())
    return str(words.HOLDERS[code])


def _render_waiting(session: access.Session, own: read.Own) -> None:
    """Draw whom the school waits for, and behind a switch each date with its last call."""
    waiting = _list_waiting(session, own)
    if not waiting:
        return
    st.header(f"Waiting for others ({_count_states(waiting)})", anchor=False)
    groups = {
        f"{words.capitalise(_name(holder))} ({_count_states(dates)})": dates
        for holder, dates in _group_by_holder(waiting).items()
    }
    label = f"Show {words.format_count(len(waiting), 'date')}"
    if not st.toggle(label, value=len(waiting) <= _MOST_WAITING, key="all-waiting"):
        with st.container(key="waiting-counts"):
            components.render_small_text(f"{'; '.join(groups)}.")
        return
    heads = (lists.CHILD, "When", "What", "Last chased")
    parts = [
        lists.Group([_build_chase(session, duty) for duty in dates], title)
        for title, dates in groups.items()
    ]
    lists.render_list(session, "waiting", "date", heads, parts)


def _count_states(dates: Sequence[DutyDate]) -> str:
    """Say how many of the dates are overdue, and how many are to come."""
    late = sum(duty.is_past for duty in dates)
    parts = ((late, "overdue"), (len(dates) - late, "to come"))
    return ", ".join(f"{number} {state}" for number, state in parts if number)


def _build_chase(session: access.Session, duty: DutyDate) -> lists.Row:
    chase = cells.style("quiet who", standing.describe_chase(duty.chased, session.as_at))
    when, what, *_ = _build_date(session, duty).cells
    return lists.Row((when, what, chase), (duty.pupil_id, duty.handle))


@recall.share
def _group_dates(session: access.Session, own: read.Own) -> list[lists.Group]:
    """Return the near dates in three spans, each with its number of dates."""
    return [
        lists.Group(
            [
                _build_date(session, duty, "more" if place >= first else "")
                for place, duty in enumerate(span[:most])
            ],
            title=f"{title} ({len(span)})",
            fold=f"Show {words.format_count(len(span), 'date')}" if len(span) > first else "",
            note=f"And {rest} more." if rest > 0 else "" if span else "Nothing.",
        )
        for title, span, first, most in _list_parts(session, _list_spans(session, own))
        for rest in [len(span) - most]
    ]


def _build_date(session: access.Session, duty: DutyDate, kind: str = "") -> lists.Row:
    what = duty.name
    if "booked" in duty.text:
        what = f"{what}, {duty.text.rpartition(', ')[2]}"
    day = words.format_near_day(duty.day, session.as_at) if duty.day else words.NOTHING
    return lists.Row(
        kind=kind,
        child=(duty.pupil_id, duty.handle),
        cells=(
            cells.style("when", day),
            cells.style("what", what),
            *lists.list_whose(duty, session.as_at),
        ),
    )
