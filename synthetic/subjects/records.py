"""What the files say of a child beside its marks: records, each of one day.

A subject makes the records of a child's whole story, also of what lies ahead; `filter_known`
keeps what a file that is written on one day can tell.
"""

import csv
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

from queries.contract import Export
from synthetic.calendar import advance_to_working_day


@dataclass(frozen=True)
class Record:
    """One record.  `booked_on`: the day on which it was arranged, where a file shows that."""

    #: Whether it takes place on school days only.
    IS_AT_SCHOOL: ClassVar[bool] = False
    #: The days that are known only once they have come, and what is known with each.
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    day: date
    booked_on: date | None = field(default=None, kw_only=True)

    def to_known(self, until: date) -> Self:
        """Return what a file of the day `until` shows of it: no day that has yet to come."""
        ahead: dict[str, Any] = {}
        for name, others in self.LATER.items():
            if (day := getattr(self, name)) and day > until:
                ahead |= dict.fromkeys((name, *others))
        return replace(self, **ahead) if ahead else self

    def build_booking(self) -> Mapping[str, Any]:
        """Return what a file says of it while it is arranged, by column."""
        return {}


def derive_record(
    export: Export,
    *,
    is_at_school: bool = False,
    later: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    booked: Callable[[Any], Mapping[str, Any]] = Record.build_booking,
    **usual: str,
) -> Any:
    """Return the kind of record with a file's columns, null unless their values are given.

    The others as of `Record`.  usual: what a column says unless it is given; it comes last.
    """
    names = [column.name for column in export.columns[1:] if column.name != "date"]
    columns = [(name, Any, usual.get(name)) for name in sorted(names, key=usual.__contains__)]
    known = {"IS_AT_SCHOOL": is_at_school, "LATER": later, "build_booking": booked}
    return make_dataclass(export.name, columns, bases=(Record,), namespace=known, frozen=True)


@dataclass(frozen=True)
class Subject:
    """One file of records: its contract, its kind of record, and how they are drawn.

    `generate` takes a source of randomness of its own, the child, the academic year that holds
    the last day of the school's data, and the child's records of each of the files that it
    `follows`; its records are in order of date.
    """

    export: Export
    record: type[Record]
    generate: Callable[..., Iterable[Record]]
    follows: tuple[Export, ...] = ()

    @property
    def name(self) -> str:
        """Return the file's name without ending: its stream's, and that of its table in a story."""
        return self.export.name.removesuffix(".csv")


#: The records of one child by the name of their file.
Records = Mapping[str, tuple[Record, ...]]


def filter_known(records: Iterable[Record], until: date, leaving: date) -> Iterable[Any]:
    """Return what is known on the day `until` of a child who in truth leaves on `leaving`.

    Whatever is dated up to both days, and what has been arranged for a day ahead.
    """
    for each in records:
        if each.day <= min(until, leaving):
            yield each.to_known(until)
        elif each.booked_on and each.booked_on <= until < min(each.day, leaving):
            yield type(each)(each.day, **each.build_booking())


def add_months(day: date, months: int) -> date:
    """Return the same day of the month, `months` later, or the 28th where it may not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


@dataclass(frozen=True)
class Rhythm:
    """How one event follows another: after so many days, and the share `late` after more."""

    in_time: tuple[int, int]
    too_late: tuple[int, int] = (0, 0)
    late: float = 0.0

    def draw_days(self, rng: random.Random) -> int:
        """Draw the days, or the working days, from one event to the next."""
        return rng.randint(*(self.too_late if rng.random() < self.late else self.in_time))

    def list_days(self, rng: random.Random, first: date, end: date) -> Iterator[date]:
        """List the days of events from the day `first` on, before the day `end`."""
        while first < end:
            yield first
            first = advance_to_working_day(first + timedelta(days=self.draw_days(rng)))


def book(rng: random.Random, day: date, share: float = 0.75) -> date | None:
    """Return the day on which an event was arranged, for the share of which a file shows that."""
    return day - timedelta(days=rng.randint(10, 42)) if rng.random() < share else None


#: Who says what, by what it is about: a kind of concern, or where a child speaks.
LINES: dict[str, list[tuple[str, str]]] = {}
_TEXT = Path(__file__).with_name("lines.csv").read_text(encoding="utf-8")
for _row in csv.DictReader(_TEXT.splitlines()):
    LINES.setdefault(_row["kind"], []).append((_row["raised_by"], _row["line"]))
