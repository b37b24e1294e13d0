"""The parts of Today: what is new, who needs a look and why, the quiet lines, what is due.

Who needs a look is a line a child, by year group and handle. What is new since this person last
looked is one line; a first visit has where to begin. The quiet lines are good news, the week's
attendance, and what is not recorded yet. What is due stands by when it hurts: overdue, this week,
and the next four weeks.

On a phone the later dates and all but the first quiet line are folded, by the style sheet, until
their switches are on.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.text import changes, help_texts, rules, scores, sentences, standing, words
from dashboard.text import duties as duty_words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, names, rows
from dashboard.ui.markdown import escape
from queries import read
from queries.read import Row
from safeguards.access import access

#: Children before "Show all": as many as a screen has room for.
FIRST = 12
#: Reasons of a child that a phone has room for.
_ON_A_PHONE = 2
#: Lines of one span; a school with more looks at Plans and dates.
_MOST_DATES = 15


def render_since(
    session: access.Session,
    day: date | None,
    looks: pl.DataFrame,
    duties: pl.DataFrame,
    members: pl.DataFrame,
) -> frozenset[str]:
    """Draw the line; the children (pupil_id) who are listed now for something new.

    day: that of the data at the last visit, None for a first one.  Nothing is drawn for that,
    nor while the data have not moved on.
    """
    if day is None or day >= session.as_at:
        return frozenset()
    then = session.copy_as_at(day)
    reasons = changes.find_reason_changes(rules.fetch_reasons(then), looks, members)
    before = session.select_visible(read.fetch_duties(then))
    past, done = changes.count_duty_changes(before, duties, day, session.as_at)
    text = changes.describe_changes(names.call_rows(reasons), past, done)
    st.markdown(escape(f"Since you last looked, at data to {words.format_short_day(day)}: {text}."))
    is_new = pl.col("change").is_in([changes.NEWLY_LISTED, changes.NEW_REASON])
    return frozenset(reasons.filter(is_new)["pupil_id"])


def render_protection(session: access.Session) -> None:
    """For the safeguarding lead, what Safeguarding has overdue; no child is named here."""
    if session.is_allowed("safeguarding"):
        own = read.fetch_lead_reasons(session).filter(category="child_protection")
        looks = own.filter(~pl.col("is_closed"))
        listed = looks["pupil_id"].n_unique()
        dates = standing.list_duty_dates(read.fetch_protection_duties(session), session.as_at)
        past = sum(each.is_past for each in dates)
        if told := duty_words.describe_protection(listed, past):
            with st.container(key="protection"):
                st.page_link(words.get_page_file("safeguarding"), label=told)


def render_looks(
    session: access.Session,
    looks: pl.DataFrame,
    new: Collection[str],
    last_actions: Mapping[str, Row],
) -> None:
    """The children with an open reason; `new` are those (pupil_id) for whom one is new."""
    done = actions.list_pupils_of_log()
    reasons = looks.to_dicts()
    of_child: dict[str, list[Row]] = {}
    for row in reasons:
        if not row["is_closed"] or row["pupil_id"] in done:
            of_child.setdefault(row["pupil_id"], []).append(row)
    children = list(of_child.values())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Needs a look", anchor=False)
        _render_rules(session, {row["rule"] for row in reasons})
    if not children:
        st.markdown("Nothing needs a look today.")
    else:
        rows.render_heads("look", "Child", "Year", "Why", "Last action")
    is_long = len(children) > FIRST and not st.session_state.get("all-looks")
    for child in children[:FIRST] if is_long else children:
        _render_look(session, child, new, last_actions)
    if len(children) > FIRST:
        st.toggle(f"Show all {len(children)} children", key="all-looks")
    if hidden := sum(row["is_closed"] for row in reasons):
        components.render_small_text(duty_words.describe_closed_reasons(hidden))


def _render_look(
    session: access.Session,
    reasons: list[Row],
    new: Collection[str],
    last_actions: Mapping[str, Row],
) -> None:
    child = reasons[0]
    pupil_id, handle = child["pupil_id"], child["handle"]
    tag = Markup('<b class="new">New</b> ') if pupil_id in new else Markup("")
    why = Markup('<span class="cell why">{}{}</span>').format(tag, _format_reasons(reasons))
    last = duty_words.describe_last_action(last_actions.get(pupil_id), session.as_at)
    if all(row["is_closed"] for row in reasons):
        last = f"✓ {last}"
    with rows.open_row("look", handle):
        rows.render_child_link(session, pupil_id, handle)
        rows.render_cells(
            rows.format_year(pupil_id, child["year_group"]),
            why,
            rows.format_cell(
                last, "quiet act" if pupil_id in last_actions else "none act", "Last action"
            ),
        )
        actions.render_log_button(session, "today", pupil_id, handle)


def _format_reasons(reasons: list[Row]) -> Markup:
    """All of them; on a phone the first, and how many more the child's page has."""
    parts = rules.list_reason_parts(row["reason"] for row in reasons)
    rest = parts[_ON_A_PHONE:]
    if not rest:
        return Markup("").join(parts)
    return Markup('{}<span class="rest" data-more="; and {} more">{}</span>').format(
        "".join(parts[:_ON_A_PHONE]), len(rest), "".join(rest)
    )


def _render_rules(session: access.Session, listed: Collection[str]) -> None:
    """The rules of today's reasons, and what a school does next."""
    figures = rules.list_figures(read.fetch_thresholds(session))
    with st.popover("Why these children?", type="tertiary"):
        st.markdown(f"**{help_texts.PURPOSES['today']}**")
        st.markdown(
            "Each child is listed for one of these reasons, until somebody logs an action. "
            "Nothing is added up, and nobody is ranked: the order is year group, then A to Z."
        )
        told = (
            f"- {escape(rules.describe_rule(row, figures))}"
            for row in read.load_attention_rules().to_dicts()
            if row["rule"] in listed
        )
        st.markdown("\n".join(told))
        st.markdown(words.spell_out_terms("PEP", "SDQ"))
        st.page_link("app_pages/help.py", label="What every word and figure means")


def render_pointers(session: access.Session, day: date | None) -> None:
    """On a first visit (`day` is None), until they are put away, how to begin."""
    done = _list_done()
    if day is None and session.actor not in done:
        with st.container(key="pointers", horizontal=True, vertical_alignment="center"):
            st.markdown(help_texts.FIRST_VISIT)
            st.button("Got it", on_click=done.add, args=(session.actor,))


@st.cache_resource
def _list_done() -> set[str]:
    """Who has put the pointers away, until this server stops: from the next day the log knows."""
    return set()


def render_band(session: access.Session, dates: Sequence[DutyDate]) -> None:
    """A line each."""
    week = read.fetch_this_week(session).to_dicts()
    first, *others = _list_good_news(session, week)
    with st.container(key="band"):
        st.markdown(f"**Good news.** {escape(first)}")
        st.toggle("Show more of the week", key="fold-week")
        if others:
            st.markdown(escape(" ".join(others)))
        st.markdown(f"**Attendance this week.** {escape(_describe_week(session, week))}")
        if missing := _describe_missing(dates):
            st.markdown(f"**Not recorded yet.** {escape(missing)}")


def _list_good_news(session: access.Session, week: Sequence[Row]) -> list[str]:
    """A full week in school; and for roles that may see them, scores and meetings."""
    counted = [row for row in week if row["possible_sessions"]]
    whole = sum(not (row["absent_sessions"] or row["not_recorded_sessions"]) for row in counted)
    lines = [duty_words.describe_full_week(whole, len(counted))]
    first = session.as_at.replace(day=1)
    if session.has_category("plans"):
        on_time = read.fetch_peps(session).filter(
            (pl.col("pep_date") >= first) & pl.col("is_on_time")
        )
        lines.append(duty_words.describe_peps_on_time(names.call_rows(on_time)["handle"].to_list()))
    if session.has_category("wellbeing"):
        lines += scores.describe_lower_scores(
            names.call_rows(read.fetch_sdq(session).filter(pl.col("sdq_date") >= first))
        )
    return [line for line in lines if line] or ["The week has only begun."]


def _describe_week(session: access.Session, week: Sequence[Row]) -> str:
    monday = session.as_at - timedelta(days=session.as_at.weekday())
    weeks = {
        row["week_start"]: row
        for row in read.fetch_cohort_weeks(session, read.fetch_academic_year(session)).to_dicts()
        if row["possible_sessions"]
    }
    now, last = weeks.get(monday), weeks.get(monday - timedelta(weeks=1))
    if now is None:
        return (
            f"No session is recorded from Monday {words.format_short_day(monday)} to "
            f"{words.format_day(session.as_at)}. School was closed, or the register has not been "
            "loaded yet."
        )
    before = (last["attended_sessions"], last["possible_sessions"]) if last else None
    parts = [
        sentences.describe_week(now["attended_sessions"], now["possible_sessions"], before),
        sentences.describe_week_children(
            sum(row["absent_sessions"] > 0 for row in week), len(week)
        ),
    ]
    if gaps := sum(row["not_recorded_sessions"] for row in week):
        parts.append(
            f"{words.format_count(gaps, 'session')} {words.pluralise(gaps, 'is')} not recorded."
        )
    return " ".join(parts)


def _describe_missing(dates: Sequence[DutyDate]) -> str:
    """What lacks its first date, each once, with whose."""
    missing: dict[str, list[str]] = {}
    for each in dates:
        if each.state == standing.NOT_RECORDED:
            missing.setdefault(each.name, []).append(names.call(each.pupil_id, each.handle))
    said = [f"{name} ({', '.join(whose)})" for name, whose in missing.items()]
    return f"{'; '.join(said)}." if said else ""


def render_dates(session: access.Session, dates: Sequence[DutyDate]) -> None:
    """The near dates in three spans, each with its number; `dates` are by day."""
    past, week, later = standing.split_by_span(dates, session.as_at)
    end = session.as_at + standing.NEAR
    spans = (
        ("▲ Overdue", past),
        (f"◆ Next {words.format_count(standing.WEEK.days, 'day')}", week),
        (f"◆ Then to {words.format_near_day(end, session.as_at)}", later),
    )
    for number, (title, span) in enumerate(spans):
        with st.container(key=f"span-{number}"):
            st.header(f"{title} ({len(span)})", anchor=False)
            if not span:
                st.markdown("Nothing.")
            elif span is later:
                st.toggle(f"Show {words.format_count(len(span), 'date')}", key="fold-later")
            for place, each in enumerate(span[:_MOST_DATES]):
                _render_date(session, each, f"{number}-{place}")
            if len(span) > _MOST_DATES:
                st.markdown(f"And {len(span) - _MOST_DATES} more.")


def _render_date(session: access.Session, each: DutyDate, key: str) -> None:
    what = each.name
    if each.state in (standing.BOOKED, standing.BOOKED_LATE):
        what = f"{what}, {each.text.rpartition(', ')[2]}"
    day = words.format_near_day(each.day, session.as_at) if each.day else words.NOTHING
    with rows.open_row("date", key):
        rows.render_child_link(session, each.pupil_id, each.handle)
        rows.render_cells(
            rows.format_cell(day, "when"),
            rows.format_cell(what, "what"),
            rows.format_cell(each.holder.partition(",")[0], "quiet who", "For"),
        )
