"""Children: filters, and a row a child and a column a thing, to be scanned down.

A filter asks for a part of a name or code, or for what children have in common. A row has
attendance week by week, and how each thing stands.
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

#: Weeks of the small picture: half a term and a bit, so that a line of it fits its column.
_WEEKS = 12
#: Columns of things that leave no room for another.
_MANY_THINGS = 3
#: Of a bar, by session missed.
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
    found = lists.select_rows(matching, own)
    placeless = {row.child for row in without}
    shown = [row for row in found if row.child not in placeless]
    title = format_title(shown, len(children))
    if found and not shown:
        title = f"{words.format_count(len(found), 'child')} with no school place"
    title = components.say_whose(session, title)
    components.render_title("children", title, place)
    if not found:
        st.markdown("No child on roll matches. Remove a filter, or type less.")
    if shown:
        _render_children(session, title, shown, len(children))
    if len(shown) < len(found):
        rows = [row for row in found if row.child in placeless]
        group = lists.Group(rows, "No school place")
        heads = (lists.CHILD, lists.YEAR, "Since when")
        lists.render_list(session, "without", "former", heads, [group])
    if session.has_category("plans"):
        _render_formers(session, own, text)


def _render_formers(session: access.Session, own: read.Own, text: str = "") -> None:
    """Draw who is no longer here; text: a part of the name or code name that somebody looks for."""
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
    """Return who left, and whose care ended, for the roles that may look back."""
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
    """In a home of many, who is in care and in none of its schools."""
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
        The children who answer to every part of what is chosen, in their order; and the search.

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
            # of many schools a group is chosen above, with the schools
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
    """Whether a text is part of the name that is shown, or of the code."""
    if not text:
        return True
    pupil_id, handle = child.child or ("", "")
    return text.strip().lower() in f"{handle} {names.call(pupil_id, handle)}".lower()


@recall.share
def _describe_much(session: access.Session) -> str:
    share = read.fetch_threshold(session, "persistent_absence")
    return f"{rules.format_share_of_sessions(share)} missed"


def format_title(shown: Sequence[lists.Row], children: int) -> str:
    """How many of so many children, and how many of them have something overdue."""
    of = str(children) if len(shown) == children else f"{len(shown)} of {children}"
    number = sum(_OVERDUE in child.found_by for child in shown)
    return f"{of} {words.pluralise(children, 'child')}, {number or 'none'} with something overdue"


@recall.share
def _list_heads(session: access.Session) -> tuple[str, tuple[str, ...]]:
    """The set of columns, and their heads: with room for it, how each child is known."""
    things = [thing.short for thing in recurring.list_things(session)]
    has_room = len(things) < _MANY_THINGS
    known = ("Care status",) * has_room
    heads = (lists.CHILD, lists.YEAR, "Attended, missed", *known, *things, "Last action")
    return "few" if has_room else "kid", heads


@recall.share
def _list_children(session: access.Session) -> list[lists.Row]:
    """All of them, by year group and handle."""
    members = read.fetch_members(session).to_dicts()
    dates = standing.fetch_dates(session)
    states = recurring.find_states(session, members)
    weeks, last_actions = _list_weeks(session), read.fetch_last_actions(session)
    protection = components.describe_protection(session)
    found_by = {
        _OVERDUE: frozenset(each.pupil_id for each in dates if each.is_past),
        _LOOK: frozenset(rules.fetch_reasons(session).filter(~pl.col("is_closed"))["pupil_id"]),
        _describe_much(session): frozenset(
            child["pupil_id"] for child in members if child["is_persistent_absentee"]
        ),
    }
    has_room = len(recurring.list_things(session)) < _MANY_THINGS
    found, others = [], _list_other_past(states, dates)
    for child in members:
        pupil_id, groups = child["pupil_id"], words.describe_groups(child)
        last = duty_words.describe_last_action(
            last_actions.get(pupil_id), session.as_at, session.home_of
        )
        own = {words.format_year_group(child["year_group"])}
        own |= set(map(words.capitalise, groups.split("; ")))
        own |= {label for label, whose in found_by.items() if pupil_id in whose}
        row = lists.Row(
            found_by=frozenset(own),
            child=(pupil_id, child["handle"]),
            year_group=child["year_group"],
            cells=(
                _build_missed(child, weeks.get(pupil_id, ())),
                *(groups,) * has_room,
                *map(_build_state, states[pupil_id].values()),
                cells.style("quiet act", last),
            ),
            under=(
                *others.get(pupil_id, ()),
                *sentences.list_remarks(child, protection.get(pupil_id, []), session.home_of),
            ),
        )
        found.append(row)
    return found


def _list_other_past(
    states: Mapping[str, Mapping[str, State | None]], dates: Sequence[DutyDate]
) -> dict[str, list[str]]:
    """By child (pupil_id), what is overdue and in no column: the title counts it too."""
    in_columns = {
        (child, each.rule) for child, own in states.items() for each in own.values() if each
    }
    found: dict[str, list[str]] = {}
    for each in dates:
        if each.is_past and (each.pupil_id, each.rule) not in in_columns:
            told = f"{standing.SHAPES[each.state]} {each.name}: {each.text}."
            found.setdefault(each.pupil_id, []).append(told)
    return found


def _list_weeks(session: access.Session) -> dict[str, list[read.Row | None]]:
    """Each child's last school weeks of the year, None for one before the child came."""
    found = read.fetch_member_weeks(session, read.fetch_academic_year(session))
    starts = found["week_start"].unique().sort().tail(_WEEKS).to_list()
    weeks: dict[str, dict[object, read.Row]] = {}
    for row in found.to_dicts():
        weeks.setdefault(row["pupil_id"], {})[row["week_start"]] = row
    return {child: [own.get(start) for start in starts] for child, own in weeks.items()}


def _build_missed(child: read.Row, weeks: Sequence[read.Row | None]) -> cells.Part:
    """A bar a week, as tall as the sessions missed, and the figure of the year beside it."""
    missed = [week["absent_sessions"] if week else None for week in weeks]
    bars = [
        cells.style("" if each else "whole", height=0 if each is None else 2 + _PIXELS * each)
        for each in missed
    ]
    picture = cells.style("weeks", *bars, hidden=True)
    return cells.style("missed", picture, cells.build_attendance(child))


def _build_state(state: State | None) -> cells.Part:
    if state is None:
        return cells.style("none", words.NOTHING)
    return cells.format_status(state.state, state.text)
