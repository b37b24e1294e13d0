"""A list as one element: a table with a row for each child, its cells, and a button if it has one.

`assets/list.js` draws it and sets every text as text.  A click returns the key of the row, and
runs the list again, not the page: it opens the dialog of a button, or the child's page.
`style.css` has its styles.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

from dashboard.text import standing, words
from dashboard.text.cells import Part, style
from dashboard.ui import components, identity, names, sign_in_form
from safeguards.access import access

#: The query parameter of the open child.
ADDRESS = "child"
#: The columns that each row fills itself; the year group is the class while names are open.
CHILD, YEAR = "Child", "Year"
#: The scripts `assets/list.js` and `assets/focus.js`.
_LIST, _FOCUS = "list", "focus"

#: Rows of a list before "Show all". A school has fewer children, and no screen shows hundreds.
_FIRST = 60


@dataclass(frozen=True)
class Row:
    """A child with the cells of their row, after the headings of the child.

    child: pupil_id and handle.  is_linked: whether the row links to the child's page.  key: tells
    rows of the same child apart, if its button needs that.  found_by: the filters that keep it.
    place: a school instead of a child. A click shows its children, or its dates of Plans and dates
    with the status `dates`.
    """

    cells: tuple[Part, ...]
    child: tuple[str, str] | None = None
    year_group: int | None = None
    kind: str = ""
    under: tuple[str, ...] = ()
    key: str = ""
    is_linked: bool = True
    found_by: frozenset[str] = frozenset()
    place: str = ""
    dates: str = ""


def select_rows(rows: Iterable[Row], own: frozenset[str] | None) -> list[Row]:
    """Return the rows of some children (pupil_id), or all for None."""
    return [row for row in rows if own is None or (row.child and row.child[0] in own)]


@dataclass(frozen=True)
class Group:
    """Rows under a title, or under a `label` that only a screen reader reads.

    fold: the text of the link that shows rows of the kind "more" on a phone.
    has_breaks: whether a thicker line separates year groups.
    """

    rows: Sequence[Row]
    title: str = ""
    label: str = ""
    fold: str = ""
    note: str = ""
    has_breaks: bool = False


@dataclass(frozen=True)
class Button:
    """The button of each row: its text, what it is about, and what a click does."""

    label: str
    about: str
    press: Callable[[Row], None]
    #: Draws the dialog that a click asks for, in each run.
    draw: Callable[[], None]


def list_date_heads(session: access.Session, *heads: str) -> tuple[str, ...]:
    """Return the headings of dates, with the school last in a home of many schools."""
    return heads if session.home_of == "school" else (*heads, "School")


def list_whose(duty: standing.DutyDate, as_at: date) -> list[Part]:
    """Return the last cells of a date: for whom it is, and in a home of many the child's school.

    An overdue date of others says when they were last chased.
    """
    school = [style("quiet school", duty.school)] if duty.school else []
    holder = duty.holder
    if duty.is_past and not duty.is_own:
        chase = standing.describe_chase(duty.chased, as_at)
        holder = f"{holder}. {chase}"
    return [style("quiet who", holder), *school]


def render_list(
    session: access.Session,
    key: str,
    kind: str,
    heads: Sequence[Part],
    groups: Sequence[Group],
    button: Button | None = None,
    first: int = _FIRST,
    noun: str = "row",
) -> None:
    """Draw a list, or several under their own headings.

    key: unique on the page.  kind: its set of columns in the style sheet.  heads: the first can be
    CHILD and YEAR, which each row fills itself.  first: rows of a single list before "Show all".
    noun: the name of a row, if a child has several.
    """
    of_key: dict[str, Row] = {}
    all_rows = groups[0].rows
    is_long = len(groups) == 1 and len(all_rows) > first
    if is_long and not st.session_state.get(f"all-{key}"):
        groups = [replace(groups[0], rows=groups[0].rows[:first])]
    lead = [head for head in heads[:2] if head in (CHILD, YEAR)]
    parts = []
    for group in groups:
        written = [_write_row(session, row, lead, of_key) for row in group.rows]
        if group.has_breaks:
            for (above, below), row in zip(pairwise(group.rows), written[1:], strict=True):
                row["kind"] += " next" if above.year_group != below.year_group else ""
        shape, title = components.split_shape(group.title)
        head = {"shape": shape, "title": title, "label": title or group.label}
        parts.append({**head, "fold": group.fold, "note": group.note, "rows": written})
    data = {
        "kind": kind,
        "heads": [*map(_explain, heads), *([style("label", "Action")] if button else [])],
        "labels": ["" if isinstance(head, dict) else head.partition(",")[0] for head in heads],
        "button": button and (button.label, button.about),
        "parts": parts,
    }
    _draw(f"list-{key}", data, of_key, button)
    if is_long:
        st.toggle(f"Show all {_count(all_rows, noun)}", key=f"all-{key}")


def _count(rows: Sequence[Row], noun: str = "row") -> str:
    """Count the children or schools listed, or the rows if some children have several."""
    children = {row.child for row in rows if row.child}
    schools = {row.place for row in rows if row.place}
    if len(children) == len(rows):
        return words.format_count(len(children), "child")
    return words.format_count(len(schools) or len(rows), "school" if schools else noun)


def _write_row(
    session: access.Session, row: Row, lead: Sequence[Part], of_key: dict[str, Row]
) -> dict[str, Any]:
    """Return a row for the script, and add it to `of_key` under its own key."""
    written: dict[str, Any] = {"kind": row.kind, "cells": row.cells, "under": row.under}
    word = f"row {len(of_key)}"
    if CHILD in lead:
        written["child"] = words.NOTHING
    if row.child is not None:
        pupil_id, handle = row.child
        word = session.get_address(pupil_id + row.key)
        written["child"] = names.call(pupil_id, handle)
        if row.is_linked:
            written["to"] = f"child?{urlencode({ADDRESS: session.get_address(pupil_id)})}"
        if YEAR in lead:
            year = names.find_class(pupil_id) or words.format_year_number(row.year_group)
            written["cells"] = (style("year", year), *row.cells)
    if row.place:
        written["child"] = row.place
        page, only = ("plans", {"only": row.dates}) if row.dates else ("children", {})
        if session.is_allowed(page):
            written["to"] = f"{page}?{urlencode({**only, components.PLACES: row.place})}"
    if word in of_key:
        word = f"{word} {len(of_key)}"
    of_key[word] = row
    return {**written, "key": word}


def _explain(head: Part) -> Part:
    """Return a heading whose abbreviation shows its meaning on hover."""
    if isinstance(head, dict):
        return head
    letters, comma, rest = head.partition(",")
    meaning = words.TERMS.get(letters)
    return style("", style("", letters, meaning=meaning), comma + rest) if meaning else head


@st.fragment
def _draw(key: str, data: dict[str, Any], of_key: dict[str, Row], button: Button | None) -> None:
    clicked = _declare(_LIST)(key=key, data=data, on_open_change=_pass, on_press_change=_pass)
    if clicked.open:
        page, _, query = clicked.open.partition("?")
        st.switch_page(components.get_page(page), query_params=parse_qsl(query))
    if button is not None:
        if clicked.press in of_key:
            button.press(of_key[clicked.press])
        button.draw()


def _pass() -> None:
    """Do nothing: the code that draws the list reads the click."""


def render_formers(
    session: access.Session,
    head: str,
    groups: Sequence[Group],
    own: frozenset[str] | None,
    title: str = "No longer here",
) -> None:
    """List the children who are no longer here, if any: those in `own` (pupil_id), None for all."""
    chosen = (replace(group, rows=select_rows(group.rows, own)) for group in groups)
    groups = [group for group in chosen if group.rows]
    if number := sum(len(group.rows) for group in groups):
        st.header(f"{words.say(title, session.home_of)} ({number})", anchor=False)
        render_list(session, "formers", "former", (CHILD, YEAR, head), groups)


def render_focus(page: str, undo: str = "", undone: str = "", head: str = "") -> None:
    """Move the focus: to the title of another page, to Undo, and back to a child's row.

    After a wrong passphrase it goes to the field of the next attempt. It is drawn last, after its
    targets.  page: the identity of the page.  undo: the action that can be undone, or "".  undone:
    the address of the child of an action that just was, or "".  head: the line above the title on
    each printed page.
    """
    attempts = sign_in_form.count_attempts() + identity.count_attempts()
    data = {"page": page, "undo": undo, "undone": undone, "attempts": attempts, "head": head}
    with st.container(key="focus"):
        _declare(_FOCUS)(key="move-focus", data=data)


def _declare(script: str) -> ComponentRenderer:
    """Return a component that the running server knows. Its script is served from `assets`."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_OURS}.{script}") is None:
        manager.register_from_manifest(_MANIFEST, Path(__file__).parent)
    return _get_renderer(script)


_OURS = "lac-monitor"
_MANIFEST = ComponentManifest(
    _OURS, "1", [ComponentConfig(script, "assets") for script in (_LIST, _FOCUS)]
)


@cache
def _get_renderer(script: str) -> ComponentRenderer:
    return component(f"{_OURS}.{script}", js=f"{script}.js", isolate_styles=False)
