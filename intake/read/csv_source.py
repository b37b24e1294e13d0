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
_LONGEST_LINE = 100_000
_SAMPLE = 64
_BLANK_FIELD = r'(?:\s*|"\s*")'
_BLANK_PATTERN = f"^{_BLANK_FIELD}(?:{{separator}}{_BLANK_FIELD})*$"
_BYTE_ORDER_MARK = "\ufeff"

#: What a file begins with that is no text, and what it is then.
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook under the name of a CSV file",
    bytes.fromhex("D0CF11E0"): "an old Excel workbook under the name of a CSV file",
    b"%PDF": "a PDF",
    b"\xff\xfe": "text in UTF-16, such as Unicode Text of Excel",
    b"\xfe\xff": "text in UTF-16, such as Unicode Text of Excel",
}


@dataclass(frozen=True, eq=False)
class CsvSource:
    """A CSV file with one separator; see `intake.tables.Source`."""

    name: str
    digest: str
    lines: pl.Series = field(repr=False)
    separator: str
    has_quotes: bool
    is_sheet: bool = False

    @cached_property
    def head(self) -> Sequence[SourceRow]:
        """The first rows that are not blank; None in place of a cell that cannot be read."""
        rows: list[SourceRow] = []
        for number, line in enumerate(self.lines[: HEAD_ROWS * 2], start=1):
            cells = self._parse_line(line)
            if any(cell is None or cell.strip() for cell in cells) and len(rows) < HEAD_ROWS:
                rows.append((number, cells))
        return rows

    def read_body(
        self, header: SourceRow, columns: Sequence[tuple[str, int]], key_place: int
    ) -> Body:
        """See `Source.read_body`."""
        first = header[0]
        fewest, most = compute_widths(header)
        line = pl.col("line")
        body = pl.DataFrame({"line": self.lines[first:]}).with_row_index("row", offset=first + 1)
        body = body.filter(
            ~line.str.contains(_BLANK_PATTERN.format(separator=re.escape(self.separator))),
            line != self.lines[first - 1],
        )
        broken = line.str.contains(self._unprintable) | (line.str.len_chars() > _LONGEST_LINE)
        is_quoted = line.str.contains('"', literal=True) if self.has_quotes else pl.lit(False)
        if self.has_quotes:
            broken = broken | (is_quoted & ~line.str.contains(self._record_pattern))
        fields = line.str.count_matches(self.separator, literal=True) + 1
        judged = body.with_columns(
            is_broken=broken, is_quoted=is_quoted, fields=fields.cast(pl.Int64)
        )
        plain = judged.filter(~pl.col("is_broken") & ~pl.col("is_quoted"))
        has_width = pl.col("fields").is_between(fewest, most)
        tables = [self._split(plain.filter(has_width), columns, fewest, most)]
        miscounted = [plain.filter(~has_width)]
        if self.has_quotes:
            quoted = judged.filter(~pl.col("is_broken") & pl.col("is_quoted"))
            # Each line is a whole record by now, so csv gives one record for each line.
            records = list(
                csv.reader(quoted["line"].to_list(), delimiter=self.separator, strict=True)
            )
            quoted = quoted.with_columns(
                fields=pl.Series([len(each) for each in records], dtype=pl.Int64)
            )
            kept = [
                (row, record)
                for row, record in zip(quoted["row"], records, strict=True)
                if fewest <= len(record) <= most
            ]
            tables.append(_from_records(kept, columns, fewest, most))
            miscounted.append(quoted.filter(~has_width))
        crowded = [table.filter("is_crowded").select("row") for table in tables]
        miscounted.append(judged.join(pl.concat(crowded), on="row", how="semi"))
        faults = pl.concat(
            [
                judged.filter("is_broken").with_columns(fault=pl.lit("broken row")),
                *(each.with_columns(fault=pl.lit("field count")) for each in miscounted),
            ]
        ).sort("row")
        keys = [self._extract_field(text, key_place) for text in faults["line"]]
        rows = pl.concat([table.filter(~pl.col("is_crowded")) for table in tables])
        return Body(
            rows.drop("is_crowded").sort("row"),
            faults.select("row", "fault", "fields", key=pl.Series(keys, dtype=pl.String)).cast(
                FAULT_SCHEMA
            ),
        )

    @property
    def _unprintable(self) -> str:
        if self.separator == "\t":
            return UNPRINTABLE_PATTERN.replace("\x00-\x1f", "\x00-\x08\x0a-\x1f")
        return UNPRINTABLE_PATTERN

    @property
    def _record_pattern(self) -> str:
        """A line that is one whole record: quotation marks around whole fields, and closed."""
        separator = re.escape(self.separator)
        one_field = rf'(?:[^"{separator}]*|"(?:[^"]|"")*")'
        return f"^{one_field}(?:{separator}{one_field})*$"

    def _parse_line(self, line: str) -> tuple[str | None, ...]:
        if len(line) > _LONGEST_LINE or re.search(self._unprintable, line):
            return (None,)
        try:
            records = list(csv.reader([line], delimiter=self.separator, strict=True))
        except csv.Error:
            return (None,)
        return tuple(records[0]) if records else ("",)

    def _split(
        self, plain: pl.DataFrame, columns: Sequence[tuple[str, int]], fewest: int, most: int
    ) -> pl.DataFrame:
        """Lines without quotation marks and with a right number of fields, as columns."""
        fields = pl.col("line").str.split_exact(self.separator, most - 1)
        cells = plain.select("row", fields.alias("fields")).unnest("fields")
        return cells.select(
            "row",
            *(pl.col(f"field_{place}").fill_null("").alias(name) for name, place in columns),
            is_crowded=_is_crowded(
                [pl.col(f"field_{place}").fill_null("") for place in range(fewest, most)]
            ),
        )

    def _extract_field(self, line: str, place: int) -> str:
        cells = line.split(self.separator)
        return cells[place].strip('"') if place < len(cells) else ""


def read_csv(data: bytes, name: str) -> Iterator[CsvSource]:
    """The file by each separator that it may have, the comma first; see `find_text_fault`.

    ValueError where it is no text in UTF-8.
    """
    text = data.decode("utf-8-sig").lstrip(_BYTE_ORDER_MARK)
    # Blank lines at the very end are no rows.
    body = text.rstrip("\r\n")
    end = "\r" if "\r" in body and "\n" not in body else "\n"
    lines = pl.Series("line", [body]).str.split(end).explode().str.strip_suffix("\r")
    digest, has_quotes = sha256(data).hexdigest(), '"' in body
    for separator in SEPARATORS:
        yield CsvSource(name, digest, lines, separator, has_quotes)


def find_text_fault(data: bytes) -> str | None:
    """What a file is that is no text in UTF-8, such as "a PDF"; None if it is."""
    for start, what in _OTHER_FILES.items():
        if data.startswith(start):
            return what
    start = data[:_SAMPLE]
    if start.count(0) > len(start) // 3:
        # Without a byte-order mark it decodes as UTF-8, with a NUL for every other letter.
        return "text in UTF-16 or UTF-32"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"text in another code page: line {line} has a letter that is not UTF-8"
    return None


def _from_records(
    records: Sequence[tuple[int, list[str]]],
    columns: Sequence[tuple[str, int]],
    fewest: int,
    most: int,
) -> pl.DataFrame:
    """Records with a right number of fields, as columns."""
    rows = []
    for row, record in records:
        cells = [*record, *[""] * (most - len(record))]
        is_crowded = any(cell.strip() for cell in cells[fewest:])
        rows.append((row, *(cells[place] for _, place in columns), is_crowded))
    texts = {name: pl.String() for name, _ in columns}
    schema = pl.Schema({"row": pl.UInt32(), **texts, "is_crowded": pl.Boolean()})
    return pl.DataFrame(rows, schema=schema, orient="row")


def _is_crowded(beyond: Sequence[pl.Expr]) -> pl.Expr:
    """Whether a row has something beside the table, where no column has a name."""
    return pl.any_horizontal(pl.lit(False), *(cell.str.strip_chars() != "" for cell in beyond))
