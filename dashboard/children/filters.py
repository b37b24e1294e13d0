"""Which children are shown: by a part of a name or code, or by what they have in common."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboard.text import rules, words
from dashboard.ui import components
from queries import read
from safeguards.access import access


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

    def matches(child: read.Member) -> bool:
        found = f"{child['handle']} {call(child['pupil_id'], child['handle'])}".lower()
        year = words.format_year_group(child["year_group"])
        return (
            choice.text.strip().lower() in found
            and (not choice.year_groups or year in choice.year_groups)
            and (not groups or any(child[column] for column in groups))  # type: ignore[literal-required]
            and all(child["pupil_id"] in asked[each] for each in choice.only if each in asked)
        )

    kept = [matches(child) for child in read.list_rows(read.Member, members)]
    return members.filter(pl.Series(kept, dtype=pl.Boolean))


_OVERDUE, _LOOK = "Something overdue", "A reason to look"


def _list_only(session: access.Session) -> list[str]:
    return [_LOOK, _OVERDUE, _describe_much(session)]


def _describe_much(session: access.Session) -> str:
    share = read.fetch_threshold(session, "persistent_absence")
    return f"{words.capitalise(rules.format_ratio(share, 'session'))} missed"
