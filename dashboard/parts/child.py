"""The parts of a child's page: how things stand, what is next, the story, the records.

The head is who the child is and how things stand, the first screen of the page. The story is
the timeline, the register of a term, scores and years. What has no part of its own stands in
plain tables, and last who may look.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.charts import catalogue as charts
from dashboard.charts.timeline import Event
from dashboard.sheets import take
from dashboard.sheets.child import list_sheets
from dashboard.text import duty_tables, recurring, rules, scores, sentences, standing, tables, words
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, names, rows
from dashboard.ui.markdown import escape
from queries import read
from queries.read import Row
from safeguards.access import access

#: The newest of the child's own words that stand on top.
_WORDS = 2
#: A timeline goes back to the start of the school year before this one.
_YEARS_BACK = 1
_SEPTEMBER = 9
_HEALTH_RULES = ("IHA", "RHA_U5", "RHA_5PLUS", "DENTAL_YEARLY")
#: For so many days the page says who has looked.
_VIEW_DAYS = 28


def render_title(session: access.Session, child: read.Row) -> str | None:
    """The name or code, the way to log an action, and the sheets; which of these is open."""
    pupil_id, handle = child["pupil_id"], child["handle"]
    with take.open_title() as title:
        actions.render_log_button(session, "child", pupil_id, handle)
        kind = take.render_sheet_choice(list_sheets(session), "sheet")
    called = names.call(pupil_id, handle, with_class=True)
    components.render_title("child", escape(f"{kind}: {called}" if kind else called), title)
    return kind


def render_description(session: access.Session, child: read.Row) -> None:
    """A line on who this is, and first what the child chose to have kept."""
    pupil_id, handle = child["pupil_id"], child["handle"]
    for row in read.fetch_own_words(session, pupil_id).head(_WORDS).to_dicts():
        day = words.format_near_day(row["words_date"], session.as_at)
        st.markdown(f"> {escape(row['line'])}  \n> :small[{escape(row['setting'])}, {day}]")
    code = f"Code: {handle}. " if names.is_open() else ""
    st.markdown(escape(code + sentences.describe_child(child)))
    for line in components.describe_protection(session).get(pupil_id, []):
        st.markdown(escape(f"{words.capitalise(line)}."))


def render_strip(
    session: access.Session, child: read.Row, dates: Sequence[DutyDate], duties: pl.DataFrame
) -> None:
    """The facts that a call or a meeting begins with."""
    facts = [_describe_attendance(session, child), _describe_waiting(session, child)]
    if session.has_category("wellbeing"):
        facts.append(_describe_score(session, child["pupil_id"], dates))
    things = recurring.list_things(session)
    states = recurring.find_states(things, [child], dates, duties)[child["pupil_id"]]
    facts += [
        (thing, f"{standing.SHAPES[each.state]} {each.text}" if each else "Not needed", "")
        for thing, each in states.items()
        if thing != "SDQ"
    ]
    if session.has_category("plans"):
        facts.append(_describe_provision(session, child["pupil_id"]))
    rows.render_html(rows.format_strip(facts))


def _describe_attendance(session: access.Session, child: read.Row) -> tuple[str, str, str]:
    possible, absent = child["possible_sessions"], child["absent_sessions"]
    if not possible or absent is None:
        return "Sessions missed", "No marks yet", ""
    share = read.fetch_threshold(session, "persistent_absence")
    below = f"less than {rules.format_ratio(share)}"
    if child["is_too_early"]:
        below = words.TOO_EARLY
    elif child["is_persistent_absentee"]:
        below = f"▼ {rules.format_ratio(share)} or more"
    return "Sessions missed", f"{absent:,} of {possible:,}", below


def _describe_waiting(session: access.Session, child: read.Row) -> tuple[str, str, str]:
    waiting = read.fetch_check(session, "unexplained_n").filter(pupil_id=child["pupil_id"]).height
    text = words.capitalise(words.format_count(waiting, "session"))
    late = words.format_count(child["late_sessions"] or 0, "session")
    return "No reason yet", text, f"Late: {late}"


def _describe_score(
    session: access.Session, pupil_id: str, dates: Sequence[DutyDate]
) -> tuple[str, str, str]:
    scored = read.fetch_sdq(session).filter(pl.col("total").is_not_null(), pupil_id=pupil_id)
    newest = read.get_first_row(scored.sort("sdq_date", descending=True))
    if newest is None:
        due = next((each for each in dates if each.rule == "SDQ_YEARLY"), None)
        text = (
            f"{standing.SHAPES[due.state]} {words.capitalise(due.text)}" if due else "No score yet"
        )
        return "SDQ", text, ""
    day = words.format_near_day(newest["sdq_date"], session.as_at)
    return f"SDQ, {day}", str(newest["total"]), scores.describe_change_briefly(newest)


def _describe_provision(session: access.Session, pupil_id: str) -> tuple[str, str, str]:
    """What the roll says of special needs, and whether the steps of a plan say otherwise."""
    said = read.get_first_row(read.fetch_sen_provision(session).filter(pupil_id=pupil_id))
    if said is None:
        return "Special needs", "Not said by the roll", ""
    by_roll = f"by the roll, {words.format_near_day(said['said_on'], session.as_at)}"
    if not read.fetch_check(session, "sen_at_odds").filter(pupil_id=pupil_id).is_empty():
        by_roll += ". ▲ The steps of the plan say otherwise: see Data check"
    # the strip explains these letters, and has no room for the words
    label = "EHCP" if said["provision"] == "E" else said["label"]
    return "Special needs", label, by_roll


def render_reasons(session: access.Session, pupil_id: str) -> None:
    """Why the child needs a look, each reason with what a school does next."""
    found = rules.fetch_reasons(session, with_protection=session.has_category("child_protection"))
    reasons = found.filter(~pl.col("is_closed"), pupil_id=pupil_id)
    rule_of = {row["rule"]: row for row in read.load_attention_rules().to_dicts()}
    figures = rules.list_figures(read.fetch_thresholds(session))
    st.header("Needs a look" if reasons.height else "Nothing needs a look now", anchor=False)
    lines = [
        f"- {escape(words.capitalise(row['reason']))}  \n"
        f"  :small[{escape(rules.format_advice(rule_of[row['rule']], figures))}]"
        for row in reasons.to_dicts()
    ]
    if lines:
        st.markdown("\n".join(lines))


def render_log(session: access.Session, pupil_id: str) -> None:
    """What was done, newest first; one that was corrected stays, struck out."""
    st.header("What we did", anchor=False)
    found = read.fetch_actions(session).filter(pupil_id=pupil_id).to_dicts()
    if not found:
        st.markdown("No action logged yet.")
        return
    heads = ("Day", "Who", "What", "In a few words")
    rows.render_html(rows.format_listing(heads, (_describe_action(session, row) for row in found)))
    own = [row for row in found if row["actor"] == session.actor and not row["corrected_by"]]
    if own:
        with st.container(horizontal=True):
            actions.render_correct_button(session, "child", own[0])


def _describe_action(session: access.Session, row: Row) -> tuple[str, ...]:
    texts = (
        words.format_near_day(row["action_date"], session.as_at),
        row["actor"] or words.NOTHING,
        words.capitalise(row["kind"]),
        row["line"] or "",
    )
    if row["corrected_by"]:
        return tuple(Markup("<del>{}</del>").format(text) for text in texts)
    if row["follow_up_date"]:
        day = words.format_near_day(row["follow_up_date"], session.as_at)
        return (*texts[:3], f"{texts[3]} (look again {day})".strip())
    return texts


def render_next_dates(session: access.Session, pupil_id: str, dates: Sequence[DutyDate]) -> None:
    """The open dates: those that ask for something first, then the later ones in a line.

    For the safeguarding lead those of child protection too, which no sheet to hand on has.
    """
    if session.has_category("child_protection"):
        duties = read.fetch_protection_duties(session).filter(pupil_id=pupil_id)
        own = standing.list_duty_dates(duties, session.as_at)
        dates = sorted([*dates, *own], key=lambda each: each.day or date.max)
    near = [each for each in dates if each.state != standing.UP_TO_DATE]
    st.header(f"Next dates ({len(near)})", anchor=False)
    if not near:
        st.markdown("Nothing is outstanding.")
    for place, each in enumerate(near):
        with rows.open_row("due", str(place)):
            rows.render_cells(
                rows.format_status(each.state, words.capitalise(each.state)),
                rows.format_cell(each.name, "what"),
                rows.format_cell(each.text, "how"),
                rows.format_cell(each.holder, "quiet who", "For"),
            )
    later = [each for each in dates if each.state == standing.UP_TO_DATE and each.day]
    if later:
        told = "; ".join(
            f"{each.name}, {words.format_near_day(each.day, session.as_at)}"
            for each in later
            if each.day
        )
        st.markdown(escape(f"Later: {told}."))


def render_timeline(
    session: access.Session, child: read.Row, duties: pl.DataFrame, year: str
) -> None:
    """Two school years of periods and dates, with the lanes that the role may see."""
    drawn = components.draw(
        charts.draw_timeline,
        read.fetch_pupil_periods(session, child["pupil_id"]),
        _list_events(session, child["pupil_id"], duties),
        handle=names.call(child["pupil_id"], child["handle"]),
        first=date(int(year[:4]) - _YEARS_BACK, _SEPTEMBER, 1),
        last=session.as_at,
    )
    if drawn:
        components.render_figure(drawn, "timeline")


def _list_events(session: access.Session, pupil_id: str, duties: pl.DataFrame) -> list[Event]:
    """What the role may see of the dates in a child's life at school."""
    events = [
        _build_event(
            "Suspension", row["suspension_date"], words.format_count(row["sessions"], "session")
        )
        for row in read.fetch_pupil_suspensions(session, pupil_id).to_dicts()
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
        done = duties.filter(pl.col("rule").is_in(_HEALTH_RULES), status="done")
        events += [
            _build_event("Health", row["done_date"], row["name"].lower())
            for row in done.to_dicts()
            if row["done_date"]
        ]
    if session.has_category("wellbeing"):
        scored = read.fetch_sdq(session).filter(pupil_id=pupil_id).drop_nulls("total")
        events += [
            _build_event(
                "SDQ", row["sdq_date"], f"{row['total']}, {scores.describe_short_band(row)}"
            )
            for row in scored.to_dicts()
        ]
    return events


def _build_event(lane: str, day: date, text: str) -> Event:
    return Event(lane, day, f"{words.format_short_day(day)}, {text}")


def render_register(session: access.Session, child: read.Row) -> None:
    """One term of the register, and which weekdays were missed."""
    pupil_id = child["pupil_id"]
    years = read.fetch_pupil_years(session, pupil_id)
    if years.is_empty():
        components.render_notice(
            "No marks yet", "The register has no mark for this child up to this day. Load it again."
        )
        return
    places = st.container()
    with st.container(key="child-when", horizontal=True):
        all_years = years["academic_year"].to_list()
        chosen = components.render_choice("School year", all_years, "child-year")
        sessions = read.fetch_pupil_sessions(session, pupil_id, chosen)
        terms = charts.split_by_term(sessions)
        key = f"child-term-{chosen}"
        term = components.render_choice("Term", list(terms), key) if terms else None
    with places:
        if term is None:
            st.markdown("There is no session to show for this school year.")
            return
        called = names.call(pupil_id, child["handle"])
        draw = charts.draw_register_calendar
        if drawn := components.draw(draw, terms[term], handle=called, when=term):
            components.render_figure(drawn, "register")
    if strip := components.draw(charts.draw_weekday_strip, sessions, chosen):
        components.render_figure(strip, "strip")


def render_scores(session: access.Session, pupil_id: str) -> None:
    """The child's scores in words, newest first."""
    st.header("Wellbeing", anchor=False)
    found = read.fetch_sdq(session).filter(pupil_id=pupil_id)
    if found.is_empty():
        st.markdown("No SDQ yet. Ask the social worker: carers fill it in.")
        return
    components.render_small_text(
        "A higher score means more difficulties; on the prosocial scale, more strengths. "
        "Changes compare forms filled in by the same person."
    )
    components.render_table(
        duty_tables.tabulate_scores(
            found.sort("sdq_date", maintain_order=True),
            int(read.fetch_threshold(session, "sdq_chance")),
        ),
        alt="Scores of this child",
    )


def render_years(session: access.Session, pupil_id: str) -> None:
    """Each school year beside the child's own others."""
    years = read.fetch_pupil_years(session, pupil_id)
    if years.is_empty():
        return
    st.header("Year by year", anchor=False)
    components.render_small_text("Each child is compared only with their own past.")
    components.render_table(tables.tabulate_child_years(years), alt="Attendance by school year")


def render_plain_marts(session: access.Session, pupil_id: str) -> None:
    """The categories that have no part of their own on this page, as plain tables.

    Those of which nothing is recorded stand in one line at the end.
    """
    empty = []
    for title, mart in read.list_plain_marts().items():
        is_kept = session.has_table(read.get_plain_table(mart))
        if not (is_kept and session.has_category(mart.find_field("Category") or "")):
            continue
        found = read.fetch_plain_rows(session, mart, pupil_id)
        if found.is_empty():
            empty.append(title)
            continue
        st.header(escape(title), anchor=False)
        told = found[[each.name for each in found if each.null_count() < found.height]]
        table = tables.tabulate_plain_rows(told)
        rows.render_html(rows.format_listing(table.columns, table.iter_rows()))
    if empty:
        st.header("Nothing is recorded yet", anchor=False)
        st.markdown("\n".join(f"- {escape(title)}" for title in empty))


def render_access_history(session: access.Session, child: read.Row) -> None:
    """Who may see the child's page and, for the safeguarding lead, who has."""
    title = "Who can see this child, and who has looked"
    lines = sentences.describe_access(is_restricted=child["is_restricted"])
    # the log is read only while somebody wants to know
    with st.expander(title, key="who-looked", on_change="rerun") as part:
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))
        if not session.is_allowed("child", "audit"):
            components.render_small_text(
                "Each look is written down. The safeguarding lead can read it."
            )
        elif part.open:
            components.render_small_text(
                f"Who opened this page in the last {_VIEW_DAYS} days. "
                "Lists and figures of several children are not counted here."
            )
            found = tables.tabulate_views(session.find_views(child["pupil_id"], _VIEW_DAYS))
            components.render_table(found, alt="Who has looked at this child")
