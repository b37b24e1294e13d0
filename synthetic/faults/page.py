"""One export file as lines of text, into which faults can be planted."""

import csv
import io
from dataclasses import dataclass

from queries.contract import Export


@dataclass(frozen=True)
class Fault:
    """What intake must report.

    `row` is the line of the file (header 1, whole file 0), `column` is "" for a row or
    a file, `kind` the class: a key of contract.FAULTS.
    """

    file: str
    row: int
    column: str
    kind: str


class EditableExport:
    """The lines of one file and the faults planted in it."""

    def __init__(self, export: Export, text: str) -> None:
        """`text` is the file without faults, or "" for one that has only a header."""
        self.export = export
        self.lines = text.splitlines() or [",".join(export.header)]
        self.faults: list[Fault] = []
        self.encoding = "utf-8"

    @property
    def data(self) -> bytes:
        """The whole file."""
        return ("\n".join(self.lines) + "\n").encode(self.encoding)

    def append_row(self, values: dict[str, str]) -> int:
        """Append a row; missing columns are blank.  Returns its line."""
        self.lines.append(self._line(values))
        return len(self.lines)

    def append_faulty_line(self, kind: str, line: str) -> None:
        """Append a line as it stands, which is no row of this file."""
        self.lines.append(line)
        self.record_fault(kind, "", len(self.lines))

    def record_fault(self, kind: str, column: str, row: int) -> None:
        """Put a fault on the list."""
        self.faults.append(Fault(self.export.name, row, column, kind))

    def _line(self, values: dict[str, str]) -> str:
        text = io.StringIO()
        fields = [values.get(column, "") for column in self.export.header]
        csv.writer(text, lineterminator="").writerow(fields)
        return text.getvalue()
