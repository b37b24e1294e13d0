"""Questions about sessions missed, suspensions, and provision outside the classroom."""

from collections import Counter
from datetime import date

import polars as pl

from dashboard.questions.question import (
    Question,
    SchoolQuestion,
    fetch_schools,
    join_children,
    name_advisers,
    tell_if,
    tell_part,
)
from dashboard.text import duties, rules, words
from dashboard.text.cells import Part, format_status
from queries import read
from safeguards.access import access

#: The parts, the wholes and the national figures that are compared with England's, by heading.
_COMPARED = {
    "Missed": ("absent_sessions", "possible_sessions", "national_absence"),
    "Unauthorised": ("unauthorised_sessions", "possible_sessions", "national_unauthorised"),
    "Missed {persistent_absence} or more": ("persistent", "judged_children", "national_persistent"),
    "Missed {severe_absence} or more": ("severe", "judged_children", "national_severe"),
}


def tabulate_phases(session: access.Session, own: read.Own) -> tuple[pl.DataFrame, str]:
    """Return children looked after for a year compared with England, by phase, and a note."""
    phases = read.fetch_phases(session, own).to_dicts()
    figures = rules.fetch_figures(session)
    large = read.fetch_threshold(session, "report_large_group")
    rows = []
    for phase in phases:
        row = {"Phase": words.capitalise(phase["phase"]), "Children": f"{phase['children']:,}"}
        for head, (part, whole, national) in _COMPARED.items():
            noun = "session" if whole == "possible_sessions" else "child"
            is_rate = phase["judged_children"] if noun == "session" else phase[whole] >= large
            ours = words.format_part(phase[part], phase[whole], noun, with_percent=bool(is_rate))
            rate = phase[national]
            england = "No national figure here"
            if rate is not None:
                england = f"England: {words.format_percent(rate)}"
            row[rules.fill(head, figures)] = f"{ours}. {england}"
        rows.append(row)
    years = words.format_list(sorted({phase["national_year"] for phase in phases} - {None}))
    note = (
        f"Ours: this school year, so far. England: the latest figures published ({years}), for "
        "children looked after for 12 months or more in schools of the same phase. A percentage "
        f"of children is given for {figures['report_large_group']} or more."
    )
    return pl.DataFrame(rows), note


def _fetch_absentees(session: access.Session) -> pl.DataFrame:
    return name_advisers(session, read.fetch_absentees(session))


def _fetch_provisions(session: access.Session) -> pl.DataFrame:
    """Return the provision that goes on now, with whether its review date has passed."""
    until = pl.col("end_date").fill_null(date.max)
    now = pl.lit(session.as_at).is_between("provision_date", until)
    is_past = (pl.col("review_date") < session.as_at).fill_null(value=False)
    rows = read.fetch_provisions(session).filter(now).with_columns(is_past=is_past)
    return join_children(session, rows)


def _count_absentees(rows: pl.DataFrame) -> str:
    """Say the day, and how many of the children have no reason yet."""
    children = words.format_count(rows.height, "child")
    if rows.is_empty():
        return children
    day = words.format_table_day(rows["session_date"].item(0))
    return f"{children} on {day}, {int(rows['lacks_reason'].sum()) or 'none'} without a reason"


def _describe_unmarked(session: access.Session, own: read.Own) -> str:
    """Name the schools that have no register of the day."""
    is_short = pl.col("data_until").fill_null(date.min) < session.register_day
    names = fetch_schools(session, own).filter(is_short)["school_name"].to_list()
    return f"No register of that day yet: {words.format_list(names)}." if names else ""


def _count_suspensions(rows: pl.DataFrame) -> str:
    excluded = rows.filter(category=words.EXCLUDED).height
    suspended = words.format_count(rows.height - excluded, "suspension")
    return f"{suspended} and {words.format_count(excluded, 'permanent exclusion')}"


def _sum_suspensions(rows: pl.DataFrame) -> str:
    """Say how many children, days and sessions, and how often teaching from day six was in time."""
    row = rows.select(
        children=pl.col("pupil_id").n_unique(),
        days=pl.col("lost_days").sum(),
        sessions=pl.col("lost_sessions").sum(),
        owed=(~pl.col("education_status").is_in(["later", "due soon"])).sum(),
        in_time=(pl.col("education_from") <= pl.col("education_due")).sum(),
    ).row(0, named=True)
    return (
        f"Of {words.format_count(row['children'], 'child')}. Lost by the last full day of the "
        f"register: {words.format_count(row['days'], 'day')} "
        f"({words.format_count(row['sessions'], 'session')}). "
        f"Taught from day six in time: {row['in_time']} of {row['owed']}."
    )


def _sum_provisions(rows: pl.DataFrame) -> str:
    kinds = Counter(rows["kind"].to_list())
    counts = words.format_list(words.format_count(n, str(kind)) for kind, n in kinds.items())
    past = words.format_count(int(rows["is_past"].sum()), "review date")
    return f"{words.capitalise(counts)}. {words.capitalise(past)} passed."


def _tell_missed(row: read.Row) -> str:
    if not row["possible_sessions"]:
        return "no marks"
    return words.format_part(
        row["absent_sessions"], row["possible_sessions"], with_percent=bool(row["judged"])
    )


def _tell_review_date(row: read.Row) -> Part | date | None:
    if row["is_past"]:
        return format_status("overdue", words.format_table_day(row["review_date"]))
    day: date | None = row["review_date"]
    return day


BY_SCHOOL = SchoolQuestion(
    title="Attendance by school",
    purpose="What the children of each school missed this year, and how many missed most.",
    category="care",
    columns={
        "Children": "children",
        "Missed": _tell_missed,
        "Unauthorised": tell_if("unauthorised_sessions", "possible_sessions"),
        "Missed {persistent_absence} or more": tell_if("persistent", "possible_sessions"),
        "Missed {severe_absence} or more": tell_if("severe", "possible_sessions"),
    },
    note="Sessions are all those of the children who go to the school now. If a child moved here "
    "this school year, the sessions at the earlier school are counted too.",
)
QUESTIONS = (
    BY_SCHOOL,
    SchoolQuestion(
        title="Suspensions by school",
        purpose="Suspensions and permanent exclusions of the school year by school, and what was "
        "lost.",
        category="attendance",
        table="raw_suspension",
        file="suspensions.csv",
        only=("suspensions", "exclusions"),
        columns={
            "Suspensions": "suspensions",
            "Permanent exclusions": "exclusions",
            "Children": "suspended_children",
            "Days lost": "suspended_days",
            "Sessions lost": "suspended_sessions",
            "Taught from day six in time": tell_part("education_in_time", "education_owed"),
        },
        note="A child who is suspended or excluded for more than {SUSPENSION_AP} must be taught "
        "elsewhere from the next school day. Days and sessions lost are those in the school's "
        "file, up to the last full day of the register.",
    ),
    Question(
        title="Out on the last day",
        purpose="Who missed a session on the last full day of the register, and why.",
        category="attendance",
        fetch=_fetch_absentees,
        columns={"Adviser": "adviser", "AM": "am", "PM": "pm"},
        describe_count=_count_absentees,
        describe_gaps=_describe_unmarked,
    ),
    Question(
        title="Suspended",
        purpose="Each suspension and permanent exclusion of the school year.",
        category="attendance",
        table="raw_suspension",
        file="suspensions.csv",
        fetch=read.fetch_suspensions_of_year,
        columns={
            "From": "suspension_date",
            "Kind": "category",
            "Sessions": "sessions",
            "Days lost": "lost_days",
            "Sessions lost": "lost_sessions",
            "Suspended this year": tell_if("year_sessions", "year_sessions"),
            "Day six": tell_if("education_due", "education_due"),
            "Taught from day six": duties.describe_day_six,
        },
        describe_count=_count_suspensions,
        describe_sums=_sum_suspensions,
        note="Sessions are as the file has them. Lost: those up to the last full day of the "
        "register, as above. Suspended this year: the sessions of suspensions alone, of which the "
        "law allows {SUSPENSION_LIMIT}. Attendance counts marks: it has fewer where a child was "
        "taught elsewhere, or has no register.",
    ),
    Question(
        title="Part-time",
        purpose="Part-time timetables and other provision that go on now.",
        category="attendance",
        table="raw_provision",
        file="provision.csv",
        fetch=_fetch_provisions,
        counts="arrangement",
        columns={
            "What": "kind",
            "From": "provision_date",
            "Hours a week": "hours",
            "Agreed by": "agreed_by",
            "Review date": _tell_review_date,
        },
        describe_sums=_sum_provisions,
    ),
)
