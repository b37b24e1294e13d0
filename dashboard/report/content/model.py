"""The document of a governor report or a sheet, before it is Word, PDF or a page.

All renderings draw the same blocks in the same order, so what is true of one is true of the
others.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Literal, TypeAlias

from dashboard.text import words

Part: TypeAlias = Literal["Part One", "Part Two", "For the clerk", "Virtual School"]
Cell: TypeAlias = int | str

PARTS: Final[tuple[Part, ...]] = ("Part One", "Part Two", "For the clerk", "Virtual School")
#: The foot of every page of a sheet.
PERSONAL: Final = "Contains personal data. Dispose of securely after use."


@dataclass(frozen=True)
class Heading:
    """A heading of `level` 1 to 3; 1 is a section of the report."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text, never read as markup.  It begins with `label`, in bold."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list whose order has no meaning."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Figures under a caption; the first cell of a row is its header.

    A cell is a count (0 or more) or words.  `note` is printed under the table.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    @property
    def figure_columns(self) -> tuple[bool, ...]:
        """Return for each column whether it has counts or shares, which are set to the right."""
        return tuple(
            any(not isinstance(cell, str) or cell.endswith("%") for cell in cells)
            for cells in zip(*self.rows, strict=True)
        )


@dataclass(frozen=True)
class Question:
    """A question that a draft shows until somebody has answered it."""

    text: str


@dataclass(frozen=True)
class Lines:
    """A number of blank lines, to write on by hand."""

    number: int


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Question | Lines


@dataclass(frozen=True)
class Document:
    """A whole report.

    `kind` and `term` are as printed: "Termly report", "Autumn term 2026".  `note` is the sentence
    on how no child can be identified.  `code` is made from a final paper's texts, and the school
    recognises a copy by it.  A final report with an open question raises ValueError.
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
    #: The size of its letters, compared with a report's.
    scale: ClassVar[float] = 1

    def __post_init__(self) -> None:
        still_open = [block.text for block in self.blocks if isinstance(block, Question)]
        if self.is_final and still_open:
            raise ValueError(f"nobody has answered yet: {still_open[0]}")

    @property
    def draft(self) -> str:
        """Return the head of every page of a draft, or "" for any other paper."""
        return "" if self.is_final else "Draft: not for sending"

    @property
    def footer(self) -> str:
        """Return the foot of every page, before the page number."""
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
        """Return the lines under the title: the school, the period, and how far its data go."""
        return self.school, f"{self.kind}, {self.term}", self.footer

    @property
    def subject(self) -> str:
        """Return the subject in the file's properties."""
        return f"{self.kind}, {self.term}, {self.part}"


@dataclass(frozen=True)
class Sheet:
    """A sheet about children to take along, set smaller than a report.

    `about` has the lines under the title, and `note` explains abbreviations.  Each table has a
    heading, so its caption is for a screen reader only.  `is_personal` is false for a sheet that
    is about no child.
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
        """Return the subject in the file's properties."""
        return PERSONAL if self.is_personal else self.title

    @property
    def footer(self) -> str:
        """Return the foot of every page, before the page number."""
        day = words.format_short_day(self.as_at)
        text = f"As at {day}. Printed by {self.taken_by}."
        return f"{text} {PERSONAL}" if self.is_personal else text

    @property
    def cover(self) -> tuple[str, ...]:
        """Return the lines under the title."""
        return self.school, *self.about


#: The papers that the renderings draw.
Paper: TypeAlias = Document | Sheet


def format_question(question: Question) -> str:
    """Return the words of a draft in place of an answer."""
    return f"To write: {question.text}"


def format_cell(cell: Cell) -> str:
    """Format a cell as it is printed: "1,204", or words."""
    return f"{cell:,}" if isinstance(cell, int) else cell
