"""Marks of one academic year for many children at once.

A child misses a quota of sessions: their rate times their possible sessions.  Every session gets an
absence score, which depends on the days before, and the child misses the sessions with the highest
scores.  So absences come in spells, and rates are as they were drawn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthetic.calendar import FRIDAY, MONDAY, Register
from synthetic.population.groups import GROUPS
from synthetic.subjects.suspensions import SUSPENDED

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Codes = NDArray[np.uint8]

#: The codes in use, by number.  0 is a blank.  They are not read from the code lists: what a school
#: sends must not depend on what intake accepts.
CODES: tuple[str, ...] = (
    "", "/", "\\", "L", "B", "K", "P", "V",
    "C", "C2", "E", "I", "M", "R",
    "G", "N", "O", "U",
    "D", "Y", "Y1", "Y4", "#",
)  # fmt: skip

BLANK = 0

_NUMBERS = {code: number for number, code in enumerate(CODES)}
_FIRST_YEAR_OF_NEW_CODES = 2024

#: The older codes, before 19 August 2024, for codes that were introduced on that day.
_BEFORE = {"C2": "C", "K": "B", "Y1": "Y", "Y4": "Y"}

AM, PM = 0, 1

#: The value for no unsettled weeks in the year.  The rise of a day's absence score in unsettled
#: weeks, their length in days, and the rise on hard Mondays: in standard deviations of the score.
NEVER_UNSETTLED, _UNSETTLED, _UNSETTLED_DAYS, _MONDAYS = -1000, 0.9, 40, 0.75

#: The shares of spells for which the reason is known at once, and within a week.
_KNOWN_AT_ONCE, _KNOWN_IN_A_WEEK = 0.62, 0.97
#: The codes that can replace N once the reason is known.
_ASKED_FOR = "IOG"

#: How often a child is late in the afternoon, compared with the morning, and the share of sessions
#: left blank.  Then the shares of attended sessions on a visit, at a sport or elsewhere.
_LATE_IN_THE_AFTERNOON, _GAPS = 0.02, 1 / 8000
_ELSEWHERE = {"V": 0.006, "P": 0.001, "B": 0.0005}
#: The share of afternoons with a tutor (K), for a child with at least this absence rate.
_TUTORED, _SEVERE = 0.05, 0.5
#: How far the score falls on a day on which records show the child at the school.
_SEEN = 50.0


def get_code_number(code: str, start: int = _FIRST_YEAR_OF_NEW_CODES) -> int:
    """Return the number of a code, or of the older one in use in the academic year `start`."""
    if start < _FIRST_YEAR_OF_NEW_CODES:
        code = _BEFORE.get(code, code)
    return _NUMBERS[code]


@dataclass(frozen=True)
class Pupils:
    """The children of one academic year, in arrays of equal length.

    `rate`: the absence rate, 0 to 1.
    `group`: the place in GROUPS.
    `misses_mondays`: whether Mondays are hard for the child.
    `first` and `last`: the first and last day on roll, as places in the register's days.
    `unsettled_from`: the place of the day of an upheaval, or NEVER_UNSETTLED.
    `fixed`: the code of a suspension or part-time timetable for each day and half, or BLANK.
    `seen`: whether records show the child at the school, for each day.
    """

    rate: Floats
    group: Integers
    misses_mondays: Booleans
    first: Integers
    last: Integers
    unsettled_from: Integers
    fixed: Codes
    seen: Booleans


@dataclass(frozen=True)
class MarkGrid:
    """Marks by child, day and half.

    `codes`: the final code, as a place in CODES, or 0 if blank or not on roll.
    `reason_after`: the school days until the reason of an absence was known.
    """

    codes: Codes
    reason_after: NDArray[np.int16]


def generate_marks(rng: np.random.Generator, pupils: Pupils, register: Register) -> MarkGrid:
    """Generate the marks of every child on every day of the register.  A few are left blank."""
    fixed = _close_days(pupils.fixed, register)
    day = np.arange(len(register.days))[None, :]
    enrolled = ((pupils.first[:, None] <= day) & (day <= pupils.last[:, None]))[:, :, None]
    free = enrolled & (fixed == BLANK)
    away = enrolled & np.isin(
        fixed, [get_code_number(SUSPENDED), get_code_number("C2", register.start)]
    )
    quota = _draw_quota(rng, pupils.rate, free, away)
    score = _draw_absence_scores(rng, pupils, register) - _SEEN * pupils.seen[:, :, None]
    absent = _select_absences(score, free, quota)
    reasons, reason_after = _draw_reasons(rng, pupils, register, absent)
    codes = np.where(free, _draw_present_marks(rng, pupils, register), fixed)
    codes = np.where(absent, reasons, codes)
    is_gap = (rng.random(codes.shape) < _GAPS) & free & ~pupils.seen[:, :, None]
    codes[~enrolled[:, :, 0]] = BLANK
    codes[is_gap] = BLANK
    return MarkGrid(codes.astype(np.uint8), np.where(absent, reason_after, 0).astype(np.int16))


def mask_pending_reasons(grid: MarkGrid, days_since: Integers) -> Codes:
    """Return the codes as a file shows them: N while the reason was not known.

    `days_since`: the school days from each day of the register to the day of the file.
    """
    waiting = (grid.reason_after > days_since[None, :, None]) & (days_since[None, :, None] >= 0)
    return np.where(waiting, get_code_number("N"), grid.codes).astype(np.uint8)


def _close_days(fixed: Codes, register: Register) -> Codes:
    closed = fixed.copy()
    for n, day in enumerate(register.days):
        if day in register.whole_day:
            closed[:, n, :] = get_code_number(register.whole_day[day])
        elif day in register.afternoon:
            closed[:, n, PM] = get_code_number(register.afternoon[day])
    return closed


def _draw_quota(rng: np.random.Generator, rate: Floats, free: Booleans, away: Booleans) -> Integers:
    """Return the number of sessions to miss besides those on record, rounded by chance."""
    possible, known = free.sum(axis=(1, 2)), away.sum(axis=(1, 2))
    sessions = np.floor(rate * (possible + known) + rng.random(len(rate))) - known
    return np.asarray(np.clip(sessions, 0, possible), dtype=np.int64)


def _draw_absence_scores(rng: np.random.Generator, pupils: Pupils, register: Register) -> Floats:
    """Return a score around 0 for each child and session.  A session with a high one is missed.

    A high score on one day raises those of the next three days, which makes spells.
    """
    shape = (len(pupils.rate), len(register.days))
    white = rng.standard_normal((shape[0], shape[1] + 3), dtype=np.float32)
    day = sum(w * white[:, 3 - k : shape[1] + 3 - k] for k, w in enumerate((1.0, 0.8, 0.6, 0.35)))
    day = np.asarray(day) / 1.456  # the root of the sum of the squared weights
    weekday = np.array([date.weekday() for date in register.days])
    months = np.array([date.month for date in register.days])
    day = day + 0.35 * np.cos(2 * np.pi * (months - 1) / 12)[None, :]
    day = day + (0.12 * (weekday == MONDAY) + 0.18 * (weekday == FRIDAY))[None, :]
    day = day + _MONDAYS * pupils.misses_mondays[:, None] * (weekday == MONDAY)[None, :]
    since = np.arange(shape[1])[None, :] - pupils.unsettled_from[:, None]
    unsettled = (since >= 0) & (since < _UNSETTLED_DAYS)
    day = day + _UNSETTLED * unsettled
    half = rng.standard_normal((*shape, 2), dtype=np.float32)
    return np.asarray(day[:, :, None] + 0.3 * half, dtype=np.float64)


def _select_absences(score: Floats, possible: Booleans, quota: Integers) -> Booleans:
    """Return the `quota` possible sessions of each child with the highest scores."""
    flat = np.where(possible, score, -np.inf).reshape(len(score), 2 * score.shape[1])
    highest = np.sort(np.c_[flat, np.full(len(flat), np.inf)], axis=1)
    lowest_missed = np.take_along_axis(highest, flat.shape[1] - quota[:, None], axis=1)
    return np.asarray(flat >= lowest_missed).reshape(score.shape)


def _draw_reasons(
    rng: np.random.Generator, pupils: Pupils, register: Register, absent: Booleans
) -> tuple[Codes, Integers]:
    """Return a code for each missed session, and the school days until it was known.

    A spell has one code.  Most are known at once, most others within five days, a few much later.
    """
    flat = absent.reshape(len(absent), 2 * absent.shape[1])
    begins = flat & ~np.pad(flat, ((0, 0), (1, 0)))[:, :-1]
    spell = np.cumsum(begins.reshape(-1)).reshape(flat.shape)
    spells = int(spell.max(initial=0)) + 1
    long = np.bincount(spell[flat], minlength=spells)
    group = np.append(-1, pupils.group[np.nonzero(begins)[0]])
    of_spell = np.zeros(spells, dtype=np.uint8)
    for n, kind in enumerate(GROUPS.values()):
        for shares, wanted in ((kind.spells, long > 1), (kind.single, long == 1)):
            numbers = [get_code_number(code, register.start) for code in shares]
            places = np.flatnonzero(wanted & (group == n))
            odds = np.array(list(shares.values()))
            of_spell[places] = rng.choice(numbers, len(places), p=odds / odds.sum())
    codes = np.where(flat, of_spell[spell], BLANK)
    # U means late after the register closed, which is a mark for mornings.
    codes[:, PM::2][codes[:, PM::2] == get_code_number("U")] = get_code_number("O")
    delay, late = rng.random(spells), rng.integers(1, 6, spells)
    wait = np.where(delay < _KNOWN_AT_ONCE, 0, np.where(delay < _KNOWN_IN_A_WEEK, late, late * 3))
    asked_for = np.isin(codes, [get_code_number(code) for code in _ASKED_FOR])
    return codes.reshape(absent.shape), np.where(asked_for, wait[spell], 0).reshape(absent.shape)


def _draw_present_marks(rng: np.random.Generator, pupils: Pupils, register: Register) -> Codes:
    """Return the marks of children who came: present, late, or educated elsewhere."""
    children, days = len(pupils.rate), len(register.days)
    codes = np.empty((children, days, 2), dtype=np.uint8)
    codes[:, :, AM], codes[:, :, PM] = get_code_number("/"), get_code_number("\\")
    draw = rng.random((children, days, 2))
    late = np.array([group.late for group in GROUPS.values()])[pupils.group]
    codes[draw < late[:, None, None] * np.array([1.0, _LATE_IN_THE_AFTERNOON])] = get_code_number(
        "L"
    )
    highest = 1.0
    for code, share in _ELSEWHERE.items():
        codes[(draw > highest - share) & (draw <= highest)] = get_code_number(code)
        highest -= share
    tutored = _TUTORED * (pupils.rate >= _SEVERE)[:, None]
    codes[:, :, PM][draw[:, :, AM] > 1 - tutored] = get_code_number("K", register.start)
    return codes
