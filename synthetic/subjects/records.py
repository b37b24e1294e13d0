"""The records of a child beside the marks.  A record is of one day.

A subject makes the records of a child's whole story, also of the future.  `filter_known` keeps what
a file that is written on one day can contain.
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
    """A record.  `booked_on`: the day on which it was arranged, if a file shows that."""

    #: Whether it takes place only on school days.
    IS_AT_SCHOOL: ClassVar[bool] = False
    #: The columns with days that are known only once they have come, and those known with each.
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    day: date
    booked_on: date | None = field(default=None, kw_only=True)

    def to_known(self, until: date) -> Self:
        """Return the record as a file of the day `until` shows it, without future days."""
        ahead: dict[str, Any] = {}
        for name, others in self.LATER.items():
            if (day := getattr(self, name)) and day > until:
                ahead |= dict.fromkeys((name, *others))
        return replace(self, **ahead) if ahead else self

    def build_booking(self) -> Mapping[str, Any]:
        """Return the values that a file has while the record is only arranged, by column."""
        return {}


def derive_record(
    export: Export,
    *,
    is_at_school: bool = False,
    later: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    booked: Callable[[Any], Mapping[str, Any]] = Record.build_booking,
    **usual: str,
) -> Any:
    """Return a subclass of Record with a file's columns, which are null unless they are given.

    The other arguments are as in `Record`.  usual: default values of columns, which come last.
    """
    names = [column.name for column in export.columns[1:] if column.name != "date"]
    columns = [(name, Any, usual.get(name)) for name in sorted(names, key=usual.__contains__)]
    known = {"IS_AT_SCHOOL": is_at_school, "LATER": later, "build_booking": booked}
    return make_dataclass(export.name, columns, bases=(Record,), namespace=known, frozen=True)


@dataclass(frozen=True)
class Subject:
    """A file of records: its contract, its kind of record, and the function that draws them.

    `generate` takes its own source of randomness, the child, the academic year that contains the
    last day of the school's data, and the child's records of each file that it `follows`.  It gives
    records in order of date.
    """

    export: Export
    record: type[Record]
    generate: Callable[..., Iterable[Record]]
    follows: tuple[Export, ...] = ()

    @property
    def name(self) -> str:
        """Return the file's name without ending.  It names its stream and its table in stories."""
        return self.export.name.removesuffix(".csv")


#: The records of one child by the name of their file.
Records = Mapping[str, tuple[Record, ...]]


def filter_known(records: Iterable[Record], until: date, leaving: date) -> Iterable[Any]:
    """Yield the records known on the day `until` of a child who really leaves on `leaving`.

    They are those dated up to both days, and bookings for a later day.
    """
    for record in records:
        if record.day <= min(until, leaving):
            yield record.to_known(until)
        elif record.booked_on and record.booked_on <= until < min(record.day, leaving):
            yield type(record)(record.day, **record.build_booking())


def add_months(day: date, months: int) -> date:
    """Return the same day of the month, `months` later, but the 28th for any day after it."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


@dataclass(frozen=True)
class Rhythm:
    """The days from one event to the next: in time, or too late for the share `late`."""

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
    """Return the day on which an event was arranged, or None for events that show no such day."""
    return day - timedelta(days=rng.randint(10, 42)) if rng.random() < share else None


#: The speakers and their lines, by the kind of concern or the setting in which a child speaks.
LINES: dict[str, list[tuple[str, str]]] = {}
_TEXT = Path(__file__).with_name("lines.csv").read_text(encoding="utf-8")
for _row in csv.DictReader(_TEXT.splitlines()):
    LINES.setdefault(_row["kind"], []).append((_row["raised_by"], _row["line"]))
