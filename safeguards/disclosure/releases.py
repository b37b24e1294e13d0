"""The final reports of a home: the figures of each, the rows behind them, and its files.

All of it is sealed, since Part Two is for few.  A report that was withdrawn stays in the list:
somebody may have read it.  Its files and rows are kept first, under a name drawn at random; they
count once a line of the list has that name.  Erasing a child changes neither list nor files; it
takes the child's rows, which no paper holds, so that a later correction is compared without the
child.
"""

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from safeguards.disclosure.figures import Figures, Period, Totals
from safeguards.disclosure.publish import ChildTerm
from safeguards.errors import LedgerError, ReportError
from safeguards.journal.journal import Journal, Record, to_record
from safeguards.journal.registers import SteppedRegister


@dataclass(frozen=True)
class Issued:
    """One final report.

    Attributes:
        number: Counted from 1, never given again.
        at: The time when it was made final.
        kind: termly, annual or nil.
        actor, role: The person who made it, and in which role.
        figures: Its figures.
        name: The name under which its files and the rows behind its totals are kept.
        withdrawn_at: None while it stands.
    """

    number: int
    at: datetime
    kind: str
    actor: str
    role: str
    figures: Figures
    name: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class ToldRow:
    """A child's row behind the totals of a term that a report told first, or corrected."""

    key: str
    name: str
    year: str
    pupil_id: str
    row: ChildTerm


class ToldRows(SteppedRegister[ToldRow]):
    """The rows behind all totals that were told; none of a child who is erased."""

    FILE = "told.sealed"
    ROW = ToldRow
    KEY = "key"

    def save_rows(
        self, name: str, periods: Iterable[Period], children: Sequence[ChildTerm]
    ) -> None:
        """Keep the rows of these terms; when this returns, they are on the disk."""
        rows = [
            ToldRow(f"{name} {period.term} {n}", name, period.year, child.pupil_id, child)
            for period in periods
            for n, child in enumerate(children)
            if child.term == period.term
        ]
        self.append_steps(*(vars(replace(row, row=replace(row.row, spent=0))) for row in rows))

    def forget(self, pupil_ids: Collection[str]) -> None:
        """Erase every row of these children."""
        self.load()
        self.rewrite(lambda record: None if record["pupil_id"] in pupil_ids else record)

    def find_rows(self, name: str, period: Period) -> list[ChildTerm]:
        """Return the rows of this name behind the totals of a term."""
        return [
            replace(row.row, pupil_id=row.pupil_id)
            for row in self.list_all()
            if (row.name, row.year, row.row.term) == (name, period.year, period.term)
        ]


def find_totals(
    issued: Sequence[Issued], rows: ToldRows
) -> dict[Period, tuple[Totals, list[ChildTerm]]]:
    """Return the newest totals that reports told of each term, with the rows behind them."""
    newest: dict[Period, tuple[Totals, list[ChildTerm]]] = {}
    for report in issued:
        for totals in report.figures.totals:
            behind = rows.find_rows(report.name, totals.period)
            if behind or totals.period not in newest:
                newest[totals.period] = totals, behind
    return newest


class Releases(Journal):
    """The final reports of one home, the oldest first."""

    FILE = "releases.sealed"
    FOLDER = None
    ERROR = LedgerError

    def list_issued(self) -> tuple[Issued, ...]:
        """Return every report, withdrawn ones too; LedgerError if the list is not whole or ours."""
        self.load()
        return _issued(self.records)

    def append(
        self,
        figures: Figures,
        *,
        at: datetime,
        kind: str,
        actor: str,
        role: str,
        name: str,
        after: int,
    ) -> Issued:
        """Add a report that goes out; when this returns, it is on the disk.

        `name` is that of its files and rows, and `after` the number of reports when its figures
        were worked out.  LedgerError means that there are more by now, or is as in `list_issued`,
        or means that it cannot be written.
        """
        with self.open_for_append() as write:
            if len(_issued(self.records)) != after:
                raise LedgerError(
                    "Another report was made final in the meantime, so this report was not. Make "
                    "this report again."
                )
            write(
                {
                    "line": "release",
                    "report": after + 1,
                    "at": _time(at),
                    "kind": kind,
                    "actor": actor,
                    "role": role,
                    "name": name,
                    "figures": to_record(figures),
                }
            )
        return _issued(self.records)[-1]

    def withdraw(self, number: int, *, at: datetime, actor: str) -> Issued:
        """Withdraw a report; its figures stay known.

        LedgerError means that there is none of that number, or that it was withdrawn before.
        """
        with self.open_for_append() as write:
            reports = {report.number: report for report in _issued(self.records)}
            if number not in reports:
                raise LedgerError(f"There is no report number {number}.")
            if reports[number].withdrawn_at is not None:
                raise LedgerError(f"Report {number} has already been withdrawn.")
            write({"line": "withdrawal", "report": number, "at": _time(at), "actor": actor})
        return _issued(self.records)[number - 1]


class ReportFiles(Journal):
    """The files of one home's final reports."""

    FILE = "reports.sealed"

    def save_files(self, name: str, files: Mapping[str, bytes]) -> None:
        """Keep the files of a report; when this returns, they are on the disk.

        SealedLinesError is as in `open_for_append`.
        """
        encoded = {file: base64.b64encode(content).decode() for file, content in files.items()}
        with self.open_for_append() as write:
            write({"name": name, "files": encoded})

    def get_files(self, issued: Issued) -> dict[str, bytes]:
        """Return the files of a report, by file name; ReportError if they are missing."""
        self.load()
        for record in self.records:
            if record["name"] == issued.name:
                return {file: base64.b64decode(text) for file, text in record["files"].items()}
        raise ReportError(
            f"The files of report {issued.number} are missing. Ask whoever looks after this "
            "computer to run `lac restore`."
        )


def _issued(records: Iterable[Record]) -> tuple[Issued, ...]:
    reports: list[Issued] = []
    for record in records:
        if record["line"] == "withdrawal":
            place = record["report"] - 1
            at = datetime.fromisoformat(record["at"])
            reports[place] = replace(reports[place], withdrawn_at=at)
            continue
        reports.append(
            Issued(
                number=record["report"],
                at=datetime.fromisoformat(record["at"]),
                kind=record["kind"],
                actor=record["actor"],
                role=record["role"],
                figures=msgspec.convert(record["figures"], Figures),
                name=record["name"],
            )
        )
    return tuple(reports)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
