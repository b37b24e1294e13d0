"""The computed sentences of a report are right for every number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.report.content import sections, sentences
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, Kind
from dashboard.report.content.model import Bullets, Heading, Paragraph, Part, Table
from safeguards.disclosure.figures import MISSED, PLANNED, SUSPENDED, Duty, Roll, Spent, Sum
from tests.support.plain_words import check_text
from tests.support.reports.facts import build_facts

TERM, YEAR, FEW = build_facts(), build_facts(kind="annual"), build_facts(size=4)


def tell(facts: Facts, **changed: Any) -> Facts:
    """The same facts with other figures."""
    return replace(facts, told=replace(facts.told, **changed))


def with_sum(facts: Facts, what: str, now: Sum, last: Sum | None = None, **changed: Any) -> Facts:
    """With one sum of the term and of the year, and of the report before."""
    sums, year = {**facts.told.sums, what: now}, {**facts.told.year, what: now}
    before = facts.last and replace(facts.last, sums={what: last or Sum(None)})
    return replace(tell(facts, sums=sums, year=year, **changed), last=before)


def with_duties(facts: Facts, **kinds: Duty) -> Facts:
    found = {each.kind: each for each in kinds.values()}
    return tell(facts, duties=replace(facts.duties, kinds={**facts.duties.kinds, **found}))


@pytest.mark.parametrize(
    ("looked_after", "previously", "expected"),
    [
        (12, 8, "12 children are looked after and 8 children are previously looked after"),
        (None, 0, "Fewer than 6 children are looked after and no child is previously looked after"),
        (0, None, "No child is looked after and fewer than 6 children are previously looked after"),
    ],
)
def test_how_many_children_there_are(
    looked_after: int | None, previously: int | None, expected: str
) -> None:
    roll = {LOOKED_AFTER: Roll(looked_after, 0, 0), PREVIOUSLY: Roll(previously, 0, 0)}
    assert sentences.find_size(tell(TERM, roll=roll)) == expected


def test_who_came_and_left() -> None:
    roll = {LOOKED_AFTER: Roll(12, None, None), PREVIOUSLY: Roll(8, 6, 0)}
    facts = tell(TERM, roll=roll)
    assert list(sentences.describe_roll(facts)) == [
        "Looked after: fewer than 6 children came and fewer than 6 left.",
        "Previously looked after: 6 children came and none left.",
        "In the spring term 2027 report 12 were looked after.",
    ]


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (Duty("PEP"), "No PEP meeting was due this term"),
        (Duty("PEP", 12, in_time=12), "All 12 PEP meetings were held in time"),
        (
            Duty("PEP", 12, in_time=7, to_come=5),
            "7 of 12 PEP meetings were held in time and 5 are still to come",
        ),
        (
            Duty("PEP", 12, in_time=8, late=1, not_done=2, to_come=1),
            (
                "8 of 12 PEP meetings were held in time, 1 was held late, 2 were not held and "
                "1 is still to come"
            ),
        ),
        (Duty("PEP", 12, unrecorded=12), "No PEP meeting is recorded yet"),
    ],
)
def test_what_became_of_the_plans(duty: Duty, expected: str) -> None:
    """One that is still to come reads as no failing."""
    assert sentences.find_peps(with_duties(TERM, PEP=duty)) == expected


def test_below_six_a_duty_is_said_in_words() -> None:
    """Whatever its numbers; and what is not kept is in Part Two, in figures."""
    kept = with_duties(FEW, PEP=Duty("PEP", 3, in_time=2, to_come=1), reason=Duty("reason"))
    assert sentences.find_peps(kept) == "All PEP meetings due so far were held in time"
    late = with_duties(FEW, PEP=Duty("PEP", 3, in_time=2, late=1), one=Duty("first PEP", 1, late=1))
    assert sentences.find_peps(late) == "Not all PEP meetings due so far were held in time"
    said = [*sentences.describe_duty_words(late), sentences.SEE_PART_TWO]
    assert said[0] == "Not all first PEP meetings were held in time: see Part Two."
    assert not any(char.isdigit() for line in said for char in line)
    few = " ".join(texts_of(FEW, "Part One"))
    assert "Sessions are not given for fewer than 6 children." in few
    assert set(said) <= set(texts_of(late, "Part One"))
    assert "PEP meetings, one a term | 3 | 2 | 1 | 0 | 0 | 0" in texts_of(late, "Part Two")


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (Duty("reason"), "No day of absence is past the time for its reason."),
        (
            Duty("reason", 3, not_done=1, to_come=2),
            "1 day of absence is past the time for its reason; 2 are still in time.",
        ),
        (
            Duty("reason", 2, not_done=2, open_before=1),
            "3 days of absence are past the time for their reason, 1 from before this term.",
        ),
    ],
)
def test_what_is_known_only_while_it_is_open(duty: Duty, expected: str) -> None:
    assert sentences.describe_reasons(with_duties(TERM, reason=duty)) == expected


def test_what_counts_children_is_in_part_two_only() -> None:
    """Suspensions, the authority's word for a plan, support, who came: Part One says the same."""
    quality = {"Good": 3, "Requires improvement": 1}
    told = [
        with_duties(tell(TERM, duties=replace(TERM.duties, quality=words)), **duties)
        for words, duties in (
            ({}, {}),
            (quality, {"a": Duty("suspension", 2, in_time=2), "b": Duty("support", 3, to_come=3)}),
            (quality, {"a": Duty("suspension", 2, late=2), "b": Duty("first PEP", 2, in_time=2)}),
        )
    ]
    one = [texts_of(facts, "Part One") for facts in told]
    assert one[0] == one[1] == one[2]
    assert not set(texts_of(told[1], "Part Two")) <= set(texts_of(told[0], "Part Two"))


@pytest.mark.parametrize(
    ("quality", "expected"),
    [
        ({}, ""),
        ({"": 4}, ""),
        (
            {"Good": 3, "Requires improvement": 1, "": 2},
            (
                "The local authority's grades for the plans: good for 3, requires improvement for "
                "1 and none yet for 2."
            ),
        ),
    ],
)
def test_the_authoritys_words(quality: Mapping[str, int], expected: str) -> None:
    facts = tell(TERM, duties=replace(TERM.duties, quality=quality))
    assert sentences.describe_quality(facts) == expected


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (Sum(None), Sum(80, 900), ["We have left out sessions missed because the figure could "]),
        (Sum(112, 931), None, ["missed 112 of 931 sessions (12.0%) this term."]),
        (
            Sum(112, 931),
            Sum(80, 900),
            ["this term.", "It was 80 of 900 sessions (8.9%) in the last report."],
        ),
        (Sum(112, 931, since=date(2027, 3, 22)), None, ["(12.0%) since 22 March 2027."]),
        (
            Sum(112, 931, ("autumn", "spring")),
            None,
            ["It does not include all of the autumn and spring terms, because the rest could "],
        ),
    ],
)
def test_sessions_missed(now: Sum, last: Sum | None, expected: list[str]) -> None:
    said = " ".join(sentences.describe_missed(with_sum(TERM, MISSED, now, last)))
    assert all(part in said for part in expected)


def test_what_absence_is_set_beside() -> None:
    """The whole school in the finding; while it is too early for a share, nothing."""
    facts = with_sum(TERM, MISSED, Sum(112, 931))
    assert sentences.find_missed(facts) == (
        "12.0% of sessions were missed this term, 5.4% across the school"
    )
    assert list(sentences.describe_nation(facts)) == [
        (
            "In England's primary schools, children looked after for 12 months missed 3.8% of "
            "sessions in 2024/25."
        )
    ]
    early = tell(facts, rates=None)
    assert sentences.find_missed(early) == "112 of 931 sessions were missed this term"
    assert list(sentences.describe_nation(early)) == []
    assert sentences.find_missed(with_sum(TERM, MISSED, Sum(None))) == ""


def test_a_missing_register_is_named() -> None:
    said = list(sentences.describe_missed(tell(TERM, missing=("autumn",))))
    assert said[-1] == "The register of the autumn term is not in our records."


def test_sessions_lost_to_suspension() -> None:
    assert list(sentences.describe_suspended(with_sum(TERM, SUSPENDED, Sum(46, 931)))) == [
        "They lost 46 sessions to suspension this term."
    ]
    year = with_sum(YEAR, SUSPENDED, Sum(46, 931, held_back=("spring",)))
    assert list(sentences.describe_suspended(year)) == [
        "They lost 46 sessions to suspension this school year.",
        "It does not include all of the spring term, because the rest could identify a child.",
    ]
    (left_out,) = sentences.describe_suspended(TERM)
    assert left_out.startswith("We have left out sessions lost to ")


def test_pupil_premium_plus_planned_and_spent() -> None:
    planned = with_sum(YEAR, PLANNED, Sum(12_440, 9))
    spent = tell(planned, spent=Spent(10_896, date(2027, 7, 9)))
    assert sentences.find_premium(spent) == (
        "£12,440 of pupil premium plus was planned this school year, and £10,896 was spent by "
        "9 July 2027"
    )
    hidden = tell(planned, spent=Spent(None, date(2027, 7, 9)))
    assert sentences.find_premium(hidden).endswith("was planned this school year")
    assert list(sentences.describe_premium(hidden)) == [
        "We have left out what was spent because the figure could identify a child."
    ]
    untold = with_sum(YEAR, PLANNED, Sum(None))
    assert sentences.find_premium(untold) == ""
    assert "or little is recorded." in " ".join(sentences.describe_premium(untold))


def texts_of(facts: Facts, part: Part) -> list[str]:
    """What a part says by itself, a line a text; rows of tables with bars."""
    document = sections.build_document(facts, (), part, is_final=True)
    assert document is not None
    found = []
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                found.append(block.text)
            case Bullets():
                found += block.texts
            case Table():
                found += [block.note, *(" | ".join(map(str, row)) for row in block.rows)]
    return found


@pytest.mark.parametrize("size", [3, 6, 12, 24])
@pytest.mark.parametrize("kind", ["termly", "annual"])
@pytest.mark.parametrize("part", ["Part One", "Part Two", "For the clerk"])
def test_every_computed_text_is_plain_and_said_once(size: int, kind: Kind, part: Part) -> None:
    facts = build_facts(size=size, kind=kind, late=1)
    said = [line for line in texts_of(facts, part) if "|" not in line]
    assert check_text("\n".join(f"{each.rstrip('.')}." for each in said)) == []
    assert len(said) == len(set(said))


def test_a_finding_heads_each_part_that_has_figures() -> None:
    document = sections.build_document(YEAR, (), "Part One", is_final=True)
    assert document is not None
    heads = [each.text for each in document.blocks if isinstance(each, Heading)]
    assert [any(char.isdigit() for char in head) for head in heads] == [True] * 4 + [False]


def test_nothing_of_part_two_is_in_what_may_be_minuted() -> None:
    assert "Others did" not in " ".join(texts_of(YEAR, "For the clerk"))
    assert "Others did" in " ".join(texts_of(YEAR, "Part Two"))
