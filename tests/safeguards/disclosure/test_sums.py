"""Which sums may be told, by hand and against whoever knows one child."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguards.disclosure.large_groups import LargeGroups
from safeguards.disclosure.sums import is_safe


def ask(shares: list[int], most: int = 120, whole: list[int] | None = None) -> bool:
    """Whether the sum of these may be told to who knows that nobody can have more than `most`."""

    def name(numbers: list[int]) -> dict[str, int]:
        return {f"child {place}": number for place, number in enumerate(numbers)}

    spare = name([most - each for each in whole or shares])
    return is_safe(name(shares), spare, 20, whole=name(whole) if whole else None)


def test_the_second_largest_must_not_guess_the_largest() -> None:
    """Who missed 20 takes the rest for the other's: 100 needs more than 20 besides."""
    assert not ask([100, 20, 4, 4, 4, 4, 4])
    assert ask([100, 20, 5, 4, 4, 4, 4])


def test_a_sum_of_nothing_would_tell_of_everybody() -> None:
    """Nor may one be told that two children share, whoever knows one."""
    assert not ask([0] * 8)
    assert not ask([3, 3, 0, 0, 0, 0, 0, 0])
    assert ask([3, 3, 1, 0, 0, 0, 0, 0])


def test_who_was_hardly_there_is_hidden_too() -> None:
    """Where all but one attended nothing, the sum tells what that one missed."""
    assert not ask([120, 120, 120, 120, 120, 120, 120, 60])


def test_what_the_year_has_left_hides_pounds() -> None:
    """Each has had all of the year's but a little: what is told of the term is each one's own."""
    most = 2_630
    assert ask([300] * 7, most, whole=[most - 110] * 7)
    assert not ask([300] * 7, most, whole=[most - 100] * 7)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=8), st.integers(40, 60))
def test_nobody_comes_within_a_fifth_of_another(shares: list[int], most: int) -> None:
    """Who knows one child finds another world for each other one, a fifth off both ways."""
    if not ask(shares, most):
        return
    total = sum(shares)
    for insider, known in enumerate(shares):
        for child, share in enumerate(shares):
            if child == insider:
                continue
            others = len(shares) - 2
            highest = min(most, total - known)
            lowest = max(0, total - known - others * most)
            assert highest * 5 > share * 6 or highest == most
            assert lowest * 5 < share * 4 or lowest == 0


def test_counts_of_a_large_group_are_rounded_and_small_ones_suppressed() -> None:
    """As the DfE's statistics give them, and so are those that are small short of all."""
    groups = LargeGroups()
    told = [groups.compute_count(count, 120) for count in (0, 5, 6, 14, 15, 114, 115, 120)]
    assert told == [None, None, 10, 10, 20, 110, None, None]
    assert (
        LargeGroups.from_thresholds(
            {"report_large_group": 50.0, "report_rounding": 5.0, "report_fewest": 3.0}.__getitem__
        ).compute_count(8, 60)
        == 10
    )


@pytest.mark.parametrize(("count", "size"), [(20, 99), (-1, 120), (121, 120)])
def test_a_group_that_is_not_large_is_not_counted(count: int, size: int) -> None:
    with pytest.raises(ValueError, match="none of a large group"):
        LargeGroups().compute_count(count, size)
