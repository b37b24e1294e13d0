"""A faulty row that a person leaves at that is listed no more, and who said so is on record."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from intake.problems import IntakeError
from intake.publish.entries import WAIVER_REASONS, waive_row
from intake.publish.flagged import count_alike
from safeguards.access import access
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from tests.intake.publish.test_flagged import FAULTY, LONG, MARKS, listed
from tests.intake.publish.test_load import NOW, School
from tests.support.schools.good_exports import ANN, added, with_cell

REASON = WAIVER_REASONS[0]


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    made = School(tmp_path)
    monkeypatch.setenv("LAC_KEYS", made.environ["LAC_KEYS"])
    return made


def opened(school: School, role: str = "dsl") -> access.Session:
    return access.open(school.home_folder, actor="test", role=role, purpose="test")


def waive(school: School, row: int = 2, role: str = "dsl", reason: str = REASON) -> str | None:
    query = f"select source_id, column_name, fault from check_left_out where row_number = {row}"
    found = school.rows(query)
    source_id, column, fault = found[0] if found else (1, "code", "not allowed")
    recorded = waive_row(
        opened(school, role),
        source_id=source_id,
        row_number=row,
        column_name=column or "",
        fault=fault,
        reason=reason,
        now=NOW,
    )
    return recorded.entry_id


@pytest.mark.slow
def test_it_is_off_the_list_at_once_and_in_the_log_with_who_and_when(school: School) -> None:
    school.load(FAULTY)
    entry_id = waive(school)
    assert listed(school) == []
    keys = Keys.load(school.home, school.environ)
    (entry,) = TypedEntries.open(school.home, keys).list_entries()
    assert (entry.entry_id, entry.kind, entry.actor, entry.role, entry.at) == (
        *(entry_id, "waiver", "test", "dsl"),
        NOW,
    )
    assert entry.pupil_id == school.of(ANN)
    assert entry.values["reason"] == REASON
    assert (entry.values["file_name"], entry.values["day"]) == (MARKS, "2026-11-16")


@pytest.mark.slow
def test_it_stays_off_when_the_row_comes_again_and_another_is_listed(school: School) -> None:
    """Of the same child, day, column and fault; a row of another day was never waived."""
    school.load(FAULTY)
    waive(school)
    school.load(added("calendar.csv", "2026-11-23,INSET", FAULTY))
    assert listed(school) == []
    more = with_cell(MARKS, 4, "code", "?", FAULTY)
    school.load(more)
    assert [row for _, row, _, _ in listed(school)] == [4]


@pytest.mark.slow
def test_a_row_of_nobody_is_known_by_its_file(school: School) -> None:
    unknown = with_cell(MARKS, 2, "upn", "X", LONG)
    school.load(unknown)
    assert [row for _, row, _, _ in listed(school)] == [2]
    waive(school)
    assert listed(school) == []
    school.load(added("calendar.csv", "2026-11-23,INSET", unknown))
    assert listed(school) == []
    school.load(added(MARKS, f"{ANN},2026-11-20,AM,?", unknown))
    assert len(listed(school)) == 2, "another file, so another row"


def test_who_waives_knows_how_many_rows_go() -> None:
    """A row goes alone where it does not say whose it is, or of which day."""
    day, other = date(2026, 11, 16), date(2026, 11, 17)
    rows = [
        ("A", day, day, "code", "not allowed"),
        ("A", day, day, "code", "not allowed"),
        ("A", other, other, "code", "not allowed"),
        ("B", day, day, "code", "not allowed"),
        ("A", day, day, None, "not allowed"),
        ("A", day, day, "code", "missing"),
        ("A", day, other, "code", "not allowed"),
        ("A", day, other, "code", "not allowed"),
        (None, day, day, "code", "not allowed"),
        (None, day, day, "code", "not allowed"),
        ("A", None, None, "code", "not allowed"),
        ("A", None, None, "code", "not allowed"),
    ]
    names = ["pupil_id", "first_date", "last_date", "column_name", "fault"]
    found = pl.DataFrame(rows, schema=names, orient="row").with_columns(file_name=pl.lit(MARKS))
    assert count_alike(found).to_list() == [2, 2, *[1] * 10]


@pytest.mark.slow
def test_only_who_may_and_only_what_is_listed(school: School) -> None:
    school.load(FAULTY)
    with pytest.raises(access.Denied):
        waive(school, role="pastoral")
    with pytest.raises(IntakeError, match="The reason is one of these"):
        waive(school, reason="Ned Fakeham left")
    assert len(listed(school)) == 1
    waive(school)
    with pytest.raises(IntakeError, match="not listed any more"):
        waive(school)
