"""The document that a governor report or a sheet is, before it is Word, PDF or a page.

Both renderings draw the same blocks in the same order, so what is true of one is true of the
other.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal, TypeAlias

from dashboard.text import words

Part: TypeAlias = Literal["Part One", "Part Two", "For the clerk", "Virtual School"]
Cell: TypeAlias = int | str

PARTS: Final[tuple[Part, ...]] = ("Part One", "Part Two", "For the clerk", "Virtual School")
#: At the foot of every page of a sheet.
PERSONAL: Final = "Contains personal data. Dispose of securely after use."


@dataclass(frozen=True)
class Heading:
    """A heading of `level` 1 to 3; 1 is a section of the report."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text; nothing in it is read as markup.  `label` begins it, in bold."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list whose order means nothing."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Figures under a caption; the first cell of a row is the row's own header.

    A cell is a count (none below 0) or words.  `note` stands under the table.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def figure_columns(self) -> tuple[bool, ...]:
        """For each column, whether counts or shares stand in it, which are set to the right."""
        return tuple(
            any(not isinstance(cell, str) or cell.endswith("%") for cell in cells)
            for cells in zip(*self.rows, strict=True)
        )


@dataclass(frozen=True)
class Question:
    """What a draft asks where nobody has written yet."""

    text: str


@dataclass(frozen=True)
class Lines:
    """So many blank lines, for what is written by hand."""

    number: int


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Question | Lines


@dataclass(frozen=True)
class Document:
    """A whole report.

    `kind` and `term` are as printed: "Termly report", "Autumn term 2026".  `note` is the
    sentence on what keeps each child from being known.  `code` is that of a final paper's texts,
    by which the school knows a copy.  ValueError for a final one with a question.
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
    code: str = ""
    #: How large its letters are set.
    scale: ClassVar[float] = 1

    def __post_init__(self) -> None:
        still_open = [block.text for block in self.blocks if isinstance(block, Question)]
        if self.is_final and still_open:
            raise ValueError(f"nobody has answered yet: {still_open[0]}")

    @property
    def draft(self) -> str:
        """What stands at the head of every page of a draft; empty on any other paper."""
        return "" if self.is_final else "Draft: not for sending"

    @property
    def footer(self) -> str:
        """What stands at the foot of every page, before the number of the page."""
        day = words.format_short_day(self.as_at)
        code = f". Code {self.code}" if self.code else ""
        return f"{self.part}. Data up to {day}. {self.draft or 'Final'}{code}"

    def list_texts(self) -> list[str]:
        """Return its words and figures in their order, without the note and the code."""
        texts = [self.title, self.school, self.kind, self.part, self.term, self.as_at.isoformat()]
        for block in self.blocks:
            match block:
                case Table():
                    cells = (cell for row in (block.header, *block.rows) for cell in row)
                    texts += [block.caption, *map(format_cell, cells), block.note]
                case Bullets():
                    texts += block.texts
                case Paragraph():
                    texts += [block.label, block.text]
                case Heading() | Question():
                    texts.append(block.text)
        return texts

    @property
    def cover(self) -> tuple[str, ...]:
        """The lines under the title: whose it is, of when, and how far its data go."""
        return self.school, f"{self.kind}, {self.term}", self.footer

    @property
    def subject(self) -> str:
        """What the file's own properties say of it."""
        return f"{self.kind}, {self.term}, {self.part}"


@dataclass(frozen=True)
class Sheet:
    """A sheet about children to take along, set smaller than a report.

    about: lines under the title; note: what its letters stand for.  A heading stands over each
    table and tells what it is, so its caption is for a screen reader only.  is_personal: false of
    one that tells of no child.
    """

    title: str
    school: str
    as_at: date
    taken_by: str
    about: tuple[str, ...]
    note: str
    blocks: tuple[Block, ...]
    is_personal: bool = True
    draft: ClassVar[str] = ""
    scale: ClassVar[float] = 0.87

    @property
    def subject(self) -> str:
        """What the file's own properties say of it."""
        return PERSONAL if self.is_personal else self.title

    @property
    def footer(self) -> str:
        """What stands at the foot of every page, before the number of the page."""
        day = words.format_short_day(self.as_at)
        told = f"As at {day}. Printed by {self.taken_by}."
        return f"{told} {PERSONAL}" if self.is_personal else told

    @property
    def cover(self) -> tuple[str, ...]:
        """The lines under the title."""
        return self.school, *self.about


#: What the renderings draw.
Paper: TypeAlias = Document | Sheet


def format_question(question: Question) -> str:
    """Return what a draft says where nobody has written yet."""
    return f"To write: {question.text}"


def format_cell(cell: Cell) -> str:
    """A cell as it is printed: "1,204", or words."""
    return f"{cell:,}" if isinstance(cell, int) else cell
