"""The computed sentences of a report are right for every number, and never tell a hidden one."""

import re
from datetime import date
from typing import Any

import pytest

from dashboard.report.content import sentences
from dashboard.text.plain_words import check_text
from safeguards.disclosure import Duty, GroupFigures, Release, SumFigures
from safeguards.disclosure.solver.release import Extent

FEWEST = 6
#: The numbers at which a sentence could go wrong.
SIZES = (0, 1, 2, 5, 6, 9, 10, 30)


def group(size: int, name: str = "looked after") -> GroupFigures:
    return GroupFigures(name, size, size >= FEWEST, (), {})


def release(*groups: GroupFigures, **changes: Any) -> Release:
    return Release(
        **{
            "as_at": date(2026, 7, 20),
            "groups": {each.name: each for each in groups},
            "duties": {},
            "sums": {},
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "No child is looked after."),
        (1, "A small number of children are looked after."),
        (2, "A small number of children are looked after."),
        (5, "A small number of children are looked after."),
        (6, "6 children are looked after."),
        (9, "9 children are looked after."),
        (10, "10 children are looked after."),
        (30, "30 children are looked after."),
    ],
)
def test_how_many_children_there_are(size: int, expected: str) -> None:
    assert sentences.describe_children(group(size)) == expected


def test_of_children_looked_after_before() -> None:
    said = [
        sentences.describe_children(group(size, "previously looked after")) for size in (0, 3, 7)
    ]
    assert said == [
        "No child was looked after before.",
        "A small number of children were looked after before, and are not now.",
        "7 children were looked after before, and are not now.",
    ]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (10, 9, "The last report, of 20 July 2026, told of 9."),
        (10, 10, "The last report, of 20 July 2026, told of as many."),
        (10, 5, ""),
        (5, 10, ""),
        (10, None, ""),
    ],
)
def test_the_last_number_is_told_where_both_may_be(
    now: int, before: int | None, expected: str
) -> None:
    last = None if before is None else release(group(before))
    assert sentences.describe_previous_size(group(now), last) == expected


@pytest.mark.parametrize(
    ("due", "done", "expected"),
    [
        (0, 0, "No PEP was due this term."),
        (1, 1, "The 1 PEP due this term is done."),
        (1, 0, "The 1 PEP due this term is not done yet."),
        (2, 2, "All 2 PEPs due this term are done."),
        (6, 0, "Not one of the 6 PEPs due this term is done yet."),
        (6, 1, "1 of 6 PEPs due this term is done."),
        (10, 7, "7 of 10 PEPs due this term are done."),
        (30, 30, "All 30 PEPs due this term are done."),
    ],
)
def test_what_became_of_a_duty(due: int, done: int, expected: str) -> None:
    told = Duty("PEP duties", "looked after", due=due, done=done)
    assert sentences.describe_duty(told, "PEP", "this term") == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, "No PEP was due this term."),
        ("nothing due", "No PEP was due this term."),
        ("all", "Each PEP due this term is done."),
        ("all, some late", "Each PEP due this term is done, though not each in time."),
        ("some", "Some PEPs due this term are done, and some are not."),
        ("none", "No PEP due this term is done yet."),
    ],
)
def test_a_duty_in_words(told: Extent | None, expected: str) -> None:
    assert sentences.describe_duty(told, "PEP", "this term") == expected


def test_the_plural_of_a_duty() -> None:
    told = Duty("other duties", "looked after", due=11, done=7)
    said = sentences.describe_duty(told, "other duty", "so far this term")
    assert said == "7 of 11 other duties due so far this term are done."


@pytest.mark.parametrize(
    ("missed", "possible", "rates", "expected"),
    [
        (112, 931, True, "missed 112 of 931 sessions this school year, 12.0% of them."),
        (112, 931, False, "missed 112 of 931 sessions this school year."),
        (1234, 12000, True, "missed 1,234 of 12,000 sessions this school year, 10.3% of them."),
    ],
)
def test_sessions_missed(missed: int, possible: int, rates: bool, expected: str) -> None:
    said = sentences.describe_missed_sessions(
        SumFigures(missed), SumFigures(possible), may_say_rates=rates
    )
    assert said == f"Children looked after {expected}"


@pytest.mark.parametrize(("missed", "possible"), [(None, 931), (112, None), (None, None)])
def test_sessions_that_are_held_back(missed: int | None, possible: int | None) -> None:
    said = sentences.describe_missed_sessions(
        SumFigures(missed), SumFigures(possible), may_say_rates=True
    )
    assert said == "Not given, so that no child can be known: sessions missed."
    assert not re.search(r"\d", said)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("Illness", 9), ("Holiday", 3)], "Most missed sessions: illness"),
        ([("Illness", 9), ("Holiday", 9)], "Several reasons come first for missed sessions"),
        ([("Illness", 9), ("Other reasons", 57)], "Most missed sessions: several reasons together"),
        ([("Illness", 9)], "Most missed sessions: illness"),
    ],
)
def test_the_title_of_the_reasons(parts: list[tuple[str, int]], expected: str) -> None:
    assert sentences.describe_reasons(parts) == expected


def test_what_absence_is_set_beside() -> None:
    school = {"academic_year": "2026/27", "absence_rate": 0.054}
    nation = {"academic_year": "2024/25", "absence_rate": 0.038}
    said = sentences.describe_reference_rates(
        {"whole school": school, "looked after 12 months": nation}
    )
    assert said == (
        "The whole school missed 5.4%. In primary schools, children looked after for 12 months "
        "missed 3.8% in 2024/25."
    )
    assert sentences.describe_reference_rates({}) == ""


def test_the_certificate_of_a_report_without_numbers_claims_no_test() -> None:
    said = sentences.describe_certificate(release(group(3)), 2)
    assert said.startswith("This report gives no numbers about children")


@pytest.mark.parametrize(
    ("earlier", "words"), [(0, "were tested, and"), (1, "beside 1 earlier report,")]
)
def test_the_certificate_names_the_earlier_reports(earlier: int, words: str) -> None:
    told = GroupFigures("looked after", 12, True, (), {("plan",): {("yes",): 12}})
    assert words in sentences.describe_certificate(release(told), earlier)


def test_not_recorded_is_neither_none_nor_held_back() -> None:
    said = [
        sentences.describe_not_recorded(["dental checks"]),
        sentences.describe_suppressed(["dental checks"]),
    ]
    assert said[0] == "Not recorded yet: dental checks."
    assert said[0] != said[1]


def test_every_sentence_is_plain() -> None:
    """Short, without jargon, and no share of children."""
    said = [
        *(sentences.describe_children(group(size)) for size in SIZES),
        *(
            sentences.describe_duty(each, "PEP", "this term")
            for each in (None, "all", "some", "none")
        ),
        sentences.describe_missed_sessions(SumFigures(112), SumFigures(931), may_say_rates=True),
        sentences.describe_suppressed(["scores", "dental checks", "health assessments"]),
        sentences.describe_certificate(release(group(3)), 0),
        sentences.describe_certificate(release(group(12)), 3),
    ]
    for sentence in said:
        assert list(check_text(sentence)) == [], sentence
