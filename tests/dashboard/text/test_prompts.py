"""What the report asks of people: every section, in plain words, with last time beside it."""

import csv
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from dashboard.report.content.facts import KIND_WORDS
from dashboard.report.content.prompts import (
    SECTIONS,
    Answer,
    Prompt,
    collect_answers,
    describe_missing,
    find_missing,
    load_prompts,
    select_prompts,
)
from dashboard.report.content.wording import check_text
from safeguards.disclosure import drafts as kept_words
from safeguards.disclosure.drafts import Draft, Drafts
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support import plain_words

AUTUMN, SPRING = date(2026, 9, 2), date(2027, 1, 4)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
#: What the DfE's guidance (2018) and the guidance for governors ask, and the question of each
#: that no figure answers.
ASKED = {
    "turnover and authorities": "authorities",
    "workload of the designated teacher": "dt_time",
    "progress and attainment beside all children": "progress",
    "most able": "able",
    "suspensions": "suspensions",
    "attendance, beside others": "attendance_help",
    "quality of plans, and their process": "pep_quality",
    "special educational needs support": "send",
    "mental health": "wellbeing",
    "policies": "policies",
    "school improvement plan": "school_plan",
    "training and its effect": "training",
    "Virtual School's view": "virtual_school",
    "pupil premium plus: received": "money_received",
    "pupil premium plus: use and effect": "money_use",
    "previously looked after": "previously",
    "named governor": "link_governor",
    "children's voice": "told_us",
    "what governors are asked": "asks",
}


def select(kind: str, *, is_counted: bool) -> tuple[Prompt, ...]:
    return select_prompts(kind, is_counted=is_counted, is_first=False)


def keys_of(given: tuple[Prompt, ...]) -> set[str]:
    return {each.key for each in given}


# The questions


@pytest.mark.parametrize("prompt", load_prompts(), ids=lambda prompt: prompt.key)
def test_every_question_and_example_is_short_plain_and_kind(prompt: Prompt) -> None:
    """And an example of good wording passes the check that people's words have to pass."""
    assert plain_words.check_text(f"{prompt.question}\n{prompt.example}") == []
    assert prompt.question.rstrip(".?")[-1].isalpha()
    assert check_text(prompt.example, lambda _: False, as_at=date(2026, 11, 20)) == ()
    assert prompt.example != ""
    assert kept_words.check_text(prompt.example) is None


def test_the_rows_are_such_as_a_report_can_ask() -> None:
    """As plain as they look, each key once, of known sections, parts and kinds, or of "false"."""
    text = files("dashboard.report.content").joinpath("prompts.csv").read_text(encoding="utf-8")
    assert all(line == line.strip() and line.isprintable() for line in text.splitlines())
    rows, keys = list(csv.DictReader(text.splitlines())), [each.key for each in load_prompts()]
    assert len(keys) == len(set(keys))
    assert {each.follows for each in load_prompts()} <= set(keys)
    assert {kind for each in load_prompts() for kind in each.kinds} == set(KIND_WORDS)
    assert {row[name] for row in rows for name in ("is_for_several", "is_required")} == {
        "true",
        "false",
    }


def test_each_section_of_the_report_asks_something() -> None:
    """Only safeguarding is for the confidential part, and all of it is."""
    sections = [each.section for each in load_prompts()]
    assert set(sections) == set(SECTIONS)
    assert {each.section for each in load_prompts() if each.part == "two"} == {"safeguarding"}
    assert {each.part for each in load_prompts() if each.section == "safeguarding"} == {"two"}
    assert sections[0] == "summary"


def test_no_annual_report_is_final_without_what_governors_should_ask_for() -> None:
    required = {each.key for each in select("annual", is_counted=True) if each.is_required}
    assert set(ASKED.values()) <= required


def test_what_is_asked_depends_on_the_report() -> None:
    """A nil return asks what stands ready; a case study and sums only where there are figures."""
    nil = keys_of(select("nil", is_counted=False))
    assert "ready" in nil
    assert nil - {"ready"} < keys_of(select("annual", is_counted=False))
    assert keys_of(select("termly", is_counted=True)) < keys_of(select("annual", is_counted=True))
    assert keys_of(select("annual", is_counted=True)) - keys_of(
        select("annual", is_counted=False)
    ) == {"case_study", "money_received"}
    assert select("other", is_counted=True) == ()
    first = keys_of(select_prompts("termly", is_counted=True, is_first=True))
    assert keys_of(select("termly", is_counted=True)) - first == {"last_actions"}
    for kind in KIND_WORDS:
        assert any(each.is_required for each in select(kind, is_counted=False)), kind


# The answers


@pytest.fixture
def drafts(home: Home, keys: Keys) -> Drafts:
    return Drafts.open(home, keys)


def given(drafts: Drafts, term: date, kind: str = "termly") -> dict[str, Answer]:
    found = collect_answers(select(kind, is_counted=True), drafts, term)
    return {each.prompt.key: each for each in found}


def write(drafts: Drafts, key: str, term: date, text: str) -> Draft:
    return drafts.save_answer(key, term, text, actor="teacher", now=NOW)


def test_last_times_next_steps_stand_beside_what_became_of_them(drafts: Drafts) -> None:
    steps = write(drafts, "next_steps", AUTUMN, "Buy books: Headteacher, by Friday.")
    spring = given(drafts, SPRING)
    assert spring["last_actions"].before == spring["next_steps"].before == steps
    write(drafts, "last_actions", SPRING, "Buy books: done.")
    assert given(drafts, SPRING)["last_actions"].text == "Buy books: done."


def test_a_final_report_misses_what_is_required(drafts: Drafts) -> None:
    required = {each.key for each in select("nil", is_counted=False) if each.is_required}
    of_autumn = given(drafts, AUTUMN, "nil").values()
    assert {each.prompt.key for each in find_missing(of_autumn)} == required
    assert describe_missing(of_autumn) == (
        "2 sections need your comments before the report is final. You can make a draft now."
    )
    for key in required - {"ready"}:
        write(drafts, key, AUTUMN, "Written.")
    assert describe_missing(given(drafts, AUTUMN, "nil").values()).startswith("1 section needs ")
    write(drafts, "ready", AUTUMN, "Written.")
    assert find_missing(given(drafts, AUTUMN, "nil").values()) == ()
    assert describe_missing(given(drafts, AUTUMN, "nil").values()) == ""
    assert {each.prompt.key for each in find_missing(given(drafts, SPRING, "nil").values())} == (
        required
    )
