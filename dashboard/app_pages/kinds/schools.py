"""Schools: what each has sent, how its children stand, and the questions over all schools.

Only a home of many schools has this page.  Schools are listed by name, and children by year group
and code name; nothing ranks them.
"""

import polars as pl
import streamlit as st

from dashboard.questions import absence, premium, sent_files
from dashboard.questions.question import Question, SchoolQuestion, fetch_schools
from dashboard.sheets import letter, take
from dashboard.text import rules, words
from dashboard.text.cells import style
from dashboard.ui import components, lists, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall

#: Rows of a list before "Show all", as many as a screen has room for.
_FIRST = 30


def render(question: Question | None = None) -> None:
    """Draw the page, or that of a question."""
    session = tab.enter("schools")
    if question:
        _render_answer(session, question)
        return
    behind = fetch_schools(session).filter("is_behind")
    files = sent_files.FILES
    if session.has_category("care"):
        files = sent_files.FILES_AND_PLANS
    schools = words.capitalise(words.format_count(len(_list_rows(session, files)), "school"))
    title = f"{schools}, {behind.height or 'none'} behind with the register"
    components.render_title("schools", title)
    _render_rows(session, files)
    _render_letter(session, behind)


def _render_answer(session: access.Session, question: Question) -> None:
    own = components.render_place_choice(session)
    count, sums, gaps = _describe(session, question, own)
    title = components.say_whose(session, f"{question.title}: {count}")
    st.title(title, anchor=False, help=question.purpose)
    if sums:
        st.markdown(escape(sums))
    if gaps:
        components.render_small_text(escape(gaps))
    if question is premium.BY_CHILD:
        unpaid = len(_list_rows(session, premium.UNPAID, own))
        label = f"{words.format_count(unpaid, 'child')} in care with nothing recorded this year"
        if unpaid:
            components.render_page_link(premium.UNPAID.address, words.capitalise(label))
    _render_rows(session, question, own)
    if question is absence.BY_SCHOOL:
        _render_phases(session, own)


@recall.share
def _describe(session: access.Session, question: Question, own: read.Own) -> tuple[str, str, str]:
    """Return how many the answer has, what they add up to, and what is missing."""
    rows = question.fetch_rows(session, own)
    sums = question.describe_sums(rows) if question.describe_sums and rows.height else ""
    gaps = question.describe_gaps(session, own) if question.describe_gaps else ""
    if question.file:
        gaps = _describe_senders(session, question.file, own)
    return question.count(session, own), sums, gaps


def _describe_senders(session: access.Session, file: str, own: read.Own) -> str:
    """Say how many schools sent the file, as others may have nothing to report."""
    files = read.fetch_loaded_files(session).filter(~pl.col("is_refused"), file_name=file)
    schools, senders = fetch_schools(session, own), set(files["school_key"])
    if own is not None:
        schools = schools.filter(pl.col("children") > 0)
    sent = words.format_part(len(senders & {*schools["school_key"]}), schools.height, "school")
    is_ours = senders - {*read.fetch_school_loads(session)["school_key"]}
    return (
        f"Files came from {sent}{' and from us' if is_ours else ''}. "
        "The others have nothing to report, or have not sent it."
    )


def _render_rows(session: access.Session, question: Question, own: read.Own = None) -> None:
    lead: tuple[str, ...]
    rows, figures = _list_rows(session, question, own), rules.fetch_figures(session)
    heads = [rules.fill(head, figures) for head in question.list_columns(session)]
    if isinstance(question, SchoolQuestion):
        kind, lead, nothing = "school", ("School",), "Nothing is recorded."
        if question.is_summed and len(rows) > 1:
            label = style("what", "All schools" if own is None else "These children")
            rows = [lists.Row((label, *question.sum_up(session, own))), *rows]
    else:
        kind, lead, nothing = "found", (lists.CHILD, lists.YEAR), "Nobody is listed."
        if question.has_school:
            kind, lead = "asked", (*lead, "School")
    group = lists.Group(rows, label=question.title)
    if rows:
        heads = [*lead, *heads]
        lists.render_list(session, question.title, kind, heads, [group], first=_FIRST)
    else:
        st.markdown(nothing)
    if question.note:
        note = words.say(rules.fill(question.note, figures), session.home_of)
        components.render_small_text(note)


@recall.share
def _list_rows(
    session: access.Session, question: Question, own: read.Own = None
) -> list[lists.Row]:
    rows = question.fetch_rows(session, own).to_dicts()
    if isinstance(question, SchoolQuestion):
        return [
            lists.Row(
                question.list_cells(session, row), place=row["school_name"], dates=question.opens
            )
            for row in rows
        ]
    schools = read.fetch_school_names(session)
    return [_build_child_row(session, question, row, schools) for row in rows]


def _build_child_row(
    session: access.Session, question: Question, row: read.Row, schools: dict[str, str]
) -> lists.Row:
    """Return the row of a child, with a link if they are or were at one of the schools."""
    child, cells = row["pupil_id"], question.list_cells(session, row)
    if question.has_school:
        has_left = row.get("days_without") is None
        no_school = "Left, or care ended" if has_left else "No school place"
        cells = (schools.get(child, no_school), *cells)
    has_been_here = bool(row.get("last_place_ended_on")) and session.has_category("plans")
    return lists.Row(
        cells,
        child=(child, row["handle"]),
        year_group=row.get("year_group"),
        is_linked=child in schools or has_been_here,
    )


def _render_phases(session: access.Session, own: read.Own) -> None:
    """Draw children looked after for a year compared with England, or say that there are none."""
    st.header("Looked after for 12 months or more, compared with England", anchor=False)
    rows, note = absence.tabulate_phases(session, own)
    if rows.is_empty():
        st.markdown(
            "England's figures are for children looked after for 12 months or more, and none of "
            "these children is."
        )
        return
    components.render_cards(rows)
    components.render_small_text(note)


def _render_letter(session: access.Session, behind: pl.DataFrame) -> None:
    """Offer a letter to a school that is behind, to copy or as a file."""
    late = {row["school_name"]: row for row in behind.to_dicts()}
    if not late or not session.is_allowed("schools", "download"):
        return
    st.header("A letter to a school that is behind", anchor=False)
    row = late[st.selectbox("To", list(late), width=320)]
    st.code("\n\n".join(letter.write_letter(session, row)), language=None, wrap_lines=True)
    name = f"letter-{row['school_key']}"
    take.render_ways(session, "schools", lambda: letter.build_letter(session, row), name, "letter")
