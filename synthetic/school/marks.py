"""Marks of one academic year for many children at once.

A child's absence is a quota: its rate times its own possible sessions.  Every session
gets an absence score, which runs on from day to day, and the sessions with the highest up to
the quota are missed.  So absences come in spells, and rates come out as they were drawn.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from synthetic.calendar import FRIDAY, MONDAY, Register
from synthetic.population.personas import PERSONAS, accumulate_shares
from synthetic.subjects.suspensions import SUSPENDED

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Codes = NDArray[np.uint8]

#: The codes in use, by number; 0 is a blank.  They are not read from the code lists: what intake
#: accepts must not decide what a school sends.
CODES: tuple[str, ...] = (
    "", "/", "\\", "L", "B", "K", "P", "V",
    "C", "C2", "E", "I", "M", "R", "T",
    "G", "N", "O", "U",
    "D", "Y", "Y1", "Y4", "#",
)  # fmt: skip

BLANK = 0

_NUMBERS = {code: number for number, code in enumerate(CODES)}
_FIRST_YEAR_OF_NEW_CODES = 2024

#: What was written before 19 August 2024 where there is now a code of its own.
_BEFORE = {"C2": "C", "K": "B", "Y1": "Y", "Y4": "Y"}

AM, PM = 0, 1

#: No unsettled weeks in the year.
NEVER_UNSETTLED = -1000

#: Shares of spells whose reason is known at once, and within a week.
_KNOWN_AT_ONCE, _KNOWN_IN_A_WEEK = 0.62, 0.97

#: Share of the children a persona allows it who go to a second school on Fridays.
_DUAL = 0.3

#: The year groups of which a class A is once forgotten in the afternoon.
_FORGETFUL = (3, 4, 5, 6)

#: Share of the children who play in a tournament.
_PLAYS = 0.07

#: Days of a holiday in term, which is before or after a break of more days than a weekend.
_HOLIDAY, _WEEKEND = (2, 3, 4, 5, 5, 5, 7), timedelta(days=5)

#: Sessions of the longest appointment, and of absences of which some turn from an illness into
#: something else, or the other way round; how many do.
_ONE_DAY, _LONG, _TURNS = 2, 6, 0.08
#: Share of the absences that begin or end at noon as is usual for their reason.
_IS_USUAL = 0.9

#: Far above any absence score: what was agreed, and what was ordered, is missed first; and a day
#: of which something is told, last.
_AGREED, _ORDERED, _SEEN = 100.0, 1000.0, 50.0


def get_code_number(code: str, start: int = _FIRST_YEAR_OF_NEW_CODES) -> int:
    """The number of a code, or of the older one in use in the academic year `start`."""
    if start < _FIRST_YEAR_OF_NEW_CODES:
        code = _BEFORE.get(code, code)
    return _NUMBERS[code]


@dataclass(frozen=True)
class Pupils:
    """The children of one academic year, in arrays of equal length.

    `rate`: absence rate, 0 to 1.
    `lean`: for each day how far its absence score lies above the others.
    `persona`: place in PERSONAS.
    `first` and `last`: first and last day on roll, as places in the register's days.
    `class_a`: the year group of who is in its class A, else 0.
    `family`: whether the child lives with its own.
    `unsettled_from`: the day of an upheaval, or NEVER_UNSETTLED.
    `part_time`: first and last place of a part-time timetable; none where the last comes first.
    `suspended`, `leave` and `visits`: for each day and half the code of a suspension, of an
    absence that the records tell of, and of a visit, or BLANK.
    `seen`: for each day whether records tell of something at the school.
    """

    rate: Floats
    lean: NDArray[np.float32]
    persona: Integers
    first: Integers
    last: Integers
    class_a: Integers
    family: Booleans
    unsettled_from: Integers
    part_time: Integers
    suspended: Codes
    leave: Codes
    seen: Booleans
    visits: Codes

    @property
    def trip(self) -> Booleans:
        """For each day whether the child is out for some of it."""
        return np.asarray(self.visits.any(axis=2))

    def get_trait(self, name: str) -> Floats:
        """One of the numbers of the children's personas."""
        values = np.array([float(getattr(persona, name)) for persona in PERSONAS])
        return np.asarray(values[self.persona], dtype=np.float64)


@dataclass(frozen=True)
class MarkGrid:
    """Marks by child, day and half.

    `codes`: the final code, as a place in CODES; 0 where blank or not on roll.
    `reason_after`: school days until the reason of an absence was known.
    """

    codes: Codes
    reason_after: NDArray[np.int16]


def generate_marks(
    rng: np.random.Generator, pupils: Pupils, register: Register, of_school: random.Random
) -> MarkGrid:
    """Generate the marks of every child on every day of the register.

    A few are left blank, and one afternoon of one class.

    Args:
        rng: Of these children's marks.
        pupils: The children.
        register: The days.
        of_school: Of what all children of the school share, however many are drawn at a time.
    """
    fixed = _generate_fixed_marks(rng, pupils, register)
    enrolled = _compute_enrolled(pupils, len(register.days))
    possible = enrolled[:, :, None] & (fixed == BLANK)
    quota = _generate_quota(rng, pupils.rate, possible)
    feasts = np.array(sorted(of_school.sample(range(10, len(register.days) - 10), 2)))
    agreed = _generate_agreed_absences(rng, pupils, register, possible, quota, feasts)
    ordered = pupils.suspended == get_code_number(SUSPENDED)
    agreed[ordered] = get_code_number(SUSPENDED)
    quota = np.maximum(quota, ((agreed != BLANK) & possible).sum(axis=(1, 2)))
    score = _generate_absence_scores(rng, pupils, register)
    score += _AGREED * (agreed != BLANK) + _ORDERED * ordered - _SEEN * pupils.seen[:, :, None]
    absent = _select_absences(score, possible, quota)
    # Nobody joins a trip at noon.
    absent[pupils.trip & (absent.sum(axis=2) == 1)] = False
    why, reason_after = _generate_reasons(rng, pupils, register, absent)
    # An appointment that records tell of is no part of a longer one.
    medical = get_code_number("M")
    known = np.pad((agreed == medical).reshape(len(agreed), 2 * agreed.shape[1]), ((0, 0), (1, 1)))
    beside = (known[:, :-2] | known[:, 2:]).reshape(agreed.shape)
    why[beside & (why == medical)] = get_code_number("I")
    is_free = (pupils.seen | pupils.trip)[:, :, None] < possible
    is_open = ~pupils.trip[:, :, None] & (agreed == BLANK)
    _shift_halves(rng, absent, why, reason_after, is_free, is_open)
    codes = np.where(absent, np.where(agreed != BLANK, agreed, why), fixed)
    there = possible & ~absent
    codes = np.where(there, _generate_present_marks(rng, pupils, register, of_school), codes)
    codes = np.where(enrolled[:, :, None], codes, BLANK).astype(np.uint8)
    _leave_gaps(rng, pupils, register, codes, of_school)
    reason_after = np.where(absent & (agreed == BLANK), reason_after, 0)
    return MarkGrid(codes=codes, reason_after=reason_after.astype(np.int16))


def mask_pending_reasons(grid: MarkGrid, days_since: Integers) -> Codes:
    """The codes as a file shows them: N while the reason was not known.

    `days_since`: for each day of the register, the school days from it to the file's.
    """
    waiting = (grid.reason_after > days_since[None, :, None]) & (days_since[None, :, None] >= 0)
    return np.where(waiting, get_code_number("N"), grid.codes).astype(np.uint8)


def _compute_enrolled(pupils: Pupils, days: int) -> Booleans:
    day = np.arange(days)[None, :]
    return np.asarray((pupils.first[:, None] <= day) & (day <= pupils.last[:, None]))


def _generate_fixed_marks(rng: np.random.Generator, pupils: Pupils, register: Register) -> Codes:
    """Marks of sessions of which a child's absence is no part.

    Closures, failed taxis, a second school, and education elsewhere while suspended.
    """
    shape = (len(pupils.rate), len(register.days), 2)
    weekday = _weekdays(register)
    fixed = np.zeros(shape, dtype=np.uint8)
    failed = rng.random(shape[:2]) < pupils.get_trait("taxi_fails")[:, None]
    fixed[failed & ~(pupils.seen | pupils.trip)] = get_code_number("Y1", register.start)
    dual = (pupils.get_trait("dual") > 0) & (rng.random(shape[0]) < _DUAL)
    fixed[:, :, PM][dual[:, None] & (weekday == FRIDAY) & ~pupils.trip] = get_code_number("D")
    is_suspended = pupils.suspended != BLANK
    fixed[is_suspended] = pupils.suspended[is_suspended]
    fixed[pupils.suspended == get_code_number(SUSPENDED)] = BLANK
    for n, day in enumerate(register.days):
        if day in register.whole_day:
            fixed[:, n, :] = get_code_number(register.whole_day[day])
        elif day in register.afternoon:
            fixed[:, n, PM] = get_code_number(register.afternoon[day])
    return fixed


def _generate_quota(rng: np.random.Generator, rate: Floats, possible: Booleans) -> Integers:
    """Sessions to be missed: rate times possible, up or down by chance, never biased."""
    sessions = rate * possible.sum(axis=(1, 2)) + rng.random(len(rate))
    return np.asarray(np.floor(sessions), dtype=np.int64)


def _generate_absence_scores(
    rng: np.random.Generator, pupils: Pupils, register: Register
) -> Floats:
    """For each child and session a number around 0; the higher, the likelier missed.

    A bad day makes the next three likelier bad, which makes spells.
    """
    shape = (len(pupils.rate), len(register.days))
    white = rng.standard_normal((shape[0], shape[1] + 3), dtype=np.float32)
    day = sum(w * white[:, 3 - k : shape[1] + 3 - k] for k, w in enumerate((1.0, 0.8, 0.6, 0.35)))
    day = np.asarray(day) / 1.456  # the root of the sum of the squared weights
    weekday = _weekdays(register)
    months = np.array([d.month for d in register.days])
    day = day + 0.35 * np.cos(2 * np.pi * (months - 1) / 12)[None, :]
    day = day + (0.12 * (weekday == MONDAY) + 0.18 * (weekday == FRIDAY))[None, :]
    day = day + pupils.get_trait("monday")[:, None] * (weekday == MONDAY)[None, :]
    since = np.arange(shape[1])[None, :] - pupils.unsettled_from[:, None]
    unsettled = (since >= 0) & (since < pupils.get_trait("unsettled_days")[:, None])
    day = day + pupils.get_trait("unsettled")[:, None] * unsettled
    day = day + pupils.lean
    half = rng.standard_normal((*shape, 2), dtype=np.float32)
    return np.asarray(day[:, :, None] + 0.3 * half, dtype=np.float64)


def _select_absences(score: Floats, possible: Booleans, quota: Integers) -> Booleans:
    """The `quota` possible sessions of each child with the highest scores."""
    flat = np.where(possible, score, -np.inf).reshape(len(score), 2 * score.shape[1])
    highest = np.sort(np.c_[flat, np.full(len(flat), np.inf)], axis=1)
    lowest_missed = np.take_along_axis(highest, flat.shape[1] - quota[:, None], axis=1)
    return np.asarray(flat >= lowest_missed).reshape(score.shape)


def _generate_agreed_absences(
    rng: np.random.Generator,
    pupils: Pupils,
    register: Register,
    possible: Booleans,
    quota: Integers,
    feasts: Integers,
) -> Codes:
    """Absences that are known before: of records, of part-time timetables, observance, holidays.

    Never more of them than a child's quota, but for a timetable, which is kept to its end.
    """
    agreed = np.where(possible, pupils.leave, BLANK).astype(np.uint8)
    quota = np.maximum(quota - (agreed != BLANK).sum(axis=(1, 2)), 0)
    days = len(register.days)
    breaks = [n for n in range(1, days) if register.days[n] - register.days[n - 1] > _WEEKEND]
    goes = pupils.family & (rng.random(len(quota)) < pupils.get_trait("holiday"))
    for n in np.flatnonzero(goes):
        long, at = int(rng.choice(_HOLIDAY)), int(rng.choice(breaks))
        first = at - long * int(rng.integers(2))
        free = np.zeros_like(possible[n])
        free[first : first + long] = possible[n, first : first + long]
        busy = pupils.seen[n, :, None] | (pupils.suspended[n] != BLANK) | (agreed[n] != BLANK)
        if free.sum() <= quota[n] - _ONE_DAY and not busy[first : first + long].any():
            agreed[n][free & (agreed[n] == BLANK)] = get_code_number("G")
            quota[n] -= free.sum()
    religious = pupils.get_trait("religious")
    for n in np.flatnonzero(pupils.part_time[:, 1] >= pupils.part_time[:, 0]):
        first, last = pupils.part_time[n]
        afternoons = first + np.flatnonzero(
            (possible[n, :, PM] & ~pupils.trip[n] & (agreed[n, :, PM] == BLANK))[first : last + 1]
        )
        agreed[n, afternoons, PM] = get_code_number("C2", register.start)
    for n in np.flatnonzero(religious):
        sessions = int(religious[n] * quota[n]) // 2 * 2
        is_feast = np.isin(np.arange(possible[n].size) // 2, feasts)
        taken = np.flatnonzero(possible[n].reshape(-1) & is_feast)
        agreed[n].reshape(-1)[taken[:sessions]] = get_code_number("R")
    return agreed


def _generate_reasons(
    rng: np.random.Generator, pupils: Pupils, register: Register, absent: Booleans
) -> tuple[Codes, Integers]:
    """A code for each missed session, and the school days until it was known.

    A spell has one code, or another from its middle on.  Most are known at once, most others
    within five days, a few much later.
    """
    flat = absent.reshape(len(absent), 2 * absent.shape[1])
    begins = flat & ~np.pad(flat, ((0, 0), (1, 0)))[:, :-1]
    spell = np.cumsum(begins.reshape(-1)).reshape(flat.shape)
    spells = int(spell.max(initial=0)) + 1
    long = np.bincount(spell[flat], minlength=spells)[spell]
    is_single = long == 1
    draw = rng.random(spells)[spell]
    codes = np.zeros(flat.shape, dtype=np.uint8)
    for n, persona in enumerate(PERSONAS):
        for table, wanted in ((persona.spells, ~is_single), (persona.single, is_single)):
            names, sums = accumulate_shares(table)
            numbers = np.array([get_code_number(c, register.start) for c in names], dtype=np.uint8)
            cells = flat & wanted & (pupils.persona == n)[:, None]
            places = np.searchsorted(sums, draw[cells], side="right")
            codes[cells] = numbers[np.minimum(places, len(names) - 1)]
    ill, unknown = get_code_number("I"), get_code_number("O")
    codes[(codes == get_code_number("M")) & (long > _ONE_DAY)] = ill
    session = np.arange(flat.shape[1])
    middle = np.append(np.nonzero(begins)[1], 0)[spell - 1] + long // 2
    turns = flat & (long >= _LONG) & (rng.random(spells) < _TURNS)[spell]
    turns &= np.isin(codes, (ill, unknown)) & (session // 2 >= middle // 2)
    codes[turns] = ill + unknown - codes[turns]
    delay, late = rng.random(spells), rng.integers(1, 6, spells)
    wait = np.where(delay < _KNOWN_AT_ONCE, 0, np.where(delay < _KNOWN_IN_A_WEEK, late, late * 3))[
        spell
    ]
    wait = np.where(np.isin(codes, [get_code_number(c) for c in "IOG"]), wait, 0)
    return codes.reshape(absent.shape), wait.reshape(absent.shape)


def _shift_halves(
    rng: np.random.Generator,
    absent: Booleans,
    codes: Codes,
    reason_after: Integers,
    is_free: Booleans,
    is_open: Booleans,
) -> None:
    """Shift absences by half a day, in place: who falls ill goes home at noon; others come then.

    `is_free`: where the child may be away; `is_open`: where it need not be.
    """
    ill, unknown, late = map(get_code_number, "IOU")
    shape = len(absent), 2 * absent.shape[1]
    flat, free, may = (sessions.reshape(shape) for sessions in (absent, is_free & ~absent, is_open))
    why, wait = codes.reshape(flat.shape), reason_after.reshape(flat.shape)
    row, first = np.nonzero(flat & ~np.pad(flat, ((0, 0), (1, 0)))[:, :-1])
    last = np.nonzero(flat & ~np.pad(flat, ((0, 0), (0, 1)))[:, 1:])[1]
    usual = rng.random(len(row)) < _IS_USUAL
    earlier = usual & (first % 2 == PM) & np.isin(why[row, first], (unknown, late))
    earlier &= free[row, first - 1] & may[row, first] & may[row, last]
    later = usual & (first % 2 == AM) & (last % 2 == AM) & (why[row, last] == ill)
    later &= free[row, np.minimum(last + 1, flat.shape[1] - 1)] & may[row, first] & may[row, last]
    for which, new, like, old in (
        (earlier, first - 1, first, last),
        (later, last + 1, last, first),
    ):
        of, to, by = row[which], new[which], like[which]
        flat[of, to], why[of, to], wait[of, to] = True, why[of, by], wait[of, by]
        flat[of, old[which]] = False
    # U means late after the register closed, which is a morning's mark.
    codes[:, :, PM][codes[:, :, PM] == late] = unknown


def _generate_present_marks(
    rng: np.random.Generator, pupils: Pupils, register: Register, of_school: random.Random
) -> Codes:
    """What a child who came is marked: present, late, or educated elsewhere."""
    children, days = len(pupils.rate), len(register.days)
    codes = np.empty((children, days, 2), dtype=np.uint8)
    codes[:, :, AM], codes[:, :, PM] = get_code_number("/"), get_code_number("\\")
    draw = rng.random((children, days, 2))
    late = pupils.get_trait("late")[:, None, None] * np.array([1.0, 0.02])
    codes[draw < late] = get_code_number("L")
    elsewhere = pupils.get_trait("elsewhere")[:, None, None]
    codes[draw > 1 - elsewhere] = get_code_number("B")
    tutored = pupils.get_trait("tutored")[:, None]
    codes[:, :, PM][draw[:, :, PM] > 1 - tutored] = get_code_number("K", register.start)
    tournaments = of_school.sample(range(days), 3)
    plays = rng.random((children, 3)) < _PLAYS
    codes[:, tournaments, PM] = np.where(plays, get_code_number("P"), codes[:, tournaments, PM])
    return np.where(pupils.visits != BLANK, pupils.visits, codes)


def _leave_gaps(
    rng: np.random.Generator,
    pupils: Pupils,
    register: Register,
    codes: Codes,
    of_school: random.Random,
) -> None:
    """Blank a few marks in place, and one afternoon of one class."""
    closed = np.array([day in register.whole_day for day in register.days])
    known = closed | pupils.seen | pupils.trip
    missed = (rng.random(codes.shape) < 1 / 8000) & ~known[:, :, None]
    codes[missed] = BLANK
    day = register.places[of_school.choice(register.open_days)]
    codes[pupils.class_a == of_school.choice(_FORGETFUL), day, PM] = BLANK


def _weekdays(register: Register) -> Integers:
    return np.array([day.weekday() for day in register.days], dtype=np.int64)
