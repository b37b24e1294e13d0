"""Lists that people keep in a home, as CSV, which they may edit: each cell where it must be."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from safeguards.errors import SafeguardsError
from safeguards.keys.heads import Heads

#: Of a list, a line and what stands in it, below the names of the columns.
Rows = list[tuple[int, list[str]]]


def read_list(
    heads: Heads, path: Path, header: Sequence[str], error: type[SafeguardsError]
) -> Rows | None:
    """The rows of a list; None where there is none, the error where it can be read in no way.

    ProofError for a list that somebody edited and nobody confirmed.
    """
    try:
        return parse_list(heads.read(path), path.name, header, error)
    except FileNotFoundError:
        return None
    except OSError as reason:
        raise error(f"{path} cannot be read: {reason.strerror}. Restore a backup.") from reason


def parse_list(
    content: bytes, name: str, header: Sequence[str], error: type[SafeguardsError]
) -> Rows:
    """The rows that are not blank; the error says in which row something is wrong, and what."""
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = csv.reader(text, strict=True)
        found, *body = list(rows) or [[]]
    except UnicodeDecodeError as reason:
        raise error(f"{name} cannot be read. Save it as CSV in UTF-8.") from reason
    except csv.Error as reason:
        told = 'a closing " is missing. Add it, or take out a " that stands within a text.'
        raise error(f"{name}, row {rows.line_num}: {told}") from reason
    if tuple(found) != tuple(header):
        raise error(f"{name}, row 1: the first row must be: {','.join(header)}")
    for number, row in enumerate(body, start=2):
        if row and len(row) != len(header):
            raise error(
                f"{name}, row {number}: a row must have {len(header)} cells: {', '.join(header)}. "
                'If a text has a comma, put " around it.'
            )
    return [(number, row) for number, row in enumerate(body, start=2) if row]
