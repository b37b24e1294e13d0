"""Hold a mapping: how one kind of table that a school gets becomes an export of ours.

It is kept as TOML, which a person may read and correct. A later table of this kind is recognised
by the names of its columns, whatever days they are of.
"""

import json
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Literal

import msgspec
import polars as pl

from intake.map.forms import DateForm
from intake.map.labels import Label, parse_label
from intake.problems import IntakeError
from intake.tables import SourceRow
from queries.contract import ATTENDANCE, Export, get_category
from queries.contract.model.spelling import normalise_name

Layout = Literal[
    "rows", "a day a row", "a week a row", "a session a column", "a day a column", "a week a column"
]
#: Layouts in which the columns themselves are days.
GRIDS: tuple[Layout, ...] = ("a session a column", "a day a column", "a week a column")
#: Columns of a layout that the export does not have: surname and forename in one, with a comma
#: between; the two marks of a day; those of a week.
NAME, AM, PM, MARKS = "name", "am", "pm", "marks"
#: What registers have in place of no mark, besides a blank.
NO_MARK = ("-", ".")


class MappingError(IntakeError):
    """A mapping that cannot be read, or does not fit a table; a message for people.

    mend: what to do about a table that no mapping fits.
    """

    def __init__(self, message: str, mend: str = "") -> None:
        """Take the message and what to do about it."""
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True)
class Header:
    """The one or two rows that name the columns.

    row: the line of the lower one.  upper: days over sessions, each repeated over the columns up
    to the next, as in merged cells, and "" elsewhere; empty if there is only one row.
    """

    row: int
    upper: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the headings, upper and lower together."""
        if not self.upper:
            return self.names
        pairs = zip(self.upper, self.names, strict=True)
        return tuple(f"{above} {name}".strip() for above, name in pairs)

    @cached_property
    def days(self) -> AnyMapping[int, Label]:
        """Return the headings that are days, by place."""
        labels = enumerate(map(parse_label, self.cells))
        return {place: label for place, label in labels if label is not None and label.first}

    @property
    def signature(self) -> tuple[str, ...]:
        """Return the kinds of headings, each of them once, in their order."""
        kinds: dict[str, None] = {}
        for above, name in zip(self.upper or [""] * len(self.names), self.names, strict=True):
            label = parse_label(f"{above} {name}".strip())
            if label is not None:
                kinds[label.pattern] = None
            elif name.strip():
                kinds[normalise_name(name)] = None
        return tuple(kinds)


@dataclass(frozen=True, eq=False)
class SourceTable:
    """A table whose header is known.

    body: `row` and a column of text for each place, "0" the first, with "" for blank.
    """

    header: Header
    body: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Mapping:
    """How a kind of table becomes an export.

    file: the export's name.  columns: their headings by our column, and by `NAME`, `AM`, `PM` and
    `MARKS`.  signature: see `Header`.  values: our values by theirs, by our column.  absent: the
    columns that the table lacks, and that a person said are blank for everybody.  school_years:
    the calendar year in which the school year of a table without years begins, by the digest of
    the file, since another file may be of another year.  known_since: the day from which a person
    said that children without a start of care count.
    """

    file: str
    layout: Layout
    columns: AnyMapping[str, str]
    signature: tuple[str, ...]
    date_form: DateForm = "as written"
    values: AnyMapping[str, AnyMapping[str, str]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    school_years: AnyMapping[str, int] = field(default_factory=dict)
    known_since: str = ""

    @property
    def export(self) -> Export:
        """Return the export that the table becomes."""
        export = get_category(self.file).export
        assert export is not None  # noqa: S101 - `file` is the name of an export
        return export

    @property
    def headings(self) -> AnyMapping[str, str]:
        """Return their headings by our columns. Two names in one column have the same heading."""
        names = dict.fromkeys(("surname", "forename"), self.columns.get(NAME, ""))
        return names | {**self.columns}

    @property
    def is_grid(self) -> bool:
        """Say whether the columns themselves are days."""
        return self.layout in GRIDS

    @property
    def is_of_marks(self) -> bool:
        """Say whether a row of theirs is several marks of ours."""
        return self.layout != "rows"


_ABOUT = (
    "# How to read a table of this school's as an export of lac-monitor.  A later table of this "
    "kind is\n# recognised by the headings in the signature.  For each of our columns and values, "
    "theirs is given;\n# the school years are for files that do not give a year.\n"
)


def serialise_mapping(mapping: Mapping) -> str:
    """Return the mapping as TOML, whose strings and lists are written as in JSON."""
    plain, tables = [], []
    for item in fields(Mapping):
        value = getattr(mapping, item.name)
        if isinstance(value, dict):
            nested = item.name == "values"
            parts = value.items() if nested else [("", value)]
            tables += [_write_table(item.name, name, pairs) for name, pairs in parts if pairs]
        else:
            plain.append(f"{item.name} = {_quote(value)}")
    return _ABOUT + "\n".join([*plain, *tables]) + "\n"


def _write_table(name: str, part: str, pairs: AnyMapping[str, object]) -> str:
    title = f"{name}.{_quote(part)}" if part else name
    lines = [f"{_quote(key)} = {_quote(value)}" for key, value in pairs.items()]
    return "\n".join(["", f"[{title}]", *lines])


def parse_mapping(text: str) -> Mapping:
    """Read a mapping from TOML. Raise MappingError if this version cannot use it."""
    try:
        content = msgspec.toml.decode(text)
        mapping = msgspec.convert(content, Mapping)
        columns = {*mapping.export.header, NAME, AM, PM, MARKS}
    except (ValueError, KeyError) as error:
        raise MappingError("it is damaged") from error
    if unknown := content.keys() - {item.name for item in fields(Mapping)}:
        raise MappingError(f"it says {min(unknown)}, which no mapping has")
    if mapping.is_of_marks and mapping.file != ATTENDANCE.name:
        raise MappingError(f"the layout {mapping.layout} is only for marks")
    if unknown := {*mapping.columns, *mapping.values, *mapping.absent} - columns:
        raise MappingError(f"{mapping.file} has no column {min(unknown)}")
    return mapping


def find_mapping(
    mappings: Sequence[Mapping], head: Sequence[SourceRow]
) -> tuple[Mapping, Header] | None:
    """Return the mapping for this kind of table, and the table's header, or None."""
    for header in list_headers(head):
        for mapping in mappings:
            if mapping.signature == header.signature:
                return mapping, header
    return None


def list_headers(head: Sequence[SourceRow]) -> list[Header]:
    """Return every row near the top as a header, by itself and with the rows above it.

    Names that are merged over all the rows stand in the first of them.
    """
    headers = []
    before: list[tuple[str, ...]] = []
    for row, cells in head:
        names = tuple((cell or "").strip() for cell in cells)
        if before:
            width = max(map(len, (*before, names)))
            *over, lower = ((*cells, *[""] * (width - len(cells))) for cells in (*before, names))
            if any(kept := _keep_labels(over[-1], lower)):
                headers.append(Header(row, kept, _take_names(over, lower)))
        headers.append(Header(row, (), names))
        before = [*before, names][-_ROWS_ABOVE:]
    return headers


#: The rows above a header that may belong to it: weeks over days over sessions.
_ROWS_ABOVE = 2


def _keep_labels(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of the upper row that are a day over half a day, and "" for the others.

    A cell stands over the columns up to the next, but not over one without a name.
    """
    kept, day = [], ""
    for above, name in zip(upper, lower, strict=True):
        day = above or day
        is_over = parse_label(name) if name else above
        kept.append(day if is_over and parse_label(day) else "")
    return tuple(kept)


def _take_names(over: Sequence[tuple[str, ...]], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lower row, and for its blanks the cells above that are not days."""
    names = []
    for place, name in enumerate(lower):
        above = [row[place] for row in reversed(over) if row[place]]
        names.append(name or (above[0] if above and not parse_label(above[0]) else ""))
    return tuple(names)


def _quote(value: object) -> str:
    """Return a string, number or list as TOML. JSON is valid TOML, as nothing is unprintable."""
    return json.dumps(value, ensure_ascii=False)
