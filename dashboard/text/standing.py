"""How a dated duty stands, in one word and one shape that every page shares.

What is overdue is what has ▲, and what a title counts: its last day has gone by, and it is not
done.  One that is booked for after its last day has a shape of its own until that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from dashboard.text import words
from queries import read, reference
from queries.read import Row
from safeguards.access import access, recall

OVERDUE, BOOKED_LATE, NOT_RECORDED = "overdue", "booked too late", "not recorded"
DUE, BOOKED, UP_TO_DATE = "due", "booked", "up to date"

#: Each state with its shape, the one that asks most first.
SHAPES = {OVERDUE: "▲", BOOKED_LATE: "△", NOT_RECORDED: "□", DUE: "◆", BOOKED: "◆", UP_TO_DATE: "●"}
#: Statuses of `duty` at which nothing is left to do.
ENDED_STATUSES = ("done", "reason given", "missed")

_STATES = {
    "later": UP_TO_DATE,
    "due soon": DUE,
    "booked": BOOKED,
    "booked late": BOOKED_LATE,
    "not recorded": NOT_RECORDED,
    "cannot be known": NOT_RECORDED,
    "depends on": NOT_RECORDED,
}
#: Those at which it is overdue once its last day has gone by.
_PAST_STATUSES = ("overdue", "waiting on others", "booked late")
#: How far ahead pages list what is due.
WEEK, NEAR = timedelta(days=7), timedelta(weeks=4)


@dataclass(frozen=True)
class DutyDate:
    """An open duty of one child as a line of a list; `number` of one rule and state are one.

    day: its last day, or the day that is booked in time; None where nobody can know it.
    text: how it stands, with its days: "was due 20 Oct, booked for 3 Dec".
    is_own: whether it is the home's to see to.  school: the child's, in a home of many.
    chased: the day of the last call to the holder about this child; None for none, or where
    the date is the home's own.
    """

    pupil_id: str
    handle: str
    year_group: int
    rule: str
    name: str
    state: str
    day: date | None
    text: str
    holder: str
    is_own: bool
    school: str = ""
    chased: date | None = None

    @property
    def is_past(self) -> bool:
        """Whether it is overdue: every count and every mark of that is this."""
        return self.state == OVERDUE


@recall.share
def fetch_duties(session: access.Session) -> pl.DataFrame:
    """`read.fetch_duties` of what the role may see."""
    return session.select_visible(read.fetch_duties(session))


def find_others(session: access.Session) -> frozenset[str]:
    """The children (pupil_id) whom another authority than the home's own looks after."""
    whose = read.fetch_members(session).select("pupil_id", "authority").iter_rows()
    return frozenset(child for child, of in whose if session.is_own_authority(of) is False)


@recall.share
def fetch_dates(session: access.Session) -> tuple[DutyDate, ...]:
    """`fetch_duties` as the lines of a list: by day, and in a home of many by school within it.

    Of a child whom another authority looks after none is an authority's own.
    """
    duties, as_at = fetch_duties(session), session.as_at
    if session.home_of == "school":
        return _add_chases(session, list_duty_dates(duties, as_at))
    theirs = pl.col("pupil_id").is_in(find_others(session))
    schools = read.fetch_school_names(session)
    found = list_duty_dates(duties.filter(~theirs), as_at, session.home_of)
    found += [replace(each, is_own=False) for each in list_duty_dates(duties.filter(theirs), as_at)]
    found = [replace(each, school=schools.get(each.pupil_id, "")) for each in found]
    found.sort(key=lambda each: (each.day or date.max, each.school))
    return _add_chases(session, found)


def _add_chases(session: access.Session, dates: Iterable[DutyDate]) -> tuple[DutyDate, ...]:
    """Return the dates of others with the day on which somebody last rang them about the child."""
    rows = reference.read("action_kind").drop_nulls("chases").select("code", "chases").iter_rows()
    holder_of = {kind: _name_holder(holder, session.home_of) for kind, holder in rows}
    calls = read.fetch_actions(session).filter(
        pl.col("kind").is_in(list(holder_of)), pl.col("corrected_by").is_null()
    )
    days: dict[tuple[str, str], date] = {}
    for pupil_id, kind, day in calls.select("pupil_id", "kind", "action_date").iter_rows():
        days[pupil_id, holder_of[kind]] = max(day, days.get((pupil_id, holder_of[kind]), day))
    return tuple(
        each if each.is_own else replace(each, chased=days.get((each.pupil_id, each.holder)))
        for each in dates
    )


def _name_holder(holder: str, home_of: str) -> str:
    return words.capitalise(words.say(words.HOLDERS_BRIEFLY[holder], home_of))


def describe_chase(chased: date | None, as_at: date) -> str:
    """Return when somebody last rang the holder of a date of others."""
    if chased is None:
        return "Not chased yet"
    return f"Last chased {words.format_near_day(chased, as_at)}"


def find_steps(session: access.Session, prefix: str) -> dict[str, DutyDate]:
    """By child (pupil_id) the date of rules with a prefix that is overdue, or else the next."""
    dates = [each for each in fetch_dates(session) if each.rule.startswith(prefix)]
    dates.sort(key=lambda each: (not each.is_past, each.state == NOT_RECORDED))
    return {each.pupil_id: each for each in reversed(dates)}


@recall.share
def fetch_protection_dates(session: access.Session) -> tuple[DutyDate, ...]:
    """Those of child protection: safeguarding lead only."""
    found = read.fetch_protection_duties(session)
    return tuple(list_duty_dates(found, session.as_at, session.home_of))


def list_duty_dates(duties: pl.DataFrame, as_at: date, home_of: str = "school") -> list[DutyDate]:
    """The open rows of `read.fetch_duties` by day, those without one last."""
    is_open = duties.filter(~pl.col("status").is_in(ENDED_STATUSES))
    alike: dict[tuple[str, str, str], list[Row]] = {}
    for row in is_open.to_dicts():
        alike.setdefault((row["pupil_id"], row["rule"], row["status"]), []).append(row)
    found = [_build_duty_date(rows[0], len(rows), as_at, home_of) for rows in alike.values()]
    return sorted(found, key=lambda each: (each.day or date.max, each.year_group, each.handle))


def find_state(duty: Row, as_at: date) -> str:
    """How an open duty stands."""
    status, day = duty["status"], duty["due_date"]
    if status in _PAST_STATUSES and day is not None and day < as_at:
        return OVERDUE
    return _STATES.get(status, DUE)


def select_past(duties: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rows of `read.fetch_duties` on a day that are overdue, as `find_state` has it."""
    return duties.filter(pl.col("status").is_in(_PAST_STATUSES), pl.col("due_date") < day)


def describe(row: Row, as_at: date) -> str:
    """How an open duty stands, with its days: "was due 20 Oct, booked for 3 Dec"."""
    state = find_state(row, as_at)
    if row["status"] == "depends on":
        return f"depends on {row['missing']}"
    if state == NOT_RECORDED:
        return f"{row['missing']} {words.NOT_RECORDED}" if row["missing"] else "no record"
    day, booked_day = None if state == BOOKED else row["due_date"], row["booked_date"]
    booked = f"booked for {words.format_near_day(booked_day, as_at)}" if booked_day else ""
    if day is None:
        return booked
    due = f"{'was due' if day < as_at else 'due'} {words.format_near_day(day, as_at)}"
    return f"{due}, {booked}" if booked else due


def select_near(dates: Iterable[DutyDate], as_at: date) -> list[DutyDate]:
    """Those that are past, and those that are due or booked in the next few weeks."""
    return [
        each
        for each in dates
        if each.is_past
        or (each.state != NOT_RECORDED and each.day is not None and each.day <= as_at + NEAR)
    ]


def split_by_span(
    dates: Iterable[DutyDate], as_at: date
) -> tuple[list[DutyDate], list[DutyDate], list[DutyDate]]:
    """Near dates as lists show them: overdue, of the next week, and after it."""
    near = list(dates)
    past = [each for each in near if each.is_past]
    to_come = [(each.day, each) for each in near if not each.is_past and each.day is not None]
    week = [each for day, each in to_come if day <= as_at + WEEK]
    return past, week, [each for day, each in to_come if day > as_at + WEEK]


def find_strongest(dates: Iterable[DutyDate]) -> DutyDate | None:
    """The one whose state asks most; of equals the first."""
    order = list(SHAPES)
    return min(dates, key=lambda each: order.index(each.state), default=None)


def list_marks() -> list[str]:
    """Each shape with what it says: "▲ overdue or booked, but late"."""
    shapes: dict[str, list[str]] = {}
    for state, shape in SHAPES.items():
        shapes.setdefault(shape, []).append(state)
    return [f"{shape} {' or '.join(states)}" for shape, states in shapes.items()]


def _build_duty_date(row: Row, number: int, as_at: date, home_of: str) -> DutyDate:
    state = find_state(row, as_at)
    day = row["booked_date"] if state == BOOKED else row["due_date"]
    days = f" ({words.format_count(number, 'day')})" if number > 1 else ""
    return DutyDate(
        pupil_id=row["pupil_id"],
        handle=row["handle"],
        year_group=row["year_group"],
        rule=row["rule"],
        name=f"{row['name']}{days}",
        state=state,
        day=day,
        text=describe(row, as_at),
        holder=_name_holder(row["holder"], home_of),
        is_own=row["holder"] in words.TEXTS["own_holders"][home_of],
    )
