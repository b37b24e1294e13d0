"""The layout of a report: column widths, the same in Word and in PDF, and the PDF's font.

People read a narrow table, with figures near their names, more surely than one as wide as the
page.  Widths are in centimetres.

The font is Source Sans Pro from its own package; no font of the machine is used.  The package has
each face as TTF and as OTF, and a folder is read in the order of the disk.  So the faces that we
use are copied into a folder of their own.  A sign that Source Sans lacks (a circle, a square)
comes from the fonts in typst, which are the same everywhere.
"""

import atexit
import shutil
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from dashboard.report.content.model import Table, format_cell

#: A4 with margins of 2.2 cm.
TEXT_WIDTH: Final = 16.6
FONT_FAMILY: Final = "Source Sans Pro"
#: A table with more rows may break over pages; its header row is then repeated.
MAX_UNBROKEN_ROWS: Final = 12
#: The average width of a letter in a table, and the blanks at both sides of a cell.
_LETTER = 0.205
_BOLD = 0.225
_PADDING = 0.5
_NAMES = (4.5, 8.0)
_FIGURES = (2.2, 3.5)
_TIGHT = (1.5, 3.5)
_PACKAGE = "font_source_sans_pro"
_FACES = ("Regular", "It", "Semibold", "Bold", "BoldIt")


def compute_column_widths(table: Table, scale: float = 1) -> tuple[float, ...]:
    """Return the width of each column for letters of this scale, at most `TEXT_WIDTH` in all."""
    room, columns = TEXT_WIDTH / scale, range(len(table.header))
    texts = [[table.header[n], *(format_cell(row[n]) for row in table.rows)] for n in columns]
    wide = [
        _clamp(_FIGURES, _text(column[0], _BOLD))
        if is_figures
        else max(_text(max(column, key=len)), _FIGURES[0])
        for column, is_figures in zip(texts, table.figure_columns, strict=True)
    ]
    if all(table.figure_columns[1:]):
        wide[0] = _clamp(_NAMES, wide[0])
        if sum(wide) > room:  # then the headers of figures take two lines
            words = [max(column[0].split(), key=len) for column in texts[1:]]
            wide[1:] = [_clamp(_TIGHT, _text(word, _BOLD)) for word in words]
    return tuple(scale * width for width in _fit_widths(wide, room))


def _text(text: str, letter: float = _LETTER) -> float:
    return len(text) * letter + _PADDING


def _clamp(ends: tuple[float, float], value: float) -> float:
    return min(max(value, ends[0]), ends[1])


def _fit_widths(wide: list[float], room: float) -> tuple[float, ...]:
    """Return the widths with the widest made narrower, so that all fit into the room."""
    remaining, columns = room, len(wide)
    for width in sorted(wide):
        if width * columns >= remaining:
            return tuple(min(size, remaining / columns) for size in wide)
        remaining, columns = remaining - width, columns - 1
    return tuple(wide)


@cache
def create_font_folder() -> Path:
    """Create a folder with one file for each face, which is deleted when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="lac-letters-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for face in _FACES:
        name = f"SourceSansPro-{face}.ttf"
        with as_file(files(_PACKAGE) / "files" / name) as source:
            shutil.copyfile(source, folder / name)
    return folder
