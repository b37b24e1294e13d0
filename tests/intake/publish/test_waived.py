"""A faulty row that a person leaves at that is listed no more, and who said so is on record."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from intake.problems import IntakeError
from intake.publish.entries import WAIVER_REASONS, waive_row
from intake.publish.flagged import count_alike, drop_waived_rows
from safeguards.access import access
from safeguards.journal.typed_entries import Entry, TypedEntries
from tests.intake.publish.test_flagged import FAULTY, LONG, MARKS, listed
from tests.support.schools.good_exports import ANN, added, with_cell
from tests.support.schools.school_rows import SchoolRows
from tests.support.schools.small_home import NOW, SmallHome

REASON = WAIVER_REASONS[0]


@pytest.fixture
def school(tmp_path: Path) -> SchoolRows:
    return SchoolRows(tmp_path)


def waive(school: SchoolRows, row: int) -> Entry:
    """What `waive_row` keeps of a row that was left out."""
    ((pupil_id, *values),) = school.ask(f"""
        select coalesce(pupil_id, ''), file_name, sha256, row_number, column_name, fault,
            case when pupil_id is null then '' else raw_flagged_row.first_date::varchar end
        from raw_flagged_row inner join raw_source using (source_id)
        left join raw_pupil using (pupil_key) where is_left_out and row_number = {row}
    """)
    names = ("file_name", "sha256", "row_number", "column_name", "fault", "day")
    said = dict(zip(names, map(str, values), strict=True))
    return Entry("0000000000", NOW, "test", "dsl", "waiver", pupil_id, "", said)


def list_rows_left(school: SchoolRows, waiver: Entry) -> list[object]:
    """The numbers of the faulty rows that are still listed."""
    school.rows = drop_waived_rows(school.rows, [waiver])
    return [number for _, number, *_ in listed(school)]


def test_it_stays_off_when_the_row_comes_again_and_another_is_listed(school: SchoolRows) -> None:
    """Of the same child, day, column and fault; a row of another day was never waived."""
    school.load(FAULTY)
    waiver = waive(school, 2)
    assert list_rows_left(school, waiver) == []
    school.load({**FAULTY, MARKS: FAULTY[MARKS] + "\n"})
    assert list_rows_left(school, waiver) == []
    school.load(with_cell(MARKS, 4, "code", "?", FAULTY))
    assert list_rows_left(school, waiver) == [4]


def test_a_row_of_nobody_is_known_by_its_file(school: SchoolRows) -> None:
    unknown = with_cell(MARKS, 2, "upn", "X", LONG)
    school.load(unknown)
    waiver = waive(school, 2)
    assert list_rows_left(school, waiver) == []
    school.load(added("calendar.csv", "2026-11-23,INSET", unknown))
    assert list_rows_left(school, waiver) == []
    school.load(added(MARKS, f"{ANN},2026-11-20,AM,?", unknown))
    assert len(list_rows_left(school, waiver)) == 2, "another file, so another row"


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
def test_only_who_may_takes_it_off_the_list_and_it_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and after the next load; for a reason of the list, and only what is listed."""
    home = SmallHome(tmp_path)
    monkeypatch.setenv("LAC_KEYS", home.environ["LAC_KEYS"])
    home.load(FAULTY)
    left_out = "select file_name, row_number, source_id, column_name, fault from check_left_out"
    ((file, row, source_id, column, fault),) = home.ask(left_out)

    def act(role: str = "dsl", reason: str = REASON) -> str | None:
        session = access.open(home.folder, actor="test", role=role, purpose="test")
        which = {"source_id": source_id, "row_number": row, "column_name": column, "fault": fault}
        return waive_row(session, **which, reason=reason, now=NOW).entry_id

    with pytest.raises(access.Denied):
        act(role="pastoral")
    with pytest.raises(IntakeError, match="The reason must be one of these"):
        act(reason="Ned Fakeham left")
    assert len(home.ask(left_out)) == 1
    entry_id = act()
    assert home.ask(left_out) == []
    with pytest.raises(IntakeError, match="no longer on the list"):
        act()
    (entry,) = TypedEntries.open(home.home, home.keys).list_entries()
    assert (entry.entry_id, entry.kind, entry.actor, entry.role, entry.at) == (
        *(entry_id, "waiver", "test", "dsl"),
        NOW,
    )
    assert entry.pupil_id == home.find(ANN).pupil_id
    assert entry.values == {
        "file_name": file,
        "row_number": "2",
        "column_name": "code",
        "fault": fault,
        "day": "2026-11-16",
        "reason": REASON,
        "sha256": entry.values["sha256"],
    }
    home.load(added("calendar.csv", "2026-11-23,INSET", FAULTY))
    assert home.ask(left_out) == []
