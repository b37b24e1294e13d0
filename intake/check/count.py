"""Count in, count out: what was in the files at hand is what becomes of it, or a file is refused.

Whoever reads a table says how much was in it and what it left out by which rule; here that is
held against the rows that came of it.  Every file passes, whatever it is read by.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from intake.problems import format_count
from intake.register.summary import Summary
from intake.spelling import MARK_CODES
from intake.tables import FIRST_RETURN_ROW, Counted, ExportFile, LeftOut, count_by_code
from queries.contract import ATTENDANCE

_FRIDAY = 4
#: So many sessions without a mark are named.
_FIRST_SESSIONS = 4


@dataclass(frozen=True)
class Sum:
    """What was in a file and what became of it, in marks of a register or in rows.

    name: what people call it.  file: the file of ours; "" for a national table.  by_code: marks.
    others: those of children who are not shown here; None until a load knows who they are.
    """

    name: str
    file: str
    number: int
    taken: int
    faulty: int
    by_code: Mapping[str, int] = field(default_factory=dict)
    left: Sequence[LeftOut] = ()
    others: int | None = None
    children: int = 0
    days: int = 0
    is_refused: bool = False
    told: Sequence[str] = ()

    @property
    def is_even(self) -> bool:
        """Whether what came of it is all that was in it."""
        return self.number == self.taken + self.faulty + self.count_left()

    def count_left(self) -> int:
        """How much of it a rule leaves out."""
        is_marks = self.file == ATTENDANCE.name
        return sum(sum(each.marks.values()) if is_marks else each.rows for each in self.left)

    @property
    def is_plain(self) -> bool:
        """Whether every row of it is taken, or refused, and nothing else is to be said."""
        is_whole = self.is_refused or self.taken == self.number
        return is_whole and not (self.others or self.by_code or self.left or self.told)

    @property
    def unit(self) -> str:
        """What is counted."""
        return "mark" if self.file == ATTENDANCE.name else "row"

    def describe(self) -> Iterator[str]:
        """The sum in words, and what else a person should know of the file."""
        what = format_count(self.number, self.unit)
        if self.children:
            of = f" of {self.children:,} {'child' if self.children == 1 else 'children'}"
            what += of + (f" on {format_count(self.days, 'day')}" if self.days else "")
        taken = self.taken - (self.others or 0)
        parts = [] if self.is_refused else [f"{taken:,} taken"]
        if self.others:
            parts.append(f"{self.others:,} of children who are not shown here")
        if self.is_refused:
            parts.append(f"{self.taken + self.faulty:,} refused")
        elif self.faulty:
            parts.append(f"{self.faulty:,} with a fault")
        left = self.count_left()
        if left:
            parts.append(f"{left:,} left out")
        yield f"{self.name}: {what}: {', '.join(parts)}."
        for each in self.left:
            where = f" ({each.where})" if each.where else ""
            yield f"{self.name}: {format_count(each.rows, 'row')} left out: {each.rule}{where}."
        if self.by_code:
            told = Counter[str]()
            for code, number in sorted(self.by_code.items()):
                # any other text may be a name, and this is shown and kept
                told[code if code in MARK_CODES else "no code"] += number
            codes = ", ".join(f"{code} {number:,}" for code, number in told.items())
            yield f"{self.name}: by code (/ is present, of either half): {codes}."
        yield from (f"{self.name}: {each}." for each in self.told)


def describe_sums(sums: Sequence[Sum]) -> list[str]:
    """The sums in words; files of which nothing else is to be said share a sentence."""
    lines = [line for each in sums if not each.is_plain for line in each.describe()]
    plain = [each for each in sums if each.is_plain]
    for what, is_refused in (("taken", False), ("refused", True)):
        named = [
            f"{each.name} ({each.number:,})" for each in plain if each.is_refused == is_refused
        ]
        if named:
            lines.append(f"Every row was {what} in these files: {', '.join(named)}.")
    return lines


def sum_files(
    counted: Sequence[Counted],
    files: Mapping[str, ExportFile],
    faulty: Mapping[str, Collection[int]],
    plain: Summary,
) -> list[Sum]:
    """The sum of each file of the school's own and of each national table.

    faulty: by file, the rows with a fault.  plain: the rows of a register beyond those of its file.
    """
    found = []
    for name in dict.fromkeys(each.file for each in counted if each.file):
        tables = [each for each in counted if each.file == name]
        found.append(_sum_own(name, tables, files.get(name), faulty.get(name, ()), plain))
    national = [each for each in counted if not each.file and (each.rows or each.left)]
    return found + [
        Sum(each.table, "", each.rows, each.taken, each.faulty, left=each.left, told=each.told)
        for each in national
    ]


def _sum_own(
    name: str,
    tables: Sequence[Counted],
    file: ExportFile | None,
    faulty: Collection[int],
    plain: Summary,
) -> Sum:
    left = [each for table in tables for each in table.left]
    told = [each for table in tables for each in table.told]
    shown = tables[0].table if len(tables) == 1 else f"{tables[0].table} and {len(tables) - 1} more"
    by_code: Counter[str] = Counter()
    for table in tables:
        by_code.update(table.marks)
    is_marks = name == ATTENDANCE.name
    number = sum(by_code.values()) if is_marks else sum(each.rows for each in tables)
    whole = Sum(shown, name, number, 0, 0, by_code, left, told=told)
    if file is None:
        rows = sum(each.rows for each in tables) - sum(each.rows for each in left)
        left.append(LeftOut("such data are not kept here", rows, _subtract(by_code, left)))
        return whole
    if not file.is_read:
        # a file that is no table of its kind is refused with all that is in it
        return replace(whole, faulty=number - whole.count_left(), is_refused=True)
    own = file.rows.filter(pl.col("row") < FIRST_RETURN_ROW)
    unreadable = sum(0 < each.row < FIRST_RETURN_ROW for each in file.problems)
    is_faulty = pl.col("row").is_in(pl.Series(sorted(faulty), dtype=pl.UInt32).implode())
    wrong, right = own.clear(), own
    if faulty:
        wrong, right = own.filter(is_faulty), own.filter(~is_faulty)
    if is_marks:
        come = Counter(count_by_code(plain.sessions["code"], plain.sessions["rows"].to_list()))
        marks = [count_by_code(each["code"]) for each in (wrong, right)]
        for counted in (*marks, *(each.marks for each in left)):
            come.update(counted)
        bad, good = (sum(each.values()) if come == by_code else 0 for each in marks)
        good += int(plain.children["marks"].sum())
    else:
        bad, good = wrong.height + unreadable, right.height
    return replace(whole, taken=good, faulty=bad)


def _subtract(marks: Mapping[str, int], left: Sequence[LeftOut]) -> dict[str, int]:
    """What is left of marks by code less those that are left out."""
    rest = Counter(marks)
    for each in left:
        rest.subtract(each.marks)
    return dict(+rest)


def describe_register(
    register: Summary, school_days: Collection[date], roll: pl.DataFrame | None, today: date
) -> Iterator[str]:
    """What is missing in a register: sessions, and children.

    register: its right rows.  roll: stays of who is on roll, if the roll is at hand.
    """
    marked = register.sessions.filter(pl.col("code").is_not_null())
    sessions = marked.select("date", "session").unique()
    there = set(sessions.iter_rows())
    days = [day for day, _ in there]
    if days:
        first = min(days) - timedelta(min(days).weekday())
        last = min(
            max(days) + timedelta(max(_FRIDAY - max(days).weekday(), 0)), today - timedelta(1)
        )
        lacking = [
            f"{day:%a} {day.day} {day:%b %Y} {half}"
            for day in sorted(school_days)
            if first <= day <= last
            for half in ("AM", "PM")
            if (day, half) not in there
        ]
        if lacking:
            more = (
                f" and {len(lacking) - _FIRST_SESSIONS} more" if lacking[_FIRST_SESSIONS:] else ""
            )
            yield f"nobody has a mark for {', '.join(lacking[:_FIRST_SESSIONS])}{more}"
    children = register.children
    blank = children.filter(marked=0).height
    if blank:
        yield f"{blank} {'child has' if blank == 1 else 'children have'} no mark at all"
    if roll is not None and days:
        left = pl.col("leaving_date").fill_null(date.max)
        here = roll.filter(pl.col("entry_date") <= max(days), left >= min(days))["upn"].unique()
        lacking_children = len(set(here) - set(children["upn"]))
        if lacking_children:
            are = "child on roll is" if lacking_children == 1 else "children on roll are"
            yield f"{lacking_children:,} {are} not in it"


def split_scope(
    sums: Sequence[Sum],
    frames: Mapping[str, pl.DataFrame],
    register: Summary,
    shown: Collection[str],
) -> list[Sum]:
    """The sums with how much of what is taken is of children who are not shown here.

    frames: the rows that are taken, by file of ours; register: their sums.  shown: the numbers
    of those who are.  A file is not split where another one fills it up: nobody knows then
    whose row is whose.
    """
    found = []
    for each in sums:
        rows = frames.get(each.file)
        if rows is None or each.is_refused or "upn" not in rows.columns:
            found.append(each)
            continue
        is_marks = each.unit == "mark"
        number = pl.col("marks") if is_marks else pl.repeat(1, pl.len())
        others = number.filter(~pl.col("upn").is_in(list(shown)))
        counted = register.children if is_marks else rows
        in_all, of_others = counted.select(in_all=number.sum(), of_others=others.sum()).row(0)
        found.append(replace(each, others=of_others if in_all == each.taken else None))
    return found
