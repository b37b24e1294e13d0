"""How wide the columns of a table are, in centimetres: the same in Word and in PDF.

A narrow table with its figures near their names is read more surely than one that is
stretched over the page.
"""

from typing import Final

from dashboard.report.content.model import Table, cell_text

#: A4 with margins of 2.5 cm.
TEXT_WIDTH: Final = 16.0
#: A table with more rows may break over pages; its header row is then repeated.
TOGETHER: Final = 12
#: A letter of a table on average, and the blanks at both sides of a cell.
_LETTER = 0.205
_BOLD = 0.225
_PADDING = 0.5
_NAMES = (4.5, 8.0)
_FIGURES = (2.2, 3.5)
_TIGHT = (1.5, 3.5)


def widths(table: Table) -> tuple[float, ...]:
    """A width for each column, adding up to `TEXT_WIDTH` at most."""
    columns = range(len(table.header))
    texts = [[table.header[n], *(cell_text(row[n]) for row in table.rows)] for n in columns]
    wide = [
        _between(_FIGURES, _text(own[0], _BOLD))
        if is_figures
        else max(_text(max(own, key=len)), _FIGURES[0])
        for own, is_figures in zip(texts, table.of_figures, strict=True)
    ]
    if all(table.of_figures[1:]):
        wide[0] = _between(_NAMES, wide[0])
        if sum(wide) > TEXT_WIDTH:  # the headers of figures go over two lines
            words = [max(own[0].split(), key=len) for own in texts[1:]]
            wide[1:] = [_between(_TIGHT, _text(word, _BOLD)) for word in words]
    return _fitted(wide)


def _text(text: str, letter: float = _LETTER) -> float:
    return len(text) * letter + _PADDING


def _between(ends: tuple[float, float], value: float) -> float:
    return min(max(value, ends[0]), ends[1])


def _fitted(wide: list[float]) -> tuple[float, ...]:
    """The widths with the widest made narrower, as far as all of them need for their place."""
    left, columns = TEXT_WIDTH, len(wide)
    for width in sorted(wide):
        if width * columns >= left:
            return tuple(min(each, left / columns) for each in wide)
        left, columns = left - width, columns - 1
    return tuple(wide)
