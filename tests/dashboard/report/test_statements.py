"""A statement stands in heading, body and minutes on one condition, whatever the numbers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dashboard.report.content import sections
from dashboard.report.content.facts import LOOKED_AFTER, PREVIOUSLY, Facts, list_conditions
from dashboard.report.content.model import PARTS, Bullets, Heading, Paragraph, Part, Table
from dashboard.report.content.prompts import Answer, Prompt, load_prompts
from dashboard.report.content.statements import list_statements
from queries.rows import read_rows
from safeguards.disclosure.figures import Duty, Period, Roll, Totals
from tests.support.plain_words import check_text
from tests.support.reports.facts import SPRING, SUMMER, YEAR, build_facts

TERM, ANNUAL, FEW = build_facts(), build_facts(period=YEAR), build_facts(size=4)
OPEN = build_facts(is_over=False)
ROWS = read_rows("dashboard.report.content", "statements")
TOTALS = Totals(SUMMER, 112, 931, 1_620, 30_000, 2_400)

_GIVEN_LATER = (
    "Sessions missed are given for whole terms, when they are over, and for 6 children or more."
)


def tell(facts: Facts, **changed: Any) -> Facts:
    """The same facts with other figures."""
    return replace(facts, figures=replace(facts.figures, **changed))


def with_duties(facts: Facts, **duties: Duty) -> Facts:
    kinds = {**facts.figures.duties.kinds, **{duty.kind: duty for duty in duties.values()}}
    return tell(facts, duties=replace(facts.figures.duties, kinds=kinds))


def say(facts: Facts, section: str) -> list[str]:
    """The heading and the sentences of a section."""
    own = [each for each in list_statements(facts) if each.section == section]
    return [text for each in own for text in (each.heading, each.body) if text]


def texts_of(facts: Facts, part: Part) -> list[str]:
    """What a part says by itself, a line a text; rows of tables with bars."""
    document = sections.build_document(facts, (), part, is_final=True)
    assert document is not None
    texts = []
    for block in document.blocks:
        match block:
            case Heading() | Paragraph():
                texts.append(block.text)
            case Bullets():
                texts += block.texts
            case Table():
                texts += [block.note, *(" | ".join(map(str, row)) for row in block.rows)]
    return texts


@pytest.mark.parametrize(
    ("looked_after", "previously", "expected"),
    [
        (
            Roll(12, None, None),
            Roll(8, 6, 0),
            [
                "12 children are looked after and 8 children are previously looked after",
                (
                    "Looked after: fewer than 6 children came and fewer than 6 left in the school "
                    "year. Previously looked after: 6 children came and none left in the school "
                    "year."
                ),
            ],
        ),
        (
            Roll(0, 0, 8),
            Roll(None, 0, 0),
            [
                "No child is looked after and fewer than 6 children are previously looked after",
                (
                    "Looked after: no child came and 8 left in the school year. Previously looked "
                    "after: no child came and none left in the school year."
                ),
                (
                    "Nobody is looked after on 21 July 2027. The report is about those who were, "
                    "for the time that they were here."
                ),
            ],
        ),
    ],
)
def test_how_many_children_there_are(
    looked_after: Roll, previously: Roll, expected: list[str]
) -> None:
    facts = tell(TERM, roll={LOOKED_AFTER: looked_after, PREVIOUSLY: previously})
    assert say(facts, "children") == expected


@pytest.mark.parametrize(
    ("duty", "expected"),
    [
        (Duty("PEP"), "No PEP meeting was due in the summer term 2027"),
        (
            Duty("PEP", 12, in_time=12),
            "All 12 PEP meetings due in the summer term 2027 were held in time",
        ),
        (
            Duty("PEP", 12, in_time=8, late=1, not_done=2, unrecorded=1),
            (
                "8 of 12 PEP meetings due in the summer term 2027 were held in time, 1 was held "
                "late, 2 were not held and 1 is not recorded"
            ),
        ),
        (
            Duty("PEP", 12, unrecorded=12),
            "No PEP meeting due in the summer term 2027 is recorded yet",
        ),
    ],
)
def test_what_became_of_the_plans(duty: Duty, expected: str) -> None:
    facts = with_duties(TERM, PEP=duty)
    assert say(facts, "plans")[0] == expected
    assert f"{expected}." in texts_of(facts, "For the clerk")


def test_below_six_a_duty_is_said_in_words() -> None:
    """Whatever its numbers; the figures are in Part Two."""
    kept = with_duties(FEW, PEP=Duty("PEP", 3, in_time=3), reason=Duty("reason"))
    assert say(kept, "plans")[:3] == [
        "All PEP meetings due in the summer term 2027 were held in time",
        "All first PEP meetings due in the summer term 2027 were held in time.",
        "Every day of absence has a reason, or there is still time to record it.",
    ]
    late = with_duties(
        FEW, PEP=Duty("PEP", 3, in_time=2, late=1), first=Duty("first PEP", 1, late=1)
    )
    assert say(late, "plans")[:3] == [
        "Not all PEP meetings due in the summer term 2027 were held in time",
        "Not all first PEP meetings due in the summer term 2027 were held in time.",
        "Some days of absence have no reason recorded in time.",
    ]
    few = replace(late, window=Totals(SUMMER), history=())
    one, clerk = texts_of(few, "Part One"), texts_of(few, "For the clerk")
    plans = [line for line in (*one, *clerk) if "PEP" in line or "absence" in line]
    assert not any(char.isdigit() for line in plans for char in line.replace("2027", ""))
    assert "PEP meetings, one a term | 3 | 2 | 1 | 0 | 0 | 0 | 0" in texts_of(few, "Part Two")


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
            (
                "3 days of absence are past the time for their reason, 1 from before the "
                "summer term 2027."
            ),
        ),
    ],
)
def test_what_is_known_only_while_it_is_open(duty: Duty, expected: str) -> None:
    assert expected in say(with_duties(TERM, reason=duty), "plans")


def test_what_counts_children_is_in_part_two_only() -> None:
    """Suspensions, the authority's word for a plan, support, who came: Part One says the same."""
    quality = {"Good": 3, "Requires improvement": 1}
    told = [
        with_duties(tell(TERM, duties=replace(TERM.figures.duties, quality=words)), **duties)
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
        ({}, []),
        ({"": 4}, []),
        (
            {"Good": 3, "Requires improvement": 1, "": 2},
            [
                (
                    "The local authority's grades for the plans: good for 3, requires improvement "
                    "for 1 and none yet for 2."
                )
            ],
        ),
    ],
)
def test_the_authoritys_grades(quality: Mapping[str, int], expected: list[str]) -> None:
    facts = tell(TERM, duties=replace(TERM.figures.duties, quality=quality))
    said = say(facts, "safeguarding")
    assert [line for line in said if line.startswith("The local authority's grades")] == expected


@pytest.mark.parametrize(
    ("window", "heading", "sentence"),
    [
        (
            TOTALS,
            "12.0% of sessions were missed in the summer term 2027, 5.4% across the school",
            "Children looked after missed 112 of 931 sessions (12.0%) in the summer term 2027.",
        ),
        (
            replace(TOTALS, school_missed=None),
            "12.0% of sessions were missed in the summer term 2027",
            "Children looked after missed 112 of 931 sessions (12.0%) in the summer term 2027.",
        ),
        (
            replace(TOTALS, missed=None, school_missed=None),
            None,
            (
                "Sessions missed in the summer term 2027 are not given. A total needs 6 children "
                "or more, and must not show what is one child's."
            ),
        ),
        (None, None, _GIVEN_LATER),
    ],
)
def test_sessions_missed(window: Totals | None, heading: str | None, sentence: str) -> None:
    """A total stands in heading, sentence and minutes, or in none of them."""
    facts = replace(TERM, window=window, history=())
    said, clerk = say(facts, "attendance"), texts_of(facts, "For the clerk")
    assert sentence in said
    assert (said[0] == heading) == (heading is not None)
    minuted = [line for line in clerk if "sessions" in line]
    assert minuted == ([f"{heading}."] if heading else [])


def test_a_register_that_is_missing_is_named() -> None:
    facts = replace(TERM, window=replace(TOTALS, missed=None, school_missed=None))
    facts = tell(facts, days_without_marks={"summer": 3, "spring": 1})
    assert say(facts, "attendance")[0] == (
        "The register of 3 school days of the summer term 2027 is not in our records, so sessions "
        "missed are not added up."
    )
    year = replace(facts, window=Totals(YEAR))
    assert say(year, "attendance")[0].startswith("The register of 4 school days of the school year")


def test_the_same_is_said_of_suspensions_whatever_there_was() -> None:
    line = "Suspensions are not counted in Part One, whether or not there were any."
    for facts in (TERM, ANNUAL, FEW, OPEN):
        assert line in say(facts, "attendance")


def test_a_term_in_progress_has_duties_to_date_and_the_totals_of_the_last_whole_term() -> None:
    said = " ".join(texts_of(OPEN, "Part One"))
    assert "The summer term 2027 is not over. Duties are given up to 11 June 2027" in said
    assert "of sessions were missed in the spring term 2027" in said
    assert "missed in the summer term" not in said


def test_corrections_are_said() -> None:
    facts = replace(TERM, window=replace(TOTALS, is_corrected=True))
    assert any(line.startswith("Records of the summer term") for line in say(facts, "attendance"))


def test_pupil_premium_plus() -> None:
    year = replace(ANNUAL, window=Totals(YEAR, planned=12_439.5, spent="most"))
    assert say(year, "money") == [
        "£12,440 of pupil premium plus was planned in the school year 2026/27, and most was spent"
    ]
    assert say(replace(TERM, window=TOTALS), "money") == [
        "£2,400 of pupil premium plus was planned in the summer term 2027"
    ]
    (untold,) = say(replace(TERM, window=Totals(SUMMER)), "money")
    assert untold.startswith("Pounds planned in the summer term 2027 are not given.")
    assert say(replace(TERM, has_premium=False), "money") == []


@pytest.mark.parametrize("facts", [TERM, ANNUAL, FEW, OPEN, build_facts(size=6)])
@pytest.mark.parametrize("part", ["Part One", "Part Two", "For the clerk", "Virtual School"])
def test_every_computed_text_is_plain_and_said_once(facts: Facts, part: Part) -> None:
    said = [line for line in texts_of(facts, part) if "|" not in line]
    assert check_text("\n".join(f"{each.rstrip('.')}." for each in said)) == []
    sentences = [line for line in said if not line.startswith("Not recorded:")]
    assert len(sentences) == len(set(sentences))


def test_totals_of_terms_stand_in_a_table_from_the_second_on() -> None:
    rows = [line for line in texts_of(TERM, "Part One") if line.startswith("Spring term 2027 |")]
    assert len(rows) == 1
    alone = replace(TERM, history=TERM.history[:1])
    assert not [line for line in texts_of(alone, "Part One") if line.startswith("Autumn term 2")]


def test_plans_stand_by_term_of_the_school_year_so_far() -> None:
    """The last row is the term that the report is about, or its year."""
    for facts, last in ((TERM, "Summer term"), (ANNUAL, "The school year 2026/27")):
        rows = [line for line in texts_of(facts, "Part One") if " | 12 | 12 | 0 |" in line]
        assert [row.partition(" |")[0] for row in rows][:2] == ["Autumn term", "Spring term"]
        assert rows[-1].startswith(last)
    alone = tell(TERM, peps_by_term={})
    assert any(line.startswith("The summer term 2027 |") for line in texts_of(alone, "Part One"))


def test_next_steps_stand_by_section_where_a_line_names_one() -> None:
    """In the order of the report, in Part One and for the clerk; other lines are a list."""
    prompt = next(each for each in load_prompts() if each.key == "next_steps")
    steps = "Buy books.\nmoney: Ask: Headteacher.\nPlans: hold them."
    for text, expected in (
        (steps, [("Plans and dates", "Hold them."), ("Pupil premium plus", "Ask: Headteacher.")]),
        ("Buy books: soon.\nHold them.", []),
    ):
        parts: tuple[Part, ...] = ("Part One", "For the clerk")
        for part in parts:
            answer = Answer(prompt, typed=text)
            document = sections.build_document(TERM, [answer], part, is_final=True)
            assert document is not None
            tables = [each for each in document.blocks if isinstance(each, Table)]
            rows = [
                row for each in tables if each.caption == "Steps by section" for row in each.rows
            ]
            assert rows[:2] == expected
            assert rows[2:] == ([("The school as a whole", "Buy books.")] if expected else [])


def test_nothing_of_part_two_is_in_what_may_be_minuted() -> None:
    assert "Others did" not in " ".join(texts_of(ANNUAL, "For the clerk"))
    assert "Others did" in " ".join(texts_of(ANNUAL, "Part Two"))


@pytest.mark.parametrize("prompt", [each for each in load_prompts() if each.part == "two"])
def test_part_one_is_the_same_whatever_part_two_says(prompt: Prompt) -> None:
    """And the clerk's page too; the same words are the same bytes, as the renderings prove."""
    changed = set[Part]()
    for part in PARTS:
        papers = [
            sections.build_document(TERM, [Answer(prompt, typed=text)], part, is_final=True)
            for text in ("No meeting.", "Two meetings.")
        ]
        if papers[0] != papers[1]:
            changed.add(part)
    assert changed == {"Part Two", "Virtual School"}


def test_the_virtual_schools_copy_has_both_parts() -> None:
    copy = texts_of(TERM, "Virtual School")
    for part in ("Part One", "Part Two"):
        own: Part = "Part One" if part == "Part One" else "Part Two"
        assert set(texts_of(TERM, own)) <= set(copy)


def test_every_condition_is_known_and_every_statement_is_said_of_some_report() -> None:
    """The facts of this file's tests reach each row; no row has a condition that nothing sets."""
    names = {name.removeprefix("!") for row in ROWS for name in row["when"].split()}
    cases = [
        *(TERM, ANNUAL, FEW, OPEN, build_facts(size=0)),
        tell(TERM, roll={LOOKED_AFTER: Roll(0, 0, 8), PREVIOUSLY: Roll(0, 0, 0)}),
        with_duties(TERM, PEP=Duty("PEP")),
        with_duties(FEW, PEP=Duty("PEP", 1, late=1), first=Duty("first PEP", 1, late=1)),
        with_duties(FEW, reason=Duty("reason"), health=Duty("health")),
        replace(TERM, window=None, england=None),
        replace(TERM, window=replace(TOTALS, school_missed=None, is_corrected=True)),
        tell(replace(TERM, window=Totals(SUMMER)), days_without_marks={"summer": 1}),
        replace(TERM, window=Totals(SUMMER)),
    ]
    assert names <= set().union(*map(list_conditions, cases))
    said = {each.body or each.heading for case in cases for each in list_statements(case)}
    assert len(said) >= len(ROWS)
    assert Period(SPRING.year) == YEAR
