"""Row by row: a faulty row is left out, the rest is taken, and it is listed until it is mended."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from intake.publish.load import load_exports, undo_load
from tests.intake.publish.test_load import NOW, School
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
from tests.support.schools.homes import exports

MARKS, SDQ = "attendance.csv", "sdq.csv"
LONG = lengthened()
FAULTY = with_cell(MARKS, 2, "code", "?", LONG)


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def listed(school: School) -> list[tuple[str, int, str | None, str]]:
    query = "select file_name, row_number, column_name, fault from check_left_out order by all"
    return school.rows(query)


def lines(school: School) -> Counter[tuple[object, ...]]:
    return Counter(school.rows("from stg_mark"))


def test_the_rest_of_a_file_is_taken_and_the_faulty_row_is_listed(school: School) -> None:
    outcome = school.load(FAULTY)
    assert (outcome.refused_files, outcome.left_out_rows) == ((), {MARKS: 1})
    assert [each.fault for each in outcome.problems] == ["not allowed"]
    assert listed(school) == [(MARKS, 2, "code", "not allowed")]
    marks = f"""
        select half, code from raw_mark inner join raw_pupil using (pupil_key)
        where pupil_id = '{school.of(ANN)}' and session_date = '2026-11-16'
    """
    assert school.rows(marks) == [("PM", "\\")]
    dates = "select handle is not null, first_date, last_date from check_left_out"
    assert school.rows(dates) == [(True, "2026-11-16", "2026-11-16")]


@pytest.mark.slow
@pytest.mark.parametrize("mended", [LONG, with_cell(MARKS, 2, "code", "I", LONG)])
def test_after_mending_the_list_is_empty_and_nothing_is_double(
    school: School, mended: Files
) -> None:
    school.load(FAULTY)
    school.load(mended)
    assert listed(school) == []
    assert set(lines(school).values()) == {1}
    (school.folder.parent / "other").mkdir()
    other = School(school.folder.parent / "other")
    other.load(mended)
    assert lines(school).keys() == lines(other).keys()


@pytest.mark.slow
def test_a_row_that_is_still_faulty_is_listed_once(school: School) -> None:
    school.load(FAULTY)
    outcome = school.load(added("calendar.csv", "2026-11-23,INSET", FAULTY))
    assert outcome.version == "store-2.duckdb"
    assert listed(school) == [(MARKS, 2, "code", "not allowed")]
    undo_load(school.home, school.environ)
    assert listed(school) == [(MARKS, 2, "code", "not allowed")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "is_mended"),
    [
        ([f"{ANN},2026-11-16,PM,/"], True),  # the child's own register of that day
        ([f"{ANN},2026-11-17,AM,/"], False),  # of another day
        ([f"{BEN},2026-11-16,AM,/"], False),  # of another child
    ],
)
def test_only_a_file_about_that_child_and_day_speaks_for_a_row(
    school: School, rows: list[str], *, is_mended: bool
) -> None:
    school.load(FAULTY)
    header = LONG[MARKS].split("\n")[0]
    school.load({**LONG, MARKS: "\n".join([header, *rows]).replace("PM,/", "PM,\\") + "\n"})
    assert (listed(school) == []) == is_mended


@pytest.mark.slow
@pytest.mark.parametrize(("kept", "is_mended"), [(200, True), (100, False)])
def test_a_row_that_tells_nothing_waits_for_a_file_of_the_same_days_and_length(
    school: School, kept: int, *, is_mended: bool
) -> None:
    school.load(with_line(MARKS, 3, "\0", LONG))
    assert school.rows("select handle, first_date, last_date from check_left_out") == [
        (None, "2026-09-21", "2026-11-21")
    ]
    text = "".join(LONG[MARKS].splitlines(keepends=True)[: kept - 1])
    last = LONG[MARKS].splitlines(keepends=True)[-1]
    school.load({**LONG, MARKS: text if text.endswith(last) else text + last})
    assert (listed(school) == []) == is_mended


def test_a_faulty_row_of_a_child_of_no_group_is_listed_without_a_child(school: School) -> None:
    dan = upn(4)
    files = added("roll.csv", f"{dan},Lee,Dan,,01/01/2017,M,4,,01/09/2024,,,,", LONG)
    school.load(added(MARKS, f"{dan},2026-11-16,AM,?", files))
    assert school.rows("select handle, fault from check_left_out") == [(None, "not allowed")]


@pytest.mark.slow
def test_a_file_that_is_refused_or_absent_leaves_the_list_as_it_is(school: School) -> None:
    school.load(FAULTY)
    text = LONG[MARKS].replace("AM", "noon")
    for files in (without(MARKS, LONG), {**LONG, MARKS: text}):
        school.load(added("calendar.csv", f"2026-12-0{len(files) % 7 + 1},INSET", files))
        assert listed(school) == [(MARKS, 2, "code", "not allowed")]


@pytest.mark.slow
def test_replace_drops_what_its_file_left_out(school: School) -> None:
    school.load(with_cell(SDQ, 2, "total", "41", FAULTY))
    assert [name for name, *_ in listed(school)] == [MARKS, SDQ]
    school.load(with_cell(SDQ, 2, "total", "41", LONG), replace=[MARKS])
    assert [name for name, *_ in listed(school)] == [SDQ]


@pytest.mark.slow
def test_one_faulty_row_of_245_000(tmp_path: Path) -> None:
    """244,959 of the made-up school's 244,960 rows are taken, and one is listed."""
    school, folder = School(tmp_path), tmp_path / "whole"
    shutil.copytree(exports(), folder)
    good = (folder / MARKS).read_text(encoding="utf-8")
    rows = good.split("\n")
    child = (folder / "care_episodes.csv").read_text(encoding="utf-8").split("\n")[1].split(",")[0]
    spoilt = next(
        row for row, line in enumerate(rows) if line.startswith(child) and line.endswith("/")
    )
    rows[spoilt] = rows[spoilt][:-1] + "?"
    (folder / MARKS).write_text("\n".join(rows), encoding="utf-8")

    def load() -> None:
        load_exports(folder, school.home_folder, now=NOW, environ=school.environ)

    load()
    read = "select rows_read, problem_count, is_refused from load_file where file_name = $name"
    assert school.rows(read.replace("$name", f"'{MARKS}' order by load_id desc limit 1")) == [
        (len(rows) - 2, 1, False)
    ]
    assert listed(school) == [(MARKS, spoilt + 1, "code", "not allowed")]
    before = lines(school)
    (folder / MARKS).write_text(good, encoding="utf-8")
    load()
    assert listed(school) == []
    after = lines(school)
    assert set(after.values()) == {1}
    assert len(after) == len(before) + 1
