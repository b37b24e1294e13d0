"""The cast: twelve children with fixed names and stories, the same in every made-up school.

Tests, screenshots and the README name them.  Their stories are in cast.toml, with dates of 2026/27.
In another academic year each day becomes the same weekday of the same week.  With data until
20 November 2026 the figures of that year are exact and the same for every seed.  The names are
invented.
"""

import csv
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from synthetic.calendar import (
    FRIDAY,
    MONDAY,
    SEPTEMBER,
    advance_to_school_day,
    advance_to_working_day,
    build_register,
    compute_week_date,
)
from synthetic.population.child import Child, Episode
from synthetic.population.people import Person, build_upn
from synthetic.population.story import Story
from synthetic.subjects import SUBJECTS
from synthetic.subjects.records import Record, Records

#: The marks of so many weeks of the current year are fixed.  Later ones are drawn, and so are those
#: of earlier years.
_PLANNED_WEEKS = 12
#: The academic year in which the stories are dated.
_TOLD_YEAR = 2026
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")

_Kind = TypeVar("_Kind")
_Dated = TypeVar("_Dated", Episode, Record)


@dataclass(frozen=True)
class Marks:
    """A code on some days of some weeks of the current year.  Week 1 contains 1 September.

    `reason_after`: the school days until `code` replaces a mark of N.
    """

    code: str
    weeks: tuple[int, ...]
    days: str
    halves: str = "AM PM"
    reason_after: int = 0


@dataclass(frozen=True)
class CastMember:
    """One child of the cast, in the dates of 2026/27.

    `sen_provision` is the roll's code of special needs, if it is not the one that the plan's steps
    give.  `digits` are the last 12 characters of the UPN, and `letter` is the letter of the class.
    `entry` None means the first day of year 3, `leaving` None the last day of year 6.
    """

    story: str
    digits: str
    person: Person
    year_group: int
    letter: str
    birthday: tuple[int, int]
    standing: Story
    habit: str
    episodes: tuple[Episode, ...]
    marks: tuple[Marks, ...]
    records: Records
    entry: date | None
    leaving: date | None
    sen_provision: str

    @property
    def upn(self) -> str:
        """Return the UPN, which is the same in every school."""
        return build_upn(self.digits)

    def to_child(self, start: int) -> Child:
        """Return the child in a school whose current academic year starts in `start`."""
        cohort = start + 3 - self.year_group
        month, day = self.birthday
        first, last = build_register(cohort).open_days[0], build_register(cohort + 3).days[-1]
        return Child(
            upn=self.upn,
            person=self.person,
            born=date(cohort - (8 if month >= SEPTEMBER else 7), month, day),
            cohort=cohort,
            letter=self.letter,
            entry=advance_to_school_day(_shift(self.entry, start)) if self.entry else first,
            leaving=advance_to_school_day(_shift(self.leaving, start)) if self.leaving else last,
            story=self.standing,
            habit=self.habit,
            episodes=tuple(_shift_dates(episode, start) for episode in self.episodes),
        )

    def build_records(self, start: int) -> Records:
        """Return the records of the story for a current academic year that starts in `start`."""
        return {
            name: tuple(_shift_dates(record, start) for record in records)
            for name, records in self.records.items()
        }

    def build_planned_marks(self, start: int) -> dict[tuple[date, str], tuple[str, int]]:
        """Return the code and the days until the reason is known, by day and half of an absence.

        If two lines are about the same mark, the first one counts.
        """
        marks: dict[tuple[date, str], tuple[str, int]] = {}
        for line in self.marks:
            for week in line.weeks:
                for weekday in line.days.split():
                    day = compute_week_date(start, week, _WEEKDAYS.index(weekday))
                    for half in line.halves.split():
                        marks.setdefault((day, half), (line.code, line.reason_after))
        return marks


def compute_last_planned_day(start: int) -> date:
    """Return the last day with marks that the cast fixes."""
    return compute_week_date(start, _PLANNED_WEEKS, FRIDAY)


def _shift(day: date, start: int) -> date:
    """Move a day of the stories' year to the same working day of the academic year `start`."""
    weeks = compute_week_date(start, 1, MONDAY) - compute_week_date(_TOLD_YEAR, 1, MONDAY)
    return advance_to_working_day(day + weeks)


def _shift_dates(record: _Dated, start: int) -> _Dated:
    """Return the record with all its dates in the academic year `start`."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    changes: dict[str, Any] = {
        name: _shift(day, start) for name, day in values.items() if isinstance(day, date)
    }
    if isinstance(record, Record) and record.IS_AT_SCHOOL:
        changes["day"] = advance_to_school_day(changes["day"])
    return replace(record, **changes)


def _read_cast() -> Iterator[CastMember]:
    """Yield the children of cast.toml in its order, which is also that of the files."""
    text = Path(__file__).with_name("cast.toml").read_text(encoding="utf-8")
    for child in tomllib.loads(text)["child"]:
        roll, person = child["roll"], {"preferred": None} | child["person"]
        records = {
            topic.export.name: tuple(
                sorted(_read_rows(topic.record, child.get(topic.name, [])), key=lambda r: r.day)
            )
            for topic in SUBJECTS
        }
        yield CastMember(
            story=child["story"],
            person=Person(**person),
            standing=Story(**child["standing"], sex=person["sex"]),
            habit=child.get("habit", ""),
            episodes=_read_rows(Episode, child["episodes"]),
            marks=_read_rows(Marks, child["marks"]),
            records=records,
            entry=child.get("entry"),
            leaving=child.get("leaving"),
            sen_provision=child.get("sen_provision", ""),
            **roll,
        )


def _read_rows(kind: Callable[..., _Kind], rows: Sequence[list[Any]]) -> tuple[_Kind, ...]:
    """Return a record for each row, or for each day in its first value if that is a list."""
    records = []
    for row in rows:
        named = row[-1] if isinstance(row[-1], dict) else {}
        values = [None if value == "" else value for value in row if value is not named]
        first, *rest = [values[0], *(tuple(v) if isinstance(v, list) else v for v in values[1:])]
        days = first if isinstance(first, list) else [first]
        records += [kind(day, *rest, **named) for day in days]
    return tuple(records)


#: The cast in the order of the files.
CAST: tuple[CastMember, ...] = tuple(_read_cast())

#: The actions of staff for the cast in 2026/27, newest first for each child.  No export has them.
CAST_ACTIONS: tuple[dict[str, str], ...] = tuple(
    csv.DictReader(Path(__file__).with_name("actions.csv").read_text(encoding="utf-8").splitlines())
)
