"""The intervals that a statement may name, and their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguards.disclosure.bands import Band, describe_band, find_band, list_partitions
from safeguards.disclosure.settings import Settings

DEFAULT = Settings()


def test_the_finest_comes_first() -> None:
    """25 counts of 24 children: five fives, three of eight or nine, halves, uneven halves."""
    fifths, thirds, halves, *uneven = list_partitions(24, DEFAULT)
    assert fifths == ((0, 4), (5, 9), (10, 14), (15, 19), (20, 24))
    assert thirds == ((0, 7), (8, 15), (16, 24))
    assert halves == ((0, 11), (12, 24))
    # each side keeps a third of the counts: nine of 25
    assert [first.most + 1 for first, _ in uneven] == [11, 13, 10, 14, 9, 15, 16]


def test_few_children_have_few_partitions() -> None:
    """None under ten; eleven counts of ten children make two bands of five or more, two ways."""
    assert list_partitions(9, DEFAULT) == ()
    assert list_partitions(0, DEFAULT) == ()
    assert list_partitions(10, DEFAULT) == (((0, 4), (5, 10)), ((0, 5), (6, 10)))
    assert list_partitions(3, Settings(fewest_for_statements=3)) == ()


def test_an_attribute_may_ask_for_wide_bands_only() -> None:
    """Halves are the finest that this one is spoken of in."""
    assert list_partitions(24, DEFAULT, "halves")[0] == ((0, 11), (12, 24))
    assert list_partitions(24, DEFAULT, "thirds")[0] == ((0, 7), (8, 15), (16, 24))


@given(st.integers(10, 80), st.integers(2, 9), st.sampled_from(["fifths", "thirds", "halves"]))
def test_each_count_is_in_one_band_that_is_wide_enough(
    size: int, narrowest: int, finest: str
) -> None:
    """Of any group, in any partition."""
    for partition in list_partitions(size, Settings(narrowest=narrowest), finest):
        counts = [count for least, most in partition for count in range(least, most + 1)]
        assert counts == list(range(size + 1))
        assert all(most - least + 1 >= narrowest for least, most in partition)
        found = [find_band(partition, count) for count in counts]
        assert all(least <= at <= most for at, (least, most) in zip(counts, found, strict=True))


@pytest.mark.parametrize(
    ("band", "size", "words"),
    [
        (Band(5, 9), 24, "between 5 and 9 of 24"),
        (Band(0, 4), 24, "4 or fewer of 24"),
        (Band(20, 24), 24, "20 or more of 24"),
        (Band(0, 11), 24, "fewer than half of 24"),
        (Band(12, 24), 24, "half or more of 24"),
        (Band(13, 24), 24, "13 or more of 24"),
        (Band(0, 6), 13, "fewer than half of 13"),
        (Band(7, 13), 13, "more than half of 13"),
        (Band(0, 7), 13, "7 or fewer of 13"),
    ],
)
def test_a_band_in_words(band: Band, size: int, words: str) -> None:
    """Half is said where it is half."""
    assert describe_band(band, size) == words


def test_a_count_that_no_band_holds_is_a_fault() -> None:
    """More than there are children."""
    with pytest.raises(ValueError, match="no band"):
        find_band((Band(0, 4), Band(5, 10)), 11)
