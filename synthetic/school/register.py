"""The register of a made-up school: the marks of every child, as a file of one day shows them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synthetic.calendar import Register, academic_year, register
from synthetic.cast.story import NEVER, CastMember, last_planned_day
from synthetic.population.child import Child
from synthetic.population.personas import PERSONAS, PROPENSITY, STATUSES
from synthetic.population.roll import is_mid_year
from synthetic.school.codes import BLANK, CODES, code_number
from synthetic.school.marks import NO_UPSET, Laid, Pupils, as_seen, lay_marks

_HALVES = ("AM", "PM")

#: How far a child's place among its group may have been from this year's, up or down.
_DRIFT = 0.15


@dataclass(frozen=True)
class Term:
    """What a file knows.

    It covers the academic years `first` to `last`, with marks to `until`, and blanks for
    the days up to `shown`, which have not been yet.
    """

    first: int
    last: int
    until: date
    shown: date


def term(years: int, until: date) -> Term:
    """The days that a file holds which is written at the end of the day `until`.

    Blanks stand for the rest of the week or, if there is none, the next school week.
    """
    last = academic_year(until)
    later = [day for day in register(last).days if day > until]
    sunday = until + timedelta(days=6 - until.weekday())
    rest = [day for day in later if day <= sunday]
    if not rest and later:
        sunday = later[0] + timedelta(days=6 - later[0].weekday())
        rest = [day for day in later if day <= sunday]
    return Term(last - years + 1, last, until, max([until, *rest]))


def attendance(
    seed: int, children: list[Child], cast: list[CastMember], known: Term
) -> pl.DataFrame:
    """One row a child, day and half: upn, date, session, code (null where blank).

    `cast` are the first of the `children`.  Marks do not depend on `known.until`, but
    for reasons that were not known yet.
    """
    years = range(known.first, known.last + 1)
    return pl.concat([_year(seed, children, cast, known, start) for start in years])


def _year(
    seed: int, children: list[Child], cast: list[CastMember], known: Term, start: int
) -> pl.DataFrame:
    year = register(start)
    here = [
        n
        for n, child in enumerate(children)
        if child.entry <= year.days[-1] and child.leaving >= year.days[0]
    ]
    rng = np.random.default_rng([seed, start])
    pupils = _pupils(rng, [children[n] for n in here], year, is_last=start == known.last)
    laid = lay_marks(rng, pupils, year)
    if start == known.last:
        for row, n in enumerate(here):
            if n < len(cast):
                _follow_plan(laid, row, pupils, cast[n], year)
    days = np.array(year.days, dtype="datetime64[D]")
    until = np.datetime64(known.until)
    today = int((days <= until).sum()) - 1
    # By the next academic year every reason has been asked for.
    since = today - np.arange(len(days)) + (0 if start == known.last else NEVER)
    codes = as_seen(laid, since)
    codes[:, days > until, :] = np.where(
        laid.codes[:, days > until, :] == code_number("#"), code_number("#"), BLANK
    )
    # A leaving date that lies ahead is not known yet, so the child is still expected.
    entry = np.array([children[n].entry for n in here], dtype="datetime64[D]")
    leaving = np.array([children[n].leaving for n in here], dtype="datetime64[D]")
    leaving = np.where(leaving > until, np.datetime64("9999-12-31"), leaving)
    listed = (entry[:, None] <= days) & (days <= leaving[:, None])
    listed &= days[None, :] <= np.datetime64(known.shown)
    return _rows([children[n].upn for n in here], days, listed, codes)


def _pupils(
    rng: np.random.Generator, children: list[Child], year: Register, *, is_last: bool
) -> Pupils:
    """The children of one year in arrays, with the absence rate that each will have."""
    days = np.array(year.days, dtype="datetime64[D]")
    entry = np.array([child.entry for child in children], dtype="datetime64[D]")
    leaving = np.array([child.leaving for child in children], dtype="datetime64[D]")
    ranks = np.array([child.rank for child in children], dtype=np.float64)
    drift = rng.uniform(-_DRIFT, _DRIFT, len(children))
    if not is_last:
        # Turned back at 0 and 1, even ranks stay even, so the group's rates stay as fitted.
        ranks = np.abs(ranks + drift)
        ranks = np.where(ranks > 1, 2 - ranks, ranks)
    status = [child.status_on(min(child.leaving, year.days[-1])) for child in children]
    rate = np.zeros(len(children))
    for name in STATUSES:
        ours = np.array([found == name for found in status], dtype=bool)
        rate[ours] = PROPENSITY[name].quantile(ranks[ours])
    return Pupils(
        rate=rate,
        persona=np.array([PERSONAS.index(child.persona) for child in children], dtype=np.int64),
        first=np.searchsorted(days, entry, side="left"),
        last=np.searchsorted(days, leaving, side="right") - 1,
        form=np.array([_form(child, year.start) for child in children], dtype=np.int64),
        upset=np.array([_upset(child, year) for child in children], dtype=np.int64),
    )


def _form(child: Child, start: int) -> int:
    """A number for the class: 365 for 3A, 46566 for 4AB."""
    return int(f"{3 + start - child.cohort}" + "".join(str(ord(c)) for c in child.letter))


def _upset(child: Child, year: Register) -> int:
    """The place of the day from which a move or an arrival unsettles the child."""
    turns = [episode.first_day for episode in child.episodes]
    if is_mid_year(child.entry, year.start):
        turns.append(child.entry)
    turns = [turn for turn in turns if year.days[0] <= turn <= year.days[-1]]
    return sum(day < max(turns) for day in year.days) if turns else NO_UPSET


def _follow_plan(laid: Laid, row: int, pupils: Pupils, member: CastMember, year: Register) -> None:
    """Lay down the marks that a story fixes, in place."""
    plan, end = member.planned(year.start), last_planned_day(year.start)
    for n in range(int(pupils.first[row]), int(pupils.last[row]) + 1):
        day = year.days[n]
        if day > end:
            return
        if day in year.whole_day:
            continue
        for half, name in enumerate(_HALVES):
            if half == 1 and day in year.afternoon:
                continue
            code, reason_after = plan.get((day, name), ("/" if half == 0 else "\\", 0))
            laid.codes[row, n, half] = code_number(code, year.start)
            laid.reason_after[row, n, half] = reason_after


def _rows(
    upns: list[str],
    days: NDArray[np.datetime64],
    listed: NDArray[np.bool_],
    codes: NDArray[np.uint8],
) -> pl.DataFrame:
    """The listed marks as rows: a child after another, days and halves in order."""
    child, day = np.nonzero(listed)
    names = pl.Series([code or None for code in CODES], dtype=pl.String)
    return pl.DataFrame(
        {
            "upn": pl.Series(upns, dtype=pl.String).gather(np.repeat(child, 2)),
            "date": pl.Series(np.repeat(days[day], 2)).cast(pl.Date),
            "session": pl.Series(_HALVES).gather(np.tile(np.array([0, 1]), len(child))),
            "code": names.gather(codes[child, day, :].reshape(-1)),
        }
    )
