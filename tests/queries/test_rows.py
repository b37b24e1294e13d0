"""The types of rows are those of the views, and what they say of nulls holds."""

import re
from pathlib import Path

import duckdb
import pytest

from queries import read
from queries.rows import PupilAction
from queries.views import views
from queries.views.views import View
from tests.conftest import Given
from tests.support import mart_rows

MARTS = [view for view in views.load_views().values() if view.layer == "marts"]
ROOT = Path(__file__).parents[2]


def test_the_types_are_those_of_the_views() -> None:
    """Run `python -m tests.support.mart_rows` after a change of a mart."""
    assert mart_rows.FILE.read_text(encoding="utf-8") == mart_rows.render_rows()


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


@pytest.mark.parametrize("view", MARTS, ids=lambda view: view.name)
def test_what_can_be_null_is_a_column(view: View, db: duckdb.DuckDBPyConnection) -> None:
    """A header names no column that is not there, and none of its key."""
    assert set(view.nullable) <= set(db.table(view.name).columns) - set(view.key)


def test_a_frame_without_a_column_is_no_row(db: duckdb.DuckDBPyConnection, given: Given) -> None:
    """The name of what lacks is told at once, not where it is asked for."""
    given(raw_action="pupil | action_id | action_date\nP1 | a | 2026-11-20")
    db.execute("set variable as_at = date '2026-11-20'")
    frame = db.table("pupil_action").pl()
    (row,) = read.list_rows(PupilAction, frame)
    assert row["kind"] == "talked to child"
    with pytest.raises(KeyError, match="kind"):
        read.list_rows(PupilAction, frame.drop("kind"))
