"""CSV text as rows by the names of their columns, and back."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

Rows = list[dict[str, str]]


def read_rows(text: str) -> Rows:
    """The rows below the names of the columns; none of "" or of names alone."""
    return list(csv.DictReader(io.StringIO(text)))


def write_rows(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The rows with these columns, blank where one has nothing; others are left out."""
    content = io.StringIO()
    writer = csv.DictWriter(
        content, columns, restval="", lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()
