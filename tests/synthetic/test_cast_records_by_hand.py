"""What the cast's records come to on 20 November 2026, counted by hand from their stories.

Each day was counted on a calendar from synthetic/cast/cast.toml and the rule's row, with bank
holidays on 3 and 6 April, 4 and 25 May and 31 August 2026, and not taken from an answer.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.schools.homes import cast_handles, demo_home, open_store

DAY = date(2026, 11, 20)

#: child, rule: the last day, what did it, and the status.
PROTECTION = {
    # Tuesday 7 October 2025 and 45 working days: 18 in October, 20 in November, 7 in December.
    ("Isla", "REFERRAL_DECISION"): ("2025-10-08", "2025-10-08", "done"),
    ("Isla", "CF_ASSESSMENT"): ("2025-12-09", "2025-12-09", "done"),
    ("Isla", "ICPC"): ("2026-03-18", "2026-03-18", "done"),
    # The tenth working day was 1 April; they met on the 2nd.
    ("Isla", "CORE_GROUP_1"): ("2026-04-01", "2026-04-02", "done late"),
    ("Isla", "RCPC_1"): ("2026-06-18", "2026-06-16", "done"),
    # Six months from the review of 16 June; one is booked for 9 December.
    ("Isla", "RCPC_N"): ("2026-12-16", None, "booked"),
    ("Kai", "REFERRAL_DECISION"): ("2026-05-13", "2026-05-13", "done"),
    # 12 working days left in May, without the 25th, 22 in June, and 11 in July: the 15th.
    ("Kai", "CF_ASSESSMENT"): ("2026-07-15", "2026-07-20", "done late"),
    ("Leo", "REFERRAL_DECISION"): ("2025-09-23", "2025-09-23", "done"),
    ("Leo", "CF_ASSESSMENT"): ("2025-11-24", "2025-11-20", "done"),
    ("Oscar", "REFERRAL_DECISION"): ("2024-11-27", "2024-11-27", "done"),
    # Without Christmas, Boxing Day and New Year's Day: 3 + 20 + 22 working days.
    ("Oscar", "CF_ASSESSMENT"): ("2025-01-31", "2025-01-20", "done"),
    ("Oscar", "ICPC"): ("2025-02-04", "2025-02-04", "done"),
    ("Oscar", "CORE_GROUP_1"): ("2025-02-18", "2025-02-13", "done"),
    ("Oscar", "RCPC_1"): ("2025-05-04", "2025-04-29", "done"),
    # Of three reviews two began another six months; with the third the plan ended.
    ("Oscar", "RCPC_N"): ("2026-04-21", "2025-11-18", "done"),
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Rows of a mart about the cast, under their names."""
    home = demo_home(Path(tmp_path_factory.mktemp("cast")) / "home")
    names = {handle: name for name, handle in cast_handles(home).items()}
    store = open_store(home)

    def read(query: str) -> list[dict[str, Any]]:
        rows = store.read(query, as_at=DAY).rows(named=True)
        return [{"child": names[row["handle"]], **row} for row in rows if row["handle"] in names]

    yield read
    store.close()


def test_protection_duties(ask: Any) -> None:
    """Of several of one rule the newest."""
    rows = ask(
        "from every_duty where category = 'child_protection' and rule <> 'RETURN_INTERVIEW'"
        " order by started_on"
    )
    found = {
        (row["child"], row["rule"]): (
            str(row["due_date"]),
            row["done_date"] and str(row["done_date"]),
            row["status"] + " late" * bool(row["is_late"]),
        )
        for row in rows
    }
    assert found == PROTECTION


def test_where_each_case_stands(ask: Any) -> None:
    """Isla is on her first plan, Oscar's has ended, Kai and Leo have been assessed."""
    rows = {row["child"]: row for row in ask("from protection_case")}
    names = ("stage", "plans", "referrals", "is_re_referral", "abuse")
    assert {child: tuple(row[name] for name in names) for child, row in rows.items()} == {
        "Isla": ("on a plan", 1, 0, False, "Emotional abuse"),
        "Kai": ("assessed", 0, 1, False, None),
        "Leo": ("assessed", 0, 0, False, None),
        "Oscar": ("plan ended", 1, 0, False, None),
    }
    assert rows["Isla"]["plan_since"] == date(2026, 3, 18)


def test_reviews_of_care(ask: Any) -> None:
    """Leo's first was due on 9 March and held on the 11th; Mason's next is due in April."""
    rows = ask("from every_duty where rule like 'LAC_REVIEW%' or rule = 'RETURN_INTERVIEW'")
    found = {
        (row["child"], row["rule"], str(row["started_on"])): (
            str(row["due_date"]),
            row["status"] + " late" * bool(row["is_late"]),
        )
        for row in rows
        if row["child"] in ("Leo", "Mason")
    }
    assert found == {
        ("Leo", "LAC_REVIEW_1", "2026-02-09"): ("2026-03-09", "done late"),
        ("Leo", "LAC_REVIEW_2", "2026-03-11"): ("2026-06-11", "done"),
        ("Leo", "LAC_REVIEW_N", "2026-06-11"): ("2026-12-11", "booked"),
        # Good Friday and Easter Monday were among the days after 1 March 2024.
        ("Mason", "LAC_REVIEW_1", "2024-03-01"): ("2024-04-02", "done"),
        ("Mason", "LAC_REVIEW_2", "2024-04-02"): ("2024-07-02", "done"),
        ("Mason", "LAC_REVIEW_N", "2024-12-17"): ("2025-06-17", "done"),
        ("Mason", "LAC_REVIEW_N", "2025-06-10"): ("2025-12-10", "done"),
        ("Mason", "LAC_REVIEW_N", "2025-12-03"): ("2026-06-03", "done"),
        ("Mason", "LAC_REVIEW_N", "2026-06-02"): ("2026-12-02", "done"),
        ("Mason", "LAC_REVIEW_N", "2026-10-07"): ("2027-04-07", "later"),
        ("Mason", "LAC_REVIEW_N", "2024-07-02"): ("2025-01-02", "done"),
        # Back on Monday 12 October, talked with on the Thursday.
        ("Mason", "RETURN_INTERVIEW", "2026-10-12"): ("2026-10-15", "done"),
    }


def test_a_year_in_care(ask: Any) -> None:
    """Mason's homes of 24 November 2025 and 5 October; his worker of March; one report missed."""
    rows = {row["child"]: row for row in ask("from care_history")}
    names = ("moves", "schools", "social_workers", "reports_missed")
    assert [rows["Mason"][name] for name in names] == [2, 0, 1, 1]
    assert [rows["Leo"][name] for name in names] == [0, 1, 0, 0]
    assert (rows["Leo"]["last_review_date"], rows["Leo"]["next_review_date"]) == (
        date(2026, 6, 11),
        date(2026, 12, 3),
    )


def test_notes_of_concern(ask: Any) -> None:
    """Isla's of 10 November was to be looked at again on the 17th; Kai's is for Monday."""
    rows = ask("from pupil_concern order by concern_date")
    found = [(row["child"], str(row["concern_date"]), row["is_past"]) for row in rows]
    assert found == [
        ("Isla", "2025-10-07", False),
        ("Kai", "2026-05-11", False),
        ("Isla", "2026-10-14", False),
        ("Isla", "2026-11-10", True),
        ("Kai", "2026-11-19", False),
    ]
    looks = ask("from every_look where category = 'child_protection'")
    assert [(row["child"], row["rule"], row["figure"]) for row in looks] == [
        ("Isla", "concern_follow_up", 1)
    ]
