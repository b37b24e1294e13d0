"""Tables of text: the CSV files of our packages, and files that are written as they are."""

import csv
import io
from collections.abc import Iterable, Sequence
from importlib.resources import files


def read_rows(package: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of ours, by the names of its columns."""
    text = files(package).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def split(text: str) -> tuple[str, ...]:
    """Return the values of a cell that has several, with | between them."""
    return tuple(text.split("|")) if text else ()


def write_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV in UTF-8, the names of their columns first; no cell is escaped."""
    content = io.StringIO(newline="")
    csv.writer(content, lineterminator="\n").writerows(rows)
    return content.getvalue().encode("utf-8")
