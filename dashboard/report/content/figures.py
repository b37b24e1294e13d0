"""Collect the figures of a governor report from the home's data.

All figures about children go through the disclosure gate here and nowhere else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from dashboard.report.content.facts import DUTIES, FIRST_PEP, OPEN_ONLY, PEP, PREVIOUSLY
from queries import read
from queries.read import Row
from safeguards.access.access import Session
from safeguards.disclosure import publish
from safeguards.disclosure.figures import Duties, Duty, Figures, Period, Roll, Totals
from safeguards.disclosure.publish import ChildTerm, TermFacts
from safeguards.disclosure.settings import Settings

#: The totals that reports gave of each term, with the rows behind them.
Earlier = Mapping[Period, tuple[Totals, Sequence[ChildTerm]]]


@dataclass(frozen=True)
class Choice:
    """A period that a report can be about.

    Attributes:
        period: A term that has begun, or a school year.
        first_day: Its first day.
        last_day: Its last day.
        is_over: Whether its last day lies before the session's day.

    """

    period: Period
    first_day: date
    last_day: date
    is_over: bool

    def get_day(self, as_at: date) -> date:
        """Return the day up to which a report on this period has facts."""
        return min(as_at, self.last_day)


@dataclass(frozen=True)
class Collected:
    """The figures of a report, and the rows behind its totals, which are on no paper."""

    figures: Figures
    children: tuple[ChildTerm, ...]
    is_nil: bool


def list_choices(session: Session) -> list[Choice]:
    """Return the terms that have begun and the school years, the newest first."""
    choices = [
        Choice(
            Period(row["academic_year"], row["term"]),
            row["first_day"],
            row["last_day"],
            row["last_day"] < session.as_at,
        )
        for row in read.fetch_report_terms(session)
    ]
    years = dict.fromkeys(choice.period.year for choice in choices)
    for year in years:
        terms = [choice for choice in choices if choice.period.year == year]
        if terms[-1].period.term == publish.TERMS[-1]:
            last = terms[-1]
            choices.append(Choice(Period(year), terms[0].first_day, last.last_day, last.is_over))
    return sorted(choices, key=lambda choice: (choice.last_day, choice.first_day), reverse=True)


def collect_figures(session: Session, choice: Choice, earlier: Earlier) -> Collected:
    """Return the figures of a report.

    Args:
        session: Opened for a report, with `choice.get_day` as its day.
        choice: What the report is about.
        earlier: What the newest report said of each term.

    """
    settings = Settings.from_thresholds(partial(read.fetch_threshold, session))
    period = choice.period
    rows = [
        row
        for row in read.fetch_report_terms(session)
        if row["academic_year"] == period.year and row["first_day"] <= choice.last_day
    ]
    over = [row for row in rows if row["last_day"] < choice.last_day or choice.is_over]
    by_child = read.fetch_report_children(session)
    children = [_to_child_term(row) for row in by_child]
    members = {
        row["pupil_id"]: row["last_day"]
        for row in sorted(by_child, key=lambda row: row["last_day"] or date.min)
        if row["last_day"] and period.term in ("", row["term"])
    }
    in_term = Counter(row["term"] for row in by_child if row["last_day"])
    roll = {
        row["cohort"]: Roll(row["children"], row["arrived"], row["gone"])
        for row in read.fetch_report_roll(session)
    }
    duties = list(_list_duties(session, choice, members))
    # of a period that is over, nothing is still to come
    now = session.as_at + timedelta(days=choice.is_over)
    figures = Figures(
        period=period,
        day=session.as_at,
        is_over=choice.is_over,
        roll={group: publish.mask_roll(roll[group], settings.fewest) for group in roll},
        is_counted=len(members) >= settings.fewest,
        has_children=bool(members),
        totals=publish.total_terms([*map(_to_term_facts, over)], children, settings, earlier),
        duties=count_duties(duties, (choice.first_day, choice.last_day), now),
        # of a term with too few there is no figure, nor one that others leave over
        peps_by_term={
            row["term"]: count_duties(duties, (row["first_day"], row["last_day"]), now).kinds[PEP]
            for row in rows
            if min(in_term[each["term"]] for each in rows) >= settings.fewest
        },
        days_without_marks={row["term"]: row["days_without_marks"] for row in over},
        settings=settings,
    )
    is_nil = not members and not roll[PREVIOUSLY].children
    return Collected(figures, tuple(children), is_nil)


def fetch_england(session: Session) -> tuple[float, str] | None:
    """Return the share of sessions that such children missed in England, and its school year."""
    for row in read.fetch_report_lines(session):
        return round(row["absence_rate"], 3), row["academic_year"]
    return None


def count_duties(rows: Iterable[Row], days: tuple[date, date], as_at: date) -> Duties:
    """Count what became by a day of the duties whose last day is within these days.

    Of a duty of which only what is open is known, none is in time or late.
    """
    first, last = days
    kinds = {kind: Counter[str]() for kind in DUTIES}
    grades: dict[tuple[str, date], str] = {}
    for row in rows:
        due, done = row["due_date"], row["done_date"]
        if due < first:
            kinds[row["duty"]]["open_before"] += row["is_open"] and not row["has_no_record"]
        elif due <= last:
            kinds[row["duty"]].update(["due", _judge(row, as_at)])
            if row["duty"] in (PEP, FIRST_PEP) and done is not None:
                grades[row["pupil_id"], done] = row["quality"] or ""
    return Duties(
        {kind: Duty(kind, **counts) for kind, counts in kinds.items()},
        dict(Counter(grades.values())),
    )


def _judge(row: Row, as_at: date) -> str:
    """Return what became of a duty, by the name of its count."""
    if row["done_date"] is not None:
        return "late" if row["done_date"] > row["due_date"] else "in_time"
    if row["is_open"] and row["due_date"] >= as_at:
        return "to_come"
    return "unrecorded" if row["has_no_record"] else "not_done"


def _list_duties(session: Session, choice: Choice, members: Mapping[str, date]) -> Iterator[Row]:
    """Yield the duties to the children of a period, also to those who left in it.

    A child who left is owed what had come due by their last day here.

    Args:
        session: Opened for a report, with the report's day.
        choice: What the report is about.
        members: The last day in the period on which each child was looked after here.

    """
    yield from read.fetch_report_duties(session)
    for day in sorted({*members.values()} - {session.as_at}):
        for row in read.fetch_report_duties(session.copy_as_at(day)):
            is_kept = row["duty"] not in OPEN_ONLY and choice.first_day <= row["due_date"] <= day
            if is_kept and members.get(row["pupil_id"]) == day:
                yield row


def _to_child_term(row: Row) -> ChildTerm:
    return ChildTerm(
        pupil_id=row["pupil_id"],
        term=row["term"],
        is_member=row["last_day"] is not None,
        sessions=row["open_sessions"],
        missed=row["missed_sessions"],
        planned=float(row["planned"]),
        spent=float(row["spent"]),
    )


def _to_term_facts(row: Row) -> TermFacts:
    return TermFacts(
        period=Period(row["academic_year"], row["term"]),
        days_without_marks=row["days_without_marks"],
        school_sessions=row["possible_sessions"] or 0,
        school_missed=row["absent_sessions"] or 0,
    )
