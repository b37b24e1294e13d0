"""From checked rows to raw_ rows of scores, checks, plans and suspensions."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from intake.check.ages import compute_birth_band, compute_year_group_band
from intake.identify import events
from queries.contract import FILE_TABLES, HANDLE_EXPORTS, ROLL, TABLE_KEYS
from tests.support.schools.good_exports import ANN, BEN, CAT, with_cell
from tests.support.schools.school_rows import SchoolRows

HEALTH, PEP = "health.csv", "pep.csv"


@pytest.fixture
def school(tmp_path: Path) -> SchoolRows:
    return SchoolRows(tmp_path)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_rows_of_every_file(school: SchoolRows) -> None:
    assert school.load().problems == ()
    scales = dict.fromkeys(["emotional", "conduct", "hyperactivity", "peer", "prosocial"])
    nothing = {"total": None, **scales, "impact": None, "reason": None}
    autumn = {"sdq_date": day("2026-09-21")}
    assert school.list_facts("raw_sdq") == [
        {"child": ANN, **autumn, "informant": "carer", "total": 14, "emotional": 4,
         "conduct": 2, "hyperactivity": 5, "peer": 3, "prosocial": 8, "impact": 2, "reason": None},
        {"child": ANN, "sdq_date": day("2026-09-22"), "informant": "teacher", **nothing,
         "reason": "SDQ4"},
        {"child": BEN, **autumn, "informant": "self", **nothing, "total": 15},
        {"child": BEN, **autumn, "informant": "teacher", "total": 40, "emotional": 10,
         "conduct": 10, "hyperactivity": 10, "peer": 10, "prosocial": 0, "impact": 6,
         "reason": None},
    ]  # fmt: skip
    assert school.list_facts("raw_health") == [
        {"child": ANN, "kind": "dental check", "health_date": day("2026-12-07"),
         "outcome": "booked", "next_due": None, "reason": None, "age_band": "5 to 9"},
        {"child": ANN, "kind": "review assessment", "health_date": day("2026-03-02"),
         "outcome": "done", "next_due": day("2027-03-02"), "reason": None, "age_band": "5 to 9"},
        {"child": BEN, "kind": "immunisations", "health_date": day("2026-05-04"),
         "outcome": "not done", "next_due": None, "reason": "carer refused",
         "age_band": "5 to 9"},
    ]  # fmt: skip
    assert school.list_facts("raw_ehcp") == [
        {"child": BEN, "ehcp_date": day("2026-01-12"), "event": "requested",
         "primary_need": None},
        {"child": BEN, "ehcp_date": day("2026-06-01"), "event": "plan issued",
         "primary_need": "SEMH"},
        {"child": BEN, "ehcp_date": day("2027-05-24"), "event": "review booked",
         "primary_need": None},
    ]  # fmt: skip
    assert school.list_facts("raw_pep") == [
        {"child": ANN, "pep_date": day("2026-10-05"), "outcome": "held", "quality": "good",
         "child_attended": True, "targets_set": 3},
        {"child": ANN, "pep_date": day("2027-02-01"), "outcome": "booked", "quality": None,
         "child_attended": None, "targets_set": None},
        {"child": BEN, "pep_date": day("2026-10-06"), "outcome": "held", "quality": None,
         "child_attended": None, "targets_set": None},
    ]  # fmt: skip
    assert school.list_facts("raw_suspension") == [
        {"child": BEN, "suspension_date": day("2026-10-13"), "category": "SUSP",
         "sessions": 4, "reason": "PP"},
        {"child": BEN, "suspension_date": day("2026-11-03"), "category": "LNCH",
         "sessions": 0, "reason": None},
    ]  # fmt: skip


def test_a_child_who_did_not_attend_is_false_and_not_unknown(school: SchoolRows) -> None:
    school.load(with_cell(PEP, 2, "child_attended", "no"))
    assert [row["child_attended"] for row in school.list_facts("raw_pep")] == [False, None, None]


def test_keys_are_the_contracts_keys() -> None:
    """A row replaces the one that the check would have called its duplicate."""
    for export in HANDLE_EXPORTS:
        keys = {"pupil_key" if name == "upn" else name.split("_")[-1] for name in export.key}
        table = TABLE_KEYS[FILE_TABLES[export.name]]
        assert {name if name == "pupil_key" else name.split("_")[-1] for name in table} == keys


@pytest.mark.parametrize(
    ("birth", "on", "band"),
    [
        ("2016-09-01", "2021-08-31", "under 5"),
        ("2016-09-01", "2021-09-01", "5 to 9"),
        ("2016-09-01", "2026-08-31", "5 to 9"),
        ("2016-09-01", "2026-09-01", "10 and over"),
        ("2016-12-31", "2026-12-30", "5 to 9"),
        ("2016-12-31", "2026-12-31", "10 and over"),
        ("2016-12-31", "2027-01-01", "10 and over"),
        ("2016-02-29", "2021-02-28", "under 5"),  # a common year: the birthday is 1 March
        ("2016-02-29", "2021-03-01", "5 to 9"),
        ("2016-02-29", "2026-02-28", "5 to 9"),
        ("2016-02-29", "2026-03-01", "10 and over"),
        ("2019-02-28", "2024-02-28", "5 to 9"),
        ("2019-03-01", "2024-02-29", "under 5"),  # a leap day is before 1 March
    ],
)
def test_bands_change_on_the_birthday(birth: str, on: str, band: str) -> None:
    days = pl.DataFrame({"birth": [day(birth)], "on": [day(on)]})
    assert days.select(compute_birth_band("birth", "on")).item() == band


@pytest.mark.parametrize(
    ("group", "true_on", "on", "band"),
    [
        (3, "2026-11-20", "2026-09-01", "5 to 9"),
        (3, "2026-11-20", "2026-08-31", "5 to 9"),  # Year 2 then
        (3, "2026-11-20", "2024-09-01", "5 to 9"),  # Year 1
        (3, "2026-11-20", "2024-08-31", None),  # Reception
        (0, "2026-11-20", "2026-11-20", None),
        (0, "2026-11-20", "2027-09-01", "5 to 9"),  # a booking for Year 1
        (5, "2026-11-20", "2026-11-20", "5 to 9"),
        (5, "2026-11-20", "2027-08-31", "5 to 9"),
        (5, "2026-11-20", "2027-09-01", "10 and over"),
        (6, "2026-07-20", "2026-07-20", "10 and over"),
        (6, "2026-07-20", "2025-08-31", "5 to 9"),
        (6, "2026-07-20", "2028-01-01", "10 and over"),  # gone on to Year 8
    ],
)
def test_bands_from_a_year_group(group: int, true_on: str, on: str, band: str | None) -> None:
    rows = pl.DataFrame({"group": [group], "true_on": [day(true_on)], "on": [day(on)]})
    assert rows.select(compute_year_group_band("group", "true_on", "on")).item() == band


def test_rows_by_handle_need_the_children_of_the_home() -> None:
    """A mistake of ours, not of the sheet."""
    health = pl.DataFrame({"row": [2], "handle": ["copper lantern"], "date": [day("2026-11-20")]})
    roll = pl.DataFrame({name: [""] for name in ROLL.header} | {"year_group": ["3"]})
    keys = pl.DataFrame({"upn": [CAT], "handle": ["copper lantern"], "pupil_key": [1]})
    with pytest.raises(ValueError, match="the home's children"):
        events.build_raw_rows({HEALTH: health, ROLL.name: roll}, keys)
