"""How far each child has come since their own start, beside the class; and their tests."""

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import components, names, rows
from dashboard.ui.markdown import escape
from queries import read
from queries.rows import PupilTest
from safeguards.access import access

SUBJECTS = ("reading", "writing", "maths", "science")
_STANDARD = "expected standard"
#: The groups that a national line tells of, the children in care first.
_GROUPS = {
    "looked after 12 months": "children looked after for 12 months or more",
    "in need": "children in need",
    "on a protection plan": "children on a protection plan",
}


def format_headline(progress: pl.DataFrame, members: pl.DataFrame) -> str:
    """The title: how many children have steps that can be told."""
    told = progress.filter(pl.col("assessments") > 1)["pupil_id"].n_unique()
    return f"{told} of {words.format_count(members.height, 'child')} assessed twice or more"


def render_steps(session: access.Session, members: pl.DataFrame, progress: pl.DataFrame) -> None:
    """A row a child, a column a subject: steps since the start, and those of the class."""
    st.header("Steps since each child's own start", anchor=False)
    if progress.is_empty():
        components.render_no_rows(
            session,
            "assessments.csv",
            "No assessment is recorded yet",
            "how far each child has come since their own start",
            "Ask each class teacher for the term's assessments.",
        )
        return
    by_child: dict[tuple[str, str], read.MemberProgress] = {
        (row["pupil_id"], row["subject"]): row
        for row in read.list_rows(read.MemberProgress, progress)
    }
    rows.render_heads("steps", "Child", "Year", *map(words.capitalise, SUBJECTS))
    with st.container(key="list-steps"):
        told = pl.col("pupil_id").is_in(progress["pupil_id"].implode())
        for child in read.list_rows(read.Member, members.filter(told)):
            pupil_id, handle = child["pupil_id"], child["handle"]
            with rows.open_row("steps", handle):
                rows.render_child_link(session, pupil_id, handle)
                rows.render_cells(
                    rows.format_year(pupil_id, child["year_group"]),
                    *(
                        rows.format_cell(
                            describe_steps(by_child.get((pupil_id, subject))),
                            "" if (pupil_id, subject) in by_child else "none",
                            words.capitalise(subject),
                        )
                        for subject in SUBJECTS
                    ),
                )
    if without := names.call_rows(members.filter(~told))["handle"].to_list():
        st.markdown(escape(f"Not recorded yet: {words.format_list(without)}."))
    components.render_small_text(
        "Steps are those of the school's own scale, from the first assessment here to the newest. "
        "A child is compared with their own start; beside it stands what most of the class did in "
        "the same time. No national measure of progress was published for 2023/24 and 2024/25, "
        "since these children had no test at seven."
    )


def describe_steps(row: read.MemberProgress | None) -> str:
    """Steps in one subject: "3 steps, class 4 (at 12, class 14)"."""
    if row is None:
        return words.NOT_RECORDED
    usual = row["newest_class_step"]
    where = f"at {row['newest_step']}" + (f", class {usual}" if usual is not None else "")
    if row["assessments"] == 1:
        return f"Assessed once: {where}"
    if row["steps"] < 0:
        made = f"{words.format_count(-row['steps'], 'step')} back"
    else:
        made = words.format_count(row["steps"], "step")
    beside = f", class {row['class_steps']}" if row["class_steps"] is not None else ""
    return f"{words.capitalise(made)}{beside} ({where})"


def render_tests(tests: pl.DataFrame) -> None:
    """The newest of each test of each child."""
    st.header("Tests and checks", anchor=False)
    newest = tests.unique(["pupil_id", "test"], keep="last", maintain_order=True)
    if newest.is_empty():
        st.markdown("No test is recorded up to this day.")
        return
    table = pl.DataFrame(
        [
            {
                "Child": row["handle"],
                "Test": row["test"],
                "Day": words.format_table_day(row["test_date"]),
                "Score": describe_score(row),
            }
            for row in read.list_rows(PupilTest, newest)
        ]
    )
    components.render_table(
        table, alt="The newest tests of each child", max_rows=components.MAX_TABLE_ROWS
    )


def describe_score(row: PupilTest) -> str:
    """A score, or why there is none."""
    return str(row["score"]) if row["score"] is not None else f"no score: {row['outcome'] or ''}"


def describe_standard(lines: pl.DataFrame) -> str:
    """The newest national line of each group at the end of key stage 2, with its year."""
    told = []
    for cohort, children in _GROUPS.items():
        newest = lines.filter(cohort=cohort).sort("academic_year").tail(1)
        told += [
            f"{row['rate'] * 100:g} in 100 {children}, {row['academic_year']}"
            for row in newest.to_dicts()
        ]
    return (
        "England, at the expected standard in reading, writing and maths at the end of key "
        f"stage 2: {'; '.join(told)}."
        if told
        else ""
    )


def fetch_standard(session: access.Session) -> pl.DataFrame:
    """The national lines that `describe_standard` takes."""
    return read.fetch_national_lines(session, _STANDARD)
