"""Read a CSV file of any size, a part at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from intake.read.csv_source import LONGEST_LINE, CsvSource
from intake.register.staged import COLUMNS, Staged
from intake.tables import Body, SourceRow, compute_widths

#: Letters of a part: a hundred thousand lines.
_PART = 4 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class StreamSource:
    """A CSV file in UTF-8 whose lines end in a line feed; see `intake.tables.Source`.

    start: its first lines, which show how it is cut.
    """

    path: Path = field(repr=False)
    digest: str
    start: CsvSource
    is_sheet: bool = False
    told: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.start.name

    @property
    def head(self) -> Sequence[SourceRow]:
        """The first rows that are not blank."""
        return self.start.head

    def count_rows(self, header: SourceRow) -> int:
        """See `Source.count_rows`."""
        return sum(source.count_lines(lines["line"]) for source, lines in self._read_parts(header))

    def read_body(
        self, header: SourceRow, columns: Sequence[tuple[str, int]], key_place: int
    ) -> Body:
        """See `Source.read_body`."""
        return _join(
            [
                source.read_lines(lines, header, columns, key_place)
                for source, lines in self._read_parts(header)
            ]
        )

    def stage(
        self, header: SourceRow, columns: Sequence[tuple[str, int]]
    ) -> tuple[Staged, Body, int]:
        """The rows of a register, those that could not be read, and how many lines are not blank.

        Only lines that are not plain are looked at here; they come to the same either way.
        """
        staged, odd, number = Staged(), [], 0
        places = dict(columns)
        for source, lines in self._read_parts(header):
            cut = self._cut(lines, header, places)
            staged.add_rows(cut)
            others = lines.join(cut, on="row", how="anti") if cut.height < lines.height else None
            number += cut.height
            if others is not None:
                number += source.count_lines(others["line"])
                odd.append(source.read_lines(others, header, columns, places[COLUMNS[0]]))
        body = _join(odd or [self.start.read_lines(lines.clear(), header, columns, 0)])
        staged.add_rows(body.rows.select("row", *COLUMNS))
        return staged, Body(body.rows.clear(), body.faults, body.repeated), number

    def _cut(
        self, lines: pl.DataFrame, header: SourceRow, places: Mapping[str, int]
    ) -> pl.DataFrame:
        """The rows of those lines that can be cut as they are, with a cell under each name."""
        line, (named, width) = pl.col("line"), compute_widths(header)
        is_whole = ~line.str.contains(self.start.unprintable)
        is_whole &= line.str.len_chars() <= LONGEST_LINE
        is_whole &= line != self.start.lines[header[0] - 1]
        bare = line
        if lines["line"].str.contains('"', literal=True).any():
            is_whole &= line.str.contains(f"^{self.start.unquoted}$")
            bare = line.str.replace_all('"', "", literal=True)
        cut = lines.filter(is_whole).select(
            "row", bare.str.split_exact(self.start.separator, width).alias("cells")
        )
        cells = [pl.col(f"field_{place}") for place in range(width + 1)]
        # a cell too many, or something beside the table, is looked at by who reads every line
        is_right = pl.all_horizontal(
            cells[width - 1].is_not_null(),
            cells[width].is_null(),
            cells[places[COLUMNS[0]]].str.contains("^[0-9A-Za-z]"),
            *(cell == "" for cell in cells[named:width]),
        )
        texts = {name: cells[places[name]] for name in COLUMNS}
        return cut.unnest("cells").filter(is_right).select("row", **texts)

    def _read_parts(self, header: SourceRow) -> Iterator[tuple[CsvSource, pl.DataFrame]]:
        """The lines below `header` (`row`, `line`), part by part, and who reads them."""
        first = 1
        with self.path.open(encoding="utf-8", newline="\n") as file:
            while part := file.read(_PART):
                part = (part + file.readline()).removesuffix("\n")
                lines = pl.Series("line", [part]).str.split("\n").explode().str.strip_suffix("\r")
                numbered = pl.DataFrame({"line": lines}).with_row_index("row", offset=first)
                first += lines.len()
                source = replace(self.start, has_quotes='"' in part)
                yield source, numbered.filter(pl.col("row") > header[0])


def _join(bodies: Sequence[Body]) -> Body:
    return Body(
        pl.concat(each.rows for each in bodies),
        pl.concat(each.faults for each in bodies),
        sum(each.repeated for each in bodies),
    )
