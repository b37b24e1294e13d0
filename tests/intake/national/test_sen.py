"""The SEN2 return, lists for inspections, and what is known and not read."""

import re
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from intake.check.check import CheckResult, check_exports
from intake.read.read import read_exports
from synthetic.returns.faults import list_planned_faults
from synthetic.returns.sen2 import COLUMNS, write_sen_return
from tests.support.planted import plant_and_check
from tests.support.schools.homes import UNTIL, exports

EXAMPLES = Path(__file__).with_name("examples")
STEPS, ROLL = "ehcp.csv", "roll.csv"
NEEDED = ("school.csv", "calendar.csv", ROLL, "care_episodes.csv", STEPS)


@cache
def written() -> tuple[dict[str, str], dict[str, str]]:
    """A school by our files, less what the return has no say in, and with the return."""
    folder = exports(7, 60, 1, UNTIL)
    files = {name: (folder / name).read_text(encoding="utf-8") for name in NEEDED}
    return files, write_sen_return(files)[0]


def checked(files: dict[str, str]) -> CheckResult:
    return check_exports(read_exports({name: text.encode() for name, text in files.items()}))


def rows_of(result: CheckResult, name: str) -> list[tuple[object, ...]]:
    return sorted(result.accepted_frames[name].drop("row").rows(), key=repr)


def test_the_same_school_comes_of_the_return_as_of_our_own_files() -> None:
    own, given = written()
    before, found = checked(own), checked(given)
    assert (before.problems, found.problems) == ((), ())
    assert set(COLUMNS) <= set(given)
    assert len(given[STEPS].splitlines()) < len(own[STEPS].splitlines()) - 20
    for name in before.accepted_frames:
        assert rows_of(found, name) == rows_of(before, name), name


def test_each_planted_fault_is_told_at_its_row() -> None:
    planned = list_planned_faults("sen2")
    assert len(planned) >= 50
    plant_and_check(written()[1], planned, checked, tuple(COLUMNS))


_ROLL = (
    "upn,surname,forename,date_of_birth,sex,year_group,entry_date,leaving_date\n"
    "N012200120017,Fakeham,Ned,2015-02-20,M,6,2023-09-04,\n"
)


def test_the_example_of_the_public_layout_is_read() -> None:
    """The day on which a plan was issued is not said for certain, so it is asked for."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("sen2_*.csv")}
    found = checked({ROLL: _ROLL, **texts})
    steps = found.accepted_frames[STEPS].select("upn", "event", "date").rows()
    assert sorted((event, f"{day}") for _, event, day in steps) == [
        ("agreed to assess", "2025-02-20"),
        ("requested", "2025-01-13"),
    ]
    assert any("1 with a plan, of which the return does not say" in each for each in found.notes)


@pytest.mark.parametrize(("key", "steps"), [("p1", 2), ("", 0)])
def test_a_row_that_says_of_nobody_whose_it_is_is_nobodys(key: str, steps: int) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in EXAMPLES.glob("sen2_*.csv")}
    keyed = {name: re.sub(r"\bp1\b", key, text) for name, text in texts.items()}
    found = checked({ROLL: _ROLL, **keyed}).accepted_frames.get(STEPS)
    assert (0 if found is None else found.height) == steps


def test_a_list_of_children_with_a_plan_gives_its_days_and_need() -> None:
    plans = (
        "Children with a plan\n"
        "Unique ID,UPN,ULN,Date of birth,Date initial EHC plan issued,"
        "Date updated EHC plan issued,Date EHC plan last reviewed,SEN primary need\n"
        "X1,N012200120017,,20/02/2015,14/03/2023,02/05/2025,01/02/2025,ASD\n"
    )
    steps = checked({ROLL: _ROLL, "x.csv": plans}).accepted_frames[STEPS]
    told = steps.select("event", "date", "primary_need").sort("date").rows()
    assert [(event, f"{day}", need) for event, day, need in told] == [
        ("plan issued", "2023-03-14", "ASD"),
        ("amended plan issued", "2025-05-02", None),
    ]


_OTHER = "U012200121004,Testmere,Orla,2016-11-03,F,5,2023-09-04,\n"
_PLANS = (
    "Unique ID,UPN,Date initial EHC plan issued,Date updated EHC plan issued,SEN primary need\n"
    "X1,N012200120017,{},{},ASD\nX2,U012200121004,{},{},ASD\n"
)
_OWN_STEPS = (
    "upn,date,event\nN012200120017,25/03/2024,requested\n"
    "N012200120017,01/04/2024,agreed to assess\n"
)


@pytest.mark.parametrize(
    ("days", "own"),
    [
        (("05/13/2025", "", "05/04/2025", ""), ""),
        # one day tells of the other column too
        (("05/04/2025", "", "", "05/13/2025"), ""),
        # the school's own file is in the right order, and is no measure of another's
        (("05/13/2025", "", "05/04/2025", ""), _OWN_STEPS),
    ],
    ids=["one column", "two columns", "beside our own"],
)
def test_dates_with_the_month_first_are_told_and_never_turned_round(
    days: tuple[str, ...], own: str
) -> None:
    files = {ROLL: _ROLL + _OTHER, "x.csv": _PLANS.format(*days)}
    found = checked({**files, STEPS: own} if own else files)
    told = [(each.shown_file, each.row) for each in found.problems if each.fault != "missing file"]
    assert told == [("x.csv", 2), ("x.csv", 3)]
    assert {each.fault for each in found.problems} == {"missing file", "month before day"}
    stored = found.frames[STEPS]["date"].sort().cast(pl.String).to_list()
    assert stored == (["2024-03-25", "2024-04-01"] if own else [])


def test_one_day_that_is_none_leaves_the_others_of_a_file_with_the_day_first() -> None:
    plans = _PLANS.format("05/13/2025", "", "25/04/2025", "05/04/2025")
    found = checked({ROLL: _ROLL + _OTHER, "x.csv": plans})
    assert [each.row for each in found.problems if each.shown_file == "x.csv"] == [2]
    stored = found.frames[STEPS]["date"].sort().cast(pl.String).to_list()
    assert stored == ["2025-04-05", "2025-04-25"]


def read_notes(name: str, data: bytes) -> tuple[str, ...]:
    read = read_exports({name: data, ROLL: _ROLL.encode()})
    assert (set(read.files), read.unknown_files) == ({ROLL}, ())
    return read.notes


def test_lists_that_name_nobody_are_known_and_left_alone_with_advice() -> None:
    book = (EXAMPLES / "annexa_made_up.xlsx").read_bytes()
    notes = [each for each in read_notes("x.xlsx", book) if each.startswith("x.xlsx")]
    assert len(notes) == 1
    assert "(Annex A). It has no UPN" in notes[0]
    assert "Ask the authority for its yearly returns" in notes[0]
    support = b"Unique ID,UPN,ULN,SEN primary need,Known to children's social care?\n1,,,ASD,N\n"
    assert any("with SEN support" in each for each in read_notes("x.csv", support))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<SEN2><Persons><Person><UPN/></Person></Persons></SEN2>", "the SEN2 return as XML"),
        (
            "<Message><Pupils><PupilsOnRoll><PupilOnRoll/></PupilsOnRoll></Pupils></Message>",
            "the school census as XML",
        ),
    ],
)
def test_xml_of_which_not_every_name_is_known_says_what_to_bring_instead(
    text: str, said: str
) -> None:
    assert any(said in each and "COLLECT" in each for each in read_notes("x.xml", text.encode()))
