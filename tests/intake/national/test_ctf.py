"""The Common Transfer File: what it says, and what it does not."""

from xml.etree.ElementTree import Element, SubElement

import pytest

from intake.national.ctf import find_provision
from intake.problems import IntakeError
from intake.read.read import read_exports
from intake.tables import ExportFolder
from tests.intake.national.formats import MARKS, NED, ORLA, ROLL, checked, list_told, read_examples

EXAMPLES = {name[:5]: text for name, text in read_examples("ctf").items()}
EXAMPLE = EXAMPLES["ctf25"]


def read(text: str, **more: str) -> ExportFolder:
    return read_exports(
        {"x.xml": text.encode(), **{f"{n}.csv": t.encode() for n, t in more.items()}}
    )


@pytest.mark.parametrize(("name", "entered"), [("ctf23", "5 Sep 2022"), ("ctf25", "4 Sep 2023")])
def test_the_examples_of_the_public_layout_are_read(name: str, entered: str) -> None:
    found = read(EXAMPLES[name])
    roll = found.files[ROLL].rows.select("upn", "forename", "sex", "entry_date", "postcode").rows()
    assert roll == [
        (ORLA, "Orla", "F", entered, "ZZ99 3VZ"),
        (NED, "Ned", "M", entered, "ZZ99 3VZ"),
    ]
    assert MARKS not in found.files
    assert any("2 with marks, which were not read" in note for note in found.notes)
    assert found.files["other_numbers.csv"].rows["former_upn"].to_list() == ["F045221018003"]
    assert any(
        "1 in care according to the file, without a start date" in note for note in found.notes
    )


def test_whether_in_care_is_never_guessed() -> None:
    notes = read(EXAMPLE.replace("InCare>true", "InCare>Y")).notes
    (note,) = (each for each in notes if "in care" in each)
    assert "neither yes nor no to being in care, so they were not counted (rows 2)" in note


def test_a_file_that_is_cut_to_some_is_no_statement_on_the_rest() -> None:
    """Without a block there is no row: nothing is taken for none."""
    found = checked(
        {"x.xml": f"<CTfile><CTFpupilData><Pupil><UPN>{ORLA}</UPN></Pupil></CTFpupilData></CTfile>"}
    )
    assert found.digests.keys() == {ROLL}
    assert {fault for *_, fault in list_told(found)} == {"missing value"}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("", ""),
        ("2023-01-09 K", "K"),
        ("2023-01-09 K; 2025-06-02 E", "E"),
        ("2025-06-02 E; 2023-01-09 K", "E"),
        ("2013-01-09 A; 2025-06-02 N", "N"),
        # not sure: kinds of before 2018, one that ended, two of a day, no day
        ("2013-01-09 S", None),
        ("2023-01-09 K 2026-05-01", None),
        ("2025-06-02 E; 2025-06-02 K", None),
        ("soon K", None),
    ],
)
def test_the_newest_provision_holds_where_it_is_sure(rows: str, found: str | None) -> None:
    pupil = Element("Pupil")
    history = SubElement(pupil, "SENhistory")
    for row in filter(None, rows.split("; ")):
        sen = SubElement(history, "SEN")
        for tag, text in zip(("StartDate", "SENprovision", "EndDate"), row.split(), strict=False):
            SubElement(sen, tag).text = text
    assert find_provision(pupil) == found


def test_what_is_not_said_of_provision_is_counted_and_not_taken_for_none() -> None:
    found = read(EXAMPLE.replace(">K</SENprovision>", ">S</SENprovision>"))
    assert any("1 of whom it does not say clearly" in note for note in found.notes)
    assert set(found.files[ROLL].rows["sen_provision"]) <= {"", "E", "N"}


def test_two_transfer_files_are_refused() -> None:
    with pytest.raises(IntakeError, match="are both for a Common Transfer File"):
        checked({"x.xml": EXAMPLE, "y.xml": EXAMPLE})
