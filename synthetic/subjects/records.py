"""What the files say of a child beside its marks: records, each of one day.

A subject makes the records of a child's whole story, also of what lies ahead; `filter_known`
keeps what a file that is written on one day can tell.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass, replace
from datetime import date
from functools import cache
from math import prod, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

from queries.contract import Export
from synthetic.calendar import draw_of_school, keep_by_school


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
        """What a file of the day `until` shows of it: no day that has yet to come."""
        ahead: dict[str, Any] = {}
        for name, others in self.LATER.items():
            if (day := getattr(self, name)) and day > until:
                ahead |= dict.fromkeys((name, *others))
        return replace(self, **ahead) if ahead else self

    def build_booking(self) -> Mapping[str, Any]:
        """What a file says of it while it is arranged, by column."""
        return {}


def derive_record(
    export: Export,
    *,
    is_at_school: bool = False,
    later: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    booked: Callable[[Any], Mapping[str, Any]] = Record.build_booking,
    **usual: str,
) -> Any:
    """The kind of record whose values are those of a file's columns, null unless they are given.

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
        """The name of the file without its ending: of its stream, and of its table in a story."""
        return self.export.name.removesuffix(".csv")


#: How often a part of a line that may be left out is, and a line is drawn that was there.
_LEFT_OUT, _TRIES = 0.35, 50

#: The records of one child by the name of their file.
Records = Mapping[str, tuple[Record, ...]]


def filter_known(records: Iterable[Record], until: date, leaving: date) -> Iterable[Any]:
    """What is known on the day `until` of a child who in truth leaves on `leaving`.

    Whatever is dated up to both days, and what has been arranged for a day ahead.
    """
    for each in records:
        if each.day <= min(until, leaving):
            yield each.to_known(until)
        elif each.booked_on and each.booked_on <= until < min(each.day, leaving):
            yield type(each)(each.day, **each.build_booking())


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the 28th where it may not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


class Lines:
    """What somebody said or wrote of one child: no line comes twice, and its parts seldom do."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def draw(self, of: str, kind: str, habit: float = 0) -> str:
        """A new line of a kind; of the last resort, one that was there.

        habit: the share of parts, 0 to 1, that were written before where one was.
        """
        for _ in range(_TRIES):
            pattern = self._choose(read_lines()[of][kind], _count_lines)
            parts = [self._choose(slot, habit=habit) for slot in _split(pattern)]
            line = re.sub(r" (?=[.,:])", "", " ".join(filter(None, parts)))
            if line not in self._used:
                break
        self._used.add(line)
        return line

    def _choose(
        self, parts: Sequence[str], weigh: Callable[[str], float] = bool, habit: float = 0
    ) -> str:
        """One of them, that was not chosen before if there is one, but for the habit."""
        if "" in parts and self._rng.random() < _LEFT_OUT:
            return ""
        told = [part for part in parts if part]
        is_new = self._rng.random() >= habit
        left = [part for part in told if (part not in self._used) == is_new] or told
        part = self._rng.choices(left, [weigh(part) for part in left])[0]
        self._used.add(part)
        return part


@cache
def _count_lines(pattern: str) -> float:
    """How often a pattern is drawn beside others: the more lines it has, the oftener."""
    return sqrt(prod(map(len, _split(pattern))))


@cache
def _split(pattern: str) -> list[list[str]]:
    return [slot.split("|") for slot in pattern.split(" / ")]


def choose_ways(line: str, *author: object) -> str:
    """The line with one of the ways in each of its braces, which the author always has."""

    def choose(found: re.Match[str]) -> str:
        ways: list[str] = found[1].split(";")
        return draw_of_school(found[1], *author).choice(ways)

    return re.sub(r"\{(.*?)\}", choose, line)


def write_by_hand(line: str, *author: object, of: str = "hands") -> str:
    """The line as one writer of the school has it, or says it, who always does so alike."""
    line = choose_ways(line, *author)
    for what, other in _choose_hand((of, author)):
        line = what.sub(other, line)
    return re.sub(r"(?:^|\. +)[a-z]", lambda found: found[0].upper(), line)


@keep_by_school
def _choose_hand(whose: tuple[str, tuple[object, ...]]) -> list[tuple[re.Pattern[str], str]]:
    of, author = whose
    rng = draw_of_school("hand", *author)
    return [(re.compile(what), rng.choice(ways)) for what, ways in read_lines()[of].items()]


@cache
def read_lines() -> dict[str, dict[str, list[Any]]]:
    """The tables of lines.toml."""
    text = Path(__file__).with_name("lines.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
