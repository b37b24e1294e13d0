"""Tables as they came, and what is made of them: the files of ours, as text.

Whoever reads tables of one kind is an `Adapter`; `intake.read.read` has the list of them.
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

#: Control characters, the two separators that Unicode counts as ends of lines, a byte-order
#: mark within the text, and signs that turn the direction of what follows or have no width, so
#: that a name with one in it looks like the name and is another word.  Joiners and selectors
#: stand in emoji by right, but not behind a Latin letter.  For `re` and for polars alike, so the
#: signs themselves stand in it.
UNPRINTABLE_PATTERN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
    "|[A-Za-z\xc0-\u024f][\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e01ef]"
)
#: Rows of national files are numbered from here on, behind those of the school's own file.
FIRST_RETURN_ROW = 1_000_000_000
#: Of headings: the place of those of the school's own file.
OWN_FILE = "own file"
#: Among so many rows the names of the columns are looked for.
HEAD_ROWS = 30

FAULT_SCHEMA = pl.Schema(
    {"row": pl.UInt32(), "fault": pl.String(), "fields": pl.Int64(), "key": pl.String()}
)
_UNPRINTABLE = re.compile(UNPRINTABLE_PATTERN)

#: The line in the file or sheet, and its cells to the last that is not blank; None for a
#: cell that holds no value.
SourceRow = tuple[int, tuple[str | None, ...]]
#: The texts of a register as categories.  It has very many rows, in which few texts occur.
TEXT = pl.Categorical(pl.Categories("lac_text"))
#: The columns of a register with fewer texts still, in a byte or two each, while that is so.
FEW_TEXTS = {
    "date": pl.Categorical(pl.Categories("lac_day", physical=pl.UInt16)),
    "session": pl.Categorical(pl.Categories("lac_half", physical=pl.UInt8)),
    "code": pl.Categorical(pl.Categories("lac_code", physical=pl.UInt8)),
}
#: Halves of a day and codes that are right, a byte each, since a store has very many of them.
WORD = pl.Categorical(pl.Categories("lac_mark", physical=pl.UInt8))
#: Where every column is a string.
NO_TYPES = pl.Schema()


@dataclass(frozen=True, eq=False)
class Body:
    """The rows below the names of the columns, as text.

    Attributes:
        rows: `row` (UInt32, the line) and the columns that were asked for, "" for blank.
        faults: The rows that could not be read: `row`, `fault`, `fields` (their number) and
            `key`, the text in the key column as far as it can be made out.
        repeated: How many rows repeat the column names.
    """

    rows: pl.DataFrame = field(repr=False)
    faults: pl.DataFrame = field(repr=False)
    repeated: int = 0

    @property
    def number(self) -> int:
        """How many rows are not blank, whatever they hold."""
        return self.rows.height + self.faults.height + self.repeated


class Source(Protocol):
    """A way to read one file or one sheet; `repr` shows no value of it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes of the file or workbook, as hexadecimal digits."""

    @property
    def is_sheet(self) -> bool:
        """Whether it comes from a workbook."""

    @property
    def told(self) -> Sequence[str]:
        """What a person may not see who looks at it, such as that columns are hidden."""

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
    """Rows that are at hand, as of a sheet or of an XML file; those that are blank are none."""

    name: str
    digest: str
    rows: Sequence[SourceRow] = field(repr=False)
    is_sheet: bool = True
    told: Sequence[str] = ()

    @property
    def head(self) -> Sequence[SourceRow]:
        """The first rows."""
        return self.rows[:HEAD_ROWS]

    def read_body(
        self,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
        types: pl.Schema = NO_TYPES,
    ) -> Body:
        """See `Source.read_body`."""
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
    """A file or sheet that may be of some kind: each way to read it, the likeliest first.

    stem: its name, less what says what sort of file it is.  fault: what it is that is no text,
    where it cannot be read at all.  root: of an XML file.
    """

    name: str
    stem: str
    digest: str
    sources: Sequence[Source] = field(default=(), repr=False)
    fault: str = ""
    root: Element | None = field(default=None, repr=False)

    @cached_property
    def heads(self) -> Sequence[tuple[Source, SourceRow, frozenset[str]]]:
        """Each row that may name the columns, by each way to read it, and the names, small."""
        return [
            (source, row, frozenset((cell or "").strip().casefold() for cell in row[1]))
            for source in self.sources
            for row in source.head
        ]


@dataclass(frozen=True, eq=False)
class ExportFile:
    """One export file as text.

    `rows` has `row` (UInt32, the spreadsheet line, the first one being 1) and the contract's
    columns as text, "" for blank, in the file's order; empty when `is_read` is false, that is
    when the file as a whole has a fault.  `rows_read` counts the rows left out as well, and
    `skipped_keys` holds what stands in the key's first column in each of those, as far as it
    can be made out.  `digest` is the SHA-256 of the bytes in hexadecimal digits, of a sheet
    those of the whole workbook.  `export` has a handle in place of the UPN where the table
    has.  `name` is what people call the file, and `notes` are sentences on what was taken
    as it is meant, or left alone.  `places` says where each row stood whose number is not its
    line, since several came of one: `row`, `line`, `place`, the heading ("" for none),
    `found_in`, the file ("" for this one), and for a row of a national file `sender`, its kind,
    and `child`, the UPN.
    `headings` are by such a place and our column what a national file calls it, where one place
    has several; by `OWN_FILE` what the school does.
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
    """Where people find the rows of files.  lines: `ExportFile.places`; headings: as there."""

    lines: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @classmethod
    def from_files(cls, files: Mapping[str, ExportFile]) -> "Places":
        """Those of these files, by name."""
        lines = {name: file.places for name, file in files.items() if file.places is not None}
        return cls(lines, {name: file.headings for name, file in files.items()})

    def find(self, cells: Sequence[tuple[str, int, str]]) -> Iterator[tuple[int, str, str]]:
        """Of each file, row and column of ours the line, the heading there, and the file.

        "" where the column is called as ours is, and where the file is.
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
            theirs = self.headings.get(file, {})
            if row >= FIRST_RETURN_ROW:
                yield line, theirs.get(place, {}).get(column, ""), found_in
            else:
                yield line, theirs.get(OWN_FILE, {}).get(column) or place, found_in


#: The files of ours that are known so far, by name.
Files = Mapping[str, ExportFile]


@dataclass(frozen=True)
class LeftOut:
    """What is left out by a rule.

    Attributes:
        rule: The rule in words, after "left out: ".
        number: How many rows, or marks of a register by days.
        lines: How many lines of such a register, where they are not the marks.
        where: The lines of the first of them.
    """

    rule: str
    number: int = 0
    lines: int = 0
    where: str = ""


#: The rule by which faulty rows are left out.
FAULT = "they have a fault"
#: Why a right row of a national file is left out.
OTHER_FAULT = "another row about the child has a fault"
#: Of the lines of a table that is not of our columns: whose they are, and what is wrong with them.
LINES = pl.Schema({"upn": pl.String(), "rule": pl.String(), "number": pl.Int64()})


@dataclass(frozen=True, eq=False)
class Counted:
    """How much was in a table, whatever becomes of it, and what its reader left out.

    Attributes:
        table: What people call the table.
        number: Its rows that are not blank, below the names of the columns.  In a register by
            days, whose cells are marks, its marks.
        file: The file of ours that it is; "" for a table whose rows make rows of several.
        is_of_marks: Whether `number` is of marks.
        left: What the reader left out.
        told: See `Source`.
        lines: Of a table without `file`, its rows by child and by the rule that leaves them out
            (`LINES`); the rule is "" for those that go on.
        kind: What such a table is, in words that name no file of anybody's.
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
    """What an adapter makes of its tables.

    files: those of ours that it gives, or adds to.  notes: what a person should know.  left: the
    names of tables that were left alone.  counted: what was in each.
    """

    files: Files = field(default_factory=dict)
    notes: Sequence[str] = ()
    left: Sequence[str] = ()
    counted: Sequence[Counted] = ()


_Known = TypeVar("_Known")


class Adapter(Protocol[_Known]):
    """Whoever reads tables of one kind."""

    @property
    def from_authority(self) -> bool:
        """Whether a local authority sends such, so that it may be asked which."""

    @property
    def may_give_roll(self) -> bool:
        """Whether the roll may come of them, by which others find their children."""

    def recognise(self, table: Table) -> _Known | None:
        """The table as one of this kind; None if it is none."""

    def read(self, tables: Sequence[_Known], so_far: Files, authority: str) -> Given:
        """What the tables say, beside the files that are known already.

        authority: whose they are, by name, where they do not say it.  IntakeError if two of
        them cannot be told apart.
        """


@dataclass(frozen=True, eq=False)
class ExportFolder:
    """A folder of exports as text: each file of the contract that is there, by its name.

    `problems` are those of files and of rows, in the order of the files and their rows.
    `unknown_files` are the names of files that are no export, and were left alone.  A
    sheet of a workbook is a file here, named as its export, `book: sheet` if it is none.
    `has_return` is whether a national return is among them.  `counted` is what was in each table.
    `unread` says of each file without a name of ours that cannot be read why not.
    """

    files: dict[str, ExportFile]
    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    has_return: bool = False
    counted: tuple[Counted, ...] = ()
    unread: tuple[str, ...] = ()


def describe_lines(lines: Sequence[int]) -> str:
    """The first of some lines of a file, in words: rows 7, 62, 112."""
    return f"row{'' if len(lines) == 1 else 's'} {list_first(lines)}"


def compute_widths(header: SourceRow) -> tuple[int, int]:
    """How few and how many cells a row may have: to the last name, and to the last cell."""
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
    """The faults of rows that could not be read.  expected: see `build_problem`."""
    for row, fault, fields, _ in faults.iter_rows():
        yield build_problem(
            export, row, "", fault, fields=fields, is_sheet=source.is_sheet, name=source.name,
            expected=expected,
        )  # fmt: skip


def build_unread_file(
    export: Export, digest: str, fault: str, *, name: str = "", found: str = "", mend: str = ""
) -> ExportFile:
    """A table of no rows with a fault of the whole file; see `build_problem`."""
    problem = build_problem(export, 0, "", fault, name=name, found=found, mend=mend)
    return ExportFile(
        export=export,
        digest=digest,
        is_read=False,
        rows_read=0,
        problems=(problem,),
        rows=pl.DataFrame(schema=build_schema(export)),
        name=name,
    )
