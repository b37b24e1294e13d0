"""Hold tables as they came, and the files of ours that are made from them, as text.

An `Adapter` reads tables of one kind; `intake.read.read` has the list of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar
from xml.etree.ElementTree import Element

import polars as pl

from intake.problems import Problem, build_problem, list_first
from queries.contract import ATTENDANCE, Export

#: Control characters, the two separators that Unicode counts as ends of lines, a byte-order mark
#: within the text, and signs without width or that turn the direction of what follows: a name with
#: one of them looks like the name and is another word.  Joiners and selectors belong in emoji, but
#: not behind a Latin letter.  The signs themselves are in it, so that `re` and polars both read
#: it.
UNPRINTABLE_PATTERN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    "|[A-Za-z\xc0-\u024f][\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
#: Rows of national files are numbered from here on, behind those of the school's own file.
FIRST_RETURN_ROW = 1_000_000_000
#: The key for the headings of the school's own file.
OWN_FILE = "own file"
#: The number of first rows among which the names of the columns are looked for.
HEAD_ROWS = 30

FAULT_SCHEMA = pl.Schema(
    {"row": pl.UInt32(), "fault": pl.String(), "fields": pl.Int64(), "key": pl.String()}
)
_UNPRINTABLE = re.compile(UNPRINTABLE_PATTERN)

#: The line in the file or sheet, and its cells to the last that is not blank; None for a cell
#: that holds no value.
SourceRow = tuple[int, tuple[str | None, ...]]
#: The texts of a register as categories.  It has very many rows, with few different texts.
TEXT = pl.Categorical(pl.Categories("lac_text"))
#: The columns of a register with still fewer texts, in one or two bytes each.
FEW_TEXTS = {
    "date": pl.Categorical(pl.Categories("lac_day", physical=pl.UInt16)),
    "session": pl.Categorical(pl.Categories("lac_half", physical=pl.UInt8)),
    "code": pl.Categorical(pl.Categories("lac_code", physical=pl.UInt8)),
}
#: Right halves of a day and codes, a byte each, since a store has very many of them.
WORD = pl.Categorical(pl.Categories("lac_mark", physical=pl.UInt8))
#: The types if every column is a string.
NO_TYPES = pl.Schema()


@dataclass(frozen=True, eq=False)
class Body:
    """The rows below the names of the columns, as text.

    Attributes:
        rows: `row` (UInt32, the line) and the columns that were asked for, "" for blank.
        faults: The rows that could not be read: `row`, `fault`, `fields` (their number) and
            `key`, the text in the key column as far as it can be read.
        repeated: The number of rows that repeat the column names.
    """

    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    repeated: int = 0

    @property
    def number(self) -> int:
        """Return the number of rows that are not blank, whatever they hold."""
        return self.rows.height + self.faults.height + self.repeated


class Source(Protocol):
    """A way to read one file or one sheet; `repr` shows no value of it."""

    @property
    def name(self) -> str:
        """The name that people use for it."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes of the file or workbook, as hexadecimal digits."""

    @property
    def is_sheet(self) -> bool:
        """Say whether it comes from a workbook."""

    @property
    def told(self) -> Sequence[str]:
        """Notes on what a person may not see when they look at it, such as hidden columns."""

    @property
    def head(self) -> Sequence[SourceRow]:
        """Its first rows that are not blank, at most `HEAD_ROWS`."""

    def read_body(
        self,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
        types: pl.Schema = NO_TYPES,
    ) -> Body:
        """Read the rows below `header`, without blank rows and repetitions of the header.

        Args:
            header: The row that names the columns.
            columns: The names to give, in this order, and the place of each, from 0.
            key_place: The place of the column that says whom a row is about.
            types: Columns that are not strings but categories, which take less memory.
        """


@dataclass(frozen=True, eq=False)
class RowsSource:
    """Rows in memory, as of a sheet or of an XML file. Blank rows are not counted."""

    name: str
    digest: str
    rows: Sequence[SourceRow] = field(repr=False)
    is_sheet: bool = True
    told: Sequence[str] = ()

    @property
    def head(self) -> Sequence[SourceRow]:
        """Return the first rows."""
        return self.rows[:HEAD_ROWS]

    def read_body(
        self,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
        types: pl.Schema = NO_TYPES,
    ) -> Body:
        """Read the rows below `header`; see `Source.read_body`."""
        named, _ = compute_widths(header)
        kept: list[tuple[int | str | None, ...]] = []
        faults: list[tuple[int, str, int, str]] = []
        repeated = 0
        for row, cells in self.rows:
            if row <= header[0] or cells == header[1]:
                repeated += row > header[0]
                continue
            is_broken = any(cell is None or _UNPRINTABLE.search(cell) for cell in cells)
            if is_broken or any((cell or "").strip() for cell in cells[named:]):
                fault = "broken row" if is_broken else "field count"
                key = (cells[key_place] or "") if key_place < len(cells) else ""
                faults.append((row, fault, len(cells), key))
            elif any((cell or "").strip() for cell in cells):
                full = [*cells, *[""] * (named - len(cells))]
                kept.append((row, *(full[place] for _, place in columns)))
        schema = pl.Schema({"row": pl.UInt32(), **{name: pl.String() for name, _ in columns}})
        return Body(
            pl.DataFrame(kept, schema=schema, orient="row").cast(types),
            pl.DataFrame(faults, schema=FAULT_SCHEMA, orient="row"),
            repeated,
        )


@dataclass(frozen=True, eq=False)
class Table:
    """A file or sheet that may be of some kind, with each way to read it, the likeliest first.

    stem: its name without the ending.  fault: what it is, such as a PDF, if it cannot be read at
    all.  root: the root element of an XML file.
    """

    name: str
    stem: str
    digest: str
    sources: Sequence[Source] = field(default=(), repr=False)
    fault: str = ""
    root: Element | None = field(default=None, repr=False)

    @cached_property
    def heads(self) -> Sequence[tuple[Source, SourceRow, frozenset[str]]]:
        """Return each row of a source that may name the columns, with its cells in lower case."""
        return [
            (source, row, frozenset((cell or "").strip().casefold() for cell in row[1]))
            for source in self.sources
            for row in source.head
        ]


@dataclass(frozen=True, eq=False)
class ExportFile:
    """One export file as text.

    `rows` has `row` (UInt32, the spreadsheet line, from 1) and the contract's columns as text, ""
    for blank, in the file's order. It is empty if `is_read` is false, which means that the file as
    a whole has a fault.  `rows_read` counts the rows left out as well, and `skipped_keys` holds the
    text in the key's first column of each of those, as far as it can be read.  `digest` is the
    SHA-256 of the bytes in hexadecimal digits, for a sheet of the whole workbook.  `export` has a
    handle in place of the UPN if the table has.  `name` is the name that people use for the file,
    and `notes` are sentences on what was read as it was meant, or was not used.
    `places` says where each row stood whose number is not its line, because several came of one:
    `row`, `line`, `place`, the heading ("" for none), `found_in`, the file ("" for this one), and
    for a row of a national file `sender`, its kind, and `child`, the UPN.
    `headings` are a national file's names of our columns, by such a place and our column, if one
    place has several; and by `OWN_FILE` the school's names.
    """

    export: Export
    digest: str
    is_read: bool
    rows_read: int
    problems: tuple[Problem, ...]
    rows: pl.DataFrame = field(repr=False)
    skipped_keys: tuple[str, ...] = field(default=(), repr=False)
    name: str = ""
    notes: tuple[str, ...] = ()
    places: pl.DataFrame | None = field(default=None, repr=False)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Places:
    """Say where people find the rows of files.  lines: `ExportFile.places`; headings: as there."""

    lines: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @classmethod
    def from_files(cls, files: Mapping[str, ExportFile]) -> "Places":
        """Return the places of these files, by name."""
        lines = {name: file.places for name, file in files.items() if file.places is not None}
        return cls(lines, {name: file.headings for name, file in files.items()})

    def find(self, cells: Sequence[tuple[str, int, str]]) -> Iterator[tuple[int, str, str]]:
        """Yield the line, the heading and the file of each file, row and column of ours.

        The heading is "" if the column has our name, and the file is "" if it has our name.
        """
        rows = {file: {row for name, row, _ in cells if name == file} for file in self.lines}
        known = {
            file: {
                row: place
                for row, *place in lines.filter(pl.col("row").is_in(rows[file]))
                .select("row", "line", "place", "found_in")
                .iter_rows()
            }
            for file, lines in self.lines.items()
        }
        for file, row, column in cells:
            line, place, found_in = known.get(file, {}).get(row, (row, "", ""))
            headings = self.headings.get(file, {})
            if row >= FIRST_RETURN_ROW:
                yield line, headings.get(place, {}).get(column, ""), found_in
            else:
                yield line, headings.get(OWN_FILE, {}).get(column) or place, found_in


#: The files of ours that are known so far, by name.
Files = Mapping[str, ExportFile]


@dataclass(frozen=True)
class LeftOut:
    """The rows that a rule leaves out.

    Attributes:
        rule: The rule in words, after "left out: ".
        number: The number of rows, or of marks in a register by days.
        lines: The number of lines of such a register, if they are not the marks.
        where: The first of these lines, in words.
    """

    rule: str
    number: int = 0
    lines: int = 0
    where: str = ""


#: The rule by which faulty rows are left out.
FAULT = "they have a fault"
#: Why a right row of a national file is left out.
OTHER_FAULT = "another row about the child has a fault"
#: For the lines of a table that has not our columns: their child, and what is wrong with them.
LINES = pl.Schema({"upn": pl.String(), "rule": pl.String(), "number": pl.Int64()})


@dataclass(frozen=True, eq=False)
class Counted:
    """The number of rows in a table, whatever becomes of them, and what its reader left out.

    Attributes:
        table: The name that people use for the table.
        number: Its rows that are not blank, below the names of the columns.  In a register by
            days, whose cells are marks, its marks.
        file: The name of our file, or "" for a table whose rows make rows of several files.
        is_of_marks: Whether `number` counts marks.
        left: The rows that the reader left out.
        told: See `Source`.
        lines: The rows of a table without `file`, by child and by the rule that leaves them out
            (`LINES`); the rule is "" for those that are used.
        kind: The kind of such a table, in words that name nobody's file.
        gives: The files of ours to which such a table gives rows.
    """

    table: str
    number: int
    file: str = ""
    is_of_marks: bool = False
    left: Sequence[LeftOut] = ()
    told: Sequence[str] = ()
    lines: pl.DataFrame = field(default_factory=LINES.to_frame, repr=False)
    kind: str = ""
    gives: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Given:
    """The files and notes that an adapter makes of its tables.

    files: the files of ours that it gives, or adds to.  notes: what a person should know.  left:
    the names of tables that it did not use.  counted: what was in each table.
    """

    files: Files = field(default_factory=dict)
    notes: Sequence[str] = ()
    left: Sequence[str] = ()
    counted: Sequence[Counted] = ()


_Known = TypeVar("_Known")


class Adapter(Protocol[_Known]):
    """A reader of tables of one kind."""

    @property
    def from_authority(self) -> bool:
        """Say whether a local authority sends such tables, so that it may be asked which one."""

    @property
    def may_give_roll(self) -> bool:
        """Say whether the roll may come from them, by which others find their children."""

    def recognise(self, table: Table) -> _Known | None:
        """Return the table as one of this kind, or None if it is not."""

    def read(self, tables: Sequence[_Known], so_far: Files, authority: str) -> Given:
        """Return what the tables give, with the files that are already known.

        authority: the name of the sender, if the tables do not say it.  Raise IntakeError if two
        of them cannot be told apart.
        """


@dataclass(frozen=True, eq=False)
class ExportFolder:
    """A folder of exports as text: each file of the contract that is there, by its name.

    `problems` are those of files and of rows, in the order of the files and their rows.
    `unknown_files` are the names of files that are no export and were not used.  A sheet of a
    workbook is a file here, with the name of its export, or `book: sheet` if it is none.
    `has_return` says whether a national return is among them.  `counted` is what was in each table.
    `unread` says why each file without a name of ours cannot be read, if it cannot.
    """

    files: dict[str, ExportFile]
    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    has_return: bool = False
    counted: tuple[Counted, ...] = ()
    unread: tuple[str, ...] = ()


def describe_lines(lines: Sequence[int]) -> str:
    """Return the first of some lines of a file, in words: rows 7, 62, 112."""
    return f"row{'' if len(lines) == 1 else 's'} {list_first(lines)}"


def compute_widths(header: SourceRow) -> tuple[int, int]:
    """Return how few and how many cells a row may have: to the last name, and to the last cell."""
    cells = header[1]
    named = max((place + 1 for place, cell in enumerate(cells) if cell), default=0)
    return named, len(cells)


def build_schema(export: Export) -> pl.Schema:
    """Return the columns of an export as they are read: `row`, then text."""
    text = TEXT if export.name == ATTENDANCE.name else pl.String()
    return pl.Schema({"row": pl.UInt32(), **dict.fromkeys(export.header, text)})


def build_row_problems(
    export: Export, source: Source, faults: pl.DataFrame, expected: int = 0
) -> Iterator[Problem]:
    """Yield the faults of rows that could not be read.  expected: see `build_problem`."""
    for row, fault, fields, _ in faults.iter_rows():
        yield build_problem(
            export, row, "", fault, fields=fields, is_sheet=source.is_sheet, name=source.name,
            expected=expected,
        )  # fmt: skip


def build_unread_file(
    export: Export, digest: str, fault: str, *, name: str = "", text: str = "", mend: str = ""
) -> ExportFile:
    """Return a table of no rows with a fault of the whole file; see `build_problem`."""
    problem = build_problem(export, 0, "", fault, name=name, text=text, mend=mend)
    return ExportFile(
        export=export,
        digest=digest,
        is_read=False,
        rows_read=0,
        problems=(problem,),
        rows=pl.DataFrame(schema=build_schema(export)),
        name=name,
    )
