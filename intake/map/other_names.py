"""What others call our columns, and marks of a day or a week: rows of `other_names.csv`."""

import csv
from functools import cache
from importlib.resources import files


def list_names(column: str, file: str = "") -> tuple[str, ...]:
    """Our name of a column, then those of others; a row without a file is of every file."""
    found = (row for row in _load() if row["column"] == column and row["file"] in ("", file))
    return (column, *(row["called"] for row in found))


@cache
def _load() -> list[dict[str, str]]:
    text = files("intake.map").joinpath("other_names.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))
