"""What may be said of children is decided from who was there and what was said."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safeguards.disclosure.bands import Band
from safeguards.disclosure.certificate import Statement
from safeguards.disclosure.families import Attribute
from safeguards.disclosure.settings import Settings
from safeguards.disclosure.statements import Choice, Row, choose_statements
from tests.support.reports.comings import GROUPS, draw_last_anew, draw_school
from tests.support.reports.terms import build_attributes, publish_report

ONE, OTHER = GROUPS
(PLAN,) = build_attributes(["plan"])


def children(first: int, last: int) -> frozenset[str]:
    return frozenset(f"child {number}" for number in range(first, last + 1))


def said(
    there: frozenset[str],
    least: int,
    most: int,
    attribute: Attribute = PLAN,
    group: str = ONE,
    year: str = "2026/27",
) -> Row:
    statement = Statement(
        family=attribute.family,
        attribute=attribute.key,
        group=group,
        day=date(2026, 12, 11),
        year=year,
        size=len(there),
        band=Band(least, most),
    )
    return Row(statement, there)


def choose(
    *earlier: Row,
    attributes: tuple[Attribute, ...] = (PLAN,),
    year: str = "2026/27",
    **groups: frozenset[str],
) -> tuple[Choice, ...]:
    named = {{"one": ONE, "other": OTHER}[name]: there for name, there in groups.items()}
    return choose_statements(named, attributes, earlier, year=year, settings=Settings())


def test_a_first_report_says_the_finest() -> None:
    """Of 24 fifths, of twelve halves, of nine nothing."""
    (of_24,), (of_12,) = choose(one=children(1, 24)), choose(one=children(1, 12))
    assert of_24.partition[1] == (5, 9)
    assert of_12.partition == ((0, 5), (6, 12))
    assert choose(one=children(1, 9)) == ()


def test_the_same_children_are_not_spoken_of_again() -> None:
    """With any band beside the first, somebody were known to have changed, or too much said."""
    assert choose(said(children(1, 12), 0, 5), one=children(1, 12)) == ()


def test_other_children_are() -> None:
    """Nothing that was said of those who left bears on those who came."""
    before = choose(one=children(13, 24))
    assert choose(said(children(1, 12), 0, 5), one=children(13, 24)) == before


def test_one_who_came_shuts_the_mouth_and_six_open_it() -> None:
    """Of eleven who stayed at most five have it: of 13, six or more tells of both who came."""
    before = said(children(1, 12), 0, 5)
    assert choose(before, one=children(1, 13)) == ()
    (choice,) = choose(before, one=children(7, 18))
    assert choice.partition == ((0, 5), (6, 12))


def test_one_who_crosses_is_inside_the_model() -> None:
    """A group that was spoken of is not spoken of again for having another name."""
    before = said(children(1, 12), 0, 5)
    assert choose(before, other=children(1, 12)) == ()
    assert choose(before, other=children(1, 13)) == ()
    assert choose(before, other=children(20, 31)) != ()


def test_two_groups_of_a_report_are_held_against_each_other() -> None:
    """Those who crossed from 24 into two groups of twelve: what they add up to was said."""
    before = said(children(1, 24), 5, 9)
    alone = choose(before, one=children(1, 12))
    assert alone != ()
    assert choose(before, other=children(13, 24)) != ()
    assert len(choose(before, one=children(1, 12), other=children(13, 24))) == 1


def test_one_of_a_family_is_spoken_of() -> None:
    """The first, or the one that the family began with, while a child of those is there."""
    first, second = (
        Attribute("scores", key, GROUPS, frozenset({"yes"}), frozenset({"no"}))
        for key in ("lower", "scored")
    )
    (new,) = choose(attributes=(first, second), one=children(1, 12))
    assert new.attribute == first
    begun = said(children(1, 12), 0, 5, second)
    (still,) = choose(begun, attributes=(first, second), one=children(7, 18))
    assert still.attribute == second
    assert choose(begun, attributes=(first,), one=children(7, 18)) == ()
    (again,) = choose(begun, attributes=(first, second), one=children(13, 24))
    assert again.attribute == first


def test_a_yearly_attribute_begins_anew() -> None:
    """Who was suspended last year says nothing of this one."""
    yearly = Attribute(
        "suspension", "suspended", GROUPS, frozenset({"yes"}), frozenset({"no"}), is_yearly=True
    )
    last = said(children(1, 12), 0, 5, yearly, year="2025/26")
    assert len(choose(last, attributes=(yearly,), one=children(1, 12))) == 1
    this = said(children(1, 12), 0, 5, yearly)
    assert choose(this, attributes=(yearly,), one=children(1, 12)) == ()


def test_families_know_nothing_of_each_other() -> None:
    """What was said of one leaves the other as it was."""
    other = build_attributes(["other"])
    before = said(children(1, 12), 0, 5)
    assert len(choose(before, attributes=(PLAN, *other), one=children(1, 12))) == 1


@pytest.mark.slow
@settings(max_examples=5)
@given(st.integers(0, 10**6))
def test_what_is_not_said_tells_nothing(seed: int) -> None:
    """With the same comings and goings and the same earlier statements, the same is spoken of.

    Today's values are drawn anew, and each band that is said then is one of a partition that
    is the same for all of them.
    """
    rng = Random(seed)
    school = draw_school(rng, 3, (12, 10), turnover=0.3, crossing=0.1, attributes=2)
    earlier = [publish_report(school, 0, [])]
    earlier.append(publish_report(school, 1, earlier))
    spoken_of = set()
    bands: dict[tuple[str, str], set[Band]] = {}
    for _ in range(6):
        last = publish_report(draw_last_anew(rng, school), 2, earlier)
        told = last.certificate.statements
        spoken_of.add(
            tuple((each.family, each.attribute, each.group, each.day, each.size) for each in told)
        )
        for each in told:
            bands.setdefault((each.attribute, each.group), set()).add(each.band)
    assert len(spoken_of) == 1
    for found in bands.values():
        counts = [count for band in found for count in range(band.least, band.most + 1)]
        assert len(counts) == len(set(counts))
