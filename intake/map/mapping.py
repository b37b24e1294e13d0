"""A mapping: how one kind of table that a school gets says what an export of ours says.

It is kept as TOML, which a person may read and correct, and known again by the names of the
columns, whatever days they are of.
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
#: Columns of a layout that are none of the export: surname and forename in one, with a comma
#: between; two marks of a day, those of a week.
NAME, AM, PM, MARKS = "name", "am", "pm", "marks"
#: What stands for no mark in registers, beside a blank.
NO_MARK = ("-", ".")


class MappingError(IntakeError):
    """A mapping that cannot be read, or does not go with a table; a message for people.

    mend: what to do about a table that no mapping reads.
    """

    def __init__(self, found: str, mend: str = "") -> None:
        """See the class."""
        super().__init__(found)
        self.mend = mend


@dataclass(frozen=True)
class Header:
    """The one or two rows that name the columns.

    row: of the lower one.  upper: days over sessions, each over the columns up to the next
    as merged cells are, and "" elsewhere; empty if there is one row only.
    """

    row: int
    upper: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The headings, upper and lower together."""
        if not self.upper:
            return self.names
        both = zip(self.upper, self.names, strict=True)
        return tuple(f"{above} {name}".strip() for above, name in both)

    @cached_property
    def days(self) -> AnyMapping[int, Label]:
        """Where the headings are days, and what they say."""
        labels = enumerate(map(parse_label, self.cells))
        return {place: label for place, label in labels if label is not None and label.first}

    @property
    def signature(self) -> tuple[str, ...]:
        """What kinds of headings there are, each once, in their order."""
        found: dict[str, None] = {}
        for above, name in zip(self.upper or [""] * len(self.names), self.names, strict=True):
            label = parse_label(f"{above} {name}".strip())
            if label is not None:
                found[label.pattern] = None
            elif name.strip():
                found[normalise_name(name)] = None
        return tuple(found)


@dataclass(frozen=True, eq=False)
class SourceTable:
    """A table with its header found.

    body: `row` and a column of text for each place, "0" the first, with "" for blank.
    """

    header: Header
    body: pl.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Mapping:
    """How a kind of table says what an export says.

    file: the export's name.  columns: theirs by ours, and by `NAME`, `AM`, `PM` and `MARKS`.
    signature: see `Header`.  values: ours by theirs, by our column.  absent: columns that the
    table lacks, and of which a person said that they are blank for everybody.  school_years:
    the calendar year in which the school year of a table begins that does not say it: by the
    digest of the file, since another file may be of another year.  known_since: the day on which
    a person said that children without a start of care count from it on.
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
        """The export whose rows come of it."""
        export = get_category(self.file).export
        assert export is not None  # noqa: S101 - it was found by its name
        return export

    @property
    def headings(self) -> AnyMapping[str, str]:
        """Theirs by ours, of both names where they stand in one column."""
        both = dict.fromkeys(("surname", "forename"), self.columns.get(NAME, ""))
        return both | {**self.columns}

    @property
    def is_grid(self) -> bool:
        """Whether the columns themselves are days."""
        return self.layout in GRIDS

    @property
    def is_of_marks(self) -> bool:
        """Whether a row of theirs is several marks of ours."""
        return self.layout != "rows"


_ABOUT = (
    "# How to read a table of this school's as an export of lac-monitor.  A later table of this "
    "kind is\n# recognised by the headings in the signature.  For each of our columns and values, "
    "theirs is given;\n# the school years are for files that do not give a year.\n"
)


def serialise_mapping(mapping: Mapping) -> str:
    """The mapping as TOML, of which the strings and lists of JSON are a part."""
    plain, tables = [], []
    for each in fields(Mapping):
        value = getattr(mapping, each.name)
        if isinstance(value, dict):
            nested = each.name == "values"
            parts = value.items() if nested else [("", value)]
            tables += [_write_table(each.name, name, pairs) for name, pairs in parts if pairs]
        else:
            plain.append(f"{each.name} = {_quote(value)}")
    return _ABOUT + "\n".join([*plain, *tables]) + "\n"


def _write_table(name: str, part: str, pairs: AnyMapping[str, object]) -> str:
    title = f"{name}.{_quote(part)}" if part else name
    lines = [f"{_quote(key)} = {_quote(value)}" for key, value in pairs.items()]
    return "\n".join(["", f"[{title}]", *lines])


def parse_mapping(text: str) -> Mapping:
    """A mapping from TOML; MappingError if it is none that this version can use."""
    try:
        told = msgspec.toml.decode(text)
        known = msgspec.convert(told, Mapping)
        columns = {*known.export.header, NAME, AM, PM, MARKS}
    except (ValueError, KeyError) as error:
        raise MappingError("it is damaged") from error
    if unknown := told.keys() - {each.name for each in fields(Mapping)}:
        raise MappingError(f"it says {min(unknown)}, which no mapping has")
    if known.is_of_marks and known.file != ATTENDANCE.name:
        raise MappingError(f"the layout {known.layout} is only for marks")
    if unknown := {*known.columns, *known.values, *known.absent} - columns:
        raise MappingError(f"{known.file} has no column {min(unknown)}")
    return known


def find_mapping(
    mappings: Sequence[Mapping], head: Sequence[SourceRow]
) -> tuple[Mapping, Header] | None:
    """The mapping whose kind of table this is, and its header; None if it is of none."""
    for header in list_headers(head):
        for mapping in mappings:
            if mapping.signature == header.signature:
                return mapping, header
    return None


def list_headers(head: Sequence[SourceRow]) -> list[Header]:
    """Every row near the top as the names of columns, by itself and with those above it.

    Names that are merged over all the rows stand in the first of them.
    """
    found = []
    before: list[tuple[str, ...]] = []
    for row, cells in head:
        names = tuple((cell or "").strip() for cell in cells)
        if before:
            width = max(map(len, (*before, names)))
            *over, lower = ((*each, *[""] * (width - len(each))) for each in (*before, names))
            if any(kept := _keep_labels(over[-1], lower)):
                found.append(Header(row, kept, _take_names(over, lower)))
        found.append(Header(row, (), names))
        before = [*before, names][-_ROWS_ABOVE:]
    return found


#: Weeks over days over sessions.
_ROWS_ABOVE = 2


def _keep_labels(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """The upper row where it is a day over half a day; elsewhere it says nothing.

    Each of its cells is over the columns up to the next, but not over one without a name.
    """
    kept, day = [], ""
    for above, name in zip(upper, lower, strict=True):
        day = above or day
        is_over = parse_label(name) if name else above
        kept.append(day if is_over and parse_label(day) else "")
    return tuple(kept)


def _take_names(over: Sequence[tuple[str, ...]], lower: tuple[str, ...]) -> tuple[str, ...]:
    """The lower row, and above its blanks what is no day."""
    names = []
    for place, name in enumerate(lower):
        above = [each[place] for each in reversed(over) if each[place]]
        names.append(name or (above[0] if above and not parse_label(above[0]) else ""))
    return tuple(names)


def _quote(value: object) -> str:
    """A string, a number or a list as TOML has it; JSON's is one: nothing unprintable is in it."""
    return json.dumps(value, ensure_ascii=False)
