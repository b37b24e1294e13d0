"""The parts of Children: the filters, and the rows to be scanned down.

A filter asks for a part of a name or code, or for what children have in common. A row has
attendance week by week, and how each thing stands.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.text import duties as duty_words
from dashboard.text import recurring, rules, sentences, standing, words
from dashboard.text.recurring import State
from dashboard.text.standing import DutyDate
from dashboard.ui import components, rows
from queries import read
from safeguards.access import access

#: Weeks of the small picture: half a term and a bit, so that a line of it fits its column.
_WEEKS = 12
#: Columns of things that leave no room for another.
_MANY_THINGS = 3
#: Of a bar, by session missed.
_PIXELS = 2


@dataclass(frozen=True)
class Choice:
    """What somebody asks for; an empty part asks for nothing."""

    text: str
    year_groups: tuple[str, ...]
    groups: tuple[str, ...]
    only: tuple[str, ...]


def render_filters(session: access.Session, members: pl.DataFrame) -> Choice:
    """The filters, which stay in the address, and the search, which does not: it may be a name."""
    years = [words.format_year_group(n) for n in members["year_group"].unique().sort()]
    groups = [label for name, label in words.GROUPS.items() if name != "all"]
    with st.container(key="filters", horizontal=True, vertical_alignment="top", gap="medium"):
        text = st.text_input(
            "Find a child", placeholder="Part of a name or code", live=True, width=210
        )
        return Choice(
            text,
            tuple(components.render_filters("Year group", years, "years")),
            tuple(components.render_filters("How we know them", groups, "groups")),
            tuple(components.render_filters("Only those with", _list_only(session), "only")),
        )


def select(
    session: access.Session,
    members: pl.DataFrame,
    past: Collection[str],
    choice: Choice,
    call: Callable[[str, str], str],
) -> pl.DataFrame:
    """The members who answer to every part of a choice, in their order.

    past: those (pupil_id) who have something overdue.
    call: what a child is called, by pupil_id and handle.
    """
    looks = read.fetch_attention_reasons(session).filter(~pl.col("is_closed"))["pupil_id"]
    asked = {
        _OVERDUE: past,
        _LOOK: set(looks),
        _describe_much(session): set(members.filter("is_persistent_absentee")["pupil_id"]),
    }
    groups = [
        column
        for name, column in components.GROUP_COLUMNS.items()
        if words.GROUPS[name] in choice.groups
    ]

    def matches(child: read.Row) -> bool:
        found = f"{child['handle']} {call(child['pupil_id'], child['handle'])}".lower()
        year = words.format_year_group(child["year_group"])
        return (
            choice.text.strip().lower() in found
            and (not choice.year_groups or year in choice.year_groups)
            and (not groups or any(child[column] for column in groups))
            and all(child["pupil_id"] in asked[each] for each in choice.only if each in asked)
        )

    kept = [matches(child) for child in members.to_dicts()]
    return members.filter(pl.Series(kept, dtype=pl.Boolean))


_OVERDUE, _LOOK = "Something overdue", "A reason to look"


def _list_only(session: access.Session) -> list[str]:
    return [_LOOK, _OVERDUE, _describe_much(session)]


def _describe_much(session: access.Session) -> str:
    share = read.fetch_threshold(session, "persistent_absence")
    return f"{words.capitalise(rules.format_ratio(share, 'session'))} missed"


def format_title(shown: pl.DataFrame, children: int, past: Collection[str]) -> str:
    """How many children, and how many of them have something overdue (`past`)."""
    of = str(children) if shown.height == children else f"{shown.height} of {children}"
    number = sum(pupil_id in past for pupil_id in shown["pupil_id"])
    return f"{of} {words.pluralise(children, 'child')}, {number or 'none'} with something overdue"


def render_rows(
    session: access.Session, shown: pl.DataFrame, duties: pl.DataFrame, dates: Sequence[DutyDate]
) -> None:
    """A line a child, by year group and handle; `dates` are the open ones of `duties`."""
    if shown.is_empty():
        st.markdown("No child matches. Take a filter away, or type less.")
        return
    recurrent = recurring.list_things(session)
    things = [thing.short for thing in recurrent]
    has_room = len(things) < _MANY_THINGS
    kind = "few" if has_room else "kid"
    heads = ["How we know them", *things] if has_room else things
    children = shown.to_dicts()
    states = recurring.find_states(recurrent, children, dates, duties)
    weeks = _list_weeks(session)
    last_actions = read.fetch_last_actions(session)
    share = read.fetch_threshold(session, "persistent_absence")
    protection = components.describe_protection(session)
    with st.container(key="list-children"):
        rows.render_heads(kind, "Child", "Year", "Sessions missed", *heads, "Last action")
        before = None
        for child in children:
            next_year = "next-" if before not in (None, child["year_group"]) else ""
            before = child["year_group"]
            pupil_id = child["pupil_id"]
            middle = [_format_state(thing, state) for thing, state in states[pupil_id].items()]
            if has_room:
                known = rows.format_cell(words.describe_groups(child), "", heads[0])
                middle = [known, *middle]
            last = duty_words.describe_last_action(last_actions.get(pupil_id), session.as_at)
            with rows.open_row(kind, f"{next_year}{child['handle']}"):
                rows.render_child_link(session, pupil_id, child["handle"])
                rows.render_cells(
                    rows.format_year(pupil_id, child["year_group"]),
                    _format_missed(child, weeks.get(pupil_id, ())),
                    *middle,
                    rows.format_cell(last, "quiet act", "Last action"),
                    *(
                        rows.format_cell(remark, "under")
                        for remark in sentences.list_remarks(child, protection.get(pupil_id, []))
                    ),
                )
    marks = [
        f"▼ {rules.describe_persistent(share)}",
        *standing.list_marks(),
        f"{words.NOTHING} not needed",
    ]
    components.render_small_text(" · ".join(marks))
    components.render_small_text(words.spell_out_terms("PEP", "SDQ", "EHCP"))


def _list_weeks(session: access.Session) -> dict[str, list[read.Row | None]]:
    """Each child's last school weeks of the year, None for one before the child came."""
    found = read.fetch_member_weeks(session, read.fetch_academic_year(session))
    starts = found["week_start"].unique().sort().tail(_WEEKS).to_list()
    weeks: dict[str, dict[object, read.Row]] = {}
    for row in found.to_dicts():
        weeks.setdefault(row["pupil_id"], {})[row["week_start"]] = row
    return {child: [own.get(start) for start in starts] for child, own in weeks.items()}


def _format_missed(child: read.Row, weeks: Sequence[read.Row | None]) -> Markup:
    """A bar a week, as tall as the sessions missed, and the figure of the year beside it."""
    bars = _format_bars(tuple(week and week["absent_sessions"] for week in weeks))
    absent, possible = child["absent_sessions"], child["possible_sessions"]
    text = "no marks" if not possible else f"{absent:,} of {possible:,}"
    shape = "▼ " if child["is_persistent_absentee"] and not child["is_too_early"] else ""
    return Markup(
        '<span class="cell missed"><span class="label">Sessions missed: </span>'
        '<span class="weeks" aria-hidden="true">{}</span><span class="figure">{}{}</span></span>'
    ).format(bars, shape, text)


@lru_cache(maxsize=1024)
def _format_bars(weeks: tuple[int | None, ...]) -> Markup:
    return Markup("").join(
        Markup('<b class="{}" style="height:{}px"></b>').format(
            "" if absent else "whole", 0 if absent is None else 2 + _PIXELS * absent
        )
        for absent in weeks
    )


@lru_cache(maxsize=1024)
def _format_state(thing: str, state: State | None) -> Markup:
    if state is None:
        return rows.format_cell(words.NOTHING, "none", thing)
    return rows.format_labelled(thing, rows.format_status(state.state, state.text))
