"""What people type is held to a file row's rules, points to nobody, and makes the same rows."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

import polars as pl
import pytest

from intake.publish import typed
from queries import reference
from queries.contract import EXPORTS, FACT_EXPORTS, HEALTH, Export
from safeguards.handles import generate_id
from safeguards.journal.typed_entries import Entry, EntryKind
from tests.support.schools.good_exports import ANN, GOOD, checked

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
LATEST = NOW.date()
LETTER = "letter, Tameside, 12 November"
SCORE = {"date": "2026-11-12", "informant": "self", "total": "14"}
_FILES = {export.name: export for export in (*EXPORTS, *FACT_EXPORTS)}


def is_name(word: str) -> bool:
    """Whether it is on the roll of this test."""
    return word == "zuzanna"


def find_faults(
    file: str, values: Mapping[str, str], source: str = LETTER, **options: bool
) -> list[tuple[str, str, str, str]]:
    """Column, fault, problem and fix of all that is wrong with a typed fact."""
    found = typed.check_fact(
        _FILES[file], values, where_written=source, latest=LATEST, is_name=is_name, **options
    )
    return [(each.column, each.fault, each.problem, each.fix) for each in found]


# The same checks as a file row

_SCALES = dict.fromkeys(("emotional", "conduct", "hyperactivity", "peer", "prosocial"), "3")
#: A good row of each file whose rows may be typed, and what makes it a faulty one.
_WRONG: dict[str, tuple[dict[str, str], list[dict[str, str]]]] = {
    "sdq.csv": (
        SCORE,
        [
            {"informant": "parent"},
            {"date": "12 11 2026"},
            {"date": ""},
            {"total": "14.5"},
            {"total": "41"},
            {"total": ""},
            {"reason": "SDQ2"},
            _SCALES,
            {"emotional": "3"},
            {"total": "1 4"},
        ],
    ),
    "health.csv": (
        {"kind": "dental check", "date": "2026-11-12", "outcome": "done"},
        [
            {"kind": "eye test"},
            {"next_due": "2026-11-12"},
            {"reason": "cancelled"},
            {"outcome": ""},
        ],
    ),
    "ehcp.csv": (
        {"date": "2026-11-12", "event": "requested"},
        [{"event": "asked"}, {"event": "plan issued"}],
    ),
    "pep.csv": (
        {"date": "2026-11-12", "outcome": "held"},
        [
            {"outcome": "missed"},
            {"child_attended": "maybe"},
            {"outcome": "booked", "targets_set": "3"},
            {"quality": "9/10"},
        ],
    ),
    "care_episodes.csv": (
        {"status": "looked after", "start": "2026-01-05", "authority": "Tameside"},
        [
            {"status": "fostered"},
            {"start": "unknown"},
            {"end": "2026-01-05"},
            {"authority": ""},
            {"status": "in need", "home": "U1"},
            {"legal_status": "ZZ"},
        ],
    ),
}


@pytest.mark.parametrize("file", _WRONG)
def test_a_typed_row_has_the_problems_of_a_file_row(file: str) -> None:
    good, changes = _WRONG[file]
    header = _FILES[file].header
    assert find_faults(file, good) == []
    for change in changes:
        values = {**good, **change}
        line = ",".join([ANN, *(values.get(name, "") for name in header[1:])])
        both = {"roll.csv": GOOD["roll.csv"], file: f"{','.join(header)}\n{line}\n"}
        in_file = [
            (each.column, each.fault, each.problem, each.fix)
            for each in checked(both).problems
            if each.file == file
        ]
        assert in_file, change
        assert find_faults(file, values) == in_file, change


@pytest.mark.parametrize("export", FACT_EXPORTS, ids=lambda export: export.name)
def test_only_columns_of_the_contract_can_be_typed(export: Export) -> None:
    for column in ("note", "upn", "handle", "surname"):
        found = find_faults(export.name, {column: "Ada"})
        assert ("", "wrong header") in {each[:2] for each in found}
        assert not any("Ada" in problem + fix for *_, problem, fix in found)


@pytest.mark.parametrize(
    ("source", "is_good"),
    [
        ("", False),
        ("le", False),
        ("let", True),
        ("x" * 80, True),
        ("x" * 81, False),
        ("letter\n12 November", False),
        (" le", False),
        (" letter ", True),
    ],
)
def test_the_paper_is_named_in_3_to_80_characters(source: str, is_good: bool) -> None:
    found = find_faults("sdq.csv", SCORE, source)
    assert [column for column, *_ in found] == ([] if is_good else ["where_written"])


_BOOKING = next(iter(reference.read("ehcp_event").filter("is_booking")["code"]))


@pytest.mark.parametrize(
    ("file", "values", "columns"),
    [
        ("sdq.csv", {**SCORE, "date": "2026-11-20"}, []),
        ("sdq.csv", {**SCORE, "date": "2026-11-21"}, ["date"]),
        ("health.csv", {"kind": "optician", "date": "2026-11-21", "outcome": "done"}, ["date"]),
        ("health.csv", {"kind": "optician", "date": "2026-11-21", "outcome": "booked"}, []),
        (
            "health.csv",
            {"kind": "optician", "date": "2026-11-20", "outcome": "done", "next_due": "2027-11-20"},
            [],
        ),
        ("pep.csv", {"date": "2026-11-21", "outcome": "held"}, ["date"]),
        ("pep.csv", {"date": "2026-11-21", "outcome": "booked"}, []),
        ("ehcp.csv", {"date": "2026-11-21", "event": "requested"}, ["date"]),
        ("ehcp.csv", {"date": "2026-12-21", "event": _BOOKING}, []),
        ("care_episodes.csv", {"status": "in need", "start": "2026-11-21"}, ["start"]),
    ],
)
def test_only_a_booking_lies_ahead(file: str, values: dict[str, str], columns: list[str]) -> None:
    assert [column for column, *_ in find_faults(file, values)] == columns


@pytest.mark.parametrize(
    ("year_group", "day", "band"),
    [
        (4, "2026-11-12", "5 to 9"),
        (5, "2026-11-12", "5 to 9"),
        (6, "2026-11-12", "10 and over"),
        (6, "2026-08-31", "5 to 9"),
        (1, "2026-11-12", "5 to 9"),
        (1, "2026-08-31", None),
        (0, "2026-11-12", None),
        (None, "2026-11-12", None),
    ],
)
def test_the_band_of_age_comes_from_the_year_group_of_that_day(
    year_group: int | None, day: str, band: str | None
) -> None:
    found, problems = typed.compute_age_band(HEALTH, {"date": day}, year_group, LATEST)
    assert found == band
    assert [each.column for each in problems] == ([] if band else ["date"])


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"kind": "shouted"}, ["kind"]),
        ({"line": "x" * 121}, ["line"]),
        ({"line": "a\nb"}, ["line"]),
        ({"date": "2026-11-21"}, ["date"]),
        ({"date": "soon"}, ["date"]),
        ({"follow_up": "2026-11-19"}, ["follow_up"]),
        ({"follow_up": "2027-11-22"}, ["follow_up"]),
        ({"follow_up": "soon"}, ["follow_up"]),
        # on the action's day or within a year, so also ahead of the data; or not at all
        ({"line": "", "follow_up": ""}, []),
        ({"follow_up": "2026-11-20"}, []),
        ({"follow_up": "2027-11-20"}, []),
    ],
)
def test_an_action_is_of_a_kind_on_a_day_in_a_line(
    changes: dict[str, str], columns: list[str]
) -> None:
    values = {"kind": "other", "date": "2026-11-20", "line": "Rang.", **changes}
    assert [each.column for each in typed.check_action(values, LATEST, is_name)] == columns


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ring 0161 496 0123", "personal"),
        ("write to office@example.sch.uk", "personal"),
        ("now at m1 1ae", "personal"),
        ("see A001456789012", "personal"),
        ("born 31/05/2017", "personal"),
        ("turned 8 today", "personal"),
        ("Mrs Kacper was there", "may name a child"),
        ("moved to Oldham", "may name a child"),
        ("sat with zuzanna", "may name a child"),
        ("the boy in Year 4 missed 3 sessions; she is one of two siblings", None),
        ("letter of 12/11/2026, about the birthday", None),
    ],
)
def test_no_free_text_points_to_anybody(text: str, fault: str | None) -> None:
    """A number or a day of birth never; a name or a place only where it is said to be none."""
    action = {"kind": "other", "date": "2026-11-20", "line": text}
    note = {"date": "2026-11-19", "kind": "feelings", "level": "concern", "raised_by": "teacher"}
    for is_confirmed in (False, True):
        found = find_faults("sdq.csv", SCORE, text, is_confirmed=is_confirmed)
        found += find_faults("concerns.csv", {**note, "line": text}, is_confirmed=is_confirmed)
        for each in typed.check_action(action, LATEST, is_name, is_confirmed=is_confirmed):
            found.append((each.column, each.fault, each.problem, each.fix))
        is_told = fault == "personal" or (fault is not None and not is_confirmed)
        assert [each[:2] for each in found] == [
            (column, fault) for column in ("where_written", "line", "line") if is_told
        ]
        said = " ".join(f"{problem} {fix}" for *_, problem, fix in found)
        assert not [
            word
            for word in ("0161", "example", "m1", "Kacper", "Oldham", "zuzanna")
            if word in said
        ]


def test_an_authority_is_a_place_and_no_child() -> None:
    for authority, faults in (("Kent", []), ("kent@example.org", ["personal"])):
        values = {"status": "looked after", "start": "2026-01-05", "authority": authority}
        found = find_faults("care_episodes.csv", values)
        assert [fault for _, fault, *_ in found] == faults


# Rows

_HERE = pl.DataFrame({"pupil_id": ["0A1B2C3D4E"], "pupil_key": [1], "school_key": [1]})


def build_rows(
    *said: tuple[EntryKind, str, dict[str, str]], of: str = "0A1B2C3D4E"
) -> dict[str, pl.DataFrame]:
    entries = [
        Entry(generate_id(), NOW, "Sam", "dsl", kind, of, file, values, LETTER)
        for kind, file, values in said
    ]
    return typed.build_typed_rows(entries, _HERE)


def test_of_two_about_the_same_thing_the_later_counts() -> None:
    rows = build_rows(("fact", "sdq.csv", SCORE), ("fact", "sdq.csv", {**SCORE, "total": "15"}))
    assert rows["raw_sdq"].select("pupil_key", "total").rows() == [(1, 15)]


def test_an_entry_of_a_child_who_is_not_in_the_store_is_left_behind() -> None:
    assert build_rows(("fact", "sdq.csv", SCORE), of="0000000000") == {}


def test_an_action_is_a_row_for_each_reason() -> None:
    for listed, rules in (
        ({"missed_sessions": 4, "no such rule": 1}, {("missed_sessions", 4), ("no such rule", 1)}),
        ({}, {(None, None)}),
    ):
        values = {"kind": "other", "date": "2026-11-18", "rules": json.dumps(listed)}
        rows = build_rows(("action", "", values))
        assert set(rows["raw_action"].select("rule", "figure").iter_rows()) == rules


def test_a_booking_shows_from_the_day_on_which_it_is_typed() -> None:
    """What happened shows from its own day."""
    as_at = date(2026, 11, 20)
    for values, day in (
        ({"date": "2027-01-09", "outcome": "booked"}, as_at),
        ({"date": "2026-11-12", "outcome": "held"}, date(2026, 11, 12)),
        ({"start": "unknown", "known_since": "2015-01-02"}, date(2015, 1, 2)),
    ):
        assert typed.get_fact_date(values, as_at) == day
