"""The rows of marts as types, from the views: queries/rows.py, column for column.

    python -m tests.support.mart_rows

writes that file anew; tests/queries/test_rows.py holds it to the views.
"""

import re
from pathlib import Path
from typing import cast

import duckdb
import polars as pl

from queries.read import Row
from queries.store import store
from queries.views import views

FILE = Path(store.__file__).parents[1] / "rows.py"

#: Marts whose rows the pages take one by one.
MARTS = (
    *("child_protection", "cohort_attendance", "cohort_member", "cohort_week_attendance"),
    *("duty", "needs_a_look", "protection_case", "pupil_action", "pupil_attendance"),
    *("pupil_concern", "pupil_ehcp", "pupil_health", "pupil_missing", "pupil_pep"),
    *("premium_term", "pupil_intervention", "pupil_period", "pupil_progress"),
    *("pupil_sdq", "pupil_sen", "pupil_suspension", "pupil_test", "pupil_this_week"),
    *("pupil_words", "pupil_week_attendance", "school_attendance", "sdq_coverage"),
    *(
        "report_duty",
        "report_line",
        "report_premium",
        "report_roll",
        "report_session",
        "report_term",
    ),
)
#: What numbers the rows of one version; no page is given it.
_INNER = ("school_key", "pupil_key")
_TYPES = {
    "VARCHAR": "str",
    "ENUM": "str",
    "BOOLEAN": "bool",
    "SMALLINT": "int",
    "INTEGER": "int",
    "BIGINT": "int",
    "DOUBLE": "float",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
_HEAD = '''"""A row of each mart, as a type: a column that is not there is an error of mypy's.

Written by tests/support/mart_rows.py from the views; change those, and run it.
"""

from datetime import date, datetime
from typing import TypedDict
'''


def render_rows() -> str:
    """The text of queries/rows.py, as the views are now."""
    with duckdb.connect() as connection:
        store.create_tables(connection)
        views.create_views(connection, materialise=False)
        classes = [_render_class(connection, mart) for mart in MARTS]
    return "\n\n".join([_HEAD, *classes])


def _render_class(connection: duckdb.DuckDBPyConnection, mart: str) -> str:
    name = re.sub(r"(?:^|_)(\w)", lambda match: match[1].upper(), mart)
    nullable = views.load_views()[mart].nullable
    described = connection.table(mart)
    fields = [
        f"    {column}: {_TYPES[str(kind).partition('(')[0]]}{' | None' * (column in nullable)}"
        for column, kind in zip(described.columns, described.types, strict=True)
        if column not in _INNER
    ]
    return "\n".join([f"class {name}(TypedDict):", f'    """A row of {mart}."""', "", *fields, ""])


def make_row(kind: type[Row], /, **values: object) -> Row:
    """A row that a test writes: what it does not name is null; KeyError for no column."""
    columns = kind.__annotations__
    if unknown := values.keys() - columns.keys():
        raise KeyError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return cast("Row", {**dict.fromkeys(columns), **values})


def fill_columns(kind: type[Row], frame: pl.DataFrame) -> pl.DataFrame:
    """A frame that a test writes, with the columns that it does not name, all null."""
    missing = [name for name in kind.__annotations__ if name not in frame.columns]
    return frame.with_columns(pl.lit(None).alias(name) for name in missing)


if __name__ == "__main__":
    FILE.write_text(render_rows(), encoding="utf-8")
