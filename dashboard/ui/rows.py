"""A row of a list: a child's link over its whole width, its cells, its button.

What stands in cells is HTML that is made here: `Markup` escapes every text that goes into it,
so a value from data is shown as it was written.  Looks are those of `style.css`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from dashboard.text import standing, words
from dashboard.ui import components, names
from dashboard.ui.markdown import escape
from safeguards.access import access

#: The name of the address's part that says which child is open.
ADDRESS = "child"


def render_style() -> None:
    """The one style sheet of all pages."""
    render_html(_load_style())


@cache
def _load_style() -> Markup:
    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>{text}</style>")  # noqa: S704 - our own file


def open_row(kind: str, key: str) -> DeltaGenerator:
    """The place of a row; `kind` is its set of columns in the style sheet."""
    return st.container(key=f"row-{kind}-{key}", horizontal=True, gap=None)


def render_heads(kind: str, *titles: str, key: str = "") -> None:
    """The heads of the columns; to a screen reader each cell says its own.

    key: of a list, where a page has several of one kind.
    """
    heads = Markup("").join(Markup("<span>{}</span>").format(_explain(title)) for title in titles)
    with open_row(kind, f"heads{key}"):
        render_html(Markup('<div class="heads" aria-hidden="true">{}</div>').format(heads))


def _explain(title: str) -> str:
    """A head, in which letters say on hover what they stand for."""
    letters, comma, rest = title.partition(",")
    meaning = words.TERMS.get(letters)
    if meaning is None:
        return title
    return Markup('<abbr title="{}">{}</abbr>{}').format(meaning, letters, comma + rest)


def render_child_link(
    session: access.Session, pupil_id: str, handle: str, *, with_class: bool = False
) -> None:
    """The child's name or code: a real link, which another tab can open."""
    st.page_link(
        components.get_page("child"),
        label=escape(names.call(pupil_id, handle, with_class=with_class)),
        query_params={ADDRESS: session.get_address(pupil_id)},
    )


def render_cells(*cells: Markup) -> None:
    """The rest of a row, as one element."""
    render_html(Markup("").join(cells))


@lru_cache(maxsize=4096, typed=True)  # a run asks for the same hundreds; Markup is no text
def format_cell(text: str, kind: str = "", label: str = "") -> Markup:
    """One cell; `label` is its column, which is read aloud, and shown on a phone."""
    head = Markup('<span class="label">{}: </span>').format(label) if label else Markup("")
    return Markup('<span class="cell {}">{}{}</span>').format(kind, head, text)


def format_labelled(label: str, body: Markup) -> Markup:
    """The same with what is formatted already in it."""
    return Markup('<span class="cell"><span class="label">{}: </span>{}</span>').format(label, body)


def format_year(pupil_id: str, year_group: int | None) -> Markup:
    """The year group; while names are open, the class."""
    text = names.find_class(pupil_id) or words.format_year_number(year_group)
    return format_cell(text, "year", "Year")


def format_status(state: str, text: str) -> Markup:
    """A state by its shape and in words: nothing is told by colour alone."""
    return Markup('<span class="status {}"><i aria-hidden="true">{}</i> {}</span>').format(
        "past" if state in standing.PAST else "", standing.SHAPES[state], text
    )


def format_strip(facts: Iterable[tuple[str, str, str]]) -> Markup:
    """Facts side by side: what it is, the fact, and a small line under it."""
    parts = (
        Markup("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>").format(_explain(what), *fact)
        for what, *fact in facts
    )
    return Markup('<dl class="strip">{}</dl>').format(Markup("").join(parts))


def format_listing(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Markup:
    """A plain table of texts, read row by row; on a phone, if it is wide, each row a card."""
    heads = list(heads)
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup('<td data-label="{}">{}</td>').format(head, cell)
                for head, cell in zip(heads, row, strict=True)
            )
        )
        for row in rows
    )
    return Markup(
        '<table class="listing"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(top, body)


def render_html(body: Markup) -> None:
    """Draw what `format_` functions made, as an element of its own; TypeError for any text."""
    if not isinstance(body, Markup):
        raise TypeError("only markup that escaped what it holds is drawn")
    st.html(_Drawn(body))


@dataclass(frozen=True)
class _Drawn:
    """Markup as Streamlit takes it without a look whether a file is called so, for each row."""

    body: Markup

    def _repr_html_(self) -> str:
        return str(self.body)
