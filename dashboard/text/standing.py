"""The state of a dated duty, in a word and a shape that every page shares.

▲ marks an overdue duty, and titles count it: its last day has passed, and it is not done. A
duty that is booked for after its last day has another shape until that day.
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

#: The shape of each state, the most urgent first.
SHAPES = {OVERDUE: "▲", BOOKED_LATE: "△", NOT_RECORDED: "□", DUE: "◆", BOOKED: "◆", UP_TO_DATE: "●"}
#: Statuses of `duty` with nothing left to do.
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
#: Statuses that make a duty overdue once its last day has passed.
_PAST_STATUSES = ("overdue", "waiting on others", "booked late")
#: How far ahead pages list dates.
WEEK, NEAR = timedelta(days=7), timedelta(weeks=4)


@dataclass(frozen=True)
class DutyDate:
    """An open duty of one child as a line of a list, or several of one rule and state together.

    day: the last day, or the day that is booked in time; None if nobody can know it.
    text: how it stands, with its days: "was due 20 Oct, booked for 3 Dec".
    is_own: whether the home must see to it.  school: the child's, in a home of many schools.
    chased: the day of the last call to the holder about this child; None without a call, or if
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
        """Return whether it is overdue, for every count and mark of overdue dates."""
        return self.state == OVERDUE


@recall.share
def fetch_duties(session: access.Session) -> pl.DataFrame:
    """Return the rows of `read.fetch_duties` that the role may see."""
    return session.select_visible(read.fetch_duties(session))


def find_others(session: access.Session) -> frozenset[str]:
    """Return the children (pupil_id) whom another authority than the home's own looks after."""
    rows = read.fetch_members(session).select("pupil_id", "authority").iter_rows()
    return frozenset(child for child, name in rows if session.is_own_authority(name) is False)


@recall.share
def fetch_dates(session: access.Session) -> tuple[DutyDate, ...]:
    """Return `fetch_duties` as lines of a list by day, and in a home of many schools by school.

    No date of a child whom another authority looks after is an authority's own.
    """
    duties, as_at = fetch_duties(session), session.as_at
    if session.home_of == "school":
        return _add_chases(session, list_duty_dates(duties, as_at))
    theirs = pl.col("pupil_id").is_in(find_others(session))
    schools = read.fetch_school_names(session)
    dates = list_duty_dates(duties.filter(~theirs), as_at, session.home_of)
    dates += [replace(duty, is_own=False) for duty in list_duty_dates(duties.filter(theirs), as_at)]
    dates = [replace(duty, school=schools.get(duty.pupil_id, "")) for duty in dates]
    dates.sort(key=lambda duty: (duty.day or date.max, duty.school))
    return _add_chases(session, dates)


def _add_chases(session: access.Session, dates: Iterable[DutyDate]) -> tuple[DutyDate, ...]:
    """Add to each date of others the day of the last call to its holder about the child."""
    rows = reference.read("action_kind").drop_nulls("chases").select("code", "chases").iter_rows()
    holder_of = {kind: _name_holder(holder, session.home_of) for kind, holder in rows}
    calls = read.fetch_actions(session).filter(
        pl.col("kind").is_in(list(holder_of)), pl.col("corrected_by").is_null()
    )
    days: dict[tuple[str, str], date] = {}
    for pupil_id, kind, day in calls.select("pupil_id", "kind", "action_date").iter_rows():
        days[pupil_id, holder_of[kind]] = max(day, days.get((pupil_id, holder_of[kind]), day))
    return tuple(
        duty if duty.is_own else replace(duty, chased=days.get((duty.pupil_id, duty.holder)))
        for duty in dates
    )


def _name_holder(holder: str, home_of: str) -> str:
    return words.capitalise(words.say(words.HOLDERS_BRIEFLY[holder], home_of))


def describe_chase(chased: date | None, as_at: date) -> str:
    """Say when somebody last rang the holder of a date of others."""
    if chased is None:
        return "Not chased yet"
    return f"Last chased {words.format_near_day(chased, as_at)}"


def find_steps(session: access.Session, prefix: str) -> dict[str, DutyDate]:
    """Return by pupil_id the overdue date of rules with a prefix, or else the next date."""
    dates = [duty for duty in fetch_dates(session) if duty.rule.startswith(prefix)]
    dates.sort(key=lambda duty: (not duty.is_past, duty.state == NOT_RECORDED))
    return {duty.pupil_id: duty for duty in reversed(dates)}


@recall.share
def fetch_protection_dates(session: access.Session) -> tuple[DutyDate, ...]:
    """Return the dates of child protection, for the safeguarding lead only."""
    duties = read.fetch_protection_duties(session)
    return tuple(list_duty_dates(duties, session.as_at, session.home_of))


def list_duty_dates(duties: pl.DataFrame, as_at: date, home_of: str = "school") -> list[DutyDate]:
    """Return the open rows of `read.fetch_duties` by day, with those without a day last."""
    is_open = duties.filter(~pl.col("status").is_in(ENDED_STATUSES))
    alike: dict[tuple[str, str, str], list[Row]] = {}
    for row in is_open.to_dicts():
        alike.setdefault((row["pupil_id"], row["rule"], row["status"]), []).append(row)
    dates = [_build_duty_date(rows[0], len(rows), as_at, home_of) for rows in alike.values()]
    return sorted(dates, key=lambda duty: (duty.day or date.max, duty.year_group, duty.handle))


def find_state(duty: Row, as_at: date) -> str:
    """Return the state of an open duty."""
    status, day = duty["status"], duty["due_date"]
    if status in _PAST_STATUSES and day is not None and day < as_at:
        return OVERDUE
    return _STATES.get(status, DUE)


def select_past(duties: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the rows of `read.fetch_duties` on a day that `find_state` calls overdue."""
    return duties.filter(pl.col("status").is_in(_PAST_STATUSES), pl.col("due_date") < day)


def describe(row: Row, as_at: date) -> str:
    """Say how an open duty stands, with its days: "was due 20 Oct, booked for 3 Dec"."""
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
    """Return the dates that are overdue, or that are due or booked in the next few weeks."""
    return [
        duty
        for duty in dates
        if duty.is_past
        or (duty.state != NOT_RECORDED and duty.day is not None and duty.day <= as_at + NEAR)
    ]


def split_by_span(
    dates: Iterable[DutyDate], as_at: date
) -> tuple[list[DutyDate], list[DutyDate], list[DutyDate]]:
    """Split near dates as lists show them: overdue, in the next week, and later."""
    near = list(dates)
    past = [duty for duty in near if duty.is_past]
    to_come = [(duty.day, duty) for duty in near if not duty.is_past and duty.day is not None]
    week = [duty for day, duty in to_come if day <= as_at + WEEK]
    return past, week, [duty for day, duty in to_come if day > as_at + WEEK]


def find_strongest(dates: Iterable[DutyDate]) -> DutyDate | None:
    """Return the date whose state is most urgent, the first of equals, or None without any."""
    order = list(SHAPES)
    return min(dates, key=lambda duty: order.index(duty.state), default=None)


def list_marks() -> list[str]:
    """Return each shape with its meaning: "▲ overdue or booked, but late"."""
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
