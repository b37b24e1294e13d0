"""The computed sentences of a report are right for every number."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.report.content import sections, sentences
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Kind
from dashboard.report.content.model import Bullets, Paragraph, Table
from dashboard.text.plain_words import check_text
from safeguards.disclosure.bands import Band
from safeguards.disclosure.certificate import Duty, Rate, Statement
from safeguards.disclosure.sums import PremiumFigures, SumFigures
from tests.support.reports.facts import build_facts

ALONE, BOTH = build_facts(terms=1), build_facts()
TODAY = date(2026, 12, 11)


@pytest.mark.parametrize(
    ("size", "last", "expected"),
    [
        (0, 9, "No child is looked after."),
        (None, 9, "A small number of children are looked after."),
        (12, None, "12 children are looked after."),
        (12, 11, "12 children are looked after. There were 11 in the report of summer term 2026."),
    ],
)
def test_how_many_children_there_are(size: int | None, last: int | None, expected: str) -> None:
    (before,) = BOTH.earlier
    facts = replace(
        BOTH,
        told=replace(BOTH.told, sizes={LOOKED_AFTER: size}),
        earlier=(replace(before, sizes={LOOKED_AFTER: last}),),
    )
    assert sentences.describe_size(facts, LOOKED_AFTER) == expected


@pytest.mark.parametrize(
    ("now", "last", "is_early", "expected"),
    [
        (SumFigures(None), SumFigures(80, 900), False, "The sessions missed are not given, "),
        (SumFigures(112, 931), None, False, "missed 112 of 931 sessions this term, 12.0% of them."),
        (SumFigures(112, 931), None, True, "missed 112 of 931 sessions this term."),
        (SumFigures(1112), None, False, "missed 1,112 sessions this term."),
        (
            SumFigures(112, 931),
            SumFigures(80, 900),
            False,
            "12.0% of them. It was 80 of 900 sessions in the last report, 8.9% of them.",
        ),
    ],
)
def test_sessions_missed(
    now: SumFigures, last: SumFigures | None, is_early: bool, expected: str
) -> None:
    (before,) = BOTH.earlier
    facts = replace(
        BOTH,
        told=replace(
            BOTH.told, sums={LOOKED_AFTER: now}, rates=None if is_early else BOTH.told.rates
        ),
        earlier=(replace(before, sums={LOOKED_AFTER: last}),) if last else (),
    )
    assert expected in sentences.describe_missed(facts)


def test_what_absence_is_set_beside() -> None:
    school, nation = Rate("whole school", "2026/27", 0.054), Rate("looked after", "2024/25", 0.038)
    assert sentences.describe_rates([school, nation]) == (
        "The whole school missed 5.4% in 2026/27 so far. In England's primary schools, "
        "children looked after for 12 months missed 3.8% in 2024/25."
    )
    assert sentences.describe_rates([]) == ""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (TODAY, "Fewer than half of 12 children looked after were suspended this school year."),
        (
            date(2026, 7, 10),
            (
                "On 10 July 2026, fewer than half of 12 children looked after were"
                " suspended this school year."
            ),
        ),
    ],
)
def test_a_statement_is_new_or_has_its_day(day: date, expected: str) -> None:
    said = Statement("suspension", "suspended", LOOKED_AFTER, day, "2026/27", 12, Band(0, 5))
    assert sentences.describe_statements([said], TODAY) == [expected]


def test_what_is_said_alike_stands_in_one_sentence() -> None:
    """Of the same children, in the same range, on the same day; each thing by itself."""

    def state(key: str, least: int = 0, group: str = LOOKED_AFTER) -> Statement:
        return Statement(key, key, group, TODAY, "2026/27", 12, Band(least, 12 if least else 5))

    said = [state("reading"), state("writing"), state("help"), state("maths", 6)]
    assert sentences.describe_statements([*said, state("help", group=PREVIOUSLY)], TODAY) == [
        (
            "Fewer than half of 12 children looked after: have kept pace in reading; in writing; "
            "have extra help in place."
        ),
        "Half or more of 12 children looked after have kept pace in mathematics.",
        "Fewer than half of 12 children previously looked after have extra help in place.",
    ]


@pytest.mark.parametrize(
    ("told", "missing", "expected"),
    [
        (PremiumFigures(None), (), "Sums of pupil premium plus are not given, because they could"),
        (
            PremiumFigures(4200),
            (),
            (
                "Pupil premium plus this term: £4,200 planned. It was £3,000 planned in the last "
                "report. What was spent is not given, because it is not recorded of every sum or "
                "could point to a child."
            ),
        ),
        (
            PremiumFigures(4200, 3150),
            (),
            (
                "Pupil premium plus this term: £4,200 planned, £3,150 of it spent so far. It was "
                "£3,000 planned in the last report."
            ),
        ),
        (PremiumFigures(None), ("premium",), ""),
    ],
)
def test_pupil_premium_plus_is_said_or_not(
    told: PremiumFigures, missing: tuple[str, ...], expected: str
) -> None:
    """Not given, none recorded and a sum look each their own; the one before stands beside."""
    made = build_facts()
    now = replace(made.told, premium={LOOKED_AFTER: told}, missing=missing)
    last = replace(made.earlier[-1], premium={LOOKED_AFTER: PremiumFigures(3000)})
    said = sentences.describe_premium(replace(made, told=now, earlier=(last,)))
    assert said.startswith(expected)
    assert bool(said) == bool(expected)


@pytest.mark.parametrize(
    ("kind", "due", "done", "late", "expected"),
    [
        ("PEP", 0, 0, 0, "No PEP meeting was due this term."),
        ("PEP", 1, 1, 0, "One PEP meeting was due this term, and it was held."),
        ("PEP", 1, 1, 1, "One PEP meeting was due this term, and it was held, late."),
        ("SDQ", 1, 0, 0, "One SDQ was due this term, and it is not filled in."),
        ("health", 6, 0, 0, "Not one of 6 health or dental checks due this term is done yet."),
        ("PEP", 12, 11, 2, "11 of 12 PEP meetings due this term were held, 2 of them late."),
        ("EHCP", 4, 4, 0, "All 4 steps of EHCPs due this term were done."),
    ],
)
def test_what_became_of_a_duty(kind: str, due: int, done: int, late: int, expected: str) -> None:
    duty = Duty(kind, LOOKED_AFTER, due, done, late)
    assert sentences.describe_duty(duty, "this term") == expected


@pytest.mark.parametrize("size", [3, 8, 12, 24])
@pytest.mark.parametrize("kind", ["termly", "annual"])
def test_every_computed_text_is_plain_and_said_once(size: int, kind: Kind) -> None:
    """Short, without jargon; no number of a sentence in the tables beneath it."""
    facts = build_facts(size=size, kind=kind)
    document = sections.build_document(facts, (), "Part One", is_final=True)
    assert document is not None
    said = [
        text
        for block in document.blocks
        if isinstance(block, Paragraph | Bullets)
        for text in ((block.text,) if isinstance(block, Paragraph) else block.items)
    ]
    assert check_text("\n".join(said)) == []
    assert len(said) == len(set(said))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert len({each.caption for each in tables}) == len(tables)
    for table in tables:
        for row in table.rows:
            assert not any(str(row[0]) in text for text in said)


def test_the_annual_report_is_of_the_year_and_beside_the_year_before() -> None:
    """The autumn term alone is this year's so far; the summer was last year's."""
    facts = build_facts(kind="annual")
    assert facts.now.sums == facts.told.sums[LOOKED_AFTER]
    assert facts.last == facts.earlier[0]
    spring = replace(facts.told, term=replace(facts.told.term, name="spring"))
    both = replace(facts, told=spring, earlier=(*facts.earlier, facts.told))
    missed = facts.told.sums[LOOKED_AFTER].missed
    assert missed is not None
    assert both.now.sums.missed == 2 * missed
    assert both.now.duties[0] == Duty("PEP", LOOKED_AFTER, 24, 22, 2)
    assert both.last == facts.earlier[0]
    assert "this school year" in sentences.describe_missed(both)


def test_other_children_are_told_of_as_such() -> None:
    said = sentences.describe_size(ALONE, PREVIOUSLY)
    assert said == "12 children are previously looked after."
