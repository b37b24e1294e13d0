"""A school's own files through a mapping: kept, found again, loaded, and faults at their place."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from intake.check.account import Scope, build_accounts, describe_accounts
from intake.check.check import check_exports
from intake.map.keep import load_mappings, save_mapping
from intake.map.mapping import Mapping, MappingError, list_headers
from intake.map.propose import YES, propose_mapping
from intake.problems import IntakeError
from intake.publish.flagged import build_flagged_rows
from intake.read.mapped import complete_mapping, read_example
from intake.read.read import list_unmapped, read_exports
from intake.tables import LeftOut, SourceRow
from queries.contract.model.spelling import normalise_name
from safeguards.errors import ProofError
from safeguards.home.home import Home
from safeguards.keys.keys import Keys
from tests.support.registers.layouts import LAYOUTS, Grid, Register
from tests.support.registers.read import write_register
from tests.support.schools.good_exports import ANN, BEN, GOOD, checked

#: A register of two children whose headings have no year, with sums below it.
GRID = f"""Register,,,,
UPN,Name,Mon 16 Nov AM,Mon 16 Nov PM,Tue 17 Nov AM
{ANN},"A, Ann",/,/,I
{BEN},"B, Ben",#,xx,-
,Total,1,1,0
"""
GIVEN = {"school_year": "2026", "value:code:xx": ""}


def mapped(text: str, answers: dict[str, str]) -> Mapping:
    ((_, source),) = list_unmapped({"5E.csv": text.encode()}).items()
    proposal = propose_mapping(source.head, answers)
    mapping = complete_mapping(proposal, source)
    assert mapping is not None, proposal
    return mapping


def files(grid: str) -> dict[str, bytes]:
    others = {name: text.encode() for name, text in GOOD.items() if name != "attendance.csv"}
    return {**others, "5E.csv": grid.encode()}


def test_marks_of_a_grid_are_those_of_a_long_file() -> None:
    grid = GRID.replace("xx", "/")
    found = check_exports(read_exports(files(grid), [mapped(grid, {"school_year": "2026"})]))
    rows = [
        (upn, f"2026-11-{day}", half, code)
        for upn, marks in ((ANN, ("/", "\\", "I")), (BEN, ("#", "\\", "")))
        for (day, half), code in zip(((16, "AM"), (16, "PM"), (17, "AM")), marks, strict=True)
    ]
    lines = "\n".join(",".join(row) for row in rows)
    long = checked({**GOOD, "attendance.csv": f"upn,date,session,code\n{lines}\n"})
    assert found.problems == long.problems
    assert (
        found.frames["attendance.csv"].drop("row").equals(long.frames["attendance.csv"].drop("row"))
    )


def test_a_faulty_mark_is_told_at_its_row_and_heading_and_left_out_alone() -> None:
    unknown = mapped(GRID.replace("xx", "/"), {"school_year": "2026"})
    for years in ({"0": 2026}, {"0": 2026, "1": 2026}):
        again = Mapping(**{**vars(unknown), "school_years": years})
        found = check_exports(read_exports(files(GRID), [again]))
        (fault,) = found.problems
        assert (fault.shown_file, fault.row, fault.shown_column, fault.fault) == (
            "5E.csv", 4, "Mon 16 Nov PM", "not allowed",
        )  # fmt: skip
        assert found.faulty == {"attendance.csv": 1}


def test_a_fault_is_told_under_the_schools_own_names_of_columns() -> None:
    roll = f"""School roll,,,,,
Unique Pupil Number,Pupil Name,DOB,Gender,NC Yr,DOA,DOL
{ANN},"Achebe, Ann",31/02/2017,F,4,01/09/2024,
{BEN},"O\u00c3\u00a9, Ben",28/08/2018,M,3,,
"""
    mapping = mapped(roll, {"date_form": "day first"})
    others = {name: text.encode() for name, text in GOOD.items() if name != "roll.csv"}
    found = check_exports(read_exports({**others, "5E.csv": roll.encode()}, [mapping]))
    assert [
        (each.shown_file, each.row, each.shown_column, each.problem)
        for each in found.problems
        if each.file == "roll.csv"
    ] == [
        ("5E.csv", 3, "DOB", "DOB is not a real date."),
        ("5E.csv", 4, "Pupil Name", "Pupil Name has garbled or missing characters."),
        ("5E.csv", 4, "DOA", "DOA is blank."),
    ]


def test_money_of_a_finance_export_is_read_within_its_range() -> None:
    sums = f"""UPN,Date,What for,Budget,Spent
{ANN},05/10/2026,tutor,"£1,200.50",(300)
{ANN},06/10/2026,tutor,"£40,000",
"""
    columns = {"upn": "UPN", "date": "Date", "kind": "What for", "planned": "Budget"}
    columns |= {"spent": "Spent"}
    signature = tuple(map(normalise_name, sums.split("\n", 1)[0].split(",")))
    mapping = Mapping("premium.csv", "rows", columns, signature, "day first")
    found = check_exports(read_exports(files(sums), [mapping]))
    assert found.frames["premium.csv"].select("planned", "spent").rows() == [
        (Decimal("1200.50"), Decimal(-300))
    ]
    (fault,) = found.problems
    assert (fault.shown_file, fault.row, fault.shown_column, fault.fault) == (
        "5E.csv", 3, "Budget", "out of range",
    )  # fmt: skip


def test_a_row_that_is_left_out_is_listed_as_its_fault_is_told() -> None:
    register = GOOD["attendance.csv"].replace("upn,date,session,code", "UPN,Date,Session,Mark", 1)
    register = register.replace("2026-11-16,AM,/", "2026-11-16,AM,?", 1)
    mapping = mapped(register, {"value:code:?": "?"})
    found = check_exports(read_exports(files(register), [mapping]))
    (fault,) = found.problems
    keys = pl.DataFrame(schema={"upn": pl.String, "handle": pl.String, "pupil_key": pl.Int64})
    flagged = build_flagged_rows(found, keys, {}, date(2026, 11, 21)).filter("is_left_out")
    (row,) = flagged.rows(named=True)
    assert (row["row_number"], row["column_name"]) == (fault.row, fault.shown_column) == (2, "Mark")


def test_a_large_register_without_a_year_is_asked_for_it_once() -> None:
    """The year is kept with the whole file, though no more than its start shows the columns."""
    large = (
        GRID.replace("Mon ", "")
        .replace("Tue ", "")
        .replace("xx", "/")
        .replace("A, Ann", "A" * 70_000)
    )
    (read,) = read_exports({"5E.csv": large.encode()}, [mapped(large, GIVEN)]).files.values()
    assert (read.is_read, read.rows.height) == (True, 6)


def test_a_year_in_which_the_days_have_other_names_is_refused() -> None:
    mapping = Mapping(**{**vars(mapped(GRID, GIVEN)), "school_years": {"0": 2024}})
    (fault,) = read_exports(files(GRID), [mapping]).files["attendance.csv"].problems
    assert fault.problem == (
        "The columns of 5E.csv could not be recognised: its headings have no year: say which "
        "school year it is for."
    )


def test_names_of_days_tell_the_year_where_one_of_the_last_goes_with_them() -> None:
    """Of the next year too, for which the mapping is kept; figures alone say nothing."""
    ((_, source),) = list_unmapped({"5E.csv": GRID.encode()}).items()
    given = {"value:code:xx": ""}
    for today in (date(2026, 11, 20), date(2027, 7, 1), date(2029, 1, 1)):
        proposal = propose_mapping(source.head, given, today)
        assert proposal.questions == ()
        assert proposal.mapping is not None
        assert proposal.mapping.school_years == {"": 2026}
    (question,) = propose_mapping(source.head, given).questions
    assert question.key == "school_year"
    (question,) = propose_mapping(source.head, {**given, "school_year": "2024"}).questions
    assert "weekdays do not match the school year that began in 2024" in question.text
    mapping = Mapping(**{**vars(mapped(GRID, GIVEN)), "school_years": {"0": 2025}})
    assert read_exports(files(GRID), [mapping]).files["attendance.csv"].is_read


def test_an_example_hides_who_it_is_about() -> None:
    ((_, source),) = list_unmapped({"5E.csv": GRID.encode()}).items()
    proposal = propose_mapping(source.head, GIVEN)
    mapping = complete_mapping(proposal, source)
    assert mapping is not None
    assert proposal.header is not None
    rows = read_example(source, mapping, proposal.header)
    assert set(rows["upn"]) == {f"{each[0]}•••" for each in (ANN, BEN)}
    assert rows["code"].to_list() == ["/", "\\", "I", "#", "", ""]


def test_a_mapping_is_kept_once_for_its_kind_of_table(home: Home, environ: dict[str, str]) -> None:
    mapping = mapped(GRID, GIVEN)
    roll = Mapping("roll.csv", "rows", {"upn": "UPN"}, ("upn", "legal name"))
    paths = [save_mapping(home.folder, each, environ).name for each in (mapping, roll, mapping)]
    assert paths == ["attendance-1.toml", "roll-1.toml", "attendance-1.toml"]
    kept = load_mappings(home.folder, environ)
    assert kept == [mapping, roll]
    assert list_unmapped({"5E.csv": GRID.encode()}, kept) == {}


def test_a_mapping_that_was_edited_by_hand_waits_for_the_lead(
    home: Home, keys: Keys, environ: dict[str, str]
) -> None:
    """It says what a sign in a register means; one that nobody kept here is not read either."""
    path = save_mapping(home.folder, mapped(GRID, GIVEN), environ)
    kept = path.read_bytes()
    for other in (path, path.with_name("attendance-2.toml")):
        other.write_bytes(kept + b"\n")
        with pytest.raises(ProofError, match="lac keys confirm"):
            load_mappings(home.folder, environ)
        keys.heads.confirm(other)
        assert load_mappings(home.folder, environ)
    path.write_text("file = 3\n", encoding="utf-8")
    keys.heads.confirm(path)
    with pytest.raises(MappingError, match=r"attendance-1\.toml cannot be used: it is dam"):
        load_mappings(home.folder, environ)


def test_a_start_that_lacks_is_unknown_once_somebody_said_so() -> None:
    """It counts from the day on which that was said, of a later file as well, which says so."""
    care = "UPN,Status,Known since,End date,Authority\n"
    care += f"{ANN},looked after,,,Northmoor\n{BEN},in need,2026-11-02,2026-11-20,\n"
    ((_, source),) = list_unmapped({"care.csv": care.encode()}).items()
    said, day = {"column:start": ""}, date(2026, 11, 20)
    (question,) = propose_mapping(source.head, said, day).questions
    assert (question.key, question.is_tick) == ("known_since", True)
    refused = propose_mapping(source.head, {**said, "known_since": ""}, day)
    assert "needs start" in f"{refused.why_not}"
    kept = complete_mapping(propose_mapping(source.head, {**said, "known_since": YES}, day), source)
    assert kept is not None
    others = {name: text.encode() for name, text in GOOD.items() if name != "care_episodes.csv"}
    found = check_exports(read_exports({**others, "care.csv": care.encode()}, [kept]))
    assert found.problems == ()
    starts = found.frames["care_episodes.csv"].select("start", "known_since").rows()
    assert starts == [(None, day), (None, date(2026, 11, 2))]
    assert "which count from 2026-11-20, the date when this was agreed: 1." in found.notes[-1]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (
            lambda grid: grid.replace(",Tue 17 Nov AM", ",PM"),
            'column 5 ("PM") has marks, but no heading gives the date',
        ),
        (lambda grid: grid + "UPN,Staff,,,\nX,Y,,,\n", "a second table begins in row 6"),
        (lambda grid: grid + "Name,UPN,,,\nX,Y,,,\n", "a second table begins in row 6"),
    ],
)
@pytest.mark.parametrize("is_sheet", [False, True])
def test_marks_of_no_day_and_a_second_table_refuse_the_file(
    spoil: Callable[[str], str], why: str, *, is_sheet: bool
) -> None:
    """A sheet as well, which was once taken for one that nobody had filled in."""
    grid = GRID.replace("xx", "/").replace(",-\n", ",/\n").replace(",I\n", ",/\n")
    mapping = mapped(grid, GIVEN)
    spoilt = spoil(grid)
    again = Mapping(
        **{**vars(mapping), "signature": list_headers(head_of(spoilt))[1].signature}
        | {"school_years": {"0": 2026}}
    )
    given = files(spoilt)
    if is_sheet:
        lines = csv.reader(io.StringIO(given.pop("5E.csv").decode()))
        rows: Grid = [[*line] for line in lines]
        given |= write_register(Register(LAYOUTS[0], {"5E": rows}, {}))
    found = check_exports(read_exports(given, [again]))
    (problem,) = found.problems
    assert why in problem.problem
    assert [each.file for each in build_accounts(found, Scope(())) if each.refused] == [
        "attendance.csv"
    ]


def head_of(text: str) -> Sequence[SourceRow]:
    ((_, source),) = list_unmapped({"5E.csv": text.encode()}).items()
    return source.head


def test_a_row_that_cannot_be_read_takes_no_mark_of_another_with_it() -> None:
    """Its line was taken for the number of a mark, which was left out without a word."""
    grid = GRID.replace("xx", "/").replace(f"{BEN},", f'{BEN}"x,')
    found = check_exports(read_exports(files(grid), [mapped(GRID.replace("xx", "/"), GIVEN)]))
    assert [(each.row, each.fault) for each in found.problems] == [(4, "broken row")]
    assert found.accepted_frames["attendance.csv"]["code"].to_list() == ["/", "\\", "I"]


@pytest.mark.parametrize(
    ("theirs", "text", "told"),
    [
        ("xx", "Ann is ill", "by code (/ is present, of either half): # 1, / 2, I 1."),
        ("Tue 17 Nov AM", "Mon 16 Nov PM", '2 columns are "Mon 16 Nov PM".'),
    ],
)
def test_a_sum_tells_of_a_column_twice_and_of_no_child(theirs: str, text: str, told: str) -> None:
    """What is no code may name one."""
    grid = GRID.replace(theirs, text)
    mapping = mapped(grid, {**GIVEN, f"value:code:{text}": text})
    found = check_exports(read_exports(files(grid), [mapping]))
    assert f"5E.csv: {told}" in describe_accounts(build_accounts(found, Scope(())))


def test_what_does_not_add_up_is_not_taken() -> None:
    read = read_exports({name: text.encode() for name, text in GOOD.items()})
    for change in ({"number": 1}, {"left": [LeftOut("they are odd", 1)]}):
        wrong = [
            replace(each, **change) if each.file in ("attendance.csv", "sdq.csv") else each
            for each in read.counted
        ]
        with pytest.raises(IntakeError, match="not all of them are accounted for"):
            build_accounts(check_exports(replace(read, counted=tuple(wrong))), Scope(()))


@pytest.mark.parametrize("key", ["/,Present,,,\n", ",/,,,\n", "I,Ill,,,\n"])
def test_a_key_below_a_register_is_no_childs(key: str) -> None:
    grid = GRID.replace("xx", "/")
    again = mapped(grid, GIVEN)
    found, plain = (
        check_exports(read_exports(files(text), [again])) for text in (grid + key, grid)
    )
    assert found.problems == plain.problems == ()
    assert found.accepted_frames["attendance.csv"].equals(plain.accepted_frames["attendance.csv"])


def test_a_wrong_day_of_two_marks_is_a_fault_of_both_and_told_once() -> None:
    days = f"UPN,Date,AM,PM\n{ANN},2026-11-16,/,\\\n{ANN},2026-11-31,L,/\n"
    days += "".join(f"{BEN},2026-11-{day},/,\\\n" for day in (16, 17, 18) for _ in range(8))
    mapping = mapped(days, {"date_form": "day first"})
    found = check_exports(read_exports(files(days), [mapping]))
    wrong = [(each.row, each.problem) for each in found.problems if each.fault == "not a date"]
    assert wrong == [(3, 'Date "2026-11-31" is not a real date.')]
    accounts = {each.file: each for each in build_accounts(found, Scope(()))}
    register = accounts["attendance.csv"]
    assert (register.number, register.refused, register.by_code) == (52, 52, {"/": 50})
