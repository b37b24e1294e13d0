"""The figures of one term's report: the only way out for figures about children.

The gate counts what the school did, and adds up sessions and pounds; it counts no children by
what is true of them.  `publish_figures` remembers which days it told, for the reports to come:
a sum is told once, and stands as printed.  Nothing is stored here: what was published before
comes in as plain data, and what is published goes out so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from queries.school_year import get_first_day
from safeguards.disclosure.figures import (
    MISSED,
    PLANNED,
    SPENT,
    SUSPENDED,
    Duties,
    Figures,
    Rate,
    Roll,
    Slice,
    Spent,
    Sum,
    Term,
)
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.sums import Shares, is_safe
from safeguards.errors import ReportError

_TERMS = ("autumn", "spring", "summer")
#: By child and day, how much there is of something.
Daily = Mapping[str, Mapping[date, int]]
_Days = frozenset[date]


@dataclass(frozen=True)
class TermDays:
    """A term of the year that has begun, and whether the register of any of it is here."""

    name: str
    first_day: date
    last_day: date
    has_register: bool


@dataclass(frozen=True)
class Amounts:
    """What is added up of the children looked after in an academic year, up to the day.

    open: sessions in which the school was open while a child was in the group, which hang on
    the calendar and on who was here.  daily: of MISSED, SUSPENDED, PLANNED and SPENT.
    """

    open: Daily
    daily: Mapping[str, Daily]


def publish_figures(
    term: Term,
    day: date,
    terms: Sequence[TermDays],
    roll: Mapping[str, Roll],
    amounts: Amounts,
    duties: Duties,
    earlier: Sequence[Figures],
    *,
    group: str,
    rates: Sequence[Rate] | None = None,
    settings: Settings | None = None,
) -> Figures:
    """What may be said in the reports of a term, the last of `terms`.

    roll: as it is, by group; `group` is that of the amounts and duties.  earlier: what every
    other report said, withdrawn ones too.  ReportError if the term was reported on.
    """
    settings = settings or Settings()
    if any(each.term == term for each in earlier):
        raise ReportError(
            f"The {term.name} term of {term.year} already has a final report. Download that report "
            "again."
        )
    gate, sums, year, slices = _Gate(amounts, settings), {}, {}, list[Slice]()
    year_days = _expand([(get_first_day(term.year), day)])
    for what in (MISSED, SUSPENDED, PLANNED):
        told = _list_slices(what, term, earlier)
        untold = year_days - _get_days(told)
        now = untold & _expand([(terms[-1].first_day, day)])
        new = gate.choose(what, now, untold - now)
        slices += new
        sums[what] = next(
            (gate.describe(each, now) for each in new if now <= _get_days([each])), Sum(None)
        )
        year[what] = _add_up([*told, *new], year_days & gate.open_days, terms)
    known = {each.name for each in terms if each.has_register}
    return Figures(
        term,
        day,
        roll={name: _mask_roll(each, settings.fewest) for name, each in roll.items()},
        is_counted=(roll[group].children or 0) >= settings.fewest,
        sums=sums,
        year=year,
        slices=tuple(slices),
        duties=duties,
        rates=None if rates is None else tuple(rates),
        missing=tuple(each for each in _TERMS[: _TERMS.index(term.name) + 1] if each not in known),
        settings=settings,
    )


def add_year(
    figures: Figures, duties: Duties, amounts: Amounts, earlier: Sequence[Figures]
) -> Figures:
    """The figures with what only an annual report says: the year's duties, and what was spent.

    What was spent is told once in a year, where what was planned in all of it is told, and is
    still what was told: of other children or later rows the two sums would give the difference.
    """
    told = [
        each.spent
        for each in earlier
        if each.term.year == figures.term.year and each.spent and each.spent.value is not None
    ]
    planned = figures.year[PLANNED]
    slices = [each for each in figures.slices if each.what == PLANNED]
    days = _get_days([*_list_slices(PLANNED, figures.term, earlier), *slices])
    gate = _Gate(amounts, figures.settings)
    is_open = not told and not planned.held_back and planned.value == gate.add_planned(days)
    value = gate.add_spent(days) if is_open else None
    spent = told[0] if told else Spent(value, figures.day)
    return replace(figures, year_duties=duties, spent=spent)


class _Gate:
    """The rule for sums, on the amounts of a year; it decides on any days of it."""

    def __init__(self, amounts: Amounts, settings: Settings) -> None:
        self._amounts, self._settings = amounts, settings
        #: On which the school was open to somebody of the group.
        self.open_days = frozenset(day for days in amounts.open.values() for day in days)

    def choose(self, what: str, now: _Days, before: _Days) -> list[Slice]:
        """The sums of a term's days, and of the days of its year that no report has told.

        Best both; else one sum of all of them, since a year is a year; else one of the two.
        """
        for wanted in ([now, before], [now | before], [now], [before]):
            parts = [self._add_up(what, each) for each in wanted if each & self.open_days]
            told = [each for each in parts if each]
            if told and len(told) == len(parts):
                return told
        return []

    def describe(self, told: Slice, now: _Days) -> Sum:
        """What was told as the sum of a term, with the day that it begins on if that is before."""
        days = _get_days([told])
        since = None if days == now else min(days & self.open_days)
        return Sum(told.value, told.base, since=since)

    def _add_up(self, what: str, days: _Days) -> Slice | None:
        """The sum of these days; None where it may not be told."""
        opened, shares = self._add_open(days), self._add(what, days)
        if what == PLANNED:
            year = self._add(what, None)
            is_told = self._is_safe(shares, self._subtract_from_most(year), opened, whole=year)
        else:
            is_told = self._is_safe(shares, _subtract(opened, shares), opened)
        if what == SUSPENDED and is_told:  # what else was missed could be told as well
            others = _subtract(self._add(MISSED, days), shares)
            is_told = self._is_safe(others, _subtract(opened, others), opened)
        if not is_told:
            return None
        return Slice(what, _join(days), sum(shares.values()), sum(opened.values()))

    def add_planned(self, days: _Days) -> int:
        """The pounds planned on these days as the facts are now, whatever was told before."""
        return sum(self._add(PLANNED, days).values())

    def add_spent(self, days: _Days) -> int | None:
        """The pounds spent of what was planned on these days; None where they may not be told."""
        opened, spent = self._add_open(days), self._add(SPENT, days)
        left = _subtract(self._add(PLANNED, days), spent)
        is_told = min(left.values(), default=0) >= 0 and all(
            self._is_safe(each, self._subtract_from_most(each), opened)
            for each in (spent, *([left] if any(left.values()) else []))
        )
        return sum(spent.values()) if is_told else None

    def _is_safe(
        self, shares: Shares, spare: Shares, opened: Shares, *, whole: Shares | None = None
    ) -> bool:
        """Whether the group is large enough, by who was in it, and the p% rule holds."""
        is_large = sum(each > 0 for each in opened.values()) >= self._settings.fewest
        return is_large and is_safe(shares, spare, self._settings.percent, whole=whole)

    def _add_open(self, days: _Days) -> dict[str, int]:
        return {child: _add(each, days) for child, each in self._amounts.open.items()}

    def _add(self, what: str, days: _Days | None) -> dict[str, int]:
        """What each child of the year has on these days, or on all."""
        daily = self._amounts.daily.get(what, {})
        return {child: _add(daily.get(child, {}), days) for child in self._amounts.open}

    def _subtract_from_most(self, shares: Shares) -> dict[str, int]:
        most = self._settings.most_premium
        return {child: max(0, most - share) for child, share in shares.items()}


def _list_slices(what: str, term: Term, earlier: Iterable[Figures]) -> list[Slice]:
    """What was told of a year, each once: the reports of one term share theirs."""
    found = [
        told
        for figures in earlier
        if figures.term.year == term.year
        for told in figures.slices
        if told.what == what
    ]
    return list(dict.fromkeys(found))


def _add_up(told: Sequence[Slice], open_days: _Days, terms: Sequence[TermDays]) -> Sum:
    """The sum of what was told, and of which terms some of `open_days` is not in it."""
    untold = open_days - _get_days(told)
    return Sum(
        sum(each.value for each in told) if told else None,
        sum(each.base for each in told),
        tuple(each.name for each in terms if untold & _expand([(each.first_day, each.last_day)])),
    )


def _mask_roll(roll: Roll, fewest: int) -> Roll:
    def mask(number: int | None) -> int | None:
        return None if number is not None and 0 < number < fewest else number

    return Roll(mask(roll.children), mask(roll.arrived), mask(roll.left))


def _add(daily: Mapping[date, int], days: _Days | None) -> int:
    return sum(count for day, count in daily.items() if days is None or day in days)


def _subtract(shares: Shares, others: Shares) -> dict[str, int]:
    return {child: share - others[child] for child, share in shares.items()}


def _get_days(told: Iterable[Slice]) -> _Days:
    return _expand(ends for each in told for ends in each.days)


def _expand(stretches: Iterable[tuple[date, date]]) -> _Days:
    """Every day from the first to the last of each."""
    return frozenset(
        first + timedelta(days=number)
        for first, last in stretches
        for number in range((last - first).days + 1)
    )


def _join(days: _Days) -> tuple[tuple[date, date], ...]:
    """The stretches without a break."""
    found: list[list[date]] = []
    for day in sorted(days):
        if not found or day - found[-1][1] > timedelta(days=1):
            found.append([day, day])
        found[-1][1] = day
    return tuple((first, last) for first, last in found)
