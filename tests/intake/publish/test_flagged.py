"""Row by row: a faulty row is left out, the rest is taken, and it is listed until it is mended."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support.schools.good_exports import (
    ANN,
    BEN,
    Files,
    added,
    lengthened,
    upn,
    with_cell,
    with_line,
    without,
)
from tests.support.schools.school_rows import SchoolRows

MARKS, SDQ = "attendance.csv", "sdq.csv"
LONG = lengthened()
FAULTY = with_cell(MARKS, 2, "code", "?", LONG)
_WHOSE = "pupil_key, raw_flagged_row.first_date, raw_flagged_row.last_date"


@pytest.fixture
def school(tmp_path: Path) -> SchoolRows:
    return SchoolRows(tmp_path)


def listed(
    school: SchoolRows, columns: str = "file_name, row_number, column_name, fault"
) -> list[tuple[object, ...]]:
    """The rows that were left out."""
    return school.ask(f"""
        select {columns} from raw_flagged_row inner join raw_source using (source_id)
        where is_left_out order by all
    """)


def lines(school: SchoolRows) -> Counter[tuple[object, ...]]:
    return Counter(school.ask("select pupil_key, session_date, half, code from raw_mark"))


def test_the_rest_of_a_file_is_taken_and_the_faulty_row_is_listed(school: SchoolRows) -> None:
    found = school.load(FAULTY)
    assert not found.refused_files
    assert found.faulty == {MARKS: 1}
    assert [each.fault for each in found.problems] == ["not allowed"]
    assert listed(school) == [(MARKS, 2, "code", "not allowed")]
    marks = school.of(ANN, "session_date, half, code", "raw_mark")
    assert [mark for mark in marks if mark[0] == "2026-11-16"] == [("2026-11-16", "PM", "\\")]
    ((ann,),) = school.of(ANN, "pupil_key", "raw_pupil")
    assert listed(school, _WHOSE) == [(ann, "2026-11-16", "2026-11-16")]


@pytest.mark.parametrize("mended", [LONG, with_cell(MARKS, 2, "code", "I", LONG)])
def test_after_mending_the_list_is_empty_and_nothing_is_double(
    school: SchoolRows, tmp_path: Path, mended: Files
) -> None:
    school.load(FAULTY)
    school.load(mended)
    assert listed(school) == []
    assert set(lines(school).values()) == {1}
    other = SchoolRows(tmp_path / "other")
    other.load(mended)
    assert lines(school) == lines(other)


def test_a_row_that_is_still_faulty_is_listed_once(school: SchoolRows) -> None:
    """So it is while its file is refused or absent."""
    school.load(FAULTY)
    refused = {**LONG, MARKS: LONG[MARKS].replace("AM", "noon")}
    for files in (FAULTY, refused, without(MARKS, LONG)):
        school.load(files)
        assert listed(school) == [(MARKS, 2, "code", "not allowed")]


@pytest.mark.parametrize(
    ("row", "is_mended"),
    [
        (f"{ANN},2026-11-16,PM,\\", True),  # the child's own register of that day
        (f"{ANN},2026-11-17,AM,/", False),  # of another day
        (f"{BEN},2026-11-16,AM,/", False),  # of another child
    ],
)
def test_only_a_file_about_that_child_and_day_speaks_for_a_row(
    school: SchoolRows, row: str, *, is_mended: bool
) -> None:
    school.load(FAULTY)
    school.load({**LONG, MARKS: f"{LONG[MARKS].partition(chr(10))[0]}\n{row}\n"})
    assert (listed(school) == []) == is_mended


@pytest.mark.parametrize(("kept", "is_mended"), [(200, True), (100, False)])
def test_a_row_that_tells_nothing_waits_for_a_file_of_the_same_days_and_length(
    school: SchoolRows, kept: int, *, is_mended: bool
) -> None:
    school.load(with_line(MARKS, 3, "\0", LONG))
    assert listed(school, _WHOSE) == [(None, "2026-09-21", "2026-11-21")]
    *text, last = LONG[MARKS].splitlines(keepends=True)
    school.load({**LONG, MARKS: "".join([*text[: kept - 1], last])})
    assert (listed(school) == []) == is_mended


def test_a_faulty_row_of_a_child_of_no_group_is_listed_without_a_child(school: SchoolRows) -> None:
    dan = upn(4)
    files = added("roll.csv", f"{dan},Lee,Dan,,01/01/2017,M,4,,01/09/2024,,,,", LONG)
    school.load(added(MARKS, f"{dan},2026-11-16,AM,?", files))
    assert listed(school, "pupil_key, fault") == [(None, "not allowed")]


def test_replace_drops_what_its_file_left_out(school: SchoolRows) -> None:
    school.load(with_cell(SDQ, 2, "total", "41", FAULTY))
    assert [name for name, *_ in listed(school)] == [MARKS, SDQ]
    school.load(with_cell(SDQ, 2, "total", "41", LONG), replace=[MARKS])
    assert [name for name, *_ in listed(school)] == [SDQ]
