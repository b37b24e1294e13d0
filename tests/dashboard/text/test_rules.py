"""The words of a rule's row: any figure reads as plain British English, and none is our own."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.text import duties, rules
from queries import read
from tests.support import plain_words
from tests.support.other_rules import other_rules, thresholds

_FIGURES = {
    "persistent_absence": "8%",
    "persistent_absence_sessions": "8% of sessions",
    "sdq_chance_carer": "8 points",
    "sdq_chance_teacher": "5 points",
    "high_absence": "20%",
    "late_one_in": "4 mornings",
    "days_to_explain_n": "5 school days",
}


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.1, "10%"), (0.07, "7%"), (0.075, "7.5%"), (0.3333, "33.33%"), (1.0, "100%")],
)
def test_a_share_is_a_percentage_and_never_rounded(share: Any, expected: Any) -> None:
    assert rules.format_share(share) == expected


def test_what_a_child_missed_is_told_by_the_threshold() -> None:
    assert rules.describe_persistent(0.1) == "missed 10% of sessions or more"
    assert rules.describe_persistent(0.08) == "missed 8% of sessions or more"


def test_every_row_has_words_with_the_noun_of_its_unit() -> None:
    values = {
        "persistent_absence": 0.08,
        "weeks_before_rates": 4,
        "days_to_explain_n": 1,
        "history_months": 9,
        "transfer_year_group": 6,
    }
    found = rules.list_figures(values)
    assert found["persistent_absence"] == "8%"
    assert found["persistent_absence_sessions"] == "8% of sessions"
    assert found["weeks_before_rates"] == "4 school weeks"
    assert found["days_to_explain_n"] == "1 school day"
    assert found["history_months"] == "9 months"
    assert found["transfer_year_group"] == "Year 6"
    assert found["severe_absence"] == found["severe_absence_sessions"] == "(not set on that day)"


def test_a_deadline_is_told_with_its_unit(tmp_path: Path) -> None:
    changes = {
        ("deadline", "SDQ_YEARLY"): {"amount": "9"},
        ("deadline", "EHC_FINAL"): {"amount": "1"},
        ("deadline", "IHA"): {"amount": "15"},
    }
    with other_rules(tmp_path, changes):
        assert rules.format_deadline("SDQ_YEARLY") == "9 months"
        assert rules.format_deadline("EHC_FINAL") == "1 week"
        assert rules.list_figures({})["IHA"] == "15 working days"
    with other_rules(tmp_path / "again", {("deadline", "SDQ_YEARLY"): {"amount": "12"}}):
        assert rules.format_deadline("SDQ_YEARLY") == "12 months"


def test_a_text_names_its_rule_and_a_wrong_name_is_an_error() -> None:
    assert rules.fill("from {persistent_absence} on", _FIGURES) == "from 8% on"
    with pytest.raises(KeyError):
        rules.fill("from {persistent_absense} on", _FIGURES)


def test_a_reason_has_its_own_figures_and_those_of_its_rule(tmp_path: Path) -> None:
    changes = {("look", "missed_sessions"): {"window": "15"}}
    looks = pl.DataFrame(
        {
            "rule": ["missed_sessions", "became_persistent", "no_reason_yet", "suspended"],
            "figure": [4, 6, 1, 1],
            "base": [28, 70, None, None],
            "weekday": None,
            "changed_on": [None, None, None, date(2026, 11, 5)],
            "days": [None, None, 1, None],
            "duties": None,
        }
    )
    with other_rules(tmp_path, changes):
        assert rules.add_reasons(looks, _FIGURES, date(2026, 11, 20))["reason"].to_list() == [
            "missed 4 of the last 28 sessions",
            "missed 6 of 70 this year: now persistently absent (8% or more)",
            "1 session (1 day) with no reason yet",
            "suspended on 5\u00a0Nov",
        ]
    (said,) = rules.add_reasons(looks[3:], _FIGURES, date(2027, 1, 8))["reason"]
    assert said == "suspended on 5\u00a0Nov 2026"
    assert rules.add_reasons(looks.clear(), _FIGURES, date(2026, 11, 20)).columns == [
        *looks.columns,
        "reason",
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_a_reason_reads_well_at_its_smallest_figure_and_the_next(more: int) -> None:
    """A rule's threshold is the smallest number that its words can hold."""
    for rule in read.load_attention_rules().to_dicts():
        figure = int(rule["threshold"]) + more
        about = "EHC_AR_MEETING DENTAL_YEARLY" if "duties" in rule["reason"] else None
        row = {"rule": rule["rule"], "figure": figure, "base": figure + 1, "duties": about}
        row |= {"weekday": 1, "changed_on": date(2026, 11, 20), "days": figure}
        row |= {"informant": "carer"}
        looks = rules.add_reasons(pl.DataFrame([row]), _FIGURES, date(2026, 11, 20))
        said = looks["reason"].item()
        assert not re.search(r"\b1 (?:school )?(?:sessions|weeks|absences|duties|days)\b", said)
        assert not re.search(r"\b(?!1 )\d+ (?:school )?(?:session|week|absence|duty|day)\b", said)
        assert "{" not in said


def test_one_reason_and_two_that_an_action_closed() -> None:
    assert [duties.describe_closed_reasons(number) for number in (1, 2)] == [
        "1 reason has been dealt with.",
        "2 reasons have been dealt with.",
    ]


def test_every_rule_says_its_window_threshold_and_whose_it_is() -> None:
    for rule in read.load_attention_rules().to_dicts():
        said = rules.describe_rule(rule, _FIGURES)
        assert ("your school's own rule." in said) != rule["is_verified"]
        named = {"became_persistent": "8%", "high_absence": "20%"}
        threshold = named.get(rule["rule"], rule["threshold"])
        assert threshold in said, (
            f"Name the threshold of {rule['rule']} in its `lists` of look.csv, or if it stands "
            f"there in another form, such as 8%, add that form to `named` here: {said}"
        )
        assert f"Next: {rules.fill(rule['advice'], _FIGURES)}" in said
        assert (f"over {rule['window']} " in said) == (rule["window"] != "0")
        assert plain_words.check_text(said) == []


def test_a_window_of_one_and_another_threshold_read_well(tmp_path: Path) -> None:
    changes = {("look", "same_weekday"): {"window": "1", "threshold": "2"}}
    with other_rules(tmp_path, changes):
        (rule,) = read.load_attention_rules().filter(rule="same_weekday").to_dicts()
        assert rules.describe_rule(rule, _FIGURES) == (
            "Same weekday: children who missed the same weekday at least 2 times. The rule "
            "looks back over 1 week. This is your school's own rule. "
            "Next: Ask what happens on that day: a lesson, family time, the night before?"
        )


def test_without_a_home_the_figure_is_the_one_that_holds_until_further_notice(
    tmp_path: Path,
) -> None:
    with other_rules(tmp_path, thresholds(persistent_absence="0.08")):
        assert read.get_default_threshold("persistent_absence") == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("reasons", "line"),
    [
        ([], ""),
        (["suspended on 5 Nov"], "Suspended on 5 Nov"),
        (["moved home on 2 Nov", "missed 4 of the last 20 sessions"],
         "Missed 4 of the last 20 sessions; moved home on 2 Nov"),
        (["missed 6 of 70 this year", "late on 4 of 9 mornings", "missed 3 of the last 4 Fridays"],
         "Missed 6 of 70 this year, 3 of the last 4 Fridays; late on 4 of 9 mornings"),
    ],
)  # fmt: skip
def test_reasons_about_missed_sessions_say_so_once(reasons: list[str], line: str) -> None:
    assert "".join(rules.list_reason_parts(reasons)) == line


def test_no_reason_repeats_another_and_earlier_terms_come_last() -> None:
    """Who is over both lines this year is told the higher; a count without a base stands alone."""
    rows = [
        {"rule": rule, "reason": rule, "figure": figure, "base": base}
        for rule, figure, base in (
            ("became_persistent", 23, 102),
            ("high_absence", 23, 102),
            ("missed_sessions", 4, 20),
            ("no_reason_yet", 4, None),
            ("tenth_again", 3, None),
            ("unauthorised_sessions", 4, None),
        )
    ]
    assert rules.select_reasons(rows) == [
        *("high_absence", "missed_sessions", "no_reason_yet"),
        *("unauthorised_sessions", "tenth_again"),
    ]
    assert rules.select_reasons(rows[:1]) == ["became_persistent"]


def test_help_names_each_deadline_that_nothing_follows_up() -> None:
    """Those of the school too: no file tells that governors met about a suspension."""
    untracked = rules.list_untracked()
    assert "Care plan: 10 working days (local authority)" in untracked
    assert "Governors' meeting: 15 school days (school)" in untracked
    assert "Start of the first PEP: 10 working days (local authority)" in untracked
    assert len(untracked) == 8
