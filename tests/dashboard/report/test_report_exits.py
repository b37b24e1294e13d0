"""No way out of a report tells more than its tables: files, charts, alt texts, sentences."""

from collections import defaultdict
from dataclasses import replace
from random import Random

import pytest

from dashboard.report import make, sections
from dashboard.report.content.model import Picture, Table
from safeguards.disclosure import Release
from safeguards.disclosure.solver.suppressed import Suppressed
from tests.support import sizes
from tests.support.reports.report_cohorts import GROUP, documents, drawn, released


def told(release: Release) -> str:
    """All that is published, in one text; hidden figures are one mark in it."""
    figures = release.groups[GROUP]
    return repr((figures.size, figures.tables, release.duties, release.sums))


@pytest.mark.parametrize(
    ("size", "draws"), [(3, 6), (7, 30), pytest.param(10, 60, marks=pytest.mark.slow)]
)
def test_groups_that_differ_in_what_is_hidden_make_the_same_files(size: int, draws: int) -> None:
    """Byte for byte, in Word and PDF: so nothing in them hangs on a hidden figure."""
    rng = Random(size)
    alike = defaultdict(list)
    for _ in range(draws):
        children = drawn(rng, size)
        release = released(children)
        alike[told(release)].append((children, release))
        pairs = [found[:2] for found in alike.values() if len(found) > 1]
        if len(pairs) == (1 if sizes.share() == "few" else 4):
            break
    assert pairs, "no two groups were told alike"
    for (one, first), (other, second) in pairs:
        assert sorted(map(repr, one.values())) != sorted(map(repr, other.values()))
        assert make.build_files(documents(first)) == make.build_files(documents(second))


def test_how_few_there_are_makes_no_difference() -> None:
    """One child or five: the words are the same."""
    rng = Random(1)
    made = [make.build_files(documents(released(drawn(rng, size)))) for size in (1, 5)]
    # one of one PEP and two of five are told in words too
    releases = [released(drawn(rng, size)) for size in (1, 5)]
    assert [each.duties for each in releases] == [
        {"PEP duties": "none"},
        {"PEP duties": "some"},
    ]
    alike = [replace(each, duties={"PEP duties": "all"}) for each in releases]
    first, second = (make.build_files(documents(each)) for each in alike)
    assert first == second
    assert made[0] != made[1]


@pytest.mark.parametrize("size", [6, 12, 24])
def test_a_chart_and_its_words_are_of_the_table_beneath(size: int) -> None:
    """Every number of a picture, drawn or spoken, stands in the table that follows it."""
    (document,) = documents(released(drawn(Random(size), size)))
    pictures = 0
    for block, table in zip(document.blocks, document.blocks[1:], strict=False):
        if not isinstance(block, Picture):
            continue
        pictures += 1
        assert isinstance(table, Table)
        shown = {f"{cell:,}" for row in table.rows for cell in row[1:] if isinstance(cell, int)}
        spoken = {word.strip(".;:,") for word in block.alt.split()}
        assert shown <= spoken
        assert {word for word in spoken if word[:1].isdigit()} <= shown
    assert pictures == 1


@pytest.mark.parametrize("size", [6, 9, 10, 30])
def test_a_table_of_dashes_is_never_printed(size: int) -> None:
    (document,) = documents(released(drawn(Random(size), size)))
    for block in document.blocks:
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row[1:]]
            assert not all(isinstance(cell, Suppressed) for cell in cells)


def test_every_section_has_a_heading() -> None:
    assert set(sections.HEADINGS) == {*map(str, range(13)), "A", "B", "C"}
