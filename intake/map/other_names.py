"""What others call our columns, and marks of a day or a week: rows of `other_names.csv`."""

from functools import cache

from queries.rows import read_rows


def list_names(column: str, file: str = "") -> tuple[str, ...]:
    """Our name of a column, then those of others; a row without a file is of every file."""
    found = (row for row in _load() if row["column"] == column and row["file"] in ("", file))
    return (column, *(row["called"] for row in found))


@cache
def _load() -> list[dict[str, str]]:
    return read_rows("intake.map", "other_names")
