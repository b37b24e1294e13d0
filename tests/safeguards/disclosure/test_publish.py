"""What a report may say in figures: from six children on, each sum once, and a year is a year."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY
from safeguards.disclosure.figures import MISSED, PLANNED, SUSPENDED, Figures, Roll, Spent, Sum
from safeguards.disclosure.publish import add_year
from safeguards.disclosure.settings import Settings
from safeguards.errors import ReportError
from safeguards.journal.journal import to_record
from tests.support.reports.facts import (
    AUTUMN,
    SPRING,
    SUMMER,
    YEAR,
    build_amounts,
    build_duties,
    list_days,
    publish,
)

EVEN = [4] * 8
#: One child missed nearly all that is missed, so no sum of such a term may be told.
ONE = [90, 5, 1, 1, 1, 1, 1, 1]
SESSIONS = {term.name: 2 * 8 * len(list_days(term.first_day, term.last_day)) for term in YEAR}


def told(figures: Figures, what: str = MISSED) -> tuple[int | None, int, tuple[str, ...]]:
    year = figures.year[what]
    return year.value, year.base, year.held_back


# From six children on


@pytest.mark.parametrize("size", [1, 5, 6, 12])
def test_a_group_is_told_in_figures_from_six_children_on(size: int) -> None:
    """Whatever their records say: so the numbers, the sums, and whether duties are counted."""
    figures = publish(build_amounts([4] * size))
    is_large = size >= 6
    assert figures.roll[LOOKED_AFTER] == Roll(size if is_large else None, None, None)
    assert figures.roll[PREVIOUSLY] == Roll(8, 0, 6)
    assert figures.is_counted == is_large
    assert (figures.sums[MISSED].value is not None) == is_large


def test_another_figure_in_the_row_is_another_gate() -> None:
    stricter = Settings(fewest=9, percent=20, most_premium=2_630)
    assert publish(build_amounts(EVEN), settings=stricter).sums[MISSED] == Sum(None)
    tighter = Settings(fewest=6, percent=90, most_premium=2_630)
    assert publish(build_amounts([9, 9, 2, 2, 2, 2]), settings=tighter).sums[MISSED] == Sum(None)


def test_the_base_is_what_the_calendar_says() -> None:
    """Two sessions a day for each child, whatever was missed."""
    for missed in (EVEN, [9, 8, 7, 6, 5, 4, 3, 2]):
        figures = publish(build_amounts(missed))
        assert figures.sums[MISSED] == Sum(sum(missed), SESSIONS["autumn"])


# Once a term, and a year is a year


def test_the_year_is_the_same_whatever_was_reported_before() -> None:
    """From no other report, from one in the middle of a term, and from each term's."""
    amounts = build_amounts(EVEN)
    autumn = publish(amounts, day=date(2026, 11, 20))
    spring = publish(amounts, autumn, term=SPRING)
    whole = (3 * 32, sum(SESSIONS.values()), ())
    assert told(publish(amounts, term=SUMMER)) == whole
    assert told(publish(amounts, autumn, term=SUMMER)) == whole
    assert told(publish(amounts, spring, term=SUMMER)) == whole
    assert told(publish(amounts, autumn, spring, term=SUMMER)) == whole


def test_what_was_printed_stands_whatever_becomes_of_the_data() -> None:
    """A child is erased, and another's marks are put right, after autumn was reported on."""
    autumn = publish(build_amounts(EVEN))
    later = build_amounts([40, *EVEN[2:]])
    spring = publish(later, autumn, term=SPRING)
    new = publish(later, term=SPRING)
    assert told(spring)[0] == 32 + 64
    assert told(new)[0] == 2 * 64
    assert spring.slices[0].days == ((SPRING.first_day, SPRING.last_day),)


def test_days_after_a_report_are_in_the_next_terms_sum() -> None:
    """Where nothing was missed in them they could not be told alone; and so it says since when."""
    amounts = build_amounts(EVEN)
    autumn = publish(amounts, day=date(2026, 12, 11))
    spring = publish(amounts, autumn, term=SPRING)
    assert spring.sums[MISSED].since == date(2026, 12, 14)
    assert told(spring) == (64, SESSIONS["autumn"] + SESSIONS["spring"], ())


def test_no_day_is_told_twice() -> None:
    """The slices of all reports of a year have no day in common, and the year is their sum."""
    amounts, earlier = build_amounts([9, 8, 7, 6, 5, 4, 3, 2], planned=[300] * 8), list[Figures]()
    for term, day in ((AUTUMN, date(2026, 11, 20)), (SPRING, date(2027, 3, 1)), (SUMMER, None)):
        earlier.append(publish(amounts, *earlier, term=term, day=day))
    for what in (MISSED, PLANNED):
        found = [each for figures in earlier for each in figures.slices if each.what == what]
        days = [day for each in found for ends in each.days for day in list_days(*ends)]
        assert len(days) == len(set(days))
        assert told(earlier[-1], what)[0] == sum(each.value or 0 for each in found)


def test_a_term_that_is_held_back_is_named_unless_the_year_hides_it() -> None:
    """By itself no other term hides what one child missed in autumn; three terms as one do."""
    first = build_amounts(ONE)
    autumn = publish(first)
    assert autumn.sums[MISSED] == Sum(None)
    assert told(autumn) == (None, 0, ("autumn",))
    calm = build_amounts([9, 9, 9, 9, 9, 9, 9, 9], terms=(SPRING, SUMMER))
    both = replace(
        calm,
        open={child: {**calm.open[child], **first.open[child]} for child in calm.open},
        daily={
            MISSED: {
                child: {
                    **calm.daily[MISSED][child],
                    **{d: n for d, n in days.items() if d <= AUTUMN.last_day},
                }
                for child, days in first.daily[MISSED].items()
            }
        },
    )
    spring = publish(both, autumn, term=SPRING)
    assert spring.sums[MISSED].since == AUTUMN.first_day
    assert told(spring) == (101 + 72, SESSIONS["autumn"] + SESSIONS["spring"], ())
    second = publish(build_amounts(ONE), publish(build_amounts(EVEN)), term=SPRING)
    assert told(second) == (32, SESSIONS["autumn"], ("spring",))


def test_a_term_without_a_register_is_named() -> None:
    amounts = build_amounts(EVEN, terms=(SPRING,))
    assert publish(amounts, term=SPRING).missing == ()
    terms = (replace(AUTUMN, has_register=False), SPRING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.support.reports.facts.YEAR", terms)
        assert publish(amounts, term=SPRING).missing == ("autumn",)


def test_a_term_is_reported_on_once() -> None:
    autumn = publish(build_amounts(EVEN))
    with pytest.raises(ReportError, match="autumn term of 2026/27"):
        publish(build_amounts(EVEN), autumn)


# Suspensions and pounds


def test_sessions_lost_to_suspension_hide_nobody_who_missed_for_another_reason() -> None:
    """What is missed less what is suspended is a sum as well, so it must be safe."""
    many, all_but_one = [9, 9, 9, 9, 9, 9, 9, 9], [9, 9, 9, 9, 9, 9, 9, 5]
    some = [4, 4, 4, 4, 4, 4, 4, 4]
    assert publish(build_amounts(many, suspended=some)).sums[SUSPENDED].value == 32
    assert publish(build_amounts(many, suspended=all_but_one)).sums[SUSPENDED] == Sum(None)
    assert publish(build_amounts(many)).sums[SUSPENDED] == Sum(None)


def test_what_was_spent_is_told_once_a_year_beside_all_that_was_planned() -> None:
    amounts = build_amounts(EVEN, planned=[300] * 8, spent=[200] * 8)
    spring = publish(amounts, term=SPRING)
    assert spring.spent is None
    first = add_year(spring, build_duties(8), amounts, [])
    assert first.spent == Spent(2 * 1_600, SPRING.last_day)
    summer = publish(amounts, first, term=SUMMER)
    assert add_year(summer, build_duties(8), amounts, [first]).spent == first.spent
    told = add_year(summer, build_duties(8), amounts, [spring])
    assert told.spent == Spent(3 * 1_600, SUMMER.last_day)
    # a row that came late, or a child who is back, would be the difference of the two
    later = build_amounts(EVEN, planned=[300] * 7 + [750], spent=[200] * 7 + [650])
    assert add_year(summer, build_duties(8), later, [spring]).spent == Spent(None, SUMMER.last_day)


@pytest.mark.parametrize(
    ("planned", "spent", "is_told"),
    [
        ([300] * 8, [300] * 8, True),  # all of it: nothing is left of anybody's
        ([300] * 8, [300] * 6 + [100] * 2, False),  # what is left is that of two
        ([300] * 8, [310] + [100] * 7, False),  # somebody has spent more than was planned
        ([300] * 8, [250] + [0] * 7, False),  # what is spent is one child's
    ],
)
def test_what_is_left_of_the_plans_could_be_told_as_well(
    planned: list[int], spent: list[int], is_told: bool
) -> None:
    amounts = build_amounts(EVEN, planned=planned, spent=spent)
    year = add_year(publish(amounts), build_duties(8), amounts, [])
    assert year.spent is not None
    assert (year.spent.value is not None) == is_told


# Kept


def test_figures_come_back_as_they_were() -> None:
    amounts = build_amounts(EVEN, planned=[300] * 8, spent=[200] * 8)
    figures = publish(amounts, publish(amounts), term=SPRING)
    for each in (figures, add_year(figures, build_duties(8), amounts, [])):
        assert msgspec.convert(to_record(each), Figures) == each
