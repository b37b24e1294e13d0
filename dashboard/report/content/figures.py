"""The figures of a governor report: what the home's data say, and what of it may be told.

Everything about children goes through the disclosure gate here and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from dashboard.report.content.facts import LOOKED_AFTER
from queries import read
from queries.read import Row
from safeguards.access.access import Session
from safeguards.disclosure import publish
from safeguards.disclosure.figures import (
    MISSED,
    PLANNED,
    SPENT,
    SUSPENDED,
    Duties,
    Duty,
    Figures,
    Rate,
    Roll,
    Term,
)
from safeguards.disclosure.publish import Amounts, TermDays
from safeguards.disclosure.settings import Settings

#: The kinds of duty, as report_duty has them: the school's own, which have a day on which they
#: were done; those of which it is known only that they are open; and those of others.
PEP, FIRST_PEP = "PEP", "first PEP"
PEPS = (PEP, FIRST_PEP)
SUSPENSION = "suspension"
OPEN_ONLY = ("reason", "support", "timetable")
OTHERS = ("health", "SDQ", "EHCP")
DUTIES = (*PEPS, SUSPENSION, *OPEN_ONLY, *OTHERS)
#: The weeks of school before which no share of sessions is said.
_WEEKS = "weeks_before_rates"


def publish_figures(session: Session, terms: Sequence[Row], earlier: Sequence[Figures]) -> Figures:
    """The figures of the last of these terms up to the session's day, beside all `earlier` ones.

    session: one that was opened for a report.
    """
    roll = {
        each["cohort"]: Roll(each["children"], each["arrived"], each["gone"])
        for each in read.fetch_report_roll(session)
    }
    now = terms[-1]
    return publish.publish_figures(
        get_term(now),
        session.as_at,
        [
            TermDays(each["term"], each["first_day"], each["last_day"], each["has_register"])
            for each in terms
        ],
        roll,
        _fetch_amounts(session),
        count_duties(
            read.fetch_report_duties(session), (now["first_day"], now["last_day"]), session.as_at
        ),
        earlier,
        group=LOOKED_AFTER,
        rates=_fetch_rates(session, terms),
        settings=Settings.from_thresholds(partial(read.fetch_threshold, session)),
    )


def publish_year(
    session: Session, terms: Sequence[Row], figures: Figures, earlier: Sequence[Figures]
) -> Figures:
    """The figures of a term with those that only an annual report has.

    The duties to a child who has left are those that had come due by the last day of the last
    term in which the child was looked after here.
    """
    first, last = terms[0]["first_day"], terms[-1]["last_day"]
    rows = read.fetch_report_duties(session)
    known = {row["pupil_id"] for row in rows}
    for day in reversed([each["last_day"] for each in terms[:-1]]):
        then = read.fetch_report_duties(session.copy_as_at(day))
        rows += [
            row
            for row in then
            if row["pupil_id"] not in known
            and row["duty"] not in OPEN_ONLY
            and first <= row["due_date"] <= day
        ]
        known.update(row["pupil_id"] for row in then)
    duties = count_duties(rows, (first, last), session.as_at)
    return publish.add_year(figures, duties, _fetch_amounts(session), earlier)


def get_term(row: Row) -> Term:
    """The term of a row of report_term."""
    return Term(row["academic_year"], row["term"])


def count_duties(rows: Iterable[Row], days: tuple[date, date], as_at: date) -> Duties:
    """What became by a day of the duties whose last day is within these days.

    Of a duty of which only what is open is known, none is in time or late.
    """
    first, last = days
    kinds = {kind: Counter[str]() for kind in DUTIES}
    words: dict[tuple[str, date], str] = {}
    for row in rows:
        due, done = row["due_date"], row["done_date"]
        if due < first:
            kinds[row["duty"]]["open_before"] += row["is_open"] and not row["has_no_record"]
        elif due <= last:
            kinds[row["duty"]].update(["due", _judge(row, as_at)])
            if row["duty"] in PEPS and done is not None:
                words[row["pupil_id"], done] = row["quality"] or ""
    return Duties(
        {kind: Duty(kind, **counted) for kind, counted in kinds.items()},
        dict(Counter(words.values())),
    )


def _judge(row: Row, as_at: date) -> str:
    """What became of a duty, by the name of its count."""
    if row["done_date"] is not None:
        return "late" if row["done_date"] > row["due_date"] else "in_time"
    if row["is_open"] and row["due_date"] >= as_at:
        return "to_come"
    return "unrecorded" if row["has_no_record"] else "not_done"


def _fetch_amounts(session: Session) -> Amounts:
    opened: dict[str, dict[date, int]] = {}
    daily: dict[str, dict[str, dict[date, int]]] = {}

    def note(what: str, pupil_id: str, day: date, number: int) -> None:
        daily.setdefault(what, {}).setdefault(pupil_id, {})[day] = number

    for row in read.fetch_report_sessions(session):
        pupil_id, day = row["pupil_id"], row["session_date"]
        opened.setdefault(pupil_id, {})[day] = row["open_sessions"]
        note(MISSED, pupil_id, day, row["absent_sessions"])
        note(SUSPENDED, pupil_id, day, row["suspended_sessions"])
    for each in read.fetch_report_premium(session):
        if each["pupil_id"] in opened:
            for what in (PLANNED, SPENT):
                pounds = each[what].quantize(Decimal(1), ROUND_HALF_UP)
                note(what, each["pupil_id"], each["counts_on"], int(pounds))
    return Amounts(opened, daily)


def _fetch_rates(session: Session, terms: Sequence[Row]) -> list[Rate] | None:
    """What sums are set beside; None while the year has had too few weeks for a share."""
    if sum(each["school_weeks"] for each in terms) < read.fetch_threshold(session, _WEEKS):
        return None
    return [
        Rate(row["line"], row["academic_year"], round(row["absence_rate"], 3))
        for row in read.fetch_report_lines(session)
    ]
