"""The cast: twelve children with fixed names and stories, the same in every made-up school.

Tests, screenshots and the README speak of them.  Their stories stand in cast.toml, in the dates
of 2026/27; in another academic year each day is the same day of the same week.  With data
until 20 November 2026 the figures of that year are exact and the same for every seed.  Names
are invented.
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

#: The marks of so many weeks of the current year are fixed; later ones are drawn, and so are
#: those of earlier years.
_PLANNED_WEEKS = 12
#: The academic year in which the stories are dated.
_TOLD_YEAR = 2026
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")

_Kind = TypeVar("_Kind")
_Dated = TypeVar("_Dated", Episode, Record)


@dataclass(frozen=True)
class Marks:
    """The same code on days of some weeks of the current year; week 1 holds 1 September.

    `reason_after`: school days until a mark of N is replaced by `code`.
    """

    code: str
    weeks: tuple[int, ...]
    days: str
    halves: str = "AM PM"
    reason_after: int = 0


@dataclass(frozen=True)
class CastMember:
    """One child of the cast, in the dates of 2026/27.

    `sen_provision` is what the roll says of special needs, where the plan's steps do not.
    `digits` are the last 12 characters of the pupil number; `letter` is that of the class.
    `entry` None stands for the first day of year 3, `leaving` None for the last of year 6.
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
        """Return the pupil number, the same in every school."""
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
            episodes=tuple(_shift_dates(each, start) for each in self.episodes),
        )

    def build_records(self, start: int) -> Records:
        """Return the records of the story, where the current academic year starts in `start`."""
        return {
            name: tuple(_shift_dates(record, start) for record in records)
            for name, records in self.records.items()
        }

    def build_planned_marks(self, start: int) -> dict[tuple[date, str], tuple[str, int]]:
        """Return code and days until the reason is known, by day and half, where not present.

        Of two lines that speak of one mark, the first holds.
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
    """Return the last day whose marks the cast fixes."""
    return compute_week_date(start, _PLANNED_WEEKS, FRIDAY)


def _shift(day: date, start: int) -> date:
    """Return the working day of the academic year `start` that `day` is in that of the stories."""
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
    """Return the children of cast.toml, in its order, in which they stand in the files."""
    text = Path(__file__).with_name("cast.toml").read_text(encoding="utf-8")
    for child in tomllib.loads(text)["child"]:
        roll, person = child["roll"], {"preferred": None} | child["person"]
        records = {
            each.export.name: tuple(
                sorted(_read_rows(each.record, child.get(each.name, [])), key=lambda r: r.day)
            )
            for each in SUBJECTS
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
    """Return a record of each row, or of each day of its first value where that is a list."""
    records = []
    for row in rows:
        named = row[-1] if isinstance(row[-1], dict) else {}
        values = [None if value == "" else value for value in row if value is not named]
        first, *rest = [values[0], *(tuple(v) if isinstance(v, list) else v for v in values[1:])]
        days = first if isinstance(first, list) else [first]
        records += [kind(day, *rest, **named) for day in days]
    return tuple(records)


#: The cast in the order in which they stand in the files.
CAST: tuple[CastMember, ...] = tuple(_read_cast())

#: What staff did about the cast in 2026/27, newest first of each child: no export has it.
CAST_ACTIONS: tuple[dict[str, str], ...] = tuple(
    csv.DictReader(Path(__file__).with_name("actions.csv").read_text(encoding="utf-8").splitlines())
)
