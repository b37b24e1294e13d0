"""A reader of CSV files as strict text, part by part, which judges no value.

A row that cannot be read for certain is left out and reported; it never takes another row
with it.  So the text is cut into lines first, and a record that spans lines is refused: a
reader that follows an unclosed quotation mark would swallow the rows after it.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path

import polars as pl

from intake.tables import (
    FAULT_SCHEMA,
    HEAD_ROWS,
    NO_TYPES,
    UNPRINTABLE_PATTERN,
    Body,
    SourceRow,
    compute_widths,
)

#: The separators that are tried; the row of names shows which one a file uses.
SEPARATORS = (",", ";", "\t", "|")

#: No record of ours is longer, and Python's csv refuses a field beyond 131,072.
LONGEST_LINE = 100_000
#: The size of a part: in letters for a large file, and in lines for a small one.
PART_LETTERS, PART_LINES = 4 * 1024 * 1024, 100_000
_SAMPLE = 64
_BLANK_FIELD = r'(?:\s*|"\s*")'
_BLANK_PATTERN = f"^{_BLANK_FIELD}(?:{{separator}}{_BLANK_FIELD})*$"
_BYTE_ORDER_MARK = "\ufeff"

#: The first bytes of files that are not text, and the kind of file in words.
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook with the name of a CSV file",
    bytes.fromhex("D0CF11E0"): "an old Excel workbook with the name of a CSV file",
    b"%PDF": "a PDF",
}
#: Excel's Unicode Text and the exports of some systems begin with these bytes.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

#: A function that reads the lines of a file from the first one on, in parts.
Parts = Callable[[], Iterator[pl.Series]]


@dataclass(frozen=True, eq=False)
class CsvSource:
    """A CSV file with one separator; see `intake.tables.Source`.

    Attributes:
        start: Its first lines, as many as may name the columns.
        open_parts: A function that reads all its lines.
    """

    name: str
    digest: str
    start: pl.Series = field(repr=False)
    separator: str
    open_parts: Parts = field(repr=False)
    is_sheet: bool = False
    told: Sequence[str] = ()

    @cached_property
    def head(self) -> Sequence[SourceRow]:
        """Return the first rows that are not blank; a line that cannot be read is a single None."""
        rows = ((number, self._parse_line(line)) for number, line in enumerate(self.start, start=1))
        named = (row for row in rows if any(cell is None or cell.strip() for cell in row[1]))
        return list(islice(named, HEAD_ROWS))

    def read_body(
        self,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
        types: pl.Schema = NO_TYPES,
    ) -> Body:
        """See `Source.read_body`."""
        bodies, first = list[Body](), 1
        for lines in self.open_parts():
            numbered = pl.DataFrame({"line": lines}).with_row_index("row", offset=first)
            first += lines.len()
            below = numbered.filter(pl.col("row") > header[0])
            body = self._read_lines(below, header, columns, key_place)
            bodies.append(Body(body.rows.cast(types), body.faults, body.repeated))
        return Body(
            pl.concat(body.rows for body in bodies),
            pl.concat(body.faults for body in bodies),
            sum(body.repeated for body in bodies),
        )

    def _read_lines(
        self,
        below: pl.DataFrame,
        header: SourceRow,
        columns: Sequence[tuple[str, int]],
        key_place: int,
    ) -> Body:
        """Read the rows in some lines (`row`, `line`) below `header`."""
        line, named = pl.col("line"), self.start[header[0] - 1]
        fewest, most = compute_widths(header)
        # the lower row of a heading of two rows is not the whole header
        cells = tuple((cell or "").strip() for cell in self._parse_line(named))
        is_whole_header = cells == tuple((cell or "").strip() for cell in header[1])
        has_quotes = below["line"].str.contains('"', literal=True).any()
        is_broken = line.str.contains(self._unprintable) | (line.str.len_chars() > LONGEST_LINE)
        if has_quotes:
            is_broken |= ~line.str.contains(self._record_pattern)
        cuts = line.str.count_matches(self.separator, literal=True)
        judged = (
            below.lazy()
            .filter(~line.str.contains(self._blank))
            .with_columns(
                is_again=pl.lit(is_whole_header) & (line == named),
                is_broken=is_broken,
                cells=self._split(has_quotes=has_quotes),
            )
            .with_columns(
                fields=pl.when("is_broken")
                .then(cuts + 1)
                .otherwise(pl.col("cells").list.len())
                .cast(pl.Int64)
            )
            .with_columns(is_wrong=pl.col("is_broken") | _is_wrong_width(fewest, most))
            .collect()
        )
        rows = judged.filter(~pl.col("is_again"))
        fault = pl.when("is_broken").then(pl.lit("broken row")).otherwise(pl.lit("field count"))
        faults = rows.filter("is_wrong").select("row", "fields", fault=fault, key="line")
        keys = [self._extract_field(text, key_place) for text in faults["key"]]
        values = {
            name: pl.col("cells").list.get(place, null_on_oob=True).fill_null("")
            for name, place in columns
        }
        return Body(
            rows.filter(~pl.col("is_wrong")).select("row", **values),
            faults.with_columns(key=pl.Series(keys, dtype=pl.String)).select(FAULT_SCHEMA.names()),
            judged.height - rows.height,
        )

    @property
    def _blank(self) -> str:
        return _BLANK_PATTERN.format(separator=re.escape(self.separator))

    @property
    def _unprintable(self) -> str:
        """Return the pattern of characters that no line may hold."""
        if self.separator == "\t":
            return UNPRINTABLE_PATTERN.replace("\x00-\x1f", "\x00-\x08\x0a-\x1f")
        return UNPRINTABLE_PATTERN

    @property
    def _field_pattern(self) -> str:
        """Return the pattern of a field: wholly in quotation marks, or without any."""
        return rf'(?:"(?:[^"]|"")*"|[^"{re.escape(self.separator)}]*)'

    @property
    def _record_pattern(self) -> str:
        """Return the pattern of a line that is one whole record."""
        field = self._field_pattern
        return f"^{field}(?:{re.escape(self.separator)}{field})*$"

    def _parse_line(self, line: str) -> tuple[str | None, ...]:
        if len(line) > LONGEST_LINE or re.search(self._unprintable, line):
            return (None,)
        try:
            records = list(csv.reader([line], delimiter=self.separator, strict=True))
        except csv.Error:
            return (None,)
        return tuple(records[0]) if records else ("",)

    def _split(self, *, has_quotes: bool) -> pl.Expr:
        """Return the cells of a line that is a whole record."""
        line = pl.col("line")
        if not has_quotes:
            return line.str.split(self.separator)
        fields = (pl.lit(self.separator) + line).str.extract_all(
            re.escape(self.separator) + self._field_pattern
        )
        text = pl.element().str.slice(1).str.replace('^"(.*)"$', "$1")
        return fields.list.eval(text.str.replace_all('""', '"', literal=True))

    def _extract_field(self, line: str, place: int) -> str:
        cells = line.split(self.separator)
        return cells[place].strip('"') if place < len(cells) else ""


def _is_wrong_width(fewest: int, most: int) -> pl.Expr:
    """Say whether a row has too few or too many cells, or text beside the table."""
    is_wrong = ~pl.col("fields").is_between(fewest, most)
    if fewest == most:
        return is_wrong
    beyond = pl.col("cells").list.slice(fewest).list.eval(pl.element().str.strip_chars() != "")
    return is_wrong | beyond.list.any().fill_null(value=False)


def read_csv(data: bytes, name: str) -> Iterator[CsvSource]:
    """Yield the file by each separator that it may have, the comma first.

    The bytes must be text, or decoding them raises a ValueError; see `find_text_fault`.
    """
    text = _decode(data).lstrip(_BYTE_ORDER_MARK)
    # blank lines at the very end are no rows
    body = text.rstrip("\r\n")
    end = "\r" if "\r" in body and "\n" not in body else "\n"
    lines = pl.Series("line", [body]).str.split(end).explode().str.strip_suffix("\r")

    def cut() -> Iterator[pl.Series]:
        return (lines.slice(place, PART_LINES) for place in range(0, lines.len(), PART_LINES))

    yield from build_sources(name, sha256(data).hexdigest(), lines, cut)


def build_sources(name: str, digest: str, start: pl.Series, parts: Parts) -> Iterator[CsvSource]:
    """Yield a file with these first lines (`start`) by each separator that it may have."""
    for separator in SEPARATORS:
        yield CsvSource(name, digest, start[: HEAD_ROWS * 2], separator, parts)


def read_parts(path: Path) -> Iterator[pl.Series]:
    """Yield the lines of a large file in UTF-8, part by part."""
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        while part := file.read(PART_LETTERS):
            part = (part + file.readline()).removesuffix("\n")
            yield pl.Series("line", [part]).str.split("\n").explode().str.strip_suffix("\r")


def _decode(data: bytes) -> str:
    """Return the text, decoded as UTF-16 if a byte-order mark says so, else as UTF-8."""
    return data.decode("utf-16" if data.startswith(UTF_16) else "utf-8-sig")


def find_text_fault(data: bytes) -> str | None:
    """Say what a file is, such as "a PDF", or None if it is text in UTF-8 or marked UTF-16."""
    for start, kind in _OTHER_FILES.items():
        if data.startswith(start):
            return kind
    start = data[:_SAMPLE]
    is_marked = start.startswith(UTF_16) and start[2:4] != b"\0\0"
    if start.count(0) > len(start) // 3 and not is_marked:
        # without a byte-order mark it decodes as UTF-8, with a NUL for every other letter
        return "text in UTF-16 or UTF-32"
    try:
        _decode(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"text in a different encoding: line {line} has a letter that is not UTF-8"
    return None
