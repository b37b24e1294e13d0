"""Children: filters, and a list with a row for each child, to scan down.

A filter asks for a part of a name or code name, or for what children have in common.  A row has
attendance week by week, and how each date stands.
"""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from dashboard.sheets import filtered
from dashboard.text import cells, recurring, rules, sentences, standing, words
from dashboard.text import duties as duty_words
from dashboard.text.recurring import State
from dashboard.text.standing import DutyDate
from dashboard.ui import actions, components, lists, names, tab
from queries import read
from safeguards.access import access, recall

#: The weeks of the small chart: just over half a term, so that it fits its column.
_WEEKS = 12
#: The number of recurring things from which there is no room for another column.
_MANY_THINGS = 3
#: The height of a bar for each session missed.
_PIXELS = 2
_OVERDUE, _LOOK = "Something overdue", "Needs attention"


def render() -> None:
    """Draw the page."""
    session = tab.enter("children")
    if components.render_no_children(session, "children"):
        if session.has_category("plans"):
            _render_formers(session, None)
        return
    children = _list_children(session)
    own, place = components.render_place_choice(session), st.empty()
    components.render_without_place(session, own)
    without = _list_without_place(session)
    matching, text = _render_filters(session, [*children, *without])
    selected = lists.select_rows(matching, own)
    placeless = {row.child for row in without}
    shown = [row for row in selected if row.child not in placeless]
    title = format_title(shown, len(children))
    if selected and not shown:
        title = f"{words.format_count(len(selected), 'child')} with no school place"
    title = components.say_whose(session, title)
    components.render_title("children", title, place)
    if not selected:
        st.markdown("No child on roll matches. Remove a filter, or type less.")
    if shown:
        _render_children(session, title, shown, len(children))
    if len(shown) < len(selected):
        rows = [row for row in selected if row.child in placeless]
        group = lists.Group(rows, "No school place")
        heads = (lists.CHILD, lists.YEAR, "Since when")
        lists.render_list(session, "without", "former", heads, [group])
    if session.has_category("plans"):
        _render_formers(session, own, text)


def _render_formers(session: access.Session, own: read.Own, text: str = "") -> None:
    """Draw those who are no longer here; `text` is part of a name or code name to search for."""
    rows = [row for row in _list_formers(session) if _is_called(row, text)]
    groups = [lists.Group(rows, label="No longer here")]
    lists.render_formers(session, "Why, and since when", groups, own)


def _render_children(
    session: access.Session, title: str, shown: Sequence[lists.Row], total: int
) -> None:
    group = lists.Group(shown, label="Children", has_breaks=True)
    kind, heads = _list_heads(session)
    lists.render_list(session, "children", kind, heads, [group])
    filtered.render_list_to_take(session, "children", title, heads, shown, total)
    actions.render_kept(session, "children")
    share = read.fetch_threshold(session, "persistent_absence")
    marks = (
        f"Bars: sessions missed in each of the last {_WEEKS} school weeks",
        f"▼ {rules.describe_persistent(share)}",
        *(*standing.list_marks(), f"{words.NOTHING} not needed"),
    )
    components.render_small_text(" · ".join(marks))
    components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))


@recall.share
def _list_formers(session: access.Session) -> list[lists.Row]:
    """List those who left or whose care ended, for the roles that may look back."""
    return [
        lists.Row(
            child=(row["pupil_id"], row["handle"]),
            year_group=row["year_group"],
            cells=(cells.style("why", sentences.describe_end(row)),),
        )
        for row in read.fetch_former_members(session).to_dicts()
    ]


@recall.share
def _list_without_place(session: access.Session) -> list[lists.Row]:
    """In a home of many, list the children in care who are in none of its schools."""
    rows = read.fetch_without_place(session).to_dicts() if session.home_of != "school" else []
    return [
        lists.Row(
            child=(row["pupil_id"], row["handle"]),
            year_group=row["year_group"],
            found_by=frozenset([words.format_year_group(row["year_group"])]),
            cells=(cells.style("why", sentences.describe_without_place(row)),),
        )
        for row in rows
    ]


def _render_filters(
    session: access.Session, children: Sequence[lists.Row]
) -> tuple[list[lists.Row], str]:
    """Draw the filters, which stay in the address, and the search, which does not.

    The search may hold a name.

    Returns:
        The children who match everything that is chosen, in their order, and the search.

    """
    numbers = sorted({child.year_group or 0 for child in children})
    groups = [label for name, label in words.GROUPS.items() if name != "all"]
    only, is_of_one = [_LOOK, _OVERDUE, _describe_much(session)], session.home_of == "school"
    with st.container(key="filters", horizontal=True, vertical_alignment="top", gap="medium"):
        text = st.text_input(
            "Find a child", placeholder="Part of a name or code name", live=True, width=210
        )
        one_of = [
            components.render_filters(
                "Year group", [words.format_year_group(number) for number in numbers], "years"
            ),
            # in a home of many, groups are chosen above with the schools
            components.render_filters("Care status", groups, "groups") if is_of_one else [],
        ]
        all_of = components.render_filters("Show only children with", only, "only")
    matching = [
        child
        for child in children
        if _is_called(child, text)
        and all(not chosen or child.found_by & set(chosen) for chosen in one_of)
        and child.found_by >= set(all_of)
    ]
    return matching, text


def _is_called(child: lists.Row, text: str) -> bool:
    """Return whether a text is part of the code name or of the name that is shown."""
    if not text:
        return True
    pupil_id, handle = child.child or ("", "")
    return text.strip().lower() in f"{handle} {names.call(pupil_id, handle)}".lower()


@recall.share
def _describe_much(session: access.Session) -> str:
    share = read.fetch_threshold(session, "persistent_absence")
    return f"{rules.format_share_of_sessions(share)} missed"


def format_title(shown: Sequence[lists.Row], children: int) -> str:
    """Say how many children are shown of all, and how many of them have something overdue."""
    of = str(children) if len(shown) == children else f"{len(shown)} of {children}"
    number = sum(_OVERDUE in child.found_by for child in shown)
    return f"{of} {words.pluralise(children, 'child')}, {number or 'none'} with something overdue"


@recall.share
def _list_heads(session: access.Session) -> tuple[str, tuple[str, ...]]:
    """Return the kind of list and its heads, with Care status if there is room for it."""
    things = [thing.short for thing in recurring.list_things(session)]
    has_room = len(things) < _MANY_THINGS
    known = ["Care status"] if has_room else []
    heads = (lists.CHILD, lists.YEAR, "Attended, missed", *known, *things, "Last action")
    return "few" if has_room else "kid", heads


@recall.share
def _list_children(session: access.Session) -> list[lists.Row]:
    """List all children by year group and handle."""
    members = read.fetch_members(session).to_dicts()
    dates = standing.fetch_dates(session)
    states = recurring.find_states(session, members)
    weeks, last_actions = _list_weeks(session), read.fetch_last_actions(session)
    protection = components.describe_protection(session)
    found_by = {
        _OVERDUE: frozenset(duty.pupil_id for duty in dates if duty.is_past),
        _LOOK: frozenset(rules.fetch_reasons(session).filter(~pl.col("is_closed"))["pupil_id"]),
        _describe_much(session): frozenset(
            child["pupil_id"] for child in members if child["is_persistent_absentee"]
        ),
    }
    has_room = len(recurring.list_things(session)) < _MANY_THINGS
    rows, others = [], _list_other_past(states, dates)
    for child in members:
        pupil_id, groups = child["pupil_id"], words.describe_groups(child)
        last = duty_words.describe_last_action(
            last_actions.get(pupil_id), session.as_at, session.home_of
        )
        labels = {words.format_year_group(child["year_group"])}
        labels |= set(map(words.capitalise, groups.split("; ")))
        labels |= {label for label, pupil_ids in found_by.items() if pupil_id in pupil_ids}
        row = lists.Row(
            found_by=frozenset(labels),
            child=(pupil_id, child["handle"]),
            year_group=child["year_group"],
            cells=(
                _build_missed(child, weeks.get(pupil_id, ())),
                *([groups] if has_room else []),
                *map(_build_state, states[pupil_id].values()),
                cells.style("quiet act", last),
            ),
            under=(
                *others.get(pupil_id, ()),
                *sentences.list_remarks(child, protection.get(pupil_id, []), session.home_of),
            ),
        )
        rows.append(row)
    return rows


def _list_other_past(
    states: Mapping[str, Mapping[str, State | None]], dates: Sequence[DutyDate]
) -> dict[str, list[str]]:
    """List by pupil_id what is overdue and in no column, because the title counts it too."""
    in_columns = {
        (child, state.rule) for child, row in states.items() for state in row.values() if state
    }
    lines: dict[str, list[str]] = {}
    for duty in dates:
        if duty.is_past and (duty.pupil_id, duty.rule) not in in_columns:
            line = f"{standing.SHAPES[duty.state]} {duty.name}: {duty.text}."
            lines.setdefault(duty.pupil_id, []).append(line)
    return lines


def _list_weeks(session: access.Session) -> dict[str, list[read.Row | None]]:
    """Return each child's last school weeks of the year, None for a week before the child came."""
    rows = read.fetch_member_weeks(session, read.fetch_academic_year(session))
    starts = rows["week_start"].unique().sort().tail(_WEEKS).to_list()
    weeks: dict[str, dict[object, read.Row]] = {}
    for row in rows.to_dicts():
        weeks.setdefault(row["pupil_id"], {})[row["week_start"]] = row
    return {child: [by_start.get(start) for start in starts] for child, by_start in weeks.items()}


def _build_missed(child: read.Row, weeks: Sequence[read.Row | None]) -> cells.Part:
    """Build a bar for each week, as tall as the sessions missed, and the year's figure."""
    missed = [week["absent_sessions"] if week else None for week in weeks]
    bars = [
        cells.style("" if tall else "whole", height=0 if tall is None else 2 + _PIXELS * tall)
        for tall in missed
    ]
    picture = cells.style("weeks", *bars, hidden=True)
    return cells.style("missed", picture, cells.build_attendance(child))


def _build_state(state: State | None) -> cells.Part:
    if state is None:
        return cells.style("none", words.NOTHING)
    return cells.format_status(state.state, state.text)
