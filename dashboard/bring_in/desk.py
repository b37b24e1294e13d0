"""Who brings files into which home, and what intake says of them.

The door of the page: it alone asks intake, and it writes down each thing that is done.  It
also works for a home into which nothing was loaded, for which there is no session yet.
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

    example: its first rows as they would be read, with what is personal hidden; None while
    something is still to be asked, or it can be none of ours.
    """

    name: str
    source: Source
    proposal: Proposal
    example: pl.DataFrame | None


@dataclass(frozen=True, eq=False)
class Desk:
    """A person at a home.

    session: None in a home into which nothing was loaded; admitted: who signed in, None in
    a demo home.  school: in a home of many, whose files come in, by its key.
    """

    home: Home
    actor: str
    role: str
    admitted: Principal | None
    session: access.Session | None = None
    school: int = ONLY_SCHOOL

    @classmethod
    def from_session(cls, session: access.Session) -> "Desk":
        """The desk of somebody who has a session."""
        return cls(session.home, session.actor, session.role, session.admitted, session)

    @property
    def is_first(self) -> bool:
        """Whether nothing was loaded into the home yet."""
        return self.session is None

    @property
    def is_of_many(self) -> bool:
        """Whether the files of many schools come in here."""
        return get_home_of(Keys.load(self.home)) != "school"

    @property
    def today(self) -> date:
        """The clock's day."""
        return get_utc_now().date()

    @property
    def has_values(self) -> bool:
        """Whether the person may see values of cells beside where they stand."""
        return roles.is_lead(self.role)

    def is_allowed(self, page: str, action: str = "view") -> bool:
        """Whether the role may do this on this page."""
        return roles.is_allowed(self.role, page, action)

    def enter(self, page: str, child: str | None = None, action: str = "view") -> None:
        """Write down what is about to be done; `access.Denied` if the role may not."""
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
        """Whether files are read and loaded by passphrase only."""
        return Keys.load(self.home).lookup is None

    def compute_state(self, files: Mapping[str, bytes], authority: str) -> str:
        """What changes when a file, a mapping, the authority or the store does: a digest."""
        kept = (self.home.folder / "mappings").glob("*.toml")
        parts = [
            *(f"{name} {sha256(content).hexdigest()}" for name, content in sorted(files.items())),
            *(f"{each.name} {each.stat().st_mtime_ns}" for each in sorted(kept)),
            authority,
            f"{self.school} {self.session and self.session.loaded_at}",
        ]
        return sha256("\n".join(parts).encode()).hexdigest()

    def list_own_tables(self, files: Mapping[str, bytes], answers: Answers) -> list[MappedTable]:
        """The tables that nothing reads yet; answers: by the table's name and the question."""
        found = []
        for name, source in list_unmapped(files, load_mappings(self.home.folder)).items():
            given = {
                key.removeprefix(f"{name}|"): text
                for key, text in answers.items()
                if key.startswith(f"{name}|")
            }
            proposal = propose_mapping(source.head, given, self.today)
            mapping = complete_mapping(proposal, source)
            example = None
            if mapping is not None and proposal.header is not None:
                try:
                    example = read_example(source, mapping, proposal.header)
                except MappingError as error:
                    proposal = Proposal(None, proposal.header, why_not=f"{error}")
            found.append(MappedTable(name, source, proposal, example))
        return found

    def list_column_names(self, table: MappedTable) -> list[str]:
        """What a school calls the columns of ours that were found in a table, in their order."""
        mapping = table.proposal.mapping
        if mapping is None:
            return []
        ours = {each.name: describe_column(each) for each in mapping.export.columns}
        return [ours.get(name, name) for name in mapping.columns]

    def keep_mapping(self, table: MappedTable) -> None:
        """Read this table and all like it so from now on."""
        self.enter(PAGE, action="load")
        if mapping := complete_mapping(table.proposal, table.source):
            save_mapping(self.home.folder, mapping)

    def preview(self, files: Mapping[str, bytes], authority: str) -> Preview:
        """What is wrong with the files and what a load would change; `IntakeError` as there."""
        load = Load(self.home.folder, get_utc_now(), admitted=self.admitted)
        return preview_load(load, files, authority=authority, school=self.school)

    def load(
        self, files: Mapping[str, bytes], authority: str, progress: Callable[[str], None]
    ) -> LoadResult:
        """Take the files in; `IntakeError` as `Load.load_exports`."""
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
        """Go back to the load before; `IntakeError` if there is none."""
        self.enter(PAGE, action="load")
        undo_load(self.home)

    def build_fault_book(self, found: Preview) -> bytes:
        """Every faulty row, as a workbook for the office: no value of a cell is in it."""
        return build_problem_book((*found.problems, *found.doubts))

    def tabulate_faults(self, problems: Iterable[Problem]) -> pl.DataFrame:
        """A row for each fault or doubt of a file and column, however many rows have it."""
        rows = [
            {"Where": group.place, "What is wrong, and how to fix it": f"{said} {group.first.fix}"}
            for group in group_problems(problems)
            for said in [group.first.problem if self.has_values else group.first.without_value]
        ]
        return pl.DataFrame(rows)

    def tabulate_changes(self, found: Preview) -> pl.DataFrame:
        """Rows new, changed, taken away, left out and no longer there, of each kind with any."""
        counts = {each.file: each.left_out for each in found.accounts}
        rows = [
            {
                "What": each.file.removesuffix(".csv").replace("_", " "),
                "New rows": f"{each.new:,}",
                "Changed": f"{each.changed:,}",
                "Removed": f"{each.gone:,}",
                "Left out": f"{left_out:,}",
                "No longer in the file": f"{each.no_longer_there:,}",
            }
            for each in found.changes
            for left_out in [counts.get(each.file, 0)]
            if each.new or each.changed or each.gone or each.no_longer_there or left_out
        ]
        return pl.DataFrame(rows)

    def list_missing(self, found: Preview) -> list[str]:
        """What a first load needs and nothing at hand tells, as the files that would."""
        missing = [each.file for each in found.problems if each.fault == "missing file"]
        return missing if self.is_first else []

    def describe_files(self, found: Preview) -> list[str]:
        """Return what becomes of the rows of each file, and what a register lacks, in words."""
        return [*describe_accounts(found.accounts), *found.lacks]

    def list_totals(self, found: Preview, problems: Sequence[Problem]) -> list[str]:
        """What becomes of the files in all, in the words of `lac check`; problems: to fix."""
        return format_totals(found.checked, found.accounts, problems, found.doubts)

    def tabulate_files(self, found: Preview) -> pl.DataFrame:
        """Return a row for each file: its name, what it was taken for, and its rows or marks."""
        accounts = found.accounts
        return pl.DataFrame(
            {
                "File": [account.name for account in accounts],
                "Taken as": [_name_kind(account.file) for account in accounts],
                "Rows": [*map(_count_rows, accounts)],
            }
        )


def _count_rows(account: Account) -> str:
    """Return how much was in a file, in words."""
    if not (account.number or account.is_read):
        return "could not be read"
    return format_count(account.number, "mark") if account.is_of_marks else f"{account.number:,}"


def _name_kind(file: str) -> str:
    """Return what a kind of file is called on the page: "sen support", "SSDA903 Episodes"."""
    if file in _BY_NAME:
        return to_sheet_name(_BY_NAME[file]).replace("_", " ")
    sender, _, table = file.partition(" ")
    return f"{sender.upper()} {table}"


_BY_NAME = {each.name: each for each in (*ALL_EXPORTS, TERMS)}


def open_first_desk(home: Home, admitted: Principal | None, role: str) -> Desk:
    """The desk of a home into which nothing was loaded yet."""
    if admitted is not None:
        return Desk(home, admitted.name, admitted.role, admitted)
    return Desk(home, os.environ.get("USER", "somebody"), role, None)


def parse_school(told: str) -> int | None:
    """Whose files somebody says they are: a school's URN, or the home's own; None if neither."""
    return int(told) if told == f"{NO_SCHOOL}" or URN.fullmatch(told) else None
