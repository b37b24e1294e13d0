"""The types of rows are those of the views, and what they say of nulls holds."""

import re
from pathlib import Path

import polars as pl
import pytest

from queries import read
from queries.rows import PupilAction
from queries.views import views
from tests.support import mart_rows
from tests.support.small_store import SmallStore

ROOT = Path(__file__).parents[2]


def test_the_types_are_those_of_the_views(case: SmallStore) -> None:
    """Run `python -m tests.support.mart_rows` after a change of a mart."""
    assert mart_rows.FILE.read_text(encoding="utf-8") == mart_rows.render_rows(case.connection)


def test_each_type_is_of_use() -> None:
    """A row that nobody takes needs no type."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("dashboard", "queries", "notebooks")
        for path in (ROOT / folder).rglob("*.py")
        if path != mart_rows.FILE
    )
    named = re.findall(r"^class (\w+)", mart_rows.FILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in named if not re.search(rf"\b{name}\b", code)] == []


def test_what_can_be_null_is_a_column(case: SmallStore) -> None:
    """A header names no column that is not there, and none of its key."""
    for view in views.load_views().values():
        if view.layer == "marts":
            columns = set(case.connection.table(view.name).columns)
            assert set(view.nullable) <= columns - set(view.key), view.name


def test_a_frame_without_a_column_is_no_row(case: SmallStore) -> None:
    """The name of what lacks is told at once, not where it is asked for."""
    case.given(raw_action="pupil | action_id | action_date\nP1 | a | 2026-11-20")
    frame = pl.DataFrame(case.ask("pupil_action", "2026-11-20"))
    (row,) = read.list_rows(PupilAction, frame)
    assert row["kind"] == "talked to child"
    with pytest.raises(KeyError, match="kind"):
        read.list_rows(PupilAction, frame.drop("kind"))
