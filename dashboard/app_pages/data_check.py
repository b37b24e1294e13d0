"""Data check: whether today's numbers can be trusted, and what is to fix.

A finding says what it is, what to do, and gives the list to pass on. The workbook has all lists,
children by code, a sheet a check. A faulty row that nobody can mend is taken off the list, and
who did so is on record.
"""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
import xlsxwriter

from dashboard.text import rules, sentences, tables, words
from dashboard.ui import components, lists, names, tab
from dashboard.ui.markdown import escape
from intake.problems import IntakeError
from intake.publish import entries
from intake.publish.flagged import count_alike
from queries import read
from queries.contract import NO_SCHOOL
from safeguards.access import access, recall

WORKBOOK_NAME = "to-fix.xlsx"
#: Characters of a column, wide enough for its head and for a day.
_COLUMN_WIDTH = 22
#: What was kept, said once more after the page has run again.
_TAKEN_OFF = "waive-said"


@dataclass(frozen=True)
class _Finding:
    """What a check view (`check_...`) has found: its rows, and the same as the page shows them."""

    name: str
    title: str
    meaning: str
    fix: str
    found: pl.DataFrame
    shown: lists.Group | pl.DataFrame
    heads: tuple[str, ...]
    text: str


def render() -> None:
    """Draw the page."""
    session = tab.enter("data_check")
    wrong, clear = _list_findings(session)
    refused = _list_refused(session)["file_name"].unique().sort()
    headline = escape(sentences.format_data_headline(len(wrong), refused.to_list()))
    components.render_title("data_check", headline)

    left, right = st.columns(2, gap="large")
    with left:
        st.header("To fix", anchor=False)
        if message := st.session_state.pop(_TAKEN_OFF, None):  # once, after the page has run again
            st.success(message)
        if not wrong:
            st.markdown("Checked, nothing to fix.")
        elif session.is_allowed("data_check", "download"):
            components.render_download(
                session,
                "data_check",
                "Create a workbook of these lists",
                lambda: partial(_build_check_book, wrong),
                name=WORKBOOK_NAME,
            )
        if session.home_of != "school":
            components.render_listing(_BY_SCHOOL, _list_by_school(session), kind="cards")
        for each in wrong:
            _render_finding(session, each)
            if each.name == "check_left_out":
                _render_waiver(session, each.found)
        _render_hidden_lines(session)
        if clear and wrong:
            st.subheader("Checked, nothing to fix", anchor=False)
            st.markdown("\n".join(f"- {title}" for title in clear))
    with right:
        st.header("Files", anchor=False)
        st.markdown(f"Latest load: {words.format_moment(session.loaded_at)}.")
        components.render_small_text(
            "Other children are those in none of these groups. For them, only weekly totals are "
            "kept, not single marks."
        )
        school, names = None, _fetch_schools(session)
        if session.home_of != "school":
            keys = sorted(names, key=names.__getitem__)
            school = st.selectbox("Files of", keys, format_func=names.__getitem__, width=320)
        newest, older = _list_files(session, school)
        components.render_cards(newest)
        if older.height and st.toggle("Show earlier loads", key="older-loads"):
            components.render_cards(older)
        components.render_why_different(session)


def _list_refused(session: access.Session) -> pl.DataFrame:
    """The files of each school's latest load that were."""
    return read.fetch_loaded_files(session).filter(_IS_NEWEST & pl.col("is_refused"))


_IS_NEWEST = pl.col("load_id") == pl.col("load_id").max().over("school_key")
_BY_SCHOOL = ("School", "To fix", "Who must")


@recall.share
def _list_files(session: access.Session, school: int | None) -> list[pl.DataFrame]:
    """Those of the latest load, and those of earlier ones; of a school, by its key."""
    files = read.fetch_loaded_files(session)
    if school is not None:
        files = files.filter(school_key=school)
    told = (files.filter(_IS_NEWEST), files.filter(~_IS_NEWEST))
    return [tables.tabulate_files(each, files) for each in told]


@recall.share
def _fetch_schools(session: access.Session) -> dict[int, str]:
    """The schools' names by key, of one that never said it the key; and of the home's own files."""
    unnamed = {key: f"School {key}" for key in read.fetch_loaded_files(session)["school_key"]}
    loads = read.fetch_school_loads(session).select("school_key", "school_name")
    return unnamed | {NO_SCHOOL: words.TEXTS["data_check"]["own"]} | dict(loads.iter_rows())


@recall.share
def _list_by_school(session: access.Session) -> list[tuple[str, ...]]:
    """By school what was refused, how many of each check there are, and who must mend them."""
    texts, names = words.TEXTS["data_check"], _fetch_schools(session)
    found: dict[tuple[str, str], list[str]] = {}

    def add(school: str, mender: str, told: str) -> None:
        is_ours = mender == "us" or (mender == "sender" and school == texts["own"])
        found.setdefault((school, texts["us" if is_ours else "school"]), []).append(told)

    for row in _list_refused(session).to_dicts():
        add(names[row["school_key"]], "sender", f"{row['file_name']} was refused")
    for each in _list_findings(session)[0]:
        counts = Counter(name or texts["own"] for name in each.found["school_name"])
        for name, number in counts.items():
            add(name, words.MENDERS[each.name], f"{each.title}: {number}")
    return [(name, "; ".join(told), who) for (name, who), told in sorted(found.items())]


def _build_check_book(found: Iterable[_Finding]) -> bytes:
    """The rows of check views (`check_...`), all of them, under what the pages call each.

    On top of each sheet stands what to do.  Every cell is text.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for finding in found:
        table = tables.tabulate_check(finding.found)
        sheet = book.add_worksheet(finding.name.removeprefix("check_").replace("_", " "))
        sheet.write_string(0, 0, finding.title)
        sheet.write_string(1, 0, finding.fix)
        for place, cells in enumerate((table.columns, *table.iter_rows()), 3):
            for column, cell in enumerate(cells):
                sheet.write_string(place, column, words.NOT_RECORDED if cell is None else str(cell))
        sheet.freeze_panes(4, 0)
        sheet.set_column(0, table.width, _COLUMN_WIDTH)
    book.close()
    return content.getvalue()


@recall.share
def _list_findings(session: access.Session) -> tuple[list[_Finding], list[str]]:
    """What there is to fix, and the titles of the checks that have found nothing."""
    found, clear = [], []
    for name in tab.list_checks(session):
        rows = _name_schools(session, read.fetch_check(session, name[len("check_") :]))
        title = words.get_definition_title(name)
        if rows.is_empty():
            clear.append(title)
        else:
            found.append(_build_finding(session, name, title, rows))
    return found, clear


def _name_schools(session: access.Session, found: pl.DataFrame) -> pl.DataFrame:
    """In a home of many, the rows with the school of each: its sender's, its child's or its own."""
    if session.home_of == "school" or found.is_empty():
        return found
    schools: dict[Any, str] = _fetch_schools(session)
    if "source_id" in found.columns:  # of whoever sent the row
        files = read.fetch_loaded_files(session).select("source_id", "school_key").iter_rows()
        by, names = "source_id", {source: schools[key] for source, key in files}
    elif "pupil_id" in found.columns:
        by, names = "pupil_id", read.fetch_school_names(session)
    else:
        by, names = "school_key", schools
    of_each = pl.col(by).replace_strict(names, default=None, return_dtype=pl.String)
    return found.with_columns(school_name=of_each)


def _build_finding(session: access.Session, name: str, title: str, found: pl.DataFrame) -> _Finding:
    summary = words.say(read.get_summary(name), session.home_of)
    meaning = words.format_definition(summary, rules.fetch_figures(session))
    fix = words.say(words.FIXES.get(name, "Ask the office."), session.home_of)
    ordered = tables.sort_check(found)
    table = tables.tabulate_check(ordered)
    text, shown = table.write_csv(separator="\t"), table.head(components.MAX_TABLE_ROWS)
    if "handle" not in found.columns:
        return _Finding(name, title, meaning, fix, found, shown, (), text)
    others = shown.drop("Child")
    rows = [
        lists.Row(
            tuple(words.NOT_RECORDED if each is None else str(each) for each in cells),
            child=(pupil_id, handle) if pupil_id else None,
        )
        for pupil_id, handle, cells in zip(
            ordered["pupil_id"], ordered["handle"], others.iter_rows(), strict=False
        )
    ]
    heads = (lists.CHILD, *others.columns)
    return _Finding(name, title, meaning, fix, found, lists.Group(rows, label=title), heads, text)


def _render_finding(session: access.Session, finding: _Finding) -> None:
    """Its rows by handle and date; each child is a link."""
    st.subheader(f"{finding.title}: {finding.found.height}", anchor=False)
    st.markdown(escape(finding.meaning))
    st.markdown(f"**What to do:** {finding.fix}")
    components.render_cut(finding.found.height, components.MAX_TABLE_ROWS)
    if isinstance(finding.shown, pl.DataFrame):
        components.render_table(finding.shown, alt=finding.title)
    else:
        lists.render_list(session, finding.name, "found", finding.heads, [finding.shown])
    with st.expander("Copy this list (code names only)"):
        st.code(finding.text, language=None)


def _render_waiver(session: access.Session, found: pl.DataFrame) -> None:
    """The form below the rows of check_left_out, for a role that may."""
    if not session.is_allowed("data_check", "waive_row") or found.is_empty():
        return
    listed = list(found.with_columns(alike=count_alike(found)).iter_rows(named=True))
    with (
        st.expander("Take a row off this list"),
        st.form(tab.build_widget_key("waive"), border=False),
    ):
        st.markdown(words.TEXTS["paragraphs"]["waiver"])
        place = st.selectbox(
            "Which row?",
            range(len(listed)),
            format_func=lambda number: _name_row(listed[number]),
            key=tab.build_widget_key("waive-row"),
        )
        reason = st.selectbox(
            "Why?",
            entries.WAIVER_REASONS,
            index=None,
            placeholder="Choose one",
            key=tab.build_widget_key("waive-why"),
        )
        if st.form_submit_button("Take it off"):
            if reason is None:
                st.error("Choose why.")
            else:
                _waive(session, listed[place], reason)


def _render_hidden_lines(session: access.Session) -> None:
    """The texts of files that are not shown yet, for a role that may let them be shown."""
    hidden = entries.list_hidden_lines(session)
    if not hidden:
        return
    st.subheader(f"Texts to look at: {len(hidden)}", anchor=False)
    st.markdown(words.TEXTS["paragraphs"]["hidden"])
    place = st.selectbox(
        "Which text?",
        range(len(hidden)),
        format_func=lambda number: _name_line(hidden[number]),
        key=tab.build_widget_key(f"line-{len(hidden)}"),
    )
    line = st.text_area(
        "Show this text", hidden[place].line, key=tab.build_widget_key(hidden[place].note)
    )
    if st.button("It names nobody: show it"):
        with tab.say_errors(IntakeError):
            result = entries.show_line(session, hidden[place], line)
            for problem in result.problems:
                st.error(escape(f"{problem.problem} {problem.fix}"))
            if not result.problems:
                st.session_state[_TAKEN_OFF] = "The text is shown from now on."
                st.rerun()


def _name_line(hidden: entries.HiddenLine) -> str:
    row = hidden.row
    name = names.call(row["pupil_id"], row["handle"])
    return f"{name}, {row['file_name']}, row {row['row_number']}"


def _waive(session: access.Session, row: read.Row, reason: str) -> None:
    with tab.say_errors(IntakeError):
        entries.waive_row(
            session,
            source_id=row["source_id"],
            row_number=row["row_number"],
            column_name=row["column_name"] or "",
            fault=row["fault"],
            reason=reason,
        )
        count = words.format_count(row["alike"], "row")
        st.session_state[_TAKEN_OFF] = f"{count} taken off the list."
        st.rerun()


def _name_row(row: read.Row) -> str:
    column = f", {row['column_name']}" if row["column_name"] else ""
    more = f" ({row['alike']} rows)" if row["alike"] != 1 else ""
    return f"{row['file_name']}, row {row['row_number']}{column}: {row['fault']}{more}"
