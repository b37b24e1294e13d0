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


def test_a_sum_with_a_refund_is_not_told() -> None:
    """Nor one of a year in which a child has one."""
    assert ask([300] * 7, 2_630)
    assert not ask([300] * 7 + [-1], 2_630)
    assert not ask([300] * 8, 2_630, whole=[300] * 7 + [-1])


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


def test_counts_of_a_large_group_go_to_the_midpoint_of_six() -> None:
    """0 alone stays, and a share is of what is told; a smaller group has no row."""
    groups = LargeGroups()
    told = [groups.compute_count(count, 120) for count in (0, 1, 6, 7, 12, 114, 115, 120)]
    assert told == [0, 3, 3, 9, 9, 111, 117, 117]
    rows = [
        {"measure": "b", "counted": 10, "children": 130},
        {"measure": "a", "counted": 130, "children": 130},
        {"measure": "c", "counted": 10, "children": 99},
    ]
    table = groups.build_table(rows)
    assert [(each.measure, each.counted, each.children) for each in table] == [
        ("a", 129, 129),
        ("b", 9, 129),
    ]
    assert [each.share for each in table] == [1.0, 9 / 129]
    own = LargeGroups.from_thresholds(
        {"report_large_group": 50.0, "report_rounding": 4}.__getitem__
    )
    assert own.compute_count(8, 60) == 6


def test_no_two_tables_tell_a_count_below_six() -> None:
    """Of each pair of counts that may be told, the smaller within the larger: what the difference
    of the two can be spans six counts at least; of bare counts it is one.
    """
    groups, most = LargeGroups(), 402 + 30 + 1
    first = next(size for size in range(most) if groups.is_large(size))
    told = [groups.compute_rounded(count) for count in range(most)]

    def find_narrowest(shown: list[int]) -> int:
        spans: dict[tuple[int, int], set[int]] = {}
        for smaller in range(first, most - 30):
            for larger in range(smaller, smaller + 30):
                spans.setdefault((shown[smaller], shown[larger]), set()).add(larger - smaller)
        return min(len(found) for found in spans.values() if min(found) < 6)

    assert find_narrowest(told) >= 6
    assert find_narrowest(list(range(most))) == 1


@pytest.mark.parametrize(("count", "size"), [(20, 99), (20, 102), (-1, 120), (121, 120)])
def test_a_group_that_is_not_large_is_not_counted(count: int, size: int) -> None:
    with pytest.raises(ValueError, match="none of a large group"):
        LargeGroups().compute_count(count, size)
