"""Faults of scores, checks, plans and suspensions: found, alone, at their place."""

import polars as pl
import pytest

from intake.check.check import CheckResult
from intake.problems import redact_value
from queries import reference
from queries.contract import HANDLE_EXPORTS
from tests.support.schools.good_exports import (
    ANN,
    BEN,
    CAT,
    GOOD,
    MORE,
    Files,
    added,
    checked,
    export_of,
    upn,
    with_cell,
)

Place = tuple[str, int, str]

SDQ, HEALTH, EHCP, PEP, SUSPENSIONS = (export.name for export in HANDLE_EXPORTS[:5])
_STRANGER = upn(9)


def told(result: CheckResult) -> list[tuple[str, int, str, str]]:
    return [(each.file, each.row, each.column, each.fault) for each in result.problems]


def cell(name: str, row: int, column: str, *texts: str) -> list[tuple[Files, Place]]:
    """The good folder with each of these texts in one cell, and where that is."""
    return [(with_cell(name, row, column, text), (name, row, column)) for text in texts]


def more(name: str, column: str, *lines: str) -> list[tuple[Files, Place]]:
    """The good folder with each of these lines added, which is at fault in `column`."""
    row = GOOD[name].count("\n") + 1
    return [(added(name, line), (name, row, column)) for line in lines]


def with_more(name: str, row: int, column: str, *texts: str) -> list[tuple[Files, Place]]:
    """The good folder and a further file, with each of these texts in one cell of it."""
    files = {**GOOD, name: MORE[name]}
    return [(with_cell(name, row, column, text, files), (name, row, column)) for text in texts]


CASES: dict[str, list[tuple[Files, Place]]] = {
    "missing value": cell(SDQ, 2, "informant", "")
    + cell(HEALTH, 2, "outcome", "")
    + cell(EHCP, 2, "event", "")
    + cell(PEP, 2, "outcome", "")
    + cell(SUSPENSIONS, 2, "sessions", ""),
    "not a whole number": cell(SDQ, 4, "total", "15.0", "-1", "high")
    + cell(SDQ, 2, "peer", "3.5")
    + cell(PEP, 2, "targets_set", "three"),
    "not allowed": cell(SDQ, 2, "informant", "parent", "Carers")
    + cell(SDQ, 3, "reason", "SDQ6", "refused")
    + cell(HEALTH, 2, "kind", "dental", "review")
    + cell(HEALTH, 2, "outcome", "yes")
    + cell(HEALTH, 4, "reason", "did not want to")
    + cell(EHCP, 2, "event", "request")
    + cell(EHCP, 3, "primary_need", "SEM", "Autism")
    + cell(PEP, 2, "quality", "1", "good!", "a" * 31)
    + cell(PEP, 2, "child_attended", "Y", "true")
    + cell(SUSPENSIONS, 2, "category", "FIXD")
    + cell(SUSPENSIONS, 2, "reason", "ZZ"),
    "dates out of order": cell(HEALTH, 2, "next_due", "2026-03-02", "2026-03-01"),
    "out of range": cell(SDQ, 4, "total", "41")
    + cell(SDQ, 2, "emotional", "11")
    + cell(SDQ, 2, "prosocial", "11")
    + cell(SDQ, 2, "impact", "11")
    + cell(SDQ, 5, "impact", "7", "10")  # a teacher's goes up to 6
    + cell(SDQ, 2, "total", "41"),  # not told again as a sum
    "does not add up": cell(SDQ, 2, "total", "13", "15", "22")  # 22 is with prosocial
    + cell(SDQ, 2, "emotional", "")
    + cell(SDQ, 2, "prosocial", "")
    + [
        (with_cell(SDQ, 2, "emotional", "3"), (SDQ, 2, "total")),
        (with_cell(SDQ, 2, "peer", "", with_cell(SDQ, 2, "conduct", "")), (SDQ, 2, "conduct")),
        (with_cell(SDQ, 4, "prosocial", "8"), (SDQ, 4, "emotional")),
    ],
    "score or reason": [
        *cell(SDQ, 4, "total", ""),
        *cell(SDQ, 3, "total", "12"),
        (with_cell(SDQ, 3, "reason", ""), (SDQ, 3, "total")),
        (with_cell(SDQ, 2, "reason", "SDQ2"), (SDQ, 2, "total")),
        (with_cell(SDQ, 3, "impact", "2"), (SDQ, 3, "total")),
        (with_cell(SDQ, 3, "peer", "2"), (SDQ, 3, "total")),  # not told again as a scale missing
        (with_cell(SDQ, 2, "total", ""), (SDQ, 2, "total")),  # five scales, and no total
    ],
    "needed for outcome": cell(HEALTH, 2, "reason", "other")
    + cell(HEALTH, 3, "reason", "cancelled")
    + cell(EHCP, 3, "primary_need", "")
    + cell(PEP, 3, "quality", "good")
    + cell(PEP, 3, "child_attended", "no")
    + cell(PEP, 3, "targets_set", "0"),
    "duplicate": more(SDQ, "upn", f"{ANN},2026-09-21,carer,14,4,2,5,3,8,2,")
    + more(HEALTH, "upn", f"{ANN},dental check,2026-12-07,booked,,")
    + more(EHCP, "upn", f"{BEN},2026-01-12,Requested,")
    + more(PEP, "upn", f"{ANN},2026-10-05,held,good,yes,3")
    + more(SUSPENSIONS, "upn", f"{BEN},2026-10-13,SUSP,4,PP"),
    "not on the roll": more(SDQ, "upn", f"{_STRANGER},2026-09-21,carer,15,,,,,,,")
    + more(HEALTH, "upn", f"{_STRANGER},dental check,2026-12-07,done,,")
    + more(EHCP, "upn", f"{_STRANGER},2026-01-12,requested,")
    + more(PEP, "upn", f"{_STRANGER},2026-10-05,held,,,")
    + more(SUSPENSIONS, "upn", f"{_STRANGER},2026-10-13,SUSP,2,"),
}

CASES |= {
    "says who": with_more(
        *("concerns.csv", 2, "line"),
        *("Annie hit them", "an Achebe", "ring 07700 900123", "mum at 3 Station Road"),
        "seen with Mr Hale",
    ),
    "needed for outcome": [
        *CASES.get("needed for outcome", []),
        *with_more("protection.csv", 2, "abuse", "NEG"),
        *with_more("protection.csv", 3, "abuse", ""),
        *with_more("protection.csv", 3, "reason", "RC7"),
        *with_more("protection.csv", 4, "referred_by", "2A"),
    ],
    "dates out of order": [
        *CASES.get("dates out of order", []),
        *with_more("concerns.csv", 2, "closed", "2026-10-04"),
        *with_more("concerns.csv", 3, "follow_up", "2026-11-15"),
    ],
}

FINE: dict[str, Files] = {
    "the good folder": GOOD,
    "the highest scores, and the lowest": added(
        SDQ, f"{ANN},2026-10-01,self,40,10,10,10,10,10,10,\n{ANN},2026-10-02,self,0,0,0,0,0,0,0,"
    ),
    "a score with impact and no scales": with_cell(SDQ, 4, "impact", "10"),
    "the same day by another informant": added(SDQ, f"{ANN},2026-09-21,teacher,9,,,,,,,"),
    "not done without a reason": with_cell(HEALTH, 4, "reason", ""),
    "not done, and due again": with_cell(HEALTH, 4, "next_due", "2026-05-05"),
    "two kinds on a day": added(HEALTH, f"{ANN},optician,2026-03-02,done,,"),
    "a booking years ahead": with_cell(HEALTH, 3, "date", "2031-12-07"),
    "two steps on a day": added(EHCP, f"{BEN},2026-06-01,advice given,"),
    "a need with any step": with_cell(EHCP, 2, "primary_need", "ASD"),
    "held, and nothing known of it": added(PEP, f"{CAT},2026-10-05,held,,,"),
    "held without the child and without targets": added(PEP, f"{CAT},2026-10-05,held,,no,0"),
    **{f"a good {name}": {**GOOD, name: text} for name, text in MORE.items()},
    "a permanent exclusion": added(SUSPENSIONS, f"{CAT},2026-10-13,PERM,0,OS"),
}


@pytest.mark.parametrize(
    ("fault", "files", "place"),
    [
        pytest.param(fault, *case, id=f"{fault}-{number}")
        for fault, cases in CASES.items()
        for number, case in enumerate(cases)
    ],
)
def test_a_fault_is_told_alone_and_at_its_place(fault: str, files: Files, place: Place) -> None:
    result = checked(files)
    assert told(result) == [(*place, fault)]
    assert result.left_out.select("file", "row", "column").rows() == [place]
    assert place[1] not in result.accepted_frames[place[0]]["row"]
    assert not result.refused_files


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (SDQ, f"{ANN},2026-09-21,carer,15,,,,,,,"),
        (HEALTH, f"{ANN},dental check,2026-12-07,done,,"),
        (EHCP, f"{BEN},2026-01-12,requested,ASD"),
        (PEP, f"{ANN},2026-10-05,booked,,,"),
        (SUSPENSIONS, f"{BEN},2026-10-13,PERM,10,"),
    ],
)
def test_of_two_rows_at_odds_neither_is_taken_for_right(name: str, line: str) -> None:
    result = checked(added(name, line))
    assert {each.fault for each in result.problems} == {"rows at odds"}
    assert len(result.problems) == 2
    assert result.refused_files == {name}


@pytest.mark.parametrize("files", FINE.values(), ids=FINE.keys())
def test_what_is_right_is_no_fault(files: Files) -> None:
    assert told(checked(files)) == []


@pytest.mark.parametrize(
    ("code_list", "name", "row", "column"),
    [
        ("sdq_reason", SDQ, 3, "reason"),
        ("health_reason", HEALTH, 4, "reason"),
        ("ehcp_event", EHCP, 3, "event"),
        ("sen_need", EHCP, 3, "primary_need"),
        ("suspension_category", SUSPENSIONS, 3, "category"),
        ("suspension_reason", SUSPENSIONS, 2, "reason"),
    ],
)
def test_codes_are_held_against_their_dates(
    code_list: str, name: str, row: int, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list of ours has a validity yet, so one is given to the code that is used."""
    header, *lines = GOOD[name].split("\n")
    cells = dict(zip(header.split(","), lines[row - 2].split(","), strict=True))
    real = reference.read

    def read(asked: str) -> pl.DataFrame:
        rows = real(asked)
        if asked != code_list:
            return rows
        is_used = pl.col("code") == cells[column]
        ended = pl.when(is_used).then(pl.lit(cells["date"]).str.to_date()).otherwise("valid_to")
        return rows.with_columns(ended.alias("valid_to"))

    monkeypatch.setattr(reference, "read", read)
    assert told(checked(GOOD)) == [(name, row, column, "code not on that date")]


def test_faults_of_one_row_are_told_together() -> None:
    line = f"{ANN},2026-10-01,teacher,41,11,,,,,7,"
    assert told(checked(added(SDQ, line))) == [
        (SDQ, 6, "total", "out of range"),
        (SDQ, 6, "emotional", "out of range"),
        (SDQ, 6, "conduct", "does not add up"),
        (SDQ, 6, "impact", "out of range"),
    ]


@pytest.mark.parametrize("name", [SDQ, HEALTH, EHCP, PEP, SUSPENSIONS])
def test_a_row_of_another_file_stays_when_one_is_refused(name: str) -> None:
    result = checked(added(name, "x\nx"))
    assert result.refused_files == {name}
    assert set(result.frames) == set(GOOD)


@pytest.mark.parametrize(
    ("name", "column", "value", "visible"),
    [
        (SDQ, "total", "41", "41"),
        (SDQ, "reason", ANN, ""),
        (PEP, "quality", "Ann Smith", ""),
        (HEALTH, "next_due", "2026-03-01", "2026-03-01"),
    ],
)
def test_which_values_a_message_may_show(name: str, column: str, value: str, visible: str) -> None:
    assert redact_value(export_of(name), column, value) == visible
