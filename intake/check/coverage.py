"""Compare the children and days of a register with the roll.

A home keeps no rows of children who are not shown.  If no roll is loaded with the register, the
number of children on the home's newest roll and a check of their UPNs stand in for it.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

import polars as pl

from intake.check.held import Held
from intake.check.register import CLOSURE, Summary
from queries import reference

_FRIDAY = 4
#: The most sessions or days that a sentence names.
_NAMED = 4


def list_on_roll(roll: pl.DataFrame, days: pl.Series) -> pl.Series:
    """Return the UPNs of the children who are on a roll on one of these days."""
    ordered = days.sort()
    ends = roll.with_columns(last=pl.col("leaving_date").fill_null(date.max))
    until = ordered.search_sorted(ends["last"], side="right")
    before = ordered.search_sorted(ends["entry_date"], side="left")
    return ends.filter(until > before)["upn"].unique()


def list_whole_days(register: Summary, roll: pl.DataFrame | None, held: Held) -> pl.Series:
    """Return the days on which a register covers the whole school.

    Every child on roll must be in the register.  On each such day, every session with a mark must
    have rows for all of them, except for the share `faulty_rows` at most.

    Args:
        register: The rows that are taken.
        roll: The stays of the roll, if there is one.
        held: What the home holds.
    """
    marked = _filter_marked(register)
    if _count_lacking(register, roll, held) != 0:
        return marked["date"].clear()
    rows = register.sessions.group_by("date", "session").agg(pl.col("rows").sum())
    sessions = rows.join(marked, on=["date", "session"], how="semi")
    if roll is None:
        expected = pl.lit((held.roll_children or 0) + _count_strangers(register, roll, held))
    else:
        left = roll["leaving_date"].drop_nulls().sort().search_sorted(sessions["date"], "left")
        joined = roll["entry_date"].sort().search_sorted(sessions["date"], "right")
        expected = pl.lit(joined.cast(pl.Int64) - left.cast(pl.Int64))
    share = float(reference.read("threshold").filter(name="faulty_rows")["value"].item())
    days = sessions.with_columns(is_whole=pl.col("rows") >= expected * (1 - share))
    return days.group_by("date").agg(pl.col("is_whole").all()).filter("is_whole")["date"]


def describe_strangers(register: Summary, roll: pl.DataFrame | None, held: Held) -> Iterator[str]:
    """Yield how many UPNs in a register are not on the roll."""
    if number := _count_strangers(register, roll, held):
        are = "number in the register is" if number == 1 else "numbers in the register are"
        yield (
            f"{number:,} {are} not on the roll. If a child is new, load a new roll. If a child's "
            "UPN has changed, put the old one into other_numbers.csv"
        )


def describe_register(
    register: Summary,
    whole_days: Collection[date],
    school_days: Collection[date],
    roll: pl.DataFrame | None,
    held: Held,
    today: date,
) -> Iterator[str]:
    """Yield which sessions a register lacks, and how many children.

    Args:
        register: The sums of its right rows.
        whole_days: See `list_whole_days`.
        school_days: The school days of the calendar.
        roll: The stays of the roll, if there is one.
        held: What the home holds.
        today: The day of the check.
    """
    yield from _describe_sessions(register, school_days, today)
    blank = register.children.filter(marked=0).height
    if blank:
        yield f"{blank} {'child has' if blank == 1 else 'children have'} no mark at all"
    days = set(_filter_marked(register)["date"])
    if lacking := _count_lacking(register, roll, held):
        are = "child on roll is" if lacking == 1 else "children on roll are"
        yield (
            f"{lacking:,} {are} not in it, so the whole school's figures are not taken from it. "
            "For those, load the registers of all classes together"
        )
    elif lacking == 0 and (partial := sorted(days.difference(whole_days))):
        yield (
            "the whole school's figures are not taken from it for days on which too few children "
            f"have a row: {_name_some(map(_name_day, partial), len(partial))}"
        )


def _describe_sessions(
    register: Summary, school_days: Collection[date], today: date
) -> Iterator[str]:
    """Yield the sessions, in the weeks of a register, in which nobody has a mark."""
    marked = register.sessions.filter(pl.col("code").is_not_null())
    present = set(marked.select("date", "session").unique().iter_rows())
    days = [day for day, _ in present]
    if not days:
        return
    first = min(days) - timedelta(min(days).weekday())
    last = min(max(days) + timedelta(max(_FRIDAY - max(days).weekday(), 0)), today - timedelta(1))
    lacking = [
        f"{_name_day(day)} {half}"
        for day in sorted(school_days)
        if first <= day <= last
        for half in ("AM", "PM")
        if (day, half) not in present
    ]
    if lacking:
        yield f"nobody has a mark for {_name_some(lacking, len(lacking))}"


def _filter_marked(register: Summary) -> pl.DataFrame:
    """Return the sessions with a mark that is not a planned closure."""
    return register.sessions.filter(pl.col("code") != CLOSURE)


def _list_known(register: Summary, roll: pl.DataFrame | None, held: Held) -> set[str]:
    """Return the UPNs in a register that are on the roll, or all if there is no way to check."""
    upns = set(register.children["upn"])
    if roll is not None:
        return upns.intersection(roll["upn"])
    return upns if held.is_on_roll is None else set(filter(held.is_on_roll, upns))


def _count_strangers(register: Summary, roll: pl.DataFrame | None, held: Held) -> int:
    return register.children.height - len(_list_known(register, roll, held))


def _count_lacking(register: Summary, roll: pl.DataFrame | None, held: Held) -> int | None:
    """Return how many children on roll in its days a register lacks, or None if not known."""
    if roll is not None:
        days = _filter_marked(register)["date"].unique()
        return len(set(list_on_roll(roll, days)).difference(register.children["upn"]))
    if held.roll_children is None:
        return None
    return max(held.roll_children - len(_list_known(register, roll, held)), 0)


def _name_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _name_some(names: Iterable[str], number: int) -> str:
    """Name the first few of `number` names, and say how many more there are."""
    more = f" and {number - _NAMED} more" if number > _NAMED else ""
    return ", ".join(islice(names, _NAMED)) + more
