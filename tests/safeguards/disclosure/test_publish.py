"""Which totals of a term may be told: of six children or more, of whole terms, and once."""

from dataclasses import replace

import msgspec
import pytest

from safeguards.disclosure.figures import Figures, Roll, Totals
from safeguards.disclosure.publish import describe_spent, mask_roll, sum_year
from safeguards.disclosure.settings import Settings
from safeguards.journal.journal import to_record
from tests.support.reports.facts import AUTUMN, SPRING, SUMMER, YEAR, build_facts, build_rows, total

EVEN = [4] * 8
#: One child missed nearly all that is missed, so no sum of such a term may be told.
ONE = [90, 5, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(("size", "is_told"), [(1, False), (5, False), (6, True), (12, True)])
def test_a_total_is_told_of_six_children_or_more(size: int, is_told: bool) -> None:
    """Sessions and pounds alike."""
    (totals,) = total(build_rows(AUTUMN, [4] * size, planned=[300] * size))
    assert (totals.missed, totals.sessions) == ((4 * size, 140 * size) if is_told else (None, 0))
    assert totals.planned == (300 * size if is_told else None)


def test_the_roll_gives_no_number_from_one_to_five() -> None:
    assert mask_roll(Roll(5, 1, 0), 6) == Roll(None, None, 0)
    assert mask_roll(Roll(6, 7, 0), 6) == Roll(6, 7, 0)


def test_another_figure_in_the_row_is_another_gate() -> None:
    rows = build_rows(AUTUMN, EVEN)
    assert total(rows, settings=Settings(fewest=9))[0].missed is None
    tighter = build_rows(AUTUMN, [9, 9, 2, 2, 2, 2])
    assert total(tighter)[0].missed == 26
    assert total(tighter, settings=Settings(percent=90))[0].missed is None


def test_a_total_of_which_one_child_has_most_is_not_told() -> None:
    (totals,) = total(build_rows(AUTUMN, ONE, planned=[2000, 100, 0, 0, 0, 0, 0, 0]))
    assert (totals.missed, totals.planned) == (None, None)


def test_a_term_with_a_day_that_has_no_register_has_no_total_of_sessions() -> None:
    """Pounds have one, whatever the register."""
    (totals,) = total(build_rows(AUTUMN, EVEN, planned=[300] * 8), days_without_marks=1)
    assert (totals.missed, totals.planned) == (None, 2_400)


def test_a_child_who_was_never_there_hides_nobody() -> None:
    """Five were here, and a sixth has pounds from the holiday before."""
    rows = build_rows(AUTUMN, [4] * 5, planned=[300] * 5)
    gone = replace(rows[0], pupil_id="gone", is_member=False, sessions=0, missed=0)
    assert total([*rows, gone])[0] == Totals(AUTUMN)


def test_the_whole_school_is_given_only_beside_a_small_part_of_it() -> None:
    """8 children with 140 sessions each are a quarter of 4,480."""
    rows = build_rows(AUTUMN, EVEN)
    assert total(rows, school_sessions=4_480)[0].school_share == 1_620 / 4_480
    assert total(rows, school_sessions=4_479)[0].school_share is None
    assert total(rows, school_sessions=0, school_missed=0)[0].school_share is None


def test_a_year_is_the_sum_of_its_terms_or_is_not_told() -> None:
    rows = [
        row
        for term, pounds in ((AUTUMN, 300), (SPRING, 200), (SUMMER, 100))
        for row in build_rows(term, EVEN, planned=[pounds] * 8, spent=[pounds // 2] * 8)
    ]
    totals = total(rows, AUTUMN, SPRING, SUMMER)
    year = sum_year(totals, rows, Settings())
    assert year == Totals(YEAR, 96, 3_360, 4_860, 90_000, 4_800, "about half")
    assert sum_year(totals[:2], rows, Settings()) is None
    hidden = sum_year((replace(totals[0], missed=None), *totals[1:]), rows, Settings())
    assert hidden is not None
    assert (hidden.missed, hidden.planned) == (None, 4_800)


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (0, "less than half"),
        (399, "less than half"),
        (400, "about half"),
        (599, "about half"),
        (600, "most"),
        (899, "most"),
        (900, "nearly all or all"),
        (1_001, "nearly all or all"),
    ],
)
def test_what_was_spent_is_in_words(spent: int, words: str) -> None:
    """Of £1,000. A pound beyond what was planned changes nothing."""
    assert describe_spent(1_000, spent, Settings()) == words


# Corrections


def test_a_term_that_was_told_keeps_its_totals() -> None:
    """Nothing was corrected; a child who is erased or restricted is not compared."""
    rows = build_rows(AUTUMN, EVEN, planned=[300] * 8)
    (first,) = total(rows)
    for now in (rows, rows[1:], [replace(row, spent=200) for row in rows]):
        assert total(now, earlier={AUTUMN: (first, rows)}) == (first,)


@pytest.mark.parametrize(
    ("missed", "expected"),
    [
        ([5, 4, 4, 4, 4, 4, 4, 4], 32),  # of one child
        ([6] * 5 + [4] * 3, 32),  # of five
        ([6] * 7 + [4], 46),  # of seven, two sessions each
        ([2] * 8, 16),
        ([6] * 7 + [2], 32),  # not all in one way
    ],
)
def test_a_correction_is_said_and_changes_a_total_if_it_may_be_told_by_itself(
    missed: list[int], expected: int
) -> None:
    rows = build_rows(AUTUMN, EVEN, planned=[300] * 8)
    (first,) = total(rows)
    (now,) = total(build_rows(AUTUMN, missed, planned=[300] * 8), earlier={AUTUMN: (first, rows)})
    assert now == replace(first, missed=expected, is_corrected=True)


def test_a_child_who_is_known_later_is_a_correction() -> None:
    rows = build_rows(AUTUMN, [4] * 9)
    (first,) = total(rows[:8])
    assert total(rows, earlier={AUTUMN: (first, rows[:8])}) == (replace(first, is_corrected=True),)


def test_figures_come_back_as_they_were() -> None:
    figures = build_facts(period=YEAR).figures
    assert msgspec.convert(to_record(figures), Figures) == figures
