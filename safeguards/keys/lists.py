"""Readers of the CSV lists that people keep in a home and may edit."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from safeguards.errors import SafeguardsError
from safeguards.keys.heads import Heads

#: The rows below the header of a list, each with its number.
Rows = list[tuple[int, list[str]]]


def read_list(
    heads: Heads, path: Path, header: Sequence[str], error: type[SafeguardsError]
) -> Rows | None:
    """Return the rows of a list, or None if there is no file; `error` if it cannot be read.

    ProofError means that somebody edited the list and nobody confirmed it.
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
    """Return the rows that are not blank, by number; `error` says which row is wrong, and why."""
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        rows = csv.reader(text, strict=True)
        names, *body = list(rows) or [[]]
    except UnicodeDecodeError as reason:
        raise error(f"{name} cannot be read. Save it as CSV in UTF-8.") from reason
    except csv.Error as reason:
        problem = 'a closing " is missing. Add it, or take out a " that stands within a text.'
        raise error(f"{name}, row {rows.line_num}: {problem}") from reason
    if tuple(names) != tuple(header):
        raise error(f"{name}, row 1: the first row must be: {','.join(header)}")
    for number, row in enumerate(body, start=2):
        if row and len(row) != len(header):
            raise error(
                f"{name}, row {number}: a row must have {len(header)} cells: {', '.join(header)}. "
                'If a text has a comma, put " around it.'
            )
    return [(number, row) for number, row in enumerate(body, start=2) if row]
