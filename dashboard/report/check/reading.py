"""Reads the figures of a finished report back from its files, as any reader of them could."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import docx
import pdfplumber

from dashboard.report.content import figures, tables
from dashboard.text import words
from safeguards.disclosure import Attribute, GroupFigures
from safeguards.disclosure.solver.release import Count
from safeguards.disclosure.solver.suppressed import HIDDEN, MARK
from safeguards.errors import ReportError

_Key = TypeVar("_Key")

_DAY = re.compile(r"Data up to (\d{1,2} [A-Z][a-z]+ \d{4})")
_GROUPS = ("Group", tables.CHILDREN_HEADERS[figures.LOOKED_AFTER])


@dataclass(frozen=True)
class ParsedFile:
    """One file: the day of its data, as printed, and its tables, each with its header first."""

    name: str
    day: str
    tables: tuple[tuple[tuple[str, ...], ...], ...]


def read_report_file(path: Path) -> ParsedFile:
    """A file of a report, .docx or .pdf; ReportError if it is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}.") from error
    readers = {".docx": _word, ".pdf": _pdf}
    if path.suffix.lower() not in readers:
        raise ReportError(f"{path} is neither .docx nor .pdf.")
    try:
        text, found = readers[path.suffix.lower()](content)
    except Exception as error:  # the readers' own errors are of many kinds
        raise ReportError(f"{path} is damaged, or no report: {error}.") from error
    day = _DAY.search(text)
    if day is None:
        raise ReportError(f"{path} is no report of ours: it names no day up to which data go.")
    return ParsedFile(path.name, day[1], tuple(_join_tables(found)))


def extract_groups(papers: Sequence[ParsedFile]) -> dict[str, GroupFigures]:
    """The figures about children that these files of one report give, by group.

    A file and its other rendering may both be there.  ReportError where they differ.
    """
    every = [each for one in papers for each in one.tables]
    share = figures.find_share(row[0] for table in every for row in table)
    attributes = {name: figures.list_attributes(name, share) for name in figures.ATTRIBUTES}
    return {
        name: GroupFigures(
            name=name,
            size=size,
            is_told=True,
            attributes=attributes[name],
            tables=_extract_counts(every, name, attributes[name]),
        )
        for name, size in _sizes(every).items()
    }


def _word(content: bytes) -> tuple[str, list[list[list[str]]]]:
    file = docx.Document(io.BytesIO(content))
    texts = [each.text for section in file.sections for each in section.footer.paragraphs]
    texts += [each.text for each in file.paragraphs]
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]
    return "\n".join(texts), found


def _pdf(content: bytes) -> tuple[str, list[list[list[str]]]]:
    with pdfplumber.open(io.BytesIO(content)) as file:
        texts = [page.extract_text() for page in file.pages]
        found = [
            [[(cell or "").replace("\n", " ") for cell in row] for row in table]
            for page in file.pages
            for table in page.extract_tables()
        ]
    return "\n".join(texts), found


def _join_tables(found: Iterable[Sequence[Sequence[str]]]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The tables, each once whole where a page ended within it: its header stands again then."""
    whole: list[tuple[str, ...]] = []
    for table in found:
        header, *rows = (tuple(cell.strip() for cell in row) for row in table)
        if whole and whole[0] == header:
            whole += rows
            continue
        if whole:
            yield tuple(whole)
        whole = [header, *rows]
    if whole:
        yield tuple(whole)


def _sizes(every: Iterable[Sequence[tuple[str, ...]]]) -> dict[str, int]:
    found: dict[str, Count] = {}
    for header, *rows in every:
        if header != _GROUPS:
            continue
        for label, size in rows:
            for name in figures.ATTRIBUTES:
                if label == f"Children {name}":
                    _require_same(found, name, _count(size))
    return {name: size for name, size in found.items() if isinstance(size, int)}


def _extract_counts(
    every: Iterable[Sequence[tuple[str, ...]]], name: str, attributes: Iterable[Attribute]
) -> dict[tuple[str, ...], dict[tuple[str, ...], Count]]:
    """The tables about the children of one group."""
    by_label = {each.label: each for each in attributes}
    found: dict[tuple[str, ...], dict[tuple[str, ...], Count]] = {}
    for header, *rows in every:
        attribute = by_label.get(header[0])
        if attribute is None or header[-1] != tables.CHILDREN_HEADERS[name]:
            continue
        categories = {words.capitalise(each): each for each in attribute.categories}
        for label, *cells in rows:
            if label not in categories:
                raise ReportError(f"{header[0]}: nobody knows the row {label!r}.")
            category = categories[label]
            for column, cell in zip(header[1:], cells, strict=True):
                if column == header[-1]:
                    _require_same(found.setdefault((attribute.key,), {}), (category,), _count(cell))
                    continue
                split = found.setdefault((attribute.key, figures.YEARS.key), {})
                _require_same(split, (category, column), _count(cell))
    return found


def _count(cell: str) -> Count:
    if cell == MARK:
        return HIDDEN
    if not cell.replace(",", "").isdecimal():
        raise ReportError(f"A table about children has a cell {cell!r} that is no number.")
    return int(cell.replace(",", ""))


def _require_same(found: dict[_Key, Count], key: _Key, count: Count) -> None:
    """Keep a figure; ReportError if another file gives another one."""
    there = found.setdefault(key, count)
    if (there is HIDDEN) != (count is HIDDEN) or (there is not HIDDEN and there != count):
        raise ReportError("The files differ, so they are not of one report.")
