"""The outcomes that measure a start or a change: sessions, a score, steps or suspensions."""

import polars as pl

from dashboard.text import words
from notebooks.analysis import Lac
from notebooks.figures.before_after import (
    Comparison,
    compare_counts,
    compare_sessions,
    compare_values,
)

SESSIONS, SCORE, STEPS, SUSPENSIONS = "Sessions missed", "Score", "Steps", "Suspensions"

QUERIES = {
    # sessions of an agreed part-time timetable (C2) count on neither side
    SESSIONS: """
select
    marks.pupil_id,
    marks.session_date,
    count(*) as possible,
    count(*) filter (where marks.is_absent) as missed,
    avg(school.absence_rate) as school_rate
from pupil_session as marks
left join school_week_attendance as school
    on
        marks.school_key = school.school_key
        and week_start(marks.session_date) = school.week_start
where marks.is_possible and marks.code <> 'C2'
group by marks.pupil_id, marks.session_date
""",
    SCORE: """
select pupil_id, sdq_date as day, total as value
from pupil_sdq
where informant = 'carer' and total is not null
""",
    STEPS: """
select
    pupil_id,
    assessment_date as day,
    subject,
    class_step - step as value
from pupil_assessment
where class_step is not null
""",
    SUSPENSIONS: """
select pupil_id, suspension_date as day, sessions as value
from pupil_suspension
""",
}
AXES = {
    SESSIONS: "Sessions missed of 100 possible",
    SCORE: "Score by the carer: a lower one means fewer difficulties",
    STEPS: "Steps behind most of the class",
    SUSPENSIONS: "Sessions suspended",
}
#: The first words of the kinds of help that are for learning, and of those that are for feelings.
_LEARNING = ("reading", "writing", "maths", "science", "a tutor", "speech")
_FEELINGS = ("feelings", "counselling", "a mentor")
#: School days in a week, and the share of them that a side needs.
_WEEK, _ENOUGH = 5, 2 / 3
_MONTHS = 12


def choose_outcome(asked: str, kind: str) -> str:
    """Return the outcome that is asked for, or else the one that the kind of help is for."""
    if asked in QUERIES:
        return asked
    if kind.lower().startswith(_LEARNING):
        return STEPS
    return SCORE if kind.lower().startswith(_FEELINGS) else SESSIONS


def measure(lac: Lac, starts: pl.DataFrame, outcome: str, *, days: int) -> list[Comparison]:
    """Compare an outcome before and after each start.  days: the school days on either side.

    Scores and steps are compared within a year on either side, whatever `days` is.
    """
    values = lac.sql(QUERIES[outcome])
    if outcome == SESSIONS:
        return compare_sessions(starts, values, span=days, fewest=round(days * _ENOUGH))
    if outcome == SUSPENSIONS:
        whole = days // _WEEK * 7
        return compare_counts(starts, values, days=whole, until=lac.day, noun="session")
    if outcome == STEPS:
        values = _add_subjects(values, starts)
    noun = "point" if outcome == SCORE else "step"
    return compare_values(starts, values, months=_MONTHS, noun=noun)


def describe_left_out(number: int, outcome: str, noun: str) -> str:
    """Say how many starts or changes are left out, and which sessions count on neither side."""
    text = f"Left out, with too little data on one side: {words.format_count(number, noun)}."
    if outcome == SESSIONS:
        text += " Sessions of an agreed part-time timetable are not counted before or after."
    return text


def _add_subjects(values: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Give help with a subject the steps of it, and other help the sum of all subjects of a day."""
    together = values.group_by("pupil_id", "day").agg(pl.col("value").sum())
    kinds = starts["what"].unique().to_list()
    subjects = values["subject"].unique().to_list()
    parts = [
        (
            values.filter(subject=kind.lower()).drop("subject")
            if kind.lower() in subjects
            else together
        ).with_columns(what=pl.lit(kind))
        for kind in kinds
    ]
    columns = ("pupil_id", "day", "value", "what")
    return pl.concat([part.select(columns) for part in parts]) if parts else together
