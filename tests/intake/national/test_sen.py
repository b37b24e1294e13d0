"""The SEN2 return, lists for inspections, and what is known and not read."""

import re

import polars as pl
import pytest

from intake.read.read import read_exports
from tests.intake.national.formats import (
    BOTH,
    EXAMPLES,
    NED,
    NEDS,
    ORLA,
    ROLL,
    checked,
    list_rows,
    list_told,
    read_examples,
)

STEPS = "ehcp.csv"


def test_the_example_of_the_public_layout_is_read() -> None:
    """The day on which a plan was issued is not said for certain, so it is asked for."""
    found = checked({ROLL: NEDS, **read_examples("sen2_")})
    assert list_rows(found, STEPS, "event", "date") == [
        ("agreed to assess", "2025-02-20"),
        ("requested", "2025-01-13"),
    ]
    assert any("1 with a plan whose date of issue is not certain" in each for each in found.notes)


@pytest.mark.parametrize(("key", "steps"), [("p1", 2), ("", 0)])
def test_a_row_that_says_of_nobody_whose_it_is_is_nobodys(key: str, steps: int) -> None:
    texts = read_examples("sen2_").items()
    keyed = {name: re.sub(r"\bp1\b", key, text) for name, text in texts}
    found = checked({ROLL: NEDS, **keyed}).accepted_frames.get(STEPS)
    assert (0 if found is None else found.height) == steps


def test_a_list_of_children_with_a_plan_gives_its_days_and_need() -> None:
    plans = (
        "Children with a plan\n"
        "Unique ID,UPN,ULN,Date of birth,Date initial EHC plan issued,"
        "Date updated EHC plan issued,Date EHC plan last reviewed,SEN primary need\n"
        f"X1,{NED},,20/02/2015,14/03/2023,02/05/2025,01/02/2025,ASD\n"
    )
    found = checked({ROLL: NEDS, "x.csv": plans})
    assert list_rows(found, STEPS, "date", "event", "primary_need") == [
        ("2023-03-14", "plan issued", "ASD"),
        ("2025-05-02", "amended plan issued", "None"),
    ]


_PLANS = (
    "Unique ID,UPN,Date initial EHC plan issued,Date updated EHC plan issued,SEN primary need\n"
    f"X1,{NED},{{}},{{}},ASD\nX2,{ORLA},{{}},{{}},ASD\n"
)
_OWN_STEPS = f"upn,date,event\n{NED},25/03/2024,requested\n{NED},01/04/2024,agreed to assess\n"


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
    files = {ROLL: BOTH, "x.csv": _PLANS.format(*days)}
    found = checked({**files, STEPS: own} if own else files)
    told = [(file, row, fault) for file, row, _, fault in list_told(found)]
    assert told == [("x.csv", row, "month before day") for row in (2, 3)]
    stored = found.frames[STEPS]["date"].sort().cast(pl.String).to_list()
    assert stored == (["2024-03-25", "2024-04-01"] if own else [])


def test_one_day_that_is_none_leaves_the_others_of_a_file_with_the_day_first() -> None:
    plans = _PLANS.format("05/13/2025", "", "25/04/2025", "05/04/2025")
    found = checked({ROLL: BOTH, "x.csv": plans})
    assert [row for file, row, *_ in list_told(found) if file == "x.csv"] == [2]
    stored = found.frames[STEPS]["date"].sort().cast(pl.String).to_list()
    assert stored == ["2025-04-05", "2025-04-25"]


def read_notes(name: str, data: bytes) -> tuple[str, ...]:
    read = read_exports({name: data, ROLL: NEDS.encode()})
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
