"""Schools: what each has sent and how its children stand, and what is asked over all schools.

Only a home of many schools has this page. Schools stand by name and children by year group and
code name; nothing ranks them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
import streamlit as st

from dashboard.sheets import letter, take
from dashboard.text import duties as duty_words
from dashboard.text import rules, sentences, words
from dashboard.ui import components, lists, tab
from queries import read
from safeguards.access import access, recall

#: Rows of a list before "Show all": as many as a screen has room for.
_FIRST = 30
_FILES, _ATTENDANCE, _PREMIUM = "Files and plans", "Attendance", "Pupil premium"
_WITHOUT, _IN_CARE = "No school place", "In care"


@dataclass(frozen=True)
class _Question:
    """What is asked of every child: the rows that answer it, and what each column says of one."""

    category: str
    fetch: Callable[[access.Session], pl.DataFrame]
    columns: Mapping[str, str | Callable[[read.Row], str]]


def render() -> None:
    """Draw the page."""
    session = tab.enter("schools")
    sees_children = session.has_category("care")
    schools = _fetch_schools(session) if sees_children else read.fetch_school_loads(session)
    behind = schools.filter("is_behind")
    title = words.capitalise(words.format_count(schools.height, "school"))
    components.render_title(
        "schools", f"{title}, {behind.height or 'none'} behind with the register"
    )
    asked = _FILES
    if sees_children:
        asked = components.render_choice("Show", _list_questions(session), "question", bind=True)
    if asked in _QUESTIONS:
        _render_question(session, asked)
    elif asked == _WITHOUT:
        _render_without_place(session)
    elif asked == _FILES:
        more = ("Children", "PEP meetings held", "Overdue", "Waiting on others")
        heads = ("School", "Register up to", "Files came in", *(more if sees_children else ()))
        _render(session, "schools", "school", heads, _list_schools(session))
        _render_letter(session, behind)
    elif asked == _ATTENDANCE:
        limits = (
            f"Missed {rules.format_share(read.fetch_threshold(session, name))} or more"
            for name in ("persistent_absence", "severe_absence")
        )
        heads = ("School", "Missed", "Unauthorised", *limits, "Suspensions")
        _render(session, "attendance", "school", heads, _list_attendance(session))
        lines = read.fetch_national_lines(session, "absence")
        year = read.fetch_academic_year(session)
        told = sentences.describe_national_line("looked after", year, lines)
        components.render_small_text(f"Of this school year's sessions. {told}")
    else:
        heads = ("School", "Term", "Planned", "Spent", "In a PEP")
        _render(session, "premium", "school", heads, _list_premium(session))


def _fetch_schools(session: access.Session) -> pl.DataFrame:
    """An adviser's are the schools of their own children."""
    found = read.fetch_schools(session)
    return found.filter(pl.col("children") > 0) if session.role == "adviser" else found


def _list_questions(session: access.Session) -> list[str]:
    asked = [each for each, of in _QUESTIONS.items() if session.has_category(of.category)]
    premium = [_PREMIUM] if session.has_category("learning") else []
    return [_FILES, _ATTENDANCE, *premium, _WITHOUT, *asked]


def _render(
    session: access.Session, key: str, kind: str, heads: Sequence[str], rows: Sequence[lists.Row]
) -> None:
    lists.render_list(session, key, kind, heads, [lists.Group(rows, label=heads[0])], first=_FIRST)


@recall.share
def _list_schools(session: access.Session) -> list[lists.Row]:
    """What each school has sent, and how its children stand for who sees any."""
    if not session.has_category("care"):
        return [_build_school(row) for row in read.fetch_school_loads(session).to_dicts()]
    return [
        _build_school(
            row,
            f"{row['children']:,}",
            f"{row['meetings_held']:,} of {row['meetings_owed']:,}",
            f"{row['overdue']:,}",
            f"{row['waiting']:,}",
        )
        for row in _fetch_schools(session).to_dicts()
    ]


def _build_school(row: read.Row, *cells: str) -> lists.Row:
    """A school's line; one whose register is behind says so in words."""
    up_to: lists.Part = words.format_table_day(row["data_until"])
    if row["is_behind"]:
        days = row["days_behind"]
        behind = f"{up_to}: {words.format_count(days or 0, 'school day')} behind"
        up_to = lists.format_status("overdue", "no marks yet" if days is None else behind)
    came = words.format_table_day(row["loaded_at"].date())
    return lists.Row(
        cells=(lists.style("what", row["school_name"]), up_to, came, *cells),
        kind="late" if row["is_behind"] else "",
    )


@recall.share
def _list_attendance(session: access.Session) -> list[lists.Row]:
    return [
        lists.Row(
            cells=(
                lists.style("what", row["school_name"]),
                *(
                    (
                        words.format_part(row["absent_sessions"], row["possible_sessions"]),
                        f"{row['unauthorised_sessions']:,}",
                        f"{row['persistent']:,} of {row['children']:,}",
                        f"{row['severe']:,}",
                    )
                    if row["possible_sessions"]
                    else ("no marks", *(words.NOTHING,) * 3)
                ),
                f"{row['suspensions']:,}",
            )
        )
        for row in _fetch_schools(session).to_dicts()
    ]


@recall.share
def _list_premium(session: access.Session) -> list[lists.Row]:
    return [
        lists.Row(
            cells=(
                lists.style("what", row["school_name"]),
                words.capitalise(f"{row['term']} {row['academic_year']}"),
                f"£{row['planned']:,}",
                words.format_spent(row["spent"], row["unspent_sums"], row["sums"]),
                f"{row['in_pep']:,} of {row['sums']:,}",
            )
        )
        for row in read.fetch_school_premium(session).to_dicts()
    ]


def _render_letter(session: access.Session, behind: pl.DataFrame) -> None:
    """To a school that is behind: what to write to it, to copy or as a file."""
    late = {row["school_name"]: row for row in behind.to_dicts()}
    if not late or not session.is_allowed("schools", "download"):
        return
    st.header("A letter to a school that is behind", anchor=False)
    row = late[st.selectbox("To", list(late), width=320)]
    lines = letter.write_letter(session, row)
    st.code("\n\n".join(lines), language=None, wrap_lines=True)
    name = f"letter-{row['school_key']}"
    take.render_ways(session, "schools", letter.build_letter(session, row), name, "letter")


def _render_without_place(session: access.Session) -> None:
    """Who is in care and on no roll, by code name."""
    rows = _list_without(session)
    st.header(f"No school place ({len(rows)})", anchor=False)
    if not rows:
        st.markdown("Every child in care is on a school's roll.")
        return
    heads = (lists.CHILD, "Days without", "Last place until", "In its place", "Where they live")
    _render(session, "without", "found", heads, rows)


@recall.share
def _list_without(session: access.Session) -> list[lists.Row]:
    return [
        lists.Row(
            child=(row["pupil_id"], row["handle"]),
            is_linked=row["last_place_ended_on"] is not None and session.has_category("plans"),
            cells=(
                f"{row['days_without']:,}",
                words.format_table_day(row["last_place_ended_on"])
                if row["last_place_ended_on"]
                else "never had one here",
                row["provision"] or words.NOT_RECORDED,
                row["home_kind"] or words.NOT_RECORDED,
            ),
        )
        for row in read.fetch_without_place(session).to_dicts()
    ]


def _render_caseloads(session: access.Session) -> None:
    """How many children each adviser has; who is in no caseload is said too."""
    whose = session.fetch_advisers()
    nobody = len(session.list_pupils() - whose.keys())
    numbers = Counter(whose.values()) + Counter({"In no caseload": nobody})
    told = (f"{name}: {words.format_count(each, 'child')}" for name, each in numbers.items())
    components.render_small_text(f"Caseloads. {'; '.join(sorted(told))}.")


def _render_question(session: access.Session, asked: str) -> None:
    """The children whom a question finds, of a school or an adviser where one is chosen."""
    own = components.render_place_choice(session)
    rows = [
        row
        for row in _list_answers(session, asked)
        if own is None or (row.child and row.child[0] in own)
    ]
    st.header(f"{asked} ({len(rows)})", anchor=False)
    if asked == _IN_CARE:
        _render_caseloads(session)
    if not rows:
        st.markdown("No child is listed.")
        return
    heads = (lists.CHILD, lists.YEAR, "School", *_QUESTIONS[asked].columns)
    _render(session, "asked", "asked", heads, rows)


@recall.share
def _list_answers(session: access.Session, asked: str) -> list[lists.Row]:
    question, schools = _QUESTIONS[asked], read.fetch_school_names(session)
    return [
        lists.Row(
            child=(row["pupil_id"], row["handle"]),
            year_group=row["year_group"],
            key=f"{number}",
            cells=(
                schools.get(row["pupil_id"], ""),
                *(
                    _say(row[column] if isinstance(column, str) else column(row))
                    for column in question.columns.values()
                ),
            ),
        )
        for number, row in enumerate(question.fetch(session).to_dicts())
    ]


def _say(value: date | int | str | None) -> str:
    if value is None:
        return words.NOT_RECORDED
    if isinstance(value, date):
        return words.format_table_day(value)
    return f"{value:,}" if isinstance(value, int) else value


def _fetch_suspensions(session: access.Session) -> pl.DataFrame:
    year = read.fetch_academic_year(session)
    return read.fetch_suspensions(session).filter(academic_year=year)


def _fetch_newest_peps(session: access.Session) -> pl.DataFrame:
    held = read.fetch_peps(session).filter(outcome="held")
    return held.group_by("pupil_id", maintain_order=True).last()


def _fetch_moves(session: access.Session) -> pl.DataFrame:
    moved = pl.max_horizontal("moves", "schools", "social_workers") > 0
    return read.fetch_care_histories(session).filter(moved)


def _fetch_provisions(session: access.Session) -> pl.DataFrame:
    until = pl.col("end_date").fill_null(date.max)
    now = pl.lit(session.as_at).is_between("provision_date", until)
    return read.fetch_provisions(session).filter(now)


_QUESTIONS = {
    _IN_CARE: _Question(
        "care",
        lambda session: read.fetch_members(session).filter("is_looked_after"),
        {
            "Authority": "authority",
            "Order": "legal_status",
            "Home": "home_kind",
            "In care since": "looked_after_since",
        },
    ),
    "Out on the last day": _Question(
        "attendance",
        read.fetch_out,
        {"AM": lambda row: row["am"] or "in", "PM": lambda row: row["pm"] or "in"},
    ),
    "Suspended": _Question(
        "attendance",
        _fetch_suspensions,
        {"From": "suspension_date", "Kind": "category", "Sessions": "sessions"},
    ),
    "Moved": _Question(
        "care",
        _fetch_moves,
        {"Homes": "moves", "Schools": "schools", "Social workers": "social_workers"},
    ),
    "Part-time": _Question(
        "attendance",
        _fetch_provisions,
        {
            "What": "kind",
            "From": "provision_date",
            "Agreed by": "agreed_by",
            "Looked at on": "review_date",
        },
    ),
    "PEPs": _Question(
        "plans",
        _fetch_newest_peps,
        {
            "Newest meeting": lambda row: words.capitalise(duty_words.describe_meeting(row)),
            "Quality": duty_words.describe_pep_quality,
        },
    ),
    "Plans (EHCP)": _Question(
        "plans",
        read.fetch_ehcps,
        {
            "Stage": lambda row: words.capitalise(duty_words.describe_stage(row)),
            "Weeks": lambda row: words.capitalise(duty_words.describe_weeks(row)),
            "Next step": lambda row: words.capitalise(duty_words.describe_next_step(row)),
        },
    ),
}
