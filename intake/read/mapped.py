"""A file or sheet as the table that a mapping reads."""

from intake.map.mapping import Header, SourceTable
from intake.read.source import Source


def build_source_table(source: Source, header: Header) -> SourceTable:
    """The rows below a header as they stand, a column for each place."""
    names = header.cells
    body = source.read_body(
        (header.row, names), [(str(place), place) for place in range(len(names))], 0
    )
    return SourceTable(header, body.rows)
