"""Read a CSV file as strict text, a line at a time, and judge no value yet.

A row that cannot be read for certain is left out and told; it never takes another row
with it.  So the text is cut into lines before anything else, and a record that spans lines
is refused: a reader that follows an unclosed quotation mark would swallow the rows after it.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice

import polars as pl

from intake.tables import (
    FAULT_SCHEMA,
    HEAD_ROWS,
    UNPRINTABLE_PATTERN,
    Body,
    SourceRow,
    compute_widths,
)

#: What may stand between two fields; which it is, the row of names says.
SEPARATORS = (",", ";", "\t", "|")

#: No record of ours is longer, and Python's csv refuses a field beyond 131,072.
LONGEST_LINE = 100_000
_SAMPLE = 64
_BLANK_FIELD = r'(?:\s*|"\s*")'
_BLANK_PATTERN = f"^{_BLANK_FIELD}(?:{{separator}}{_BLANK_FIELD})*$"
_BYTE_ORDER_MARK = "\ufeff"

#: What a file begins with that is no text, and what it is then.
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook with the name of a CSV file",
    bytes.fromhex("D0CF11E0"): "an old Excel workbook with the name of a CSV file",
    b"%PDF": "a PDF",
}
#: Unicode Text of Excel, and what some systems export, begin so.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, eq=False)
class CsvSource:
    """A CSV file with one separator; see `intake.tables.Source`."""

    name: str
    digest: str
    lines: pl.Series = field(repr=False)
    separator: str
    has_quotes: bool
    is_sheet: bool = False
    told: Sequence[str] = ()

    @cached_property
    def head(self) -> Sequence[SourceRow]:
        """The first rows that are not blank; None in place of a cell that cannot be read."""
        lines = enumerate(self.lines[: HEAD_ROWS * 2], start=1)
        rows = ((number, self._parse_line(line)) for number, line in lines)
        told = (row for row in rows if any(cell is None or cell.strip() for cell in row[1]))
        return list(islice(told, HEAD_ROWS))

    def count_rows(self, header: SourceRow) -> int:
        """See `Source.count_rows`."""
        return self.count_lines(self.lines[header[0] :])

    def count_lines(self, lines: pl.Series) -> int:
        """How many of some lines are not blank."""
        return int((~lines.str.contains(self._blank)).sum())

    def read_body(
        self, header: SourceRow, columns: Sequence[tuple[str, int]], key_place: int
    ) -> Body:
        """See `Source.read_body`."""
        first = header[0]
        below = pl.DataFrame({"line": self.lines[first:]}).with_row_index("row", offset=first + 1)
        return self.read_lines(below, header, columns, key_place)

    def read_lines(
        self,
        below: pl.DataFrame,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
    ) -> Body:
        """The rows in some lines (`row`, `line`) below `header`, which is a row of this one."""
        first, line = header[0], pl.col("line")
        fewest, most = compute_widths(header)
        # of a heading of two rows the lower one alone says nothing
        own = tuple((cell or "").strip() for cell in self._parse_line(self.lines[first - 1]))
        is_own = own == tuple((cell or "").strip() for cell in header[1])
        is_again = pl.lit(is_own) & (line == self.lines[first - 1])
        is_broken = line.str.contains(self.unprintable) | (line.str.len_chars() > LONGEST_LINE)
        if self.has_quotes:
            is_broken |= ~line.str.contains(self._record_pattern)
        cells = pl.col("cells")
        beyond = cells.list.slice(fewest).list.eval(pl.element().str.strip_chars() != "")
        # something stands beside the table, where no column has a name
        is_crowded = beyond.list.any().fill_null(value=False)
        cuts = line.str.count_matches(self.separator, literal=True)
        fields = pl.when("is_broken").then(cuts + 1).otherwise(cells.list.len()).cast(pl.Int64)
        is_wrong = pl.col("is_broken") | ~fields.is_between(fewest, most) | is_crowded
        judged = (
            below.lazy()
            .filter(~line.str.contains(self._blank))
            .with_columns(is_again=is_again, is_broken=is_broken, cells=self._split())
            .with_columns(is_wrong=is_wrong, fields=fields)
            .collect()
        )
        told = judged.filter(~pl.col("is_again"))
        fault = pl.when("is_broken").then(pl.lit("broken row")).otherwise(pl.lit("field count"))
        faults = told.filter("is_wrong").select("row", "fields", fault=fault, key="line")
        keys = [self._extract_field(text, key_place) for text in faults["key"]]
        found = {name: cells.list.get(at, null_on_oob=True).fill_null("") for name, at in columns}
        return Body(
            told.filter(~pl.col("is_wrong")).select("row", **found),
            faults.with_columns(key=pl.Series(keys, dtype=pl.String)).select(FAULT_SCHEMA.names()),
            judged.height - told.height,
        )

    @property
    def unquoted(self) -> str:
        """A line whose cells are bare, or quoted for nothing, so that it may be cut as it is."""
        bare = f'[^"{re.escape(self.separator)}]*'
        return f'(?:{bare}|"{bare}")(?:{re.escape(self.separator)}(?:{bare}|"{bare}"))*'

    @property
    def _blank(self) -> str:
        return _BLANK_PATTERN.format(separator=re.escape(self.separator))

    @property
    def unprintable(self) -> str:
        """What no line may hold."""
        if self.separator == "\t":
            return UNPRINTABLE_PATTERN.replace("\x00-\x1f", "\x00-\x08\x0a-\x1f")
        return UNPRINTABLE_PATTERN

    @property
    def _field_pattern(self) -> str:
        """A field: quotation marks around the whole of it, and closed, or none."""
        return rf'(?:"(?:[^"]|"")*"|[^"{re.escape(self.separator)}]*)'

    @property
    def _record_pattern(self) -> str:
        """A line that is one whole record."""
        field = self._field_pattern
        return f"^{field}(?:{re.escape(self.separator)}{field})*$"

    def _parse_line(self, line: str) -> tuple[str | None, ...]:
        if len(line) > LONGEST_LINE or re.search(self.unprintable, line):
            return (None,)
        try:
            records = list(csv.reader([line], delimiter=self.separator, strict=True))
        except csv.Error:
            return (None,)
        return tuple(records[0]) if records else ("",)

    def _split(self) -> pl.Expr:
        """The cells of a line that is a whole record."""
        line = pl.col("line")
        if not self.has_quotes:
            return line.str.split(self.separator)
        fields = (pl.lit(self.separator) + line).str.extract_all(
            re.escape(self.separator) + self._field_pattern
        )
        text = pl.element().str.slice(1).str.replace('^"(.*)"$', "$1")
        return fields.list.eval(text.str.replace_all('""', '"', literal=True))

    def _extract_field(self, line: str, place: int) -> str:
        cells = line.split(self.separator)
        return cells[place].strip('"') if place < len(cells) else ""


def read_csv(data: bytes, name: str) -> Iterator[CsvSource]:
    """The file by each separator that it may have, the comma first; see `find_text_fault`.

    ValueError where it is no text.
    """
    text = _decode(data).lstrip(_BYTE_ORDER_MARK)
    # Blank lines at the very end are no rows.
    body = text.rstrip("\r\n")
    end = "\r" if "\r" in body and "\n" not in body else "\n"
    lines = pl.Series("line", [body]).str.split(end).explode().str.strip_suffix("\r")
    digest, has_quotes = sha256(data).hexdigest(), '"' in body
    for separator in SEPARATORS:
        yield CsvSource(name, digest, lines, separator, has_quotes)


def _decode(data: bytes) -> str:
    """The text, in UTF-8 or as a byte-order mark says it is in UTF-16."""
    return data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")


def find_text_fault(data: bytes) -> str | None:
    """What a file is that is no text in UTF-8 or marked UTF-16, such as "a PDF"; None if it is."""
    for start, what in _OTHER_FILES.items():
        if data.startswith(start):
            return what
    start = data[:_SAMPLE]
    is_marked = start.startswith(UTF_16) and start[2:4] != b"\0\0"
    if start.count(0) > len(start) // 3 and not is_marked:
        # Without a byte-order mark it decodes as UTF-8, with a NUL for every other letter.
        return "text in UTF-16 or UTF-32"
    try:
        _decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"text in a different encoding: line {line} has a letter that is not UTF-8"
    return None
