"""The register of a made-up school: all children's marks as a file of one day shows them."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from queries.contract import CONCERNS, PEP, PROVISION, SUSPENSIONS, TESTS, WORDS
from synthetic.calendar import (
    FRIDAY,
    PLANNED_CLOSURE,
    Register,
    build_register,
    compute_academic_year,
)
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.population.child import Child
from synthetic.population.groups import GROUPS, MONDAYS, compute_rates
from synthetic.population.roll import is_mid_year
from synthetic.school import marks
from synthetic.subjects.records import Records
from synthetic.subjects.suspensions import PROVISIONS, SUSPENDED, Suspension

_HALVES = ("AM", "PM")
#: The files that show a child at the school: on the days of their records the child is there.
_AT_SCHOOL = {export.name for export in (CONCERNS, PEP, SUSPENSIONS, TESTS, WORDS)}
#: One byte for a value, since a register has very many of them.
_HALF, _CODE = pl.Enum(_HALVES), pl.Enum(marks.CODES[1:])
_PLACES = {status: place for place, status in enumerate(GROUPS)}

#: More school days than any year has: in the next year every reason is known.
_A_YEAR = 999
#: The day of the national returns.
_CENSUS = (3, 31)


@dataclass(frozen=True)
class ExportWindow:
    """The days that a file covers.

    They are the academic years `first` to `last`, with marks up to `until`, and blanks for the
    later days up to `last_day`.
    """

    first: int
    last: int
    until: date
    last_day: date

    @property
    def years(self) -> range:
        """Return the academic years."""
        return range(self.first, self.last + 1)

    def is_listed(self, child: Child) -> bool:
        """Return whether the child is in the file."""
        first_day = build_register(self.first).days[0]
        return child.entry <= self.last_day and child.leaving >= first_day


def compute_export_window(years: int, until: date) -> ExportWindow:
    """Return the days that a file covers if it is written at the end of the day `until`.

    It has blanks for the rest of the week or, if that is over, for the next school week.
    """
    last = compute_academic_year(until)
    later = [day for day in build_register(last).days if day > until]
    week = [day for day in later if (day - later[0]).days <= FRIDAY - later[0].weekday()]
    return ExportWindow(last - years + 1, last, until, max([until, *week]))


def generate_attendance(
    seed: int,
    number: int,
    children: Sequence[Child],
    cast: Mapping[str, CastMember],
    records: Mapping[str, Records],
    window: ExportWindow,
) -> pl.DataFrame:
    """Generate a row for each child, day and half: upn, date, session, code (null if blank).

    Marks do not depend on `window.until`, except for reasons that were not known yet.

    Args:
        seed: The seed of the school.
        number: The place of the part in the school.
        children: The children of the part.
        cast: The members of the cast among them, by UPN.
        records: The records by UPN, which the marks must fit.
        window: The days that the file covers.
    """
    frames = []
    for start in window.years:
        year = build_register(start)
        here = [
            child
            for child in children
            if child.entry <= year.days[-1] and child.leaving >= year.days[0]
        ]
        rng = np.random.default_rng([seed, start, number])
        pupils = _build_pupils(here, records, year)
        grid = marks.generate_marks(rng, pupils, year)
        for row, child in enumerate(here):
            if child.upn in cast and start == window.last:
                _apply_planned_marks(grid, row, pupils, cast[child.upn], year)
        frames.append(_build_rows(here, grid, year, window))
    return pl.concat(frames)


def _build_pupils(
    children: Sequence[Child], records: Mapping[str, Records], year: Register
) -> marks.Pupils:
    """Build the arrays of one year's children, with their absence rates.

    The rate is for the child's status at the end of March, the day of the national returns.
    """
    days = np.array(year.days, dtype="datetime64[D]")
    entry = np.array([child.entry for child in children], dtype="datetime64[D]")
    leaving = np.array([child.leaving for child in children], dtype="datetime64[D]")
    census = date(year.start + 1, *_CENSUS)
    statuses = [
        child.get_status(min(max(child.entry, census), child.leaving)) for child in children
    ]
    ranks = np.array([child.story.absence_rank for child in children], dtype=np.float64)
    seen = np.zeros((len(children), len(days)), dtype=bool)
    fixed = np.zeros((len(children), len(days), 2), dtype=np.uint8)
    for row, child in enumerate(children):
        for name, rows in records.get(child.upn, {}).items():
            if name in _AT_SCHOOL:
                places = [year.places[record.day] for record in rows if record.day in year.places]
                seen[row, places] = True
        _fix_marks(fixed[row], records.get(child.upn, {}), year)
    return marks.Pupils(
        rate=compute_rates(statuses, ranks),
        group=np.array([_PLACES[status] for status in statuses], dtype=np.int64),
        misses_mondays=np.array([child.habit == MONDAYS for child in children], dtype=bool),
        first=np.searchsorted(days, entry, side="left"),
        last=np.searchsorted(days, leaving, side="right") - 1,
        unsettled_from=np.array(
            [_compute_unsettled_from(child, year) for child in children], dtype=np.int64
        ),
        fixed=fixed,
        seen=seen,
    )


def _fix_marks(fixed: marks.Codes, records: Records, year: Register) -> None:
    """Set the afternoons of part-time timetables, then the year's suspensions, in place."""
    for plan in records.get(PROVISION.name, ()):
        if compute_academic_year(plan.day) == year.start:
            first, end = bisect_left(year.days, plan.day), getattr(plan, "end", None) or plan.day
            fixed[first : bisect_right(year.days, end), marks.PM] = marks.get_code_number(
                "C2", year.start
            )
    for suspension in records.get(SUSPENSIONS.name, ()):
        if (
            isinstance(suspension, Suspension)
            and compute_academic_year(suspension.day) == year.start
        ):
            for place, half, code in suspension.list_marks():
                fixed[place, half] = marks.get_code_number(code)


def _compute_unsettled_from(child: Child, year: Register) -> int:
    """Return the place of the day from which an upheaval or an arrival unsettles the child."""
    arrivals = [child.entry] if is_mid_year(child.entry, year.start) else []
    days = [*child.upheavals, *arrivals]
    days = [day for day in days if year.days[0] <= day <= year.days[-1]]
    return bisect_left(year.days, max(days)) if days else marks.NEVER_UNSETTLED


def _apply_planned_marks(
    grid: marks.MarkGrid, row: int, pupils: marks.Pupils, member: CastMember, year: Register
) -> None:
    """Set the marks that a story fixes, in place."""
    plan, end = member.build_planned_marks(year.start), compute_last_planned_day(year.start)
    ordered = {marks.get_code_number(code) for code in (SUSPENDED, *PROVISIONS)}
    for n in range(int(pupils.first[row]), int(pupils.last[row]) + 1):
        day = year.days[n]
        if day > end:
            return
        if day in year.whole_day:
            continue
        for half, name in enumerate(_HALVES):
            if (half and day in year.afternoon) or pupils.fixed[row, n, half] in ordered:
                continue
            code, reason_after = plan.get((day, name), ("/" if half == 0 else "\\", 0))
            grid.codes[row, n, half] = marks.get_code_number(code, year.start)
            grid.reason_after[row, n, half] = reason_after


def _build_rows(
    children: Sequence[Child], grid: marks.MarkGrid, year: Register, window: ExportWindow
) -> pl.DataFrame:
    """Build the rows of a file for the window, child by child in order of days."""
    days = np.array(year.days, dtype="datetime64[D]")
    until = np.datetime64(window.until)
    since = int((days <= until).sum()) - 1 - np.arange(len(days))
    codes = marks.mask_pending_reasons(grid, since + _A_YEAR * (year.start < window.last))
    ahead, closed = days > until, marks.get_code_number(PLANNED_CLOSURE)
    codes[:, ahead] = np.where(grid.codes[:, ahead] == closed, closed, marks.BLANK)
    # A future leaving date is not known yet, so the child is still expected.
    entry = np.array([child.entry for child in children], dtype="datetime64[D]")
    leaving = np.array([child.leaving for child in children], dtype="datetime64[D]")
    is_listed = (entry[:, None] <= days) & (days <= np.datetime64(window.last_day))
    is_listed &= (days <= leaving[:, None]) | (leaving[:, None] > until)
    child, day = np.nonzero(is_listed)
    names = pl.Series([code or None for code in marks.CODES], dtype=_CODE)
    upns = pl.Series([child.upn for child in children], dtype=pl.String)
    return pl.DataFrame(
        {
            "upn": upns.gather(np.repeat(child, 2)),
            "date": pl.Series(np.repeat(days[day], 2)).cast(pl.Date),
            "session": pl.Series(_HALVES, dtype=_HALF).gather(np.tile([0, 1], len(child))),
            "code": names.gather(codes[child, day].reshape(-1)),
        }
    )
