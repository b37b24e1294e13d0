"""A list as it is filtered, to take to a meeting as Word, PDF or CSV."""

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
    """How many of all rows are shown, and the way to take these as a file.

    title: the page's own, which says what is filtered.  heads: those of the list, of which the
    first, and often the second, are of the child.
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
    """A sheet of these blocks; about: its lines under the title, by default whose and of when.

    note: by default what the letters of most sheets stand for.
    """
    of = (f"{words.format_roles(session.role)}. {words.format_day(session.as_at)}.",)
    return Sheet(
        title=title,
        school=session.school_name,
        as_at=session.as_at,
        taken_by=words.format_roles(session.role) if session.is_demo else session.actor,
        about=about or of,
        note=words.spell_out_terms("PEP", "SDQ", "EHCP") if note is None else note,
        blocks=tuple(blocks),
    )


def build_table(title: str, heads: Sequence[cells.Part], rows: Sequence[lists.Row]) -> Table:
    """What rows say; a column that says nothing in words is left out, and remarks are the last."""
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
    own = (names.call(pupil_id, handle), *[year] * has_year)
    return *own, *map(read_text, row.cells), " ".join(row.under)


def read_text(part: cells.Part) -> str:
    """What a cell says aloud: a picture and a shape beside words say nothing."""
    if isinstance(part, str):
        return part
    parts = [] if part.get("hidden") else part["parts"]
    # a blank after one of several, such as the figures of weekdays
    told = "".join(each if isinstance(each, str) else f"{read_text(each)} " for each in parts)
    return " ".join(told.split()).replace(" ;", ";")
