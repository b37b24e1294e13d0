"""Read `other_names.csv`: the names that others have for our columns, and for columns of marks."""

from functools import cache

from queries.rows import read_rows


def list_names(column: str, file: str = "") -> tuple[str, ...]:
    """Return our name of a column, then others'. A row without a file is for every file."""
    rows = (row for row in _load() if row["column"] == column and row["file"] in ("", file))
    return (column, *(row["called"] for row in rows))


@cache
def _load() -> list[dict[str, str]]:
    return read_rows("intake.map", "other_names")
