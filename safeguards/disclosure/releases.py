"""The release ledger: what every final report said in figures, for as long as the home lasts.

Later reports are held against it: two of them may tell together what neither tells alone.
It holds figures as published, hidden ones as hidden, numbers of children who joined, left
or changed in between, and how some crossed from one group to another; no rows and no
pseudonyms.  A report that was withdrawn stays: somebody may have read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from safeguards.disclosure.solver.groups import Attribute, Cell
from safeguards.disclosure.solver.release import Crossing, Duty, Extent, GroupFigures, Release
from safeguards.disclosure.solver.sessions import SumFigures
from safeguards.disclosure.solver.suppressed import HIDDEN, Suppressed
from safeguards.disclosure.solver.timeline import Moves
from safeguards.errors import LedgerError
from safeguards.home.home import Home
from safeguards.journal.journal import Record
from safeguards.journal.registers import MirroredRegister
from safeguards.keys.keys import Keys, derive_key


@dataclass(frozen=True)
class Issued:
    """One final report.

    number: from 1, never given again.  kind: termly, annual or nil.  actor, role: who made
    it.  digests: SHA-256 of each file, by its name.  withdrawn_at: None while it stands.
    """

    number: int
    at: datetime
    kind: str
    actor: str
    role: str
    figures: Release
    digests: Mapping[str, str]
    withdrawn_at: datetime | None = None


class Releases(MirroredRegister):
    """The final reports of one home, the oldest first."""

    FILE = "releases.jsonl"

    def list_issued(self) -> tuple[Issued, ...]:
        """Every one, withdrawn ones too; LedgerError if the list is not whole or not ours."""
        self._journal.load()
        return _issued(self._journal.records)

    def list_figures(self) -> tuple[Release, ...]:
        """What the next report is held against, the oldest first.  LedgerError as above."""
        return tuple(each.figures for each in self.list_issued())

    def append(
        self,
        figures: Release,
        *,
        at: datetime,
        kind: str,
        actor: str,
        role: str,
        digests: Mapping[str, str],
        after: int,
    ) -> Issued:
        """Take in a report that goes out; when this returns, it is on the disk.

        after: how many there were when its figures were weighed.  LedgerError if there are
        more by now, as in `list_issued`, or if it cannot be written.
        """
        with self._journal.open_for_append() as write:
            if len(_issued(self._journal.records)) != after:
                raise LedgerError(
                    "Another report was made final in the meantime. Nothing was published: "
                    "make this one again."
                )
            write(
                {
                    "line": "release",
                    "report": after + 1,
                    "at": _time(at),
                    "kind": kind,
                    "actor": actor,
                    "role": role,
                    "digests": dict(digests),
                    "figures": _record(figures),
                }
            )
        return _issued(self._journal.records)[-1]

    def withdraw(self, number: int, *, at: datetime, actor: str) -> Issued:
        """Say that a report no longer stands; what it said stays known.

        LedgerError if there is none of that number, or it was withdrawn before.
        """
        with self._journal.open_for_append() as write:
            found = {each.number: each for each in _issued(self._journal.records)}
            if number not in found:
                raise LedgerError(f"There is no report number {number}. See: lac report history")
            if found[number].withdrawn_at is not None:
                raise LedgerError(f"Report {number} was withdrawn before.")
            write({"line": "withdrawal", "report": number, "at": _time(at), "actor": actor})
        return _issued(self._journal.records)[number - 1]


def derive_tie_key(home: Home, keys: Keys) -> bytes:
    """What breaks ties between equally good ways to hide, in this home only."""
    return derive_key(bytes.fromhex(keys.store), f"disclosure|v1|{home.home_id}")


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
                figures=_release(record["figures"]),
                digests=record["digests"],
            )
        )
    return tuple(found)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _record(release: Release) -> dict[str, Any]:
    return {
        "as_at": release.as_at.isoformat(),
        "groups": [_group_record(each) for each in release.groups.values()],
        "duties": {key: _duty_record(duty) for key, duty in release.duties.items()},
        "sums": {key: [sums.total, list(sums.parts)] for key, sums in release.sums.items()},
        "crossings": [asdict(each) for each in release.crossings],
    }


def _release(record: Record) -> Release:
    groups = [_group(each) for each in record["groups"]]
    return Release(
        as_at=date.fromisoformat(record["as_at"]),
        groups={each.name: each for each in groups},
        duties={key: _duty(key, duty) for key, duty in record["duties"].items()},
        sums={
            key: SumFigures(total, tuple((label, count) for label, count in parts))
            for key, (total, parts) in record["sums"].items()
        },
        crossings=tuple(
            Crossing(**{**each, "kept": tuple(each["kept"])}) for each in record["crossings"]
        ),
    )


def _duty_record(duty: Duty | Extent) -> Extent | list[Any]:
    if isinstance(duty, Duty):
        return [duty.group, duty.due, duty.done, duty.done_late]
    return duty


def _duty(key: str, record: Extent | list[Any]) -> Duty | Extent:
    return Duty(key, *record) if isinstance(record, list) else record


def _group_record(figures: GroupFigures) -> dict[str, Any]:
    return {
        "name": figures.name,
        "size": figures.size,
        "is_told": figures.is_told,
        "narrowest": figures.narrowest,
        "attributes": [
            [each.key, each.label, list(each.categories), each.is_public]
            for each in figures.attributes
        ],
        "tables": [
            [
                list(table),
                [
                    [list(cell), None if isinstance(count, Suppressed) else count]
                    for cell, count in counts.items()
                ],
            ]
            for table, counts in figures.tables.items()
        ],
        "moves": [[list(key), _moves_record(moves)] for key, moves in figures.moves.items()],
    }


def _group(record: Record) -> GroupFigures:
    return GroupFigures(
        name=record["name"],
        size=record["size"],
        is_told=record["is_told"],
        narrowest=record["narrowest"],
        attributes=tuple(
            Attribute(key, label, tuple(categories), is_public)
            for key, label, categories, is_public in record["attributes"]
        ),
        tables={
            tuple(table): {
                tuple(cell): HIDDEN if count is None else count for cell, count in counts
            }
            for table, counts in record["tables"]
        },
        moves={tuple(key): _moves(moves) for key, moves in record["moves"]},
    )


def _moves_record(moves: Moves) -> dict[str, Any]:
    return {
        "joined": _tally_record(moves.joined),
        "left": _tally_record(moves.left),
        "changed": moves.changed,
        "before": _tally_record(moves.before),
        "after": _tally_record(moves.after),
        "by_key": dict(moves.by_key),
        "is_exact": moves.is_exact,
        "more_joined": moves.more_joined,
        "more_left": moves.more_left,
    }


def _moves(record: Record) -> Moves:
    return Moves(
        joined=_tally(record["joined"]),
        left=_tally(record["left"]),
        changed=record["changed"],
        before=_tally(record["before"]),
        after=_tally(record["after"]),
        by_key=record["by_key"],
        is_exact=record["is_exact"],
        more_joined=record["more_joined"],
        more_left=record["more_left"],
    )


def _tally_record(tally: Mapping[Cell, int]) -> list[list[Any]]:
    return [[list(cell), count] for cell, count in tally.items()]


def _tally(record: list[list[Any]]) -> dict[Cell, int]:
    return {tuple(cell): count for cell, count in record}
