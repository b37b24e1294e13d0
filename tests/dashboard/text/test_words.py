"""What the screen says: numbers, dates and sentences, and every standing text of ours."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import dashboard
from dashboard.text import cells, duties, rules, scores, sentences, words
from queries import read
from queries.read import Row
from safeguards.access import roles
from tests.support import plain_words, texts

_FOLDER = Path(dashboard.__file__).parent
_NOT_FOR_THE_SCREEN = {"server.py", "palette.py"}
_SHOWN = sorted(
    path
    for path in (*_FOLDER.rglob("*.py"), *_FOLDER.rglob("words.toml"))
    if path.name not in _NOT_FOR_THE_SCREEN | {"__init__.py"}
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "no children"), (1, "1 child"), (2, "2 children"), (1200, "1,200 children")],
)
def test_a_count_agrees_with_its_noun(number: Any, expected: Any) -> None:
    assert words.format_count(number, "child") == expected


def test_nouns_take_their_own_plural() -> None:
    assert words.format_count(2, "school day") == "2 school days"
    assert words.format_count(2, "possible session") == "2 possible sessions"
    assert words.pluralise(2, "authority") == "authorities"
    assert [words.pluralise(n, "has") for n in (0, 1, 2)] == ["have", "has", "have"]


@pytest.mark.parametrize(
    ("absent", "possible", "too_early", "expected"),
    [
        (14, 142, False, "90.1% (14 of 142 missed)"),
        (0, 142, False, "100.0% (none of 142 missed)"),
        (1, 4, True, "1 of 4 missed"),
        (0, 0, True, "no possible sessions yet"),
        (None, None, None, "no marks this year"),
    ],
)
def test_zero_and_not_recorded_never_read_alike(
    absent: Any, possible: Any, too_early: Any, expected: Any
) -> None:
    child = {
        "absent_sessions": absent,
        "possible_sessions": possible,
        "absence_rate": absent / possible if possible else None,
        "is_too_early": too_early,
    }
    assert words.describe_attendance(child) == expected


@pytest.mark.parametrize(("too_early", "text"), [(False, "▼ 90.0% "), (True, "4 of 40 missed ")])
def test_persistent_absence_is_marked_once_it_can_be_said(too_early: bool, text: str) -> None:
    child = {
        "absent_sessions": 4,
        "possible_sessions": 40,
        "absence_rate": 0.1,
        "is_too_early": too_early,
        "is_persistent_absentee": True,
    }
    assert cells.build_attendance(child)["parts"][0] == text


def test_days_are_written_out() -> None:
    assert words.format_day(date(2026, 11, 20)) == "Friday 20 November 2026"
    assert words.format_short_day(date(2026, 9, 1)) == "1 September 2026"
    assert words.format_table_day(date(2026, 9, 1)) == "1\u00a0Sep\u00a02026"
    assert words.format_week(date(2026, 9, 7)) == "7 Sep"
    assert (
        words.format_moment(datetime(2026, 11, 20, 7, 40, tzinfo=UTC))
        == "Friday 20 November 2026 at 7:40am"
    )
    assert (
        words.format_moment(datetime(2026, 11, 20, 12, 5, tzinfo=UTC))
        == "Friday 20 November 2026 at 12:05pm"
    )
    assert words.format_span(None, None) == words.NOTHING
    assert words.format_span(date(2026, 9, 1), date(2026, 9, 1)) == "1\u00a0Sep\u00a02026"


def test_lists_year_groups_and_shares_read_well() -> None:
    assert words.format_list([]) == ""
    assert words.format_list(["a"]) == "a"
    assert words.format_list(["a", "b", "c"]) == "a, b and c"
    assert [words.format_year_group(n) for n in (0, 4)] == ["Reception", "Year 4"]
    assert words.format_year_group(None) == "year group not recorded"
    assert words.format_percent(0.038) == "3.8%"


@pytest.mark.parametrize(
    ("last", "ending"),
    [
        ((115, 120), ", 4 fewer than the week before."),
        ((110, 120), ", 1 more than the week before."),
        ((111, 120), ", as many as the week before."),
        ((90, 96), ", and 90 of 96 the week before."),
        (None, ". There were no sessions the week before."),
    ],
)
def test_weeks_are_subtracted_only_when_as_many_sessions_were_possible(
    last: Any, ending: Any
) -> None:
    said = sentences.describe_week(111, 120, last)
    assert said == f"These children attended 111 of 120 sessions{ending}"


_LINES = pl.DataFrame(
    {
        "measure": ["absence", "absence"],
        "cohort": ["looked after 12 months"] * 2,
        "academic_year": ["2024/25", "2023/24"],
        "scope": ["state-funded primary schools"] * 2,
        "rate": [0.038, 0.039],
    }
)


def test_the_national_line_is_of_the_same_year_or_said_to_be_missing() -> None:
    published = sentences.describe_national_line("looked after", "2023/24", _LINES)
    assert published.startswith("In England in 2023/24, children looked after for 12 months")
    missing = sentences.describe_national_line("looked after", "2026/27", _LINES)
    assert missing.startswith("England's figure for 2026/27 is not published yet. ")
    assert missing.endswith("state-funded primary schools missed 3.8% of sessions.")
    assert sentences.find_national_rate("looked after", "2026/27", _LINES) is None


def test_a_group_without_a_line_of_its_own_is_not_given_another_ones() -> None:
    for group in set(words.GROUPS) - {"looked after"}:
        assert "%" not in sentences.describe_national_line(group, "2024/25", _LINES)
        assert sentences.find_national_rate(group, "2024/25", _LINES) is None


def test_no_rate_stands_beside_a_year_that_has_just_begun() -> None:
    row = {"absent_sessions": 14, "possible_sessions": 142, "absence_rate": 14 / 142}
    assert (
        sentences.describe_group_year(row, too_early=False)
        == "14 of 142 sessions missed this year (9.9%)"
    )
    assert (
        sentences.describe_group_year(row, too_early=True) == "14 of 142 sessions missed this year"
    )


def test_a_whole_school_that_is_not_recorded_is_said_to_be() -> None:
    assert "not recorded" in sentences.describe_whole_school(None)


_MEMBER = {
    "year_group": 4, "is_looked_after": True, "has_social_worker": False,
    "is_previously_looked_after": False, "looked_after_since": date(2025, 3, 3),
    "is_restricted": False,
    "home_kind": "foster home", "legal_status": "Full care order", "authority": "Tameside",
    "entry_date": date(2024, 9, 4), "absent_sessions": 2, "possible_sessions": 20,
    "is_too_early": True,
}  # fmt: skip


def test_under_a_childs_row_the_lead_reads_what_else_is_known() -> None:
    assert sentences.list_remarks(_MEMBER, []) == []
    assert sentences.list_remarks(_MEMBER, ["in need since 1 May 2026"]) == [
        "In need since 1 May 2026."
    ]


def test_a_start_that_nobody_knows_is_not_a_date() -> None:
    about = sentences.describe_child({**_MEMBER, "looked_after_since": None, "authority": None})
    assert "Looked after since a date that is not recorded" in about
    assert "Local authority: not recorded" in about


def test_a_restricted_child_is_marked_wherever_a_line_is_about_it() -> None:
    marked: read.Row = {**_MEMBER, "is_restricted": True}
    for line in (*sentences.list_remarks(marked, []), sentences.describe_child(marked)):
        assert line.endswith("kept but not used, and shown only to the safeguarding lead.")


def test_only_the_safeguarding_lead_is_named_beside_a_restricted_child() -> None:
    assert "pastoral" in sentences.describe_access(roles.ROLES)[0].lower()
    for line in sentences.describe_access(roles.ROLES, is_restricted=True):
        assert line.endswith(f": {words.ROLES['dsl'].lower()}.")


def test_a_home_of_many_has_its_own_words_for_what_a_school_says() -> None:
    """Each phrase of the table is one of ours; a school's texts stay as they are."""
    told = words.TEXTS["of_many"]
    assert all(of.keys() <= {"trust", "authority"} for of in told.values())
    root = Path(dashboard.__file__).parents[1]
    rows = [
        path.read_text("utf-8")
        for folder in ("dashboard", "queries")
        for path in (root / folder).rglob("*.csv")
    ]
    rows += read.list_definitions().values()
    said = "\n".join([*rows, *(text for path in _SHOWN for text in texts.list_texts(path))])
    for phrase in told:
        assert phrase.lower() in said.lower(), phrase
        assert words.say(phrase, "school") == phrase
    text = "Ask the safeguarding lead from our MIS."
    assert words.say(text, "authority") == "Ask the Virtual School head from a school's MIS."
    assert words.say(text, "trust") == "Ask the trust safeguarding lead from a school's MIS."


def test_the_three_groups_can_hold_at_once() -> None:
    everything: dict[str, object] = {
        "is_looked_after": True, "has_social_worker": True, "is_previously_looked_after": True
    }  # fmt: skip
    assert words.describe_groups(everything) == (
        "Looked after; has a social worker; previously looked after"
    )


@pytest.mark.parametrize(
    ("children", "past", "expected"),
    [
        (0, 0, "No child needs attention, nothing is overdue"),
        (1, 1, "1 child needs attention, 1 date is overdue"),
        (4, 2, "4 children need attention, 2 dates are overdue"),
    ],
)
def test_the_day_begins_with_one_sentence(children: Any, past: Any, expected: Any) -> None:
    assert duties.format_headline(children, past) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2026, 9, 3), "No PEP yet"),
        (date(2026, 9, 2), "No PEP at this school yet"),
        (None, "No PEP at this school yet"),
    ],
)
def test_who_came_in_care_may_have_had_a_pep_elsewhere(since: date | None, expected: str) -> None:
    child = {"is_looked_after": True, "looked_after_since": since, "entry_date": date(2026, 9, 3)}
    assert duties.describe_no_pep(child) == expected


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        (0, "Nothing needs attention now"),
        (1, "No open reason for attention, but 1 date is overdue"),
        (3, "No open reason for attention, but 3 dates are overdue"),
    ],
)
def test_no_reason_is_not_said_to_be_nothing(past: int, expected: str) -> None:
    assert duties.describe_no_reasons(past) == expected


@pytest.mark.parametrize(
    ("children", "past", "expected"),
    [
        (0, 0, ""),
        (1, 0, "On Safeguarding: 1 child needs attention"),
        (2, 1, "On Safeguarding: 2 children need attention and 1 date is overdue"),
    ],
)
def test_the_lead_is_told_what_safeguarding_has(children: Any, past: Any, expected: Any) -> None:
    assert duties.describe_protection(children, past) == expected


@pytest.mark.parametrize(
    ("number", "of", "expected"),
    [
        (0, 12, ""),
        (1, 1, "The child was in school for every session of the week."),
        (1, 12, "1 of 12 children was in school for every session of the week."),
        (9, 12, "9 of 12 children were in school for every session of the week."),
    ],
)
def test_a_full_week_is_good_news(number: Any, of: Any, expected: Any) -> None:
    assert duties.describe_full_week(number, of) == expected


_SCORE = {
    "handle": "copper lantern", "informant": "carer", "total": 16, "band": "middle",
    "band_lowest": 14, "band_highest": 16, "sdq_date": date(2026, 10, 6), "reason": None,
    "previous_date": date(2025, 10, 7), "change": -3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (None, "first score on this kind of form"),
        (0, "no change, from 16 on 7 October 2025"),
        (-3, "down 3, from 19 on 7 October 2025"),
        (1, "up 1, from 15 on 7 October 2025"),
    ],
)
def test_a_change_is_told_as_it_is(change: Any, expected: Any) -> None:
    assert scores.describe_change({**_SCORE, "change": change}) == expected


def test_each_scale_has_the_band_of_its_form_and_none_is_made_up() -> None:
    """Carers and teachers have other bands; prosocial counts the other way."""
    scales = {"emotional": 5, "conduct": 2, "hyperactivity": None, "peer": 3, "prosocial": 5}
    row: Row = {**_SCORE, **scales, "impact": 1}
    assert scores.describe_scales(row) == (
        "emotional 5 (upper band); conduct 2 (lower band); peer 3 (middle band); "
        "prosocial 5 (middle band); impact 1 (middle band)"
    )
    teacher: Row = {**row, "informant": "teacher"}
    assert scores.describe_scales(teacher).startswith("emotional 5 (middle band)")
    nothing: Row = {**row, **dict.fromkeys(scales), "impact": None}
    assert scores.describe_scales(nothing) == "not recorded"


@pytest.mark.parametrize(
    ("change", "is_said"), [(None, False), (0, False), (6, True), (-6, True), (7, False)]
)
def test_a_small_change_may_be_chance_and_a_large_one_is_no_verdict(
    change: Any, is_said: Any
) -> None:
    said = scores.describe_chance({**_SCORE, "change": change}, 7)
    assert said == ("; a change of fewer than 7 points may be chance" if is_said else "")


def test_a_score_has_its_band_and_form_and_a_reason_has_no_score() -> None:
    assert (
        scores.describe_score(_SCORE) == "16 on 6 October 2026: middle band (14 to 16), carer form"
    )
    none: Row = {**_SCORE, "total": None, "band": None, "reason": "carer refused"}
    assert scores.describe_score(none) == "No score on 6 October 2026, carer form: carer refused"


def test_the_week_of_a_plan_says_whether_it_is_late() -> None:
    row = {"week": 26, "stage": "plan", "is_late": True}
    assert duties.describe_weeks(row) == "took 26 weeks, over the limit of 20 weeks"
    assert duties.describe_weeks({**row, "stage": "draft", "week": 18, "is_late": False}) == (
        "week 18 of 20"
    )
    assert duties.describe_weeks({**row, "week": None}) == "request not recorded"


def test_letters_are_explained_once_on_a_page() -> None:
    assert plain_words.find_unexplained_acronyms("A PEP is due") == ["PEP"]
    assert (
        plain_words.find_unexplained_acronyms(f"A PEP is due. {words.spell_out_terms('PEP')}") == []
    )


def test_every_standing_text_is_short_plain_and_kind() -> None:
    shown = {
        str(path): [
            text
            for text in texts.list_texts(path)
            if " " in text and "\\" not in text and "datum" not in text  # no key, no pattern
        ]
        for path in _SHOWN
    }
    found = {name: plain_words.check_text("\n".join(said)) for name, said in shown.items()}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_reader_of_texts_finds_what_it_looks_for() -> None:
    found = plain_words.check_text(
        "The LAC pupil had a placement. 25% of children. The MIS knows. "
        "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty twenty-one."
    )
    text = " | ".join(found)
    for part in ('"LAC"', '"pupil"', '"placement"', "percentage of children", "MIS is not", "21 w"):
        assert part in text


def test_definitions_have_titles_and_no_names_of_columns() -> None:
    definitions = read.list_definitions()
    assert definitions.keys() == words.DEFINITIONS.keys()
    shown = words.list_definitions(definitions, rules.list_figures({}))
    assert next(iter(shown)) == "Who is on these pages"
    for text in shown.values():
        assert "_" not in text
        assert " null" not in text


def test_every_check_says_what_to_do() -> None:
    checks = {name for name in read.list_definitions() if name.startswith("check_")}
    assert checks == words.FIXES.keys()
    assert checks == words.MENDERS.keys()
    said = [*words.DEFINITIONS.values(), *words.FIXES.values()]
    assert plain_words.check_text("\n".join(said)) == []


def test_every_role_and_page_has_a_name() -> None:
    assert words.ROLES.keys() == set(roles.ALL_ROLES)
    assert words.PAGES.keys() == set(roles.PAGES) - {"sql", "audit", "export"}


def test_the_code_list_is_that_of_the_day() -> None:
    codes = words.tabulate_codes(date(2026, 11, 20))
    assert "H" not in codes["Code"].to_list()
    assert codes.filter(pl.col("Code") == "N")["Counts"].to_list() == ["missed, unauthorised"]
    assert "H" in words.tabulate_codes(date(2024, 6, 1))["Code"].to_list()
