"""Schools: what each has sent and how its children stand, and what is asked over all schools.

Only a home of many schools has this page. Schools stand by name and children by year group and
code name; nothing ranks them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard.sheets import letter, take
from dashboard.text import duties as duty_words
from dashboard.text import rules, sentences, words
from dashboard.ui import components, lists, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall

#: Rows of a list before "Show all": as many as a screen has room for.
_FIRST = 30
#: What an answer has a line of, as the style sheet has it: a school; a child, with year and school;
#: or a child that may have neither.
_SCHOOL, _CHILD, _ANY_CHILD = "school", "asked", "found"
_LEADS = {
    _SCHOOL: ("School",),
    _CHILD: (lists.CHILD, lists.YEAR, "School"),
    _ANY_CHILD: (lists.CHILD,),
}


def render(asked: str = "") -> None:
    """Draw the page, or the one of a question."""
    session = tab.enter("schools")
    if asked:
        _render_answer(session, asked)
        return
    _go_to_question()
    behind = _fetch_schools(session).filter("is_behind")
    files = "Files and plans" if session.has_category("care") else "Files"
    rows = _list_answers(session, files)
    title = words.capitalise(words.format_count(len(rows), "school"))
    title = f"{title}, {behind.height or 'none'} behind with the register"
    components.render_title("schools", title)
    _render_rows(session, files, rows)
    _render_letter(session, behind)


def _go_to_question() -> None:
    """Where an address from before each question had its own leads."""
    before = st.query_params.get("question", "")
    for address, title in words.QUESTIONS.items():
        if before and title.startswith(before):
            st.switch_page(components.get_page(address))


def _render_answer(session: access.Session, asked: str) -> None:
    """What answers a question: the title counts it."""
    question, rows, place = _QUESTIONS[asked], _list_answers(session, asked), st.empty()
    number = len(rows)
    if question["kind"] == _CHILD:
        rows = lists.select_rows(rows, components.render_place_choice(session))
    counted = words.format_count(number, question.get("counts", "child"))
    if len(rows) < number:
        counted = words.format_part(len(rows), number, question.get("counts", "child"))
    if question["kind"] == _SCHOOL:
        counted = words.format_count(len({str(row.cells[0]) for row in rows}), "school")
    components.render_title(asked, f"{asked}: {counted}", place)
    if asked == _CASELOADS:
        _render_caseloads(session)
    _render_rows(session, asked, rows)
    if asked == _ATTENDANCE:
        _render_national_line(session)


def _render_rows(session: access.Session, asked: str, rows: Sequence[lists.Row]) -> None:
    question, figures = _QUESTIONS[asked], rules.fetch_figures(session)
    columns = (rules.fill(head, figures) for head in question["columns"])
    heads = (*_LEADS[question["kind"]], *columns)
    group = lists.Group(rows, label=asked)
    if rows:
        lists.render_list(session, asked, question["kind"], heads, [group], first=_FIRST)
    else:
        st.markdown("Nothing is recorded." if question["kind"] == _SCHOOL else "Nobody is listed.")
    if note := question.get("note"):
        components.render_small_text(rules.fill(note, figures))


def _fetch_schools(session: access.Session) -> pl.DataFrame:
    """Who sees no child has no more than their loads; an adviser those of their own children."""
    if not session.has_category("care"):
        return read.fetch_school_loads(session)
    found = read.fetch_schools(session)
    return found.filter(pl.col("children") > 0) if session.role == "adviser" else found


@recall.share
def _list_answers(session: access.Session, asked: str) -> list[lists.Row]:
    question, schools = _QUESTIONS[asked], {}
    if question["kind"] == _CHILD:
        schools = read.fetch_school_names(session)
    found = []
    for row in _FETCH[asked](session).to_dicts():
        told = [
            _say(row[name] if name else _TOLD[head](row))
            for head, name in question["columns"].items()
        ]
        if question["kind"] == _SCHOOL:
            found.append(lists.Row(cells=(lists.style("what", row["school_name"]), *told)))
            continue
        school = [schools.get(row["pupil_id"], "")] if question["kind"] == _CHILD else []
        found.append(
            lists.Row(
                child=(row["pupil_id"], row["handle"]),
                year_group=row.get("year_group"),
                is_linked=question["kind"] == _CHILD
                or (row["last_place_ended_on"] is not None and session.has_category("plans")),
                cells=(*school, *told),
            )
        )
    return found


def _say(value: date | float | lists.Part | None) -> lists.Part:
    if value is None:
        return words.NOT_RECORDED
    if isinstance(value, date):
        return words.format_table_day(value)
    return f"{value:,}" if isinstance(value, int | float) else value


def _render_national_line(session: access.Session) -> None:
    lines, year = read.fetch_national_lines(session, "absence"), read.fetch_academic_year(session)
    told = sentences.describe_national_line("looked after", year, lines)
    components.render_small_text(f"Of this school year's sessions. {told}")


def _render_letter(session: access.Session, behind: pl.DataFrame) -> None:
    """To a school that is behind: what to write to it, to copy or as a file."""
    late = {row["school_name"]: row for row in behind.to_dicts()}
    if not late or not session.is_allowed("schools", "download"):
        return
    st.header("A letter to a school that is behind", anchor=False)
    row = late[st.selectbox("To", list(late), width=320)]
    st.code("\n\n".join(letter.write_letter(session, row)), language=None, wrap_lines=True)
    name = f"letter-{row['school_key']}"
    take.render_ways(session, "schools", lambda: letter.build_letter(session, row), name, "letter")


def _render_caseloads(session: access.Session) -> None:
    """How many children each adviser has; who is in no caseload is said too."""
    whose = session.fetch_advisers()
    nobody = len(session.list_pupils() - whose.keys())
    numbers = Counter(whose.values()) + Counter({"In no caseload": nobody})
    told = (f"{name}: {words.format_count(each, 'child')}" for name, each in numbers.items())
    components.render_small_text(escape(f"Caseloads. {'; '.join(sorted(told))}."))


def _describe_register(row: read.Row) -> lists.Part:
    """How far a school's register goes; that it is behind is said in words."""
    up_to, days = words.format_table_day(row["data_until"]), row["days_behind"]
    if not row["is_behind"]:
        return up_to
    behind = f"{up_to}: {words.format_count(days or 0, 'school day')} behind"
    return lists.format_status("overdue", "no marks yet" if days is None else behind)


def _fetch_moves(session: access.Session) -> pl.DataFrame:
    moved = pl.max_horizontal("moves", "schools", "social_workers") > 0
    return read.fetch_care_histories(session).filter(moved)


def _fetch_provisions(session: access.Session) -> pl.DataFrame:
    until = pl.col("end_date").fill_null(date.max)
    now = pl.lit(session.as_at).is_between("provision_date", until)
    return read.fetch_provisions(session).filter(now)


def _is_marked(column: str) -> Callable[[read.Row], int | str]:
    """A count of the marks of a school's children, who may have none."""
    return lambda row: row[column] if row["possible_sessions"] else words.NOTHING


_ATTENDANCE, _CASELOADS = "Attendance by school", "Caseloads"
_QUESTIONS = words.TEXTS["asked"]
_FETCH: dict[str, Callable[[access.Session], pl.DataFrame]] = {
    # of who brings files in, who sees nothing else
    "Files": _fetch_schools,
    "Files and plans": _fetch_schools,
    _ATTENDANCE: _fetch_schools,
    "Pupil premium": read.fetch_school_premium,
    "No school place": read.fetch_without_place,
    _CASELOADS: lambda session: read.fetch_members(session).filter("is_looked_after"),
    "Out on the last day": read.fetch_absentees,
    "Suspended": read.fetch_suspensions_of_year,
    "Moved": _fetch_moves,
    "Part-time": _fetch_provisions,
    "PEPs": read.fetch_newest_peps,
    "EHCPs": read.fetch_ehcps,
}
#: What is worked out of a row, by the head of its column.
_TOLD: dict[str, Callable[[read.Row], Any]] = {
    "Register up to": _describe_register,
    "Files came in": lambda row: row["loaded_at"].date(),
    "PEP meetings held": lambda row: f"{row['meetings_held']:,} of {row['meetings_owed']:,}",
    "Missed": lambda row: (
        words.format_part(row["absent_sessions"], row["possible_sessions"])
        if row["possible_sessions"]
        else "no marks"
    ),
    "Unauthorised": _is_marked("unauthorised_sessions"),
    "Missed {persistent_absence} or more": _is_marked("persistent"),
    "Missed {severe_absence} or more": _is_marked("severe"),
    "Term": lambda row: words.capitalise(f"{row['term']} {row['academic_year']}"),
    "Planned": lambda row: f"£{row['planned']:,}",
    "Spent": lambda row: words.format_spent(row["spent"], row["unspent_sums"], row["sums"]),
    "In a PEP": lambda row: f"{row['in_pep']:,} of {row['sums']:,}",
    "Last place until": lambda row: row["last_place_ended_on"] or "never had one here",
    "Latest meeting": lambda row: words.capitalise(duty_words.describe_meeting(row)),
    "Quality": duty_words.describe_pep_quality,
    "Stage": lambda row: words.capitalise(duty_words.describe_stage(row)),
    "Weeks": lambda row: words.capitalise(duty_words.describe_weeks(row)),
    "Next step": lambda row: words.capitalise(duty_words.describe_next_step(row)),
}
