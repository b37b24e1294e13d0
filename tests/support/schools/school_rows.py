"""A school's rows, load after load, without a store to hold them.

What a load does to rows is decided before there is a file to write them to.  So what it makes
of files is seen here, for a tenth of what a load costs.
"""

import random
from collections.abc import Collection
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from intake.check.check import CheckResult
from intake.identify.enrol import enrol_pupils
from intake.publish.merge import Rows, get_data_until
from intake.publish.retired import RetentionCutoffs
from intake.publish.version import build_next_rows
from queries.contract import ONLY_SCHOOL
from safeguards.home.home import create_demo
from safeguards.journal.ledger import Ledger
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from tests.support.schools.good_exports import ANN, BEN, CAT, GOOD, Files, checked
from tests.support.schools.homes import keys_at

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class SchoolRows:
    """The raw_ rows that the loads so far have left, and the vault that knows the children.

    cutoffs: what the schedule has taken out before, as `retired.compute_cutoffs` gives it.
    """

    def __init__(self, root: Path) -> None:
        self.home = create_demo(root / "home")
        keys = Keys.create(self.home, keys_at(self.home.folder))
        self.vault, self.ledger = Vault.open(self.home, keys), Ledger.open(self.home, keys)
        self.rows: Rows = {}
        self.cutoffs: RetentionCutoffs = {}

    def load(
        self,
        files: Files = GOOD,
        *,
        now: datetime = NOW,
        replace: Collection[str] = (),
        school: int = ONLY_SCHOOL,
    ) -> CheckResult:
        """Take files as `load_exports` does; what their check found."""
        found = checked(files)
        assert not found.blocking_files, found.problems
        known = set(self.rows["raw_pupil"]["pupil_id"]) if self.rows else set()
        records, _ = enrol_pupils(self.vault, self.ledger, found, known, random.Random(1), school)
        given = {school: (found, records)}
        self.rows, _ = build_next_rows(given, self.rows, now, self.cutoffs, replace)
        return found

    @property
    def data_until(self) -> str:
        """The last day of the data."""
        return str(get_data_until(self.rows))

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the raw_ tables; dates as text."""
        for table, frame in self.rows.items():
            if table in query:
                _connect().register(table, frame)
        rows = _connect().execute(query).fetchall()
        return [tuple(str(each) if isinstance(each, date) else each for each in row)
                for row in rows]  # fmt: skip

    def of(self, upn: str, columns: str, table: str) -> list[tuple[Any, ...]]:
        """What the rows of a table say of a child, in order."""
        record = self.vault.find_by_upn(upn)
        assert record is not None
        query = f"""
            select {columns} from {table}
            semi join (from raw_pupil where pupil_id = '{record.pupil_id}') using (pupil_key)
            order by all
        """
        return self.ask(query)

    def list_facts(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table without their numbers, by child and date; children by UPN."""
        upn_of = {
            record.pupil_id: upn
            for upn in (ANN, BEN, CAT)
            if (record := self.vault.find_by_upn(upn)) is not None
        }
        child_of = dict(self.rows["raw_pupil"].select("pupil_key", "pupil_id").iter_rows())
        numbers = ("school_key", "source_id", "load_id")
        found = [
            {"child": upn_of[child_of[row.pop("pupil_key")]], **row}
            for row in self.rows[table].drop(numbers).to_dicts()
        ]
        return sorted(found, key=lambda row: [str(value) for value in row.values()])

    def marks(self, child: str) -> dict[str, str]:
        """A child's marks by day and half, such as 16 AM."""
        return dict(self.of(child, "strftime(session_date, '%d ') || half, code", "raw_mark"))


@cache
def _connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})
