"""Data check: whether today's numbers can be trusted, and what to fix.

A finding says what it is and what to do, and gives the list to pass on.  The workbook has a sheet
for each check, with children by code name.  A faulty row that nobody can fix is taken off the
list, and who did so is on record.
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
#: The width of a column in characters, enough for its head and for a date.
_COLUMN_WIDTH = 22
#: The key of a message to show once the page has run again.
_TAKEN_OFF = "waive-said"


@dataclass(frozen=True)
class _Finding:
    """The rows that a check view (`check_...`) has found, also as the page shows them."""

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
        if message := st.session_state.pop(_TAKEN_OFF, None):
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
        for finding in wrong:
            _render_finding(session, finding)
            if finding.name == "check_left_out":
                _render_waiver(session, finding.found)
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
    """Return the refused files of each school's latest load."""
    return read.fetch_loaded_files(session).filter(_IS_NEWEST & pl.col("is_refused"))


_IS_NEWEST = pl.col("load_id") == pl.col("load_id").max().over("school_key")
_BY_SCHOOL = ("School", "To fix", "Who must")


@recall.share
def _list_files(session: access.Session, school: int | None) -> list[pl.DataFrame]:
    """Tabulate the files of the latest load and those of earlier loads, of one school or of all."""
    files = read.fetch_loaded_files(session)
    if school is not None:
        files = files.filter(school_key=school)
    parts = (files.filter(_IS_NEWEST), files.filter(~_IS_NEWEST))
    return [tables.tabulate_files(part, files) for part in parts]


@recall.share
def _fetch_schools(session: access.Session) -> dict[int, str]:
    """Name the schools by key, with the key as the name if it is not known, and the home itself."""
    unnamed = {key: f"School {key}" for key in read.fetch_loaded_files(session)["school_key"]}
    loads = read.fetch_school_loads(session).select("school_key", "school_name")
    return unnamed | {NO_SCHOOL: words.TEXTS["data_check"]["own"]} | dict(loads.iter_rows())


@recall.share
def _list_by_school(session: access.Session) -> list[tuple[str, ...]]:
    """List for each school what was refused or found by each check, and who must fix it."""
    texts, names = words.TEXTS["data_check"], _fetch_schools(session)
    lines: dict[tuple[str, str], list[str]] = {}

    def add(school: str, mender: str, line: str) -> None:
        is_ours = mender == "us" or (mender == "sender" and school == texts["own"])
        lines.setdefault((school, texts["us" if is_ours else "school"]), []).append(line)

    for row in _list_refused(session).to_dicts():
        add(names[row["school_key"]], "sender", f"{row['file_name']} was refused")
    for finding in _list_findings(session)[0]:
        counts = Counter(name or texts["own"] for name in finding.found["school_name"])
        for name, number in counts.items():
            add(name, words.MENDERS[finding.name], f"{finding.title}: {number}")
    return [(name, "; ".join(parts), fixer) for (name, fixer), parts in sorted(lines.items())]


def _build_check_book(findings: Iterable[_Finding]) -> bytes:
    """Build a workbook with all rows of the findings, a sheet for each check.

    What to do stands at the top of each sheet.  Every cell is text.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    for finding in findings:
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
    """Return the findings, and the titles of the checks that found nothing."""
    findings, clear = [], []
    for name in tab.list_checks(session):
        rows = _name_schools(session, read.fetch_check(session, name[len("check_") :]))
        title = words.get_definition_title(name)
        if rows.is_empty():
            clear.append(title)
        else:
            findings.append(_build_finding(session, name, title, rows))
    return findings, clear


def _name_schools(session: access.Session, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the school to each row in a home of many: of the sender, of the child or of the row."""
    if session.home_of == "school" or rows.is_empty():
        return rows
    schools: dict[Any, str] = _fetch_schools(session)
    if "source_id" in rows.columns:  # the file's sender
        files = read.fetch_loaded_files(session).select("source_id", "school_key").iter_rows()
        column, names = "source_id", {source: schools[key] for source, key in files}
    elif "pupil_id" in rows.columns:
        column, names = "pupil_id", read.fetch_school_names(session)
    else:
        column, names = "school_key", schools
    school = pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
    return rows.with_columns(school_name=school)


def _build_finding(session: access.Session, name: str, title: str, hits: pl.DataFrame) -> _Finding:
    summary = words.say(read.get_summary(name), session.home_of)
    meaning = words.format_definition(summary, rules.fetch_figures(session))
    fix = words.say(words.FIXES.get(name, "Ask the office."), session.home_of)
    ordered = tables.sort_check(hits)
    table = tables.tabulate_check(ordered)
    text, shown = table.write_csv(separator="\t"), table.head(components.MAX_TABLE_ROWS)
    if "handle" not in hits.columns:
        return _Finding(name, title, meaning, fix, hits, shown, (), text)
    others = shown.drop("Child")
    rows = [
        lists.Row(
            tuple(words.NOT_RECORDED if cell is None else str(cell) for cell in cells),
            child=(pupil_id, handle) if pupil_id else None,
        )
        for pupil_id, handle, cells in zip(
            ordered["pupil_id"], ordered["handle"], others.iter_rows(), strict=False
        )
    ]
    heads = (lists.CHILD, *others.columns)
    return _Finding(name, title, meaning, fix, hits, lists.Group(rows, label=title), heads, text)


def _render_finding(session: access.Session, finding: _Finding) -> None:
    """Draw the rows by handle and date, with a link for each child."""
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


def _render_waiver(session: access.Session, rows: pl.DataFrame) -> None:
    """Draw the form below the rows of check_left_out, if the role may take a row off."""
    if not session.is_allowed("data_check", "waive_row") or rows.is_empty():
        return
    listed = list(rows.with_columns(alike=count_alike(rows)).iter_rows(named=True))
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
    """Draw the texts of files that are not shown yet, if the role may let them be shown."""
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
