"""The final reports of a home: what each said in figures, the rows behind them, and its files.

All of it is sealed, since Part Two is for few. A report that was withdrawn stays in the list:
somebody may have read it. Of each file the list keeps a proof under a key of the home, so that no
other file is given out for it. Erasing a child changes neither list nor files; it takes the child's
rows, which no paper holds, so that a later correction is compared without the child.
"""

import base64
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from safeguards.disclosure.figures import Figures, Period, Totals
from safeguards.disclosure.publish import ChildTerm
from safeguards.errors import LedgerError, ReportError
from safeguards.home.home import Home
from safeguards.journal.journal import Journal, Record, to_record
from safeguards.journal.registers import SteppedRegister
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys


@dataclass(frozen=True)
class Issued:
    """One final report.

    Attributes:
        number: From 1, never given again.
        at: When it was made final.
        kind: termly, annual or nil.
        actor: Who made it.
        role: In which role.
        figures: What it said in figures.
        proofs: A proof of each file, by the file's name.
        rows: The name under which the rows behind its totals are kept.
        withdrawn_at: None while it stands.

    """

    number: int
    at: datetime
    kind: str
    actor: str
    role: str
    figures: Figures
    proofs: Mapping[str, str]
    rows: str
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class ToldRow:
    """A child's row behind the totals of a term that a report told first, or told anew."""

    key: str
    name: str
    year: str
    pupil_id: str
    row: ChildTerm


class ToldRows(SteppedRegister[ToldRow]):
    """The rows behind all totals that were told; a child who is erased leaves none."""

    FILE = "told.sealed"
    ROW = ToldRow
    KEY = "key"

    def save_rows(self, periods: Iterable[Period], children: Sequence[ChildTerm]) -> str:
        """Keep the rows of these terms; when this returns, they are on the disk.

        Returns:
            The name of these rows. They count once a report of the list has it: rows of a report
            that was not made final after all belong to no other.

        """
        name = secrets.token_hex(8)
        rows = [
            ToldRow(f"{name} {period.term} {n}", name, period.year, child.pupil_id, child)
            for period in periods
            for n, child in enumerate(children)
            if child.term == period.term
        ]
        self.append_steps(*(vars(replace(row, row=replace(row.row, spent=0))) for row in rows))
        return name

    def forget(self, pupil_ids: Collection[str]) -> None:
        """Erase every row of these children."""
        self.load()
        self.rewrite(lambda record: None if record["pupil_id"] in pupil_ids else record)

    def find_rows(self, name: str, period: Period) -> list[ChildTerm]:
        """Return the rows of this name from which the totals of a term were told."""
        return [
            replace(each.row, pupil_id=each.pupil_id)
            for each in self.list_all()
            if (each.name, each.year, each.row.term) == (name, period.year, period.term)
        ]


def find_totals(
    issued: Sequence[Issued], rows: ToldRows
) -> dict[Period, tuple[Totals, list[ChildTerm]]]:
    """Return the newest totals that reports told of each term, with the rows behind them."""
    newest: dict[Period, tuple[Totals, list[ChildTerm]]] = {}
    for report in issued:
        for totals in report.figures.totals:
            behind = rows.find_rows(report.rows, totals.period)
            if behind or totals.period not in newest:
                newest[totals.period] = totals, behind
    return newest


class Releases(Journal):
    """The final reports of one home, the oldest first."""

    FILE = "releases.sealed"
    FOLDER = None
    ERROR = LedgerError

    def __init__(self, home: Home, keys: Keys) -> None:
        """Nothing yet; `list_issued` reads it."""
        super().__init__(home, keys)
        self._key = _derive_key(home, keys)

    def list_issued(self) -> tuple[Issued, ...]:
        """Every one, withdrawn ones too; LedgerError if the list is not whole or not ours."""
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
        files: Mapping[str, bytes],
        after: int,
        rows: str = "",
    ) -> Issued:
        """Take in a report that goes out; when this returns, it is on the disk.

        after: how many there were when its figures were weighed.  rows: what `ToldRows.save_rows`
        gave.  LedgerError if there are more by now, as in `list_issued`, or if it cannot be
        written.
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
                    "digests": {name: _prove(self._key, each) for name, each in files.items()},
                    "figures": to_record(figures),
                    "rows": rows,
                }
            )
        return _issued(self.records)[-1]

    def withdraw(self, number: int, *, at: datetime, actor: str) -> Issued:
        """Say that a report no longer stands; what it said stays known.

        LedgerError if there is none of that number, or it was withdrawn before.
        """
        with self.open_for_append() as write:
            found = {each.number: each for each in _issued(self.records)}
            if number not in found:
                raise LedgerError(f"There is no report number {number}.")
            if found[number].withdrawn_at is not None:
                raise LedgerError(f"Report {number} has already been withdrawn.")
            write({"line": "withdrawal", "report": number, "at": _time(at), "actor": actor})
        return _issued(self.records)[number - 1]


class ReportFiles(Journal):
    """The files of one home's final reports."""

    FILE = "reports.sealed"

    def __init__(self, home: Home, keys: Keys) -> None:
        """Nothing yet; `get_files` reads it."""
        super().__init__(home, keys)
        self._key = _derive_key(home, keys)

    def save_files(self, number: int, files: Mapping[str, bytes]) -> None:
        """Keep the files of a report; when this returns, they are on the disk.

        To be done before the report counts: of one that then does not, the files are never
        given out.  SealedLinesError as of `open_for_append`.
        """
        encoded = {
            name: base64.b64encode(content).decode("ascii") for name, content in files.items()
        }
        with self.open_for_append() as write:
            write({"number": number, "files": encoded})

    def get_files(self, issued: Issued) -> dict[str, bytes]:
        """The files of a report, by name; ReportError if they are not those that went out."""
        self.load()
        for record in reversed(self.records):
            files = {name: base64.b64decode(content) for name, content in record["files"].items()}
            if (
                record["number"] == issued.number
                and files.keys() == issued.proofs.keys()
                and all(
                    _is_proof(self._key, content, issued.proofs[name])
                    for name, content in files.items()
                )
            ):
                return files
        raise ReportError(
            f"The files of report {issued.number} are missing. Ask whoever looks after this "
            "computer to run `lac restore`."
        )


def _derive_key(home: Home, keys: Keys) -> bytes:
    return derive_key(bytes.fromhex(keys.store), f"report files|v1|{home.home_id}")


def _prove(key: bytes, content: bytes) -> str:
    return hmac.digest(key, content, "sha256").hex()


def _is_proof(key: bytes, content: bytes, proof: str) -> bool:
    """Whether a proof is this file's."""
    return hmac.compare_digest(proof, _prove(key, content))


def _issued(records: Iterable[Record]) -> tuple[Issued, ...]:
    found: list[Issued] = []
    for record in records:
        if record["line"] == "withdrawal":
            place = record["report"] - 1
            at = datetime.fromisoformat(record["at"])
            found[place] = replace(found[place], withdrawn_at=at)
            continue
        found.append(
            Issued(
                number=record["report"],
                at=datetime.fromisoformat(record["at"]),
                kind=record["kind"],
                actor=record["actor"],
                role=record["role"],
                figures=msgspec.convert(record["figures"], Figures),
                proofs=record["digests"],
                rows=record["rows"],
            )
        )
    return tuple(found)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
