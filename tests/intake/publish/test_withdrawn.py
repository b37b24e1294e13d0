"""What a family or a child took back: its rows go, by a load and by what is typed."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from intake.publish import entries
from intake.publish.retired import drop_withdrawn, find_taken_back
from queries import reference
from queries.contract import VOLUNTARY_TABLES
from queries.statement import format_sql
from safeguards.access import access
from tests.support.schools import homes

NOW = datetime(2026, 11, 20, 8, 35, tzinfo=UTC)
_COUNT = """
select count(*) from {table}
where pupil_key = (select pupil_key from raw_pupil where handle = $handle)
"""


def choices(*rows: tuple[int, str, str, str | None]) -> pl.DataFrame:
    """Choices by child, item, day given and day taken back."""
    names = ("pupil_key", "item", "choice_date", "taken_back_date")
    days = ("choice_date", "taken_back_date")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        pl.col(days).str.to_date(), source_id=1
    )


def test_what_was_given_anew_stands() -> None:
    """Of one kind the choice that was made last counts."""
    given = choices(
        (1, "sdq", "2025-09-01", "2026-01-05"),
        (1, "sdq", "2026-09-01", None),
        (2, "sdq", "2025-09-01", "2026-01-05"),
        (2, "health", "2025-09-01", None),
    )
    assert find_taken_back(given).rows() == [(2, "sdq")]


def test_only_rows_of_that_kind_and_child_go() -> None:
    """And a line that its child wished away, with the row that says so."""
    rows = {
        "raw_choice": choices((1, "sdq", "2025-09-01", "2026-01-05")),
        "raw_sdq": pl.DataFrame({"pupil_key": [1, 1, 2]}),
        "raw_health": pl.DataFrame({"pupil_key": [1, 2]}),
        "raw_words": pl.DataFrame(
            {
                "pupil_key": [1, 1, 2],
                "words_date": [date(2026, 9, 7)] * 3,
                "line": ["break is loud", "break is loud", "break is loud"],
                "taken_out_date": [None, date(2026, 10, 5), None],
            }
        ),
    }
    kept = drop_withdrawn(rows)
    assert {name: frame["pupil_key"].to_list() for name, frame in kept.items()} == {
        "raw_choice": [1],
        "raw_sdq": [2],
        "raw_health": [1, 2],
        "raw_words": [2],
    }


def test_each_kind_that_is_given_by_choice_can_be_taken_back() -> None:
    """The list of the file is that of the registry."""
    assert set(reference.read("choice_item")["code"]) == set(VOLUNTARY_TABLES)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = homes.demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", homes.keys_at(made)["LAC_KEYS"])
    return made


def write(folder: Path, handle: str, file: str, **values: str) -> None:
    """Type a fact as the safeguarding lead."""
    session = access.open(folder, actor="test", role="dsl", purpose="test")
    result = entries.add_fact(
        session, handle=handle, file=file, values=values, where_written="told at school", now=NOW
    )
    assert result.problems == ()


def count(folder: Path, table: str, handle: str) -> int:
    """Raw rows of a child, past every view."""
    query = format_sql(_COUNT, table=table)
    with closing(homes.open_store(folder)) as store:
        return int(store.read(query, {"handle": handle}).item())


@pytest.mark.slow
def test_what_is_typed_as_taken_back_is_gone_at_once(folder: Path) -> None:
    """Scores that files brought, and a line in the child's own words: no raw row is left."""
    session = access.open(folder, actor="test", role="dsl", purpose="test")
    handle = str(session.read("select min(handle) from pupil_sdq").item())
    other = str(session.read("select max(handle) from pupil_sdq").item())
    assert count(folder, "raw_sdq", handle)
    write(
        folder,
        handle,
        "choices.csv",
        date="2026-09-07",
        item="sdq",
        given_by="carer",
        taken_back="2026-11-19",
    )
    assert count(folder, "raw_sdq", handle) == 0
    assert count(folder, "raw_sdq", other)
    line = {"date": "2026-11-10", "setting": "PEP", "line": "break is too loud for me"}
    before = count(folder, "raw_words", handle)
    write(folder, handle, "own_words.csv", **line)
    assert count(folder, "raw_words", handle) == before + 1
    write(folder, handle, "own_words.csv", **line, taken_out="2026-11-19")
    assert count(folder, "raw_words", handle) == before
