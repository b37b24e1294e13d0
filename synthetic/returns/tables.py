"""What all national files are made with: rows of CSV, elements of XML, and days."""

import csv
import io
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

Rows = list[dict[str, str]]


def load_columns(national: str) -> dict[str, tuple[str, ...]]:
    """The columns of each table of a format, by its file."""
    text = Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
    return {name: tuple(columns) for name, columns in tomllib.loads(text)[national].items()}


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


def group_by_child(rows: Iterable[dict[str, str]]) -> defaultdict[str, Rows]:
    """The rows of each child, in their order."""
    found: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["upn"]].append(row)
    return found


def find_last_day(files: Mapping[str, str]) -> date:
    """The last day of the school's calendar."""
    return max(date.fromisoformat(row["date"]) for row in read_rows(files["calendar.csv"]))


def format_day(text: str) -> str:
    """A day as 20/11/2026; "" for none."""
    return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""


def format_moment(text: str) -> str:
    """A day as 2026-Nov-20 00:00:00; "" for none."""
    return f"{date.fromisoformat(text):%Y-%b-%d} 00:00:00" if text else ""


def add_all(element: Element, **texts: str) -> None:
    """An element for each text; none where there is nothing to say."""
    for tag, text in texts.items():
        if text:
            SubElement(element, tag).text = text
