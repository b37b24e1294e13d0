"""The desk of a person who brings files into a home.

The page uses only this to call intake, and each thing that is done is logged here.  It also works
for a home into which nothing was loaded, which has no session yet.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import polars as pl

from intake.check.account import Account, describe_accounts
from intake.check.check import format_totals
from intake.map.keep import load_mappings, save_mapping
from intake.map.mapping import MappingError
from intake.map.propose import Answers, Proposal, describe_column, propose_mapping
from intake.problems import IntakeError, Problem, build_problem_book, format_count, group_problems
from intake.publish.load import PHASES, Load, LoadResult, undo_load
from intake.publish.preview import Preview, preview_load
from intake.read.mapped import complete_mapping, read_example
from intake.read.read import list_unmapped
from intake.read.workbook import URN
from intake.tables import Source
from intake.template import build_start_template
from queries.contract import ALL_EXPORTS, NO_SCHOOL, ONLY_SCHOOL, TERMS, to_sheet_name
from safeguards.access import access, roles
from safeguards.access.admission import Principal
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog, Event, get_utc_now
from safeguards.keys.home_of import get_home_of
from safeguards.keys.keys import Keys
from stewardship.rights.erase import finish_erasures

PAGE = "bring_in"
START_BOOK, FAULT_BOOK = "start.xlsx", "faults.xlsx"

__all__ = ["PHASES", "Desk", "IntakeError", "LoadResult", "Preview", "build_start_template"]


@dataclass(frozen=True)
class MappedTable:
    """A table of the school's own making, and how it would be read.

    `example` has its first rows as they would be read, with personal columns hidden.  It is None
    while a question is open, or if the table can be none of our files.
    """

    name: str
    source: Source
    proposal: Proposal
    example: pl.DataFrame | None


@dataclass(frozen=True, eq=False)
class Desk:
    """A person at a home.

    `session` is None in a home into which nothing was loaded.  `admitted` is the sign-in, None in
    a demo home.  `school` is the key of the school whose files come in to a home of many.
    """

    home: Home
    actor: str
    role: str
    admitted: Principal | None
    session: access.Session | None = None
    school: int = ONLY_SCHOOL

    @classmethod
    def from_session(cls, session: access.Session) -> "Desk":
        """Return the desk of somebody who has a session."""
        return cls(session.home, session.actor, session.role, session.admitted, session)

    @property
    def is_first(self) -> bool:
        """Return whether nothing was loaded into the home yet."""
        return self.session is None

    @property
    def is_of_many(self) -> bool:
        """Return whether the files of many schools come in here."""
        return get_home_of(Keys.load(self.home)) != "school"

    @property
    def today(self) -> date:
        """Return today's date by the clock."""
        return get_utc_now().date()

    @property
    def has_values(self) -> bool:
        """Return whether the person may see the values of faulty cells, not only their places."""
        return roles.is_lead(self.role)

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Return whether the role may do this on this page."""
        return roles.is_allowed(self.role, page, action)

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Log what is about to be done, or raise `access.Denied` if the role may not."""
        if self.session is not None:
            self.session.enter(page, child, action)
            return
        is_allowed = self.is_allowed(page, action)
        role = roles.choose_role(self.role, page, action)
        event = Event(action if is_allowed else "deny", self.actor, role, page)
        AccessLog(self.home, Keys.load(self.home)).append(event)
        if not is_allowed:
            raise access.Denied(f"The {roles.name_roles(self.role)} cannot open this page.")

    @property
    def has_locked_loads(self) -> bool:
        """Return whether files can be read and loaded only with a passphrase."""
        return Keys.load(self.home).lookup is None

    def compute_state(self, files: Mapping[str, bytes], authority: str) -> str:
        """Return a digest that changes with the files, mappings, authority, school or store."""
        mappings = (self.home.folder / "mappings").glob("*.toml")
        parts = [
            *(f"{name} {sha256(content).hexdigest()}" for name, content in sorted(files.items())),
            *(f"{path.name} {path.stat().st_mtime_ns}" for path in sorted(mappings)),
            authority,
            f"{self.school} {self.session and self.session.loaded_at}",
        ]
        return sha256("\n".join(parts).encode()).hexdigest()

    def list_own_tables(self, files: Mapping[str, bytes], answers: Answers) -> list[MappedTable]:
        """List the tables that nothing reads yet; the keys of `answers` are `table|question`."""
        tables = []
        for name, source in list_unmapped(files, load_mappings(self.home.folder)).items():
            own_answers = {
                key.removeprefix(f"{name}|"): text
                for key, text in answers.items()
                if key.startswith(f"{name}|")
            }
            proposal = propose_mapping(source.head, own_answers, self.today)
            mapping = complete_mapping(proposal, source)
            example = None
            if mapping is not None and proposal.header is not None:
                try:
                    example = read_example(source, mapping, proposal.header)
                except MappingError as error:
                    proposal = Proposal(None, proposal.header, why_not=f"{error}")
            tables.append(MappedTable(name, source, proposal, example))
        return tables

    def list_column_names(self, table: MappedTable) -> list[str]:
        """List the school's names for the columns of ours that were found in a table, in order."""
        mapping = table.proposal.mapping
        if mapping is None:
            return []
        ours = {column.name: describe_column(column) for column in mapping.export.columns}
        return [ours.get(name, name) for name in mapping.columns]

    def keep_mapping(self, table: MappedTable) -> None:
        """Keep how this table is read, for it and all like it from now on."""
        self.enter(PAGE, action="load")
        if mapping := complete_mapping(table.proposal, table.source):
            save_mapping(self.home.folder, mapping)

    def preview(self, files: Mapping[str, bytes], authority: str) -> Preview:
        """Return the faults of the files and what a load would change, or raise `IntakeError`."""
        load = Load(self.home.folder, get_utc_now(), admitted=self.admitted)
        return preview_load(load, files, authority=authority, school=self.school)

    def load(
        self, files: Mapping[str, bytes], authority: str, progress: Callable[[str], None]
    ) -> LoadResult:
        """Load the files, or raise `IntakeError` as `Load.load_exports` does."""
        self.enter(PAGE, action="load")
        load = Load(
            self.home.folder,
            get_utc_now(),
            self.actor,
            progress=progress,
            finish_erasures=finish_erasures,
            admitted=self.admitted,
        )
        return load.load_exports(files, authority=authority, school=self.school)

    def undo(self) -> None:
        """Go back to the load before, or raise `IntakeError` if there is none."""
        self.enter(PAGE, action="load")
        undo_load(self.home)

    def build_fault_book(self, preview: Preview) -> bytes:
        """Build a workbook of every faulty row for the office, without values of cells."""
        return build_problem_book((*preview.problems, *preview.doubts))

    def tabulate_faults(self, problems: Iterable[Problem]) -> pl.DataFrame:
        """Return a row for each fault or doubt of a file and column, however many rows have it."""
        rows = [
            {"Where": group.place, "What is wrong, and how to fix it": f"{text} {group.first.fix}"}
            for group in group_problems(problems)
            for text in [group.first.problem if self.has_values else group.first.without_value]
        ]
        return pl.DataFrame(rows)

    def tabulate_changes(self, preview: Preview) -> pl.DataFrame:
        """Return a row for each kind of data with new, changed, removed or missing rows."""
        counts = {account.file: account.left_out for account in preview.accounts}
        rows = [
            {
                "What": change.file.removesuffix(".csv").replace("_", " "),
                "New rows": f"{change.new:,}",
                "Changed": f"{change.changed:,}",
                "Removed": f"{change.gone:,}",
                "Left out": f"{left_out:,}",
                "No longer in the file": f"{change.no_longer_there:,}",
            }
            for change in preview.changes
            for left_out in [counts.get(change.file, 0)]
            if change.new or change.changed or change.gone or change.no_longer_there or left_out
        ]
        return pl.DataFrame(rows)

    def list_missing(self, preview: Preview) -> list[str]:
        """List the files that a first load lacks, or nothing after the first load."""
        missing = [problem.file for problem in preview.problems if problem.fault == "missing file"]
        return missing if self.is_first else []

    def describe_files(self, preview: Preview) -> list[str]:
        """Say what becomes of the rows of each file, and what a register lacks."""
        return [*describe_accounts(preview.accounts), *preview.lacks]

    def list_totals(self, preview: Preview, problems: Sequence[Problem]) -> list[str]:
        """Say what becomes of all the files, as `lac check` does; `problems` are those to fix."""
        return format_totals(preview.checked, preview.accounts, problems, preview.doubts)

    def tabulate_files(self, preview: Preview) -> pl.DataFrame:
        """Return a row for each file: its name, the kind it was read as, and its rows or marks."""
        accounts = preview.accounts
        return pl.DataFrame(
            {
                "File": [account.name for account in accounts],
                "Taken as": [_name_kind(account.file) for account in accounts],
                "Rows": [*map(_count_rows, accounts)],
            }
        )


def _count_rows(account: Account) -> str:
    """Say how much was in a file."""
    if not (account.number or account.is_read):
        return "could not be read"
    return format_count(account.number, "mark") if account.is_of_marks else f"{account.number:,}"


def _name_kind(file: str) -> str:
    """Return the page's name for a kind of file: "sen support", "SSDA903 Episodes"."""
    if file in _BY_NAME:
        return to_sheet_name(_BY_NAME[file]).replace("_", " ")
    sender, _, table = file.partition(" ")
    return f"{sender.upper()} {table}"


_BY_NAME = {table.name: table for table in (*ALL_EXPORTS, TERMS)}


def open_first_desk(home: Home, admitted: Principal | None, role: str) -> Desk:
    """Return the desk of a home into which nothing was loaded yet."""
    if admitted is not None:
        return Desk(home, admitted.name, admitted.role, admitted)
    return Desk(home, os.environ.get("USER", "somebody"), role, None)


def parse_school(typed: str) -> int | None:
    """Return the school's URN, or NO_SCHOOL for the home's own files; None for anything else."""
    return int(typed) if typed == f"{NO_SCHOOL}" or URN.fullmatch(typed) else None
