"""The register of a made-up school: the marks of every child, as a file of one day shows them."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from math import sqrt
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from queries.contract import HEALTH, PROVISION, SUSPENSIONS
from synthetic.calendar import (
    PLANNED_CLOSURE,
    Register,
    build_register,
    compute_academic_year,
    find_last_school_day,
)
from synthetic.cast.cast import CastMember, compute_last_planned_day
from synthetic.population.child import Child
from synthetic.population.personas import LOOKED_AFTER, PERSONAS, compute_rates
from synthetic.population.roll import is_mid_year
from synthetic.population.story import open_stream
from synthetic.school import marks
from synthetic.subjects.health import DONE, IMMUNISATIONS, INITIAL, REVIEW
from synthetic.subjects.records import Records
from synthetic.subjects.suspensions import Suspension

_HALVES = ("AM", "PM")
UNKNOWN = "O"
#: Who tells of a child that is not at the school; codes of a review at which it was, and what
#: nurses do.
_NOT_AT_SCHOOL = ("parent or carer", "office")
_IN_PERSON, _BY_NURSES = ("PN1", "PN2", "PN3", "PN4"), (INITIAL, REVIEW, IMMUNISATIONS)
#: A byte each, since a register has very many of them.
_HALF, _CODE = pl.Enum(_HALVES), pl.Enum(marks.CODES[1:])
_PLACES = {persona.name: place for place, persona in enumerate(PERSONAS)}

#: More school days than any year has: by the next one every reason has been asked for.
_A_YEAR = 999

#: How far a child's place among its group was from this year's, in standard deviations; and rates
#: that are as low as none.
_DRIFT, _LEAST = 0.3, 0.001
#: For how long what troubles a child is not known.
_UNKNOWN_FOR = timedelta(days=60)
_NORMAL = NormalDist()


#: Days one after another on which a child was away without a reason, by pupil number.
Spells = dict[str, list[tuple[date, ...]]]


@dataclass(frozen=True)
class ExportWindow:
    """What a file knows.

    It covers the academic years `first` to `last`, with marks to `until`, and blanks for
    the days up to `last_day`, which have not been yet.
    """

    first: int
    last: int
    until: date
    last_day: date

    @property
    def years(self) -> range:
        """The academic years."""
        return range(self.first, self.last + 1)

    def is_listed(self, child: Child) -> bool:
        """Whether the child stands in the file."""
        first_day = build_register(self.first).days[0]
        return child.entry <= self.last_day and child.leaving >= first_day


def compute_export_window(years: int, until: date) -> ExportWindow:
    """The days that a file holds which is written at the end of the day `until`.

    Blanks stand for the rest of the week or, if there is none, the next school week.
    """
    last = compute_academic_year(until)
    later = [day for day in build_register(last).days if day > until]
    sunday = until + timedelta(days=6 - until.weekday())
    rest = [day for day in later if day <= sunday]
    if not rest and later:
        sunday = later[0] + timedelta(days=6 - later[0].weekday())
        rest = [day for day in later if day <= sunday]
    return ExportWindow(last - years + 1, last, until, max([until, *rest]))


def generate_attendance(
    seed: int,
    number: int,
    children: Sequence[Child],
    cast: Mapping[str, CastMember],
    records: Mapping[str, Records],
    window: ExportWindow,
) -> tuple[pl.DataFrame, Spells]:
    """Generate one row a child, day and half: upn, date, session, code (null where blank).

    Marks do not depend on `window.until`, but for reasons that were not known yet.

    Args:
        seed: The school's.
        number: The place of the part in the school.
        children: Those of the part.
        cast: The stories among them, by pupil number.
        records: The records by pupil number, which the marks fit.
        window: What the file knows.

    Returns:
        The rows, and the absences without a reason of those in scope beyond the cast.
    """
    seen = {upn: set(_list_days_seen(of_child)) for upn, of_child in records.items()}
    spells: Spells = defaultdict(list)
    frames = []
    for start in window.years:
        year = build_register(start)
        ours = [child for child in children if _is_here(child, year)]
        rng = np.random.default_rng([seed, start, number])
        is_last = start == window.last
        pupils = _build_pupils(rng, ours, records, seen, year, is_last=is_last)
        grid = marks.generate_marks(rng, pupils, year, open_stream(seed, "register", start))
        for row, child in enumerate(ours):
            if child.upn not in cast and child.episodes:
                spells[child.upn] += _list_spells(grid.codes[row], year)
            elif child.upn in cast and is_last:
                _apply_planned_marks(grid, row, pupils, cast[child.upn], year)
        frames.append(_build_rows(ours, grid, year, window))
    return pl.concat(frames), spells


def _list_spells(codes: NDArray[np.uint8], year: Register) -> Iterator[tuple[date, ...]]:
    """The open days one after another on which a child was away all day without a reason."""
    unknown, closed = map(marks.get_code_number, (UNKNOWN, PLANNED_CLOSURE))
    is_away = (codes[:, 0] == unknown) & np.isin(codes[:, 1], (unknown, closed))
    of_day = dict(zip(year.days, is_away.tolist(), strict=True))
    for away, days in groupby(year.open_days, of_day.__getitem__):
        if away:
            yield tuple(days)


def _is_here(child: Child, year: Register) -> bool:
    return child.entry <= year.days[-1] and child.leaving >= year.days[0]


def _list_days_seen(records: Records) -> Iterator[date]:
    """The days on which somebody saw the child, and those before it was sent home."""
    for each in chain.from_iterable(records.values()):
        is_done = getattr(each, "outcome", "") == DONE
        is_told = getattr(each, "raised_by", "office") not in _NOT_AT_SCHOOL
        is_there = getattr(each, "took_part", "") in _IN_PERSON
        if is_told or is_there or (is_done and getattr(each, "kind", "") in _BY_NURSES):
            yield each.day
        if isinstance(each, Suspension):
            yield from (each.day, find_last_school_day(each.day - timedelta(days=1)))


def _build_pupils(
    rng: np.random.Generator,
    children: Sequence[Child],
    records: Mapping[str, Records],
    days_seen: Mapping[str, set[date]],
    year: Register,
    *,
    is_last: bool,
) -> marks.Pupils:
    """Build the children of one year in arrays, with the absence rate that each will have."""
    days = np.array(year.days, dtype="datetime64[D]")
    entry = np.array([child.entry for child in children], dtype="datetime64[D]")
    leaving = np.array([child.leaving for child in children], dtype="datetime64[D]")
    first = np.searchsorted(days, entry, side="left")
    last = np.searchsorted(days, leaving, side="right") - 1
    drift = 0 if is_last else _DRIFT
    # The place of a child drifts, and those of all the children stay as they are.
    ranks = [
        _NORMAL.cdf(sqrt(1 - drift**2) * child.story.absence + drift * luck)
        for child, luck in zip(children, rng.standard_normal(len(children)), strict=True)
    ]
    rate, lean = _compute_rates(children, np.array(ranks), year, first, last)
    seen = np.zeros((len(children), len(days)), dtype=bool)
    visits = np.zeros((*seen.shape, 2), dtype=np.uint8)
    for row, child in enumerate(children):
        seen_on = days_seen.get(child.upn, set()) & year.places.keys()
        seen[row, [year.places[day] for day in seen_on]] = True
        for (day, half), code in child.list_visits(year.start).items():
            visits[row, year.places[day], half] = marks.get_code_number(code)
    visits[seen] = marks.BLANK
    census = date(year.start + 1, 3, 31)
    return marks.Pupils(
        rate=rate,
        lean=lean,
        persona=np.array([_PLACES[child.persona.name] for child in children], dtype=np.int64),
        first=first,
        last=last,
        class_a=np.array(
            [(child.letter == "A") * (3 + year.start - child.cohort) for child in children],
            dtype=np.int64,
        ),
        family=np.array(
            [
                child.is_with_family(min(max(child.entry, census), child.leaving))
                for child in children
            ],
            dtype=bool,
        ),
        unsettled_from=np.array(
            [_compute_unsettled_from(child, year) for child in children], dtype=np.int64
        ),
        part_time=np.array(
            [_find_part_time(records.get(child.upn, {}), year) for child in children],
            dtype=np.int64,
        ).reshape(-1, 2),
        suspended=_build_suspended(children, records, year),
        leave=_build_leave(children, records, year, seen | visits.any(axis=2)),
        seen=seen,
        visits=visits,
    )


def _compute_rates(
    children: Sequence[Child],
    ranks: NDArray[np.float64],
    year: Register,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The absence rate of each child in the year, and by how much each day lies above it, or below.

    In standard deviations: a child's status may change in the year, and its rate with it.
    """
    turns = [(n, *turn) for n, child in enumerate(children) for turn in _list_turns(child, year)]
    owner = np.array([n for n, _, _ in turns], dtype=np.int64)
    rates = compute_rates([status for *_, status in turns], ranks[owner])
    lean = np.zeros((len(children), len(year.days)), dtype=np.float32)
    rate = np.zeros(len(children))
    rate[owner] = rates
    for n in np.flatnonzero(np.bincount(owner, minlength=len(children)) > 1):
        own = slice(*np.searchsorted(owner, (n, n + 1)))
        of_day = np.repeat(rates[own], np.diff([*(at for _, at, _ in turns[own]), len(year.days)]))
        rate[n] = of_day[first[n] : last[n] + 1].mean()
        of_rate = {each: _compute_lean(each) for each in (*rates[own], rate[n])}
        lean[n] = [of_rate[each] - of_rate[rate[n]] for each in of_day]
    return rate, lean


def _compute_lean(rate: float) -> float:
    """How far from the middle so many lie below, of what is spread as a day's absence score is."""
    return _NORMAL.inv_cdf(min(max(rate, _LEAST), 1 - _LEAST))


def _list_turns(child: Child, year: Register) -> Iterator[tuple[int, str]]:
    """The places of the days of the year from which a child's status is another, and which.

    What troubles a child began some weeks before anybody knew of it.
    """
    opens, closes = year.days[0], year.days[-1]
    known = child.episodes[0].first_day if child.episodes else date.max
    begins = known - _UNKNOWN_FOR
    edges = {edge for each in child.episodes for edge in (each.first_day, each.end) if edge}
    for day in sorted({opens, *(edge for edge in edges | {begins} if opens < edge <= closes)}):
        told = max(day, known) if day >= begins else day
        yield bisect_left(year.days, day), child.get_status(told)


def _build_suspended(
    children: Sequence[Child], records: Mapping[str, Records], year: Register
) -> NDArray[np.uint8]:
    """The codes of the suspensions of one year, by child, day and half."""
    codes = np.zeros((len(children), len(year.days), 2), dtype=np.uint8)
    for n, child in enumerate(children):
        for each in records.get(child.upn, {}).get(SUSPENSIONS.name, ()):
            if isinstance(each, Suspension) and compute_academic_year(each.day) == year.start:
                for place, half, code in each.list_marks():
                    codes[n, place, half] = marks.get_code_number(code)
    return codes


def _build_leave(
    children: Sequence[Child],
    records: Mapping[str, Records],
    year: Register,
    seen: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """Return the absences of half of the health checks, and of most new homes."""
    codes = np.zeros((len(children), len(year.days), 2), dtype=np.uint8)
    medical, leave = map(marks.get_code_number, ("M", "C"))
    for n, child in enumerate(children):
        told = records.get(child.upn, {})
        for day in child.upheavals:
            if day in year.places and child.get_status(day) == LOOKED_AFTER:
                first = year.places[day]
                last = first + day.toordinal() % 3
                codes[n, first:last, :] = np.where(seen[n, first:last, None], marks.BLANK, leave)
        for each in told.get(HEALTH.name, ()):
            if each.day not in year.places:
                continue
            half, place = open_stream(child.upn, each.day).randrange(4), year.places[each.day]
            if getattr(each, "outcome", "") == DONE and half < len(_HALVES):
                codes[n, place, half] = marks.BLANK if seen[n, place] else medical
    return codes


def _find_part_time(records: Records, year: Register) -> tuple[int, int]:
    """The first and last place of the year's part-time timetable among its days."""
    for each in records.get(PROVISION.name, ()):
        if compute_academic_year(each.day) == year.start:
            end = getattr(each, "end", None) or each.day
            return bisect_left(year.days, each.day), bisect_right(year.days, end) - 1
    return 0, -1


def _compute_unsettled_from(child: Child, year: Register) -> int:
    """The place of the day from which an upheaval or an arrival unsettles the child."""
    turns = [*child.upheavals, *([child.entry] * is_mid_year(child.entry, year.start))]
    turns = [turn for turn in turns if year.days[0] <= turn <= year.days[-1]]
    return bisect_left(year.days, max(turns)) if turns else marks.NEVER_UNSETTLED


def _apply_planned_marks(
    grid: marks.MarkGrid, row: int, pupils: marks.Pupils, member: CastMember, year: Register
) -> None:
    """Lay down the marks that a story fixes, in place."""
    plan, end = member.build_planned_marks(year.start), compute_last_planned_day(year.start)
    for n in range(int(pupils.first[row]), int(pupils.last[row]) + 1):
        day = year.days[n]
        if day > end:
            return
        if day in year.whole_day:
            continue
        for half, name in enumerate(_HALVES):
            if (half and day in year.afternoon) or pupils.suspended[row, n, half]:
                continue
            code, reason_after = plan.get((day, name), ("/" if half == 0 else "\\", 0))
            grid.codes[row, n, half] = marks.get_code_number(code, year.start)
            grid.reason_after[row, n, half] = reason_after


def _build_rows(
    children: Sequence[Child], grid: marks.MarkGrid, year: Register, window: ExportWindow
) -> pl.DataFrame:
    """Build the rows that a file of the window shows: a child after another, days in order."""
    days = np.array(year.days, dtype="datetime64[D]")
    until = np.datetime64(window.until)
    since = int((days <= until).sum()) - 1 - np.arange(len(days))
    codes = marks.mask_pending_reasons(grid, since + _A_YEAR * (year.start < window.last))
    ahead, closed = days > until, marks.get_code_number(PLANNED_CLOSURE)
    codes[:, ahead] = np.where(grid.codes[:, ahead] == closed, closed, marks.BLANK)
    # A leaving date that lies ahead is not known yet, so the child is still expected.
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
