"""The document that a governor report or a sheet is, before it is Word, PDF or a page.

Both renderings draw the same blocks in the same order, so what is true of one is true of the
other.  Texts are held as they will be printed: what no paper can show (control characters,
characters that turn the direction of a line) is gone, and runs of blanks are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal, TypeAlias

from dashboard.text import words

Part: TypeAlias = Literal["Part One", "Part Two", "For the clerk"]
Cell: TypeAlias = int | str

PARTS: Final[tuple[Part, ...]] = ("Part One", "Part Two", "For the clerk")
#: On every page of a draft, by both renderings.
DRAFT: Final = "Draft: not for sending"
#: At the foot of every page of a sheet.
PERSONAL: Final = "Contains personal data. Destroy after use."
#: How much smaller a sheet is set than a report.
_SHEET_SCALE = 0.87
_DEEPEST = 3
#: Control, format, surrogate, private and unassigned characters: XML, PDF/UA and eyes need none.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
#: Joiners within words of some scripts, which are letters to their readers.
_JOINERS = "\u200c\u200d"


class _Block:
    """What the blocks share: each text in them is made printable when they are made."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every block is a dataclass
            object.__setattr__(self, field.name, _clean(getattr(self, field.name)))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _to_printable(value)
    if isinstance(value, tuple | list):
        return tuple(_clean(each) for each in value)
    return value


def _to_printable(text: str) -> str:
    """`text` on one line, without what cannot be printed, blanks at its ends and double blanks."""
    kept = "".join(
        char if unicodedata.category(char) not in _UNPRINTABLE or char in _JOINERS else _gap(char)
        for char in text
    )
    # a non-breaking space is kept: a date in a cell must not break
    return re.sub(r"[ \u2028\u2029]+", " ", kept).strip()


def _gap(char: str) -> str:
    return " " if char.isspace() else ""


def _require_text(text: str, what: str) -> None:
    if not text:
        raise ValueError(f"{what} is empty")


@dataclass(frozen=True)
class Heading(_Block):
    """A heading of `level` 1 to 3; 1 is a section of the report."""

    level: int
    text: str

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_text(self.text, "a heading")
        if not 1 <= self.level <= _DEEPEST:
            raise ValueError(f"a heading has the level {self.level}, not 1 to {_DEEPEST}")


@dataclass(frozen=True)
class Paragraph(_Block):
    """A paragraph of plain text; nothing in it is read as markup.  `label` begins it, in bold."""

    text: str
    label: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_text(self.text, "a paragraph")


@dataclass(frozen=True)
class Bullets(_Block):
    """A list whose order means nothing."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.items:
            raise ValueError("a list has no items")
        for item in self.items:
            _require_text(item, "an item of a list")


@dataclass(frozen=True)
class Table(_Block):
    """Figures under a caption; the first cell of a row is the row's own header.

    A cell is a count (none below 0) or words.  `caption` has no number; `number_captions`
    counts them.  `note` stands under the table.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_text(self.caption, "a table's caption")
        if len(self.header) < 2 or not self.rows:  # noqa: PLR2004 - a name and a figure
            raise ValueError(f"the table {self.caption!r} has no row or no column of figures")
        for name in self.header:
            _require_text(name, f"a header cell of the table {self.caption!r}")
        for row in self.rows:
            self._check(row)

    def _check(self, row: tuple[Cell, ...]) -> None:
        if len(row) != len(self.header):
            raise ValueError(f"a row of the table {self.caption!r} is not as wide as its header")
        if not isinstance(row[0], str) or not row[0]:
            raise ValueError(f"a row of the table {self.caption!r} has no name")
        for cell in row[1:]:
            if isinstance(cell, bool) or not isinstance(cell, int | str):
                kind = type(cell).__name__
                raise TypeError(f"a cell of the table {self.caption!r} is a {kind}")
            if isinstance(cell, int) and cell < 0:
                raise ValueError(f"a count in the table {self.caption!r} is below 0")
            if isinstance(cell, str):
                _require_text(cell, f"a cell of the table {self.caption!r}")

    @property
    def figure_columns(self) -> tuple[bool, ...]:
        """For each column, whether counts stand in it, which are set to the right."""
        return tuple(
            any(not isinstance(row[column], str) for row in self.rows)
            for column in range(len(self.header))
        )


@dataclass(frozen=True)
class Question(_Block):
    """What a draft asks where nobody has written yet."""

    text: str

    def __post_init__(self) -> None:
        super().__post_init__()
        _require_text(self.text, "a question")


@dataclass(frozen=True)
class Lines(_Block):
    """So many blank lines, for what is written by hand."""

    number: int


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Question | Lines


@dataclass(frozen=True)
class Document:
    """A whole report.  `logo` is a picture file of the school's own (PNG or JPEG).

    `kind` and `term` are as printed: "Termly report", "Autumn term 2026".  `note` is the
    sentence on what keeps each child from being known.  `mark` is among the properties of the
    file, and tells later which report it is.  A final report has no question left open.
    Raises ValueError where the blocks make no paper that all can read.
    """

    title: str
    school: str
    kind: str
    part: Part
    term: str
    as_at: date
    is_final: bool
    note: str
    blocks: tuple[Block, ...]
    logo: bytes | None = None
    mark: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "school", "kind", "term", "note"):
            object.__setattr__(self, name, _to_printable(getattr(self, name)))
            _require_text(getattr(self, name), f"a report's {name}")
        if self.part not in PARTS:
            raise ValueError(f"a report has no part {self.part!r}")
        object.__setattr__(self, "blocks", tuple(self.blocks))
        if not self.blocks:
            raise ValueError("a report has no blocks")
        _check_headings(self.blocks)
        still_open = [block.text for block in self.blocks if isinstance(block, Question)]
        if self.is_final and still_open:
            raise ValueError(f"nobody has answered yet: {still_open[0]}")


@dataclass(frozen=True)
class Sheet:
    """A sheet about children to take along, set smaller than a report.

    about: lines under the title; note: what its letters stand for.  A heading stands over each
    table and tells what it is, so its caption is for a screen reader only.  ValueError as
    for `Document`.
    """

    title: str
    school: str
    as_at: date
    taken_by: str
    about: tuple[str, ...]
    note: str
    blocks: tuple[Block, ...]
    logo: None = None
    mark: str = ""

    def __post_init__(self) -> None:
        for name in ("title", "school", "taken_by", "about", "note"):
            object.__setattr__(self, name, _clean(getattr(self, name)))
        _require_text(self.title, "a sheet's title")
        _check_headings(self.blocks)


#: What the renderings draw.
Paper: TypeAlias = Document | Sheet


def _check_headings(blocks: Iterable[Block]) -> None:
    above = 0
    for block in blocks:
        if isinstance(block, Heading):
            if block.level > above + 1:
                raise ValueError(f"the heading {block.text!r} skips a level")
            above = block.level


def number_captions(blocks: Iterable[Block]) -> Iterator[str]:
    """The caption of each table in turn: "Table 1. Our children"."""
    tables = (block for block in blocks if isinstance(block, Table))
    for number, table in enumerate(tables, start=1):
        yield f"Table {number}. {table.caption}"


def format_cell(cell: Cell) -> str:
    """A cell as it is printed: "1,204", or words."""
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def list_captions(paper: Paper) -> Iterator[str]:
    """The caption of each table in turn, with its number where it is printed."""
    if isinstance(paper, Document):
        return number_captions(paper.blocks)
    return (block.caption for block in paper.blocks if isinstance(block, Table))


def get_scale(paper: Paper) -> float:
    """How large its letters are set beside those of a report."""
    return _SHEET_SCALE if isinstance(paper, Sheet) else 1


def format_footer(paper: Paper) -> str:
    """What stands at the foot of every page, before the number of the page."""
    day = words.format_short_day(paper.as_at)
    if isinstance(paper, Sheet):
        return f"Data up to {day}. Taken by {paper.taken_by}. {PERSONAL}"
    state = "Final" if paper.is_final else DRAFT
    return f"{paper.part}. Data up to {day}. {state}"


def format_draft_mark(paper: Paper) -> str | None:
    """What stands at the head of every page of a draft; None on any other paper."""
    return DRAFT if isinstance(paper, Document) and not paper.is_final else None


def format_cover_lines(paper: Paper) -> tuple[str, ...]:
    """The lines under the title: whose it is, of when, and how far its data go."""
    if isinstance(paper, Sheet):
        return (paper.school, *paper.about)
    return (paper.school, f"{paper.kind}, {paper.term}", format_footer(paper))


def format_subject(paper: Paper) -> str:
    """What the file's own properties say of it."""
    if isinstance(paper, Sheet):
        return PERSONAL
    return f"{paper.kind}, {paper.term}, {paper.part}"


def format_question(block: Question) -> str:
    """What a draft shows where nobody has written yet."""
    return f"To write: {block.text}"
