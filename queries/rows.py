"""Tables of text: those that lie in a package of ours, and those that are written as they are."""

import csv
import io
from collections.abc import Iterable, Sequence
from importlib.resources import files


def read_rows(package: str, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of ours, by the names of its columns."""
    text = files(package).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def split(text: str) -> tuple[str, ...]:
    """The values of a cell that has several, between which stands |."""
    return tuple(text.split("|")) if text else ()


def write_rows(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV in UTF-8, the names of their columns first; no cell is escaped."""
    content = io.StringIO(newline="")
    csv.writer(content, lineterminator="\n").writerows(rows)
    return content.getvalue().encode("utf-8")
