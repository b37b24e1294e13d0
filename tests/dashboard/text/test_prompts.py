"""What the report asks of people: every section, in plain words, carried from term to term."""

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from dashboard.report.check.wording import check_text
from dashboard.report.content.prompts import (
    KINDS,
    SECTIONS,
    Answer,
    Prompt,
    collect_answers,
    describe_missing,
    find_missing,
    load_prompts,
    parse,
    select_prompts,
)
from dashboard.text import plain_words
from safeguards.disclosure import drafts as kept_words
from safeguards.disclosure.drafts import Draft, Drafts
from safeguards.home.home import Home
from safeguards.keys.keys import Keys

AUTUMN, SPRING, SUMMER = date(2026, 9, 2), date(2027, 1, 4), date(2027, 4, 12)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HEADER = "key,section,part,kinds,carries,from_children,is_required,title,question,example"
ROW = "good,1,one,termly annual,good,0,true,Good,What was good?,Much was."


def keys_of(given: tuple[Prompt, ...]) -> set[str]:
    return {each.key for each in given}


# The questions


@pytest.mark.parametrize("prompt", load_prompts(), ids=lambda prompt: prompt.key)
def test_every_question_and_example_is_short_plain_and_kind(prompt: Prompt) -> None:
    """And an example of good wording passes the check that people's words have to pass."""
    assert plain_words.check_text(f"{prompt.question}\n{prompt.example}") == []
    assert prompt.question.rstrip(".?")[-1].isalpha()
    assert check_text(prompt.example, as_at=date(2026, 11, 20)) == ()
    assert prompt.example != ""
    assert kept_words.check_text(prompt.example) is None


def test_each_section_of_the_report_asks_something() -> None:
    """In its order; only safeguarding is for the confidential part, and all of it is."""
    sections = [each.section for each in load_prompts()]
    assert sections == sorted(sections, key=SECTIONS.index)
    assert set(sections) == set(SECTIONS)
    assert {each.section for each in load_prompts() if each.part == "two"} == {"8"}
    assert {each.part for each in load_prompts() if each.section == "8"} == {"two"}


def test_what_is_asked_depends_on_the_report() -> None:
    """A nil return asks what stands ready; a case study is asked for from ten children on."""
    assert keys_of(select_prompts("nil", 0)) == {
        *("designated_teacher", "link_governor", "dt_training", "dt_time", "staff_training"),
        *("policies", "school_plan", "ready", "last_actions", "next_steps"),
    }
    assert keys_of(select_prompts("termly", 24)) < keys_of(select_prompts("annual", 24)) | {"ready"}
    assert keys_of(select_prompts("annual", 10)) - keys_of(select_prompts("annual", 9)) == {
        "case_study"
    }
    assert select_prompts("other", 24) == ()
    for kind in KINDS:
        assert any(each.is_required for each in select_prompts(kind, 0)), kind


def test_the_summary_asks_for_good_things_first() -> None:
    assert [each.key for each in load_prompts() if each.section == "1"] == [
        "good_things",
        "to_watch",
        "asks",
    ]


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace(",1,", ",13,"),
        ROW.replace(",one,", ",three,"),
        ROW.replace("termly annual", "monthly"),
        ROW.replace("termly annual", ""),
        ROW.replace(",good,0", ",bad,0"),
        ROW.replace(",0,", ",some,"),
        ROW.replace(",true,", ",yes,"),
        f"{ROW}\n{ROW}",
    ],
)
def test_a_row_that_no_report_could_ask_is_refused(row: str) -> None:
    assert len(parse([HEADER, ROW])) == 1
    with pytest.raises(ValueError, match=r"row|invalid literal"):
        parse([HEADER, *row.split("\n")])


def test_the_file_is_as_plain_as_it_looks() -> None:
    """No blank or sign that an editor hides; the same row means the same everywhere."""
    text = files("dashboard.report.content").joinpath("prompts.csv").read_text(encoding="utf-8")
    assert all(line == line.strip() and line.isprintable() for line in text.splitlines())


# The answers


@pytest.fixture
def drafts(home: Home, keys: Keys) -> Drafts:
    return Drafts.open(home, keys)


def given(drafts: Drafts, term: date, kind: str = "termly") -> dict[str, Answer]:
    found = collect_answers(
        select_prompts(kind, 24), drafts.find_by_term(term), drafts.find_carried_over(term)
    )
    return {each.prompt.key: each for each in found}


def write(drafts: Drafts, key: str, term: date, text: str) -> Draft:
    return drafts.save_answer(key, term, text, actor="teacher", now=NOW)


def test_a_standing_answer_is_carried_over_until_somebody_keeps_it(drafts: Drafts) -> None:
    first = write(drafts, "designated_teacher", AUTUMN, "An afternoon a week.")
    assert not given(drafts, AUTUMN)["designated_teacher"].is_carried
    carried = given(drafts, SPRING)["designated_teacher"]
    assert (carried.text, carried.draft, carried.is_carried) == (first.text, first, True)
    write(drafts, "designated_teacher", SPRING, first.text)
    assert not given(drafts, SPRING)["designated_teacher"].is_carried
    write(drafts, "designated_teacher", SPRING, "")
    assert given(drafts, SPRING)["designated_teacher"].text == ""
    assert not given(drafts, SUMMER)["designated_teacher"].is_carried


def test_last_times_next_steps_become_the_actions_to_report_on(drafts: Drafts) -> None:
    """And this time's next steps begin empty; so do the good things of a term."""
    write(drafts, "next_steps", AUTUMN, "Buy books: Headteacher, by Friday.")
    write(drafts, "good_things", AUTUMN, "Choir sang.")
    of_spring = given(drafts, SPRING)
    assert of_spring["last_actions"].text == "Buy books: Headteacher, by Friday."
    assert of_spring["last_actions"].is_carried
    assert of_spring["next_steps"].text == of_spring["good_things"].text == ""
    write(drafts, "last_actions", SPRING, "Buy books: done.")
    assert given(drafts, SPRING)["last_actions"].text == "Buy books: done."


def test_a_final_report_misses_what_is_required_and_what_nobody_looked_at(drafts: Drafts) -> None:
    required = {each.key for each in select_prompts("nil", 0) if each.is_required}
    of_autumn = given(drafts, AUTUMN, "nil").values()
    assert {each.prompt.key for each in find_missing(of_autumn)} == required
    assert describe_missing(of_autumn) == (
        "3 sections need your comments before it can be final. A draft can be made now."
    )
    for key in (*required, "policies"):
        write(drafts, key, AUTUMN, "Written.")
    assert find_missing(given(drafts, AUTUMN, "nil").values()) == ()
    assert describe_missing(given(drafts, AUTUMN, "nil").values()) == ""
    of_spring = find_missing(given(drafts, SPRING, "nil").values())
    assert {each.prompt.key for each in of_spring} == {*required, "policies"}
    for key in required - {"ready"} | {"policies"}:
        write(drafts, key, SPRING, "Looked at.")
    assert describe_missing(given(drafts, SPRING, "nil").values()).startswith("1 section needs ")
