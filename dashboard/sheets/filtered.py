"""A filtered list as a file to take to a meeting: Word, PDF or CSV."""

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard.report.content.model import Block, Heading, Sheet, Table
from dashboard.sheets import take
from dashboard.text import cells, words
from dashboard.ui import components, lists, names
from safeguards.access import access


def render_list_to_take(
    session: access.Session,
    page: str,
    title: str,
    heads: Sequence[cells.Part],
    rows: Sequence[lists.Row],
    total: int,
) -> None:
    """Show how many of all rows (`total`) are listed, and offer these as a file.

    `title` is the page's own, which says how the list is filtered. `heads` are the headings of the
    list. The first, and often the second, are about the child.
    """
    shown = f"{len(rows)} of {total} shown."
    components.render_small_text(shown)
    if session.is_allowed(page, "download"):

        def build() -> Sheet:
            blocks = (Heading(1, shown), build_table(title, heads, rows))
            return build_sheet(session, title, blocks)

        with st.container(key="take", horizontal=True, vertical_alignment="bottom", gap="small"):
            take.render_ways(session, page, build, page, "list", with_csv=True)


def build_sheet(
    session: access.Session,
    title: str,
    blocks: Iterable[Block],
    *about: str,
    note: str | None = None,
) -> Sheet:
    """Build a sheet of these blocks.

    `about` has the lines under the title: by default the role and the day. `note` is at the end:
    by default it spells out the abbreviations of most sheets.
    """
    default = (f"{words.format_roles(session.role)}. {words.format_day(session.as_at)}.",)
    return Sheet(
        title=title,
        school=session.school_name,
        as_at=session.as_at,
        taken_by=words.format_roles(session.role) if session.is_demo else session.actor,
        about=about or default,
        note=words.spell_out_terms("PEP", "SDQ", "EHCP") if note is None else note,
        blocks=tuple(blocks),
    )


def build_table(title: str, heads: Sequence[cells.Part], rows: Sequence[lists.Row]) -> Table:
    """Return the rows as a table, without columns that have no text, and with the remarks last."""
    header = [*(read_text(head).partition(",")[0] for head in heads), "Also"]
    lines = [_read_row(row, has_year=lists.YEAR in heads) for row in rows]
    kept = [place for place in range(len(header)) if any(line[place] for line in lines)]
    return Table(
        title,
        tuple(header[place] for place in kept),
        tuple(tuple(line[place] for place in kept) for line in lines),
    )


def _read_row(row: lists.Row, *, has_year: bool) -> tuple[str, ...]:
    pupil_id, handle = row.child or ("", "")
    year = names.find_class(pupil_id) or words.format_year_number(row.year_group)
    child = (names.call(pupil_id, handle), *([year] if has_year else []))
    return *child, *map(read_text, row.cells), " ".join(row.under)


def read_text(part: cells.Part) -> str:
    """Return what a screen reader says of a cell, without a picture or shape beside its words."""
    if isinstance(part, str):
        return part
    parts = [] if part.get("hidden") else part["parts"]
    # a blank after each of several parts, such as the figures of weekdays
    text = "".join(item if isinstance(item, str) else f"{read_text(item)} " for item in parts)
    return " ".join(text.split()).replace(" ;", ";")
