"""A load: check the exports, seal identities, build the next store, flip to it.

The order is what makes it safe to cut off at any point: first the vault, whose new
records nobody reads yet; then the store, as a new file; then CURRENT, one rename.
"""

import logging
import os
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_in
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from intake.check.account import Account, refuse_all
from intake.check.check import CheckResult, check_exports
from intake.check.upn import find_upn_fault as upn_fault
from intake.check.upn import is_made_up
from intake.identify.enrol import enrol_pupils, has_pending_readmission
from intake.map.keep import load_mappings
from intake.problems import IntakeError, Problem
from intake.publish import amend, files, merge
from intake.publish.held import find_held
from intake.publish.lock import lock_store
from intake.publish.merge import FileChange, Marked, find_register_days
from intake.publish.retired import compute_cutoffs
from intake.publish.version import Outcome, build_next_rows
from intake.read.files import Folder
from intake.read.read import read_exports
from intake.spelling import spell_value
from intake.switches import SWITCHED_OFF, build_switch_rows, drop_switched_off, find_switched_off
from intake.tables import ExportFolder, Places
from queries.contract import EXPORTS, FILE_TABLES, ONLY_SCHOOL
from queries.errors import StoreError
from queries.store import versions
from safeguards.access.admission import Principal
from safeguards.access.loads import open_lookup
from safeguards.errors import KeysError
from safeguards.home.home import Home, create_demo
from safeguards.journal.access_log import AccessLog, Event
from safeguards.journal.ledger import RETENTION_REASON, Erasure, Ledger, has_unfinished_erasure
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.home_of import get_home_of, set_home_of
from safeguards.keys.keys import Keys
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import FILE as VAULT_FILE
from safeguards.vault.vault import Vault

_log = logging.getLogger("lac.load")

#: Ends the erasures of a home that were cut off; the caller holds the home.
FinishErasures = Callable[[Home, Keys], None]

#: The steps of a load, in their order; each is told to `progress` as it begins.
PHASES = ("read", "check", "vault", "store", "verify", "publish", "prune")


@dataclass(frozen=True)
class LoadResult:
    """What a load did.

    version: the new store's file name; None when none was made.
    erased_on: the days on which children were erased whom the files still name, and who
    were left out; erased_by_schedule: how many of them by the schedule.
    rows_left: earlier rows that a file does not have and that stay, by file.  possible_matches:
    children who count twice until the safeguarding lead has said whether they are one.
    accounts: what was in each file and what became of it.  lacks: what a register lacks, a
    sentence each.  changes: what each file
    changed.  changed_children: the handles of those of whom earlier rows changed or went.  marked:
    who has a mark in the register.  older: what a person should know of files that are older
    than what is loaded.  conflicts: what says otherwise than what was typed.  unread: why a file
    without a name of ours cannot be read.  why_not: why nothing was loaded, in words.
    """

    problems: tuple[Problem, ...]
    unknown_files: tuple[str, ...]
    notes: tuple[str, ...] = ()
    version: str | None = None
    children: int = 0
    marks: int = 0
    data_until: date | None = None
    has_whole_school: bool = False
    refused_files: tuple[str, ...] = ()
    erased_on: tuple[date, ...] = ()
    erased_by_schedule: int = 0
    doubts: tuple[Problem, ...] = ()
    rows_left: dict[str, int] = field(default_factory=dict)
    possible_matches: int = 0
    accounts: tuple[Account, ...] = ()
    lacks: tuple[str, ...] = ()
    changes: tuple[FileChange, ...] = ()
    changed_children: tuple[str, ...] = ()
    marked: Marked = field(default_factory=Marked)
    older: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class Taken:
    """What is taken of one school: its earlier rows, and its children in the vault."""

    checked: CheckResult
    own: merge.Rows
    records: dict[str, PupilRecord]
    erased: list[Erasure]


@dataclass(frozen=True, eq=False)
class NextVersion:
    """The raw_ rows of the next version, and what became of each sender's files.

    file_rows: those of files alone.  rows: the same with what people typed.  taken: what is
    taken, by sender.  outcomes: see `build_next_rows`.
    """

    file_rows: merge.Rows
    rows: merge.Rows
    taken: Mapping[int, Taken]
    outcomes: Mapping[int, Outcome]


@dataclass(frozen=True, eq=False)
class Base:
    """What a home has when files come: its vault, its ledger, and the version in use.

    rows, standing: see `amend.read_earlier_rows`.  parts: the rows of each sender of the files.
    known: the codes of the children who are here.
    """

    home: Home
    keys: Keys
    vault: Vault
    ledger: Ledger
    rows: merge.Rows
    standing: files.StandingMarks | None
    parts: dict[int, merge.Rows]
    known: set[str]

    @classmethod
    def read(
        cls,
        home: Home,
        keys: Keys,
        senders: Mapping[int, CheckResult],
        today: date,
        replace: Collection[str] = (),
    ) -> "Base":
        """Read what a home has; senders: what their files hold."""
        days = find_register_days(senders.values(), replace)
        rows, standing = amend.read_earlier_rows(home, keys, days, today, senders)
        parts, _ = merge.split_by_sender(rows, senders)
        vault, ledger = Vault.open(home, keys), Ledger.open(home, keys)
        known = list_children(rows)
        return cls(home, keys, vault, ledger, rows, standing, parts, known)

    def has_loaded(self, school: int, checked: CheckResult) -> bool:
        """Say whether a load of these very files would change nothing."""
        return (
            self.standing is not None  # so these definitions made the version in use
            and _is_already_loaded(self.parts.get(school, {}), checked)
            and not has_pending_readmission(
                checked.accepted_frames, self.vault, self.ledger, self.known
            )
        )

    def enrol(self, school: int, checked: CheckResult, rng: random.Random) -> Taken:
        """Enrol the children of one sender's files in the vault, which the caller saves."""
        records, erased = enrol_pupils(self.vault, self.ledger, checked, self.known, rng, school)
        self.known.update(record.pupil_id for record in records.values())
        hidden = amend.hide_lines(self.home, self.keys, checked)
        return Taken(hidden, self.parts.get(school, {}), records, erased)

    def build_next(
        self, taken: Mapping[int, Taken], now: datetime, replace: Collection[str] = ()
    ) -> NextVersion:
        """Build the next version from what is taken of each sender."""
        cutoffs = compute_cutoffs(self.ledger.list_entries(), self.vault.pupils)
        given = {school: (each.checked, each.records) for school, each in taken.items()}
        file_rows, outcomes = build_next_rows(
            given, self.rows, now, cutoffs, replace, self.standing
        )
        written = TypedEntries.open(self.home, self.keys)  # with what was typed meanwhile
        rows = amend.add_typed_rows(file_rows, written)
        return NextVersion(file_rows, rows, taken, outcomes)

    def list_results(self, coming: NextVersion, today: date) -> dict[int, LoadResult]:
        """List what a load does with each sender's files, before its version has a name."""
        parts, _ = merge.split_by_sender(coming.file_rows, coming.taken)
        conflicts = tuple(amend.list_conflicts(coming.rows))
        results = {}
        for school, taken in coming.taken.items():
            result = _build_result(taken, parts[school], coming.outcomes[school], today)
            marks = result.marks
            if self.standing is not None:
                marks += self.standing.count(coming.file_rows["raw_pupil"]["pupil_key"], school)
            results[school] = replace_in(
                result,
                marks=marks,
                conflicts=conflicts,
                possible_matches=len(self.vault.possible_matches),
            )
        return results


@dataclass(frozen=True)
class Load:
    """One load into the home at `folder`, which is made (as a demo) if absent.

    rng: where pseudonyms come from; the system's randomness by default.
    finish_erasures: `stewardship.rights.erase.finish_erasures`, passed in since it stands above.
    admitted: who loads, in a home where that takes a passphrase; PassphraseError without them.
    IntakeError when nothing can be read, when a load is under way, where a sheet names
    children by handle and the home has none, or for real children in a home of made-up ones.
    """

    folder: Path
    now: datetime
    actor: str = "office"
    rng: random.Random | None = None
    progress: Callable[[str], None] = lambda _: None
    finish_erasures: FinishErasures | None = None
    admitted: Principal | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def load_exports(
        self,
        exports: Folder,
        *,
        authority: str = "",
        replace: Collection[str] = (),
        confirm: Callable[[dict[str, int]], bool] = lambda _: True,
        school: int = ONLY_SCHOOL,
    ) -> LoadResult:
        """Take these exports into the home.

        authority: see `read_exports`.
        replace: files whose earlier rows go; `confirm` is asked with their numbers first.  They
        must be among them; if one of them has a fault, nothing is loaded.
        school: in a home of many, whose files these are, by its key: its own earlier rows alone
        give way.
        A file with a fault is refused and keeps its earlier rows, but that a file of
        marks or events is taken without its faulty rows: see `check.CheckResult`.
        """
        if unknown := set(replace) - {export.name for export in EXPORTS}:
            raise IntakeError(
                f"--replace needs the name of an export that is in the store, not {min(unknown)}."
            )
        checked = self.check(exports, school, authority, replace)
        faulty_files = (checked.refused_files | checked.faulty.keys()).intersection(replace)
        why_not = checked.describe_obstacle(has_earlier=True)
        if faulty_files:
            why_not = f"{min(faulty_files)} has a fault, so its earlier rows stay."
        if why_not:
            return build_refusal(checked, why_not, self.now.date())
        return self.take({school: checked}, replace, confirm)[school]

    def load_schools(self, folders: Mapping[int, Folder]) -> dict[int, LoadResult]:
        """Take the folders of many schools, by their keys, in one version.

        A school whose files cannot be read keeps no other back.
        """
        found, results = {}, {}
        for school, folder in sorted(folders.items()):
            try:
                checked = self.check(folder, school)
            except IntakeError as error:
                results[school] = LoadResult((), (), why_not=f"{error}")
                continue
            if why_not := checked.describe_obstacle(has_earlier=True):
                results[school] = build_refusal(checked, why_not, self.now.date())
            else:
                found[school] = checked
        return results | (self.take(found) if found else {})

    @cached_property
    def off(self) -> frozenset[str]:
        """What the school does without."""
        return find_switched_off(self.folder, self.environ)

    def check(
        self, folder: Folder, school: int, authority: str = "", replace: Collection[str] = ()
    ) -> CheckResult:
        """Read and check the files, with what the home holds of their sender."""
        _report_phase("read", self.progress)
        mappings = load_mappings(self.folder, self.environ)
        read = drop_switched_off(read_exports(folder, mappings, authority), self.off)
        if absent := set(replace) - read.files.keys():
            raise IntakeError(f"{min(absent)} is not among the files, so its earlier rows stay.")
        _refuse_wrong_kind(read, self.folder)
        _report_phase("check", self.progress)
        held = find_held(read, self.folder, self.environ, self.admitted, school)
        return check_exports(read, held)

    def take(
        self,
        found: Mapping[int, CheckResult],
        replace: Collection[str] = (),
        confirm: Callable[[dict[str, int]], bool] = lambda _: True,
    ) -> dict[int, LoadResult]:
        """Make one version of what was found of each sender, in their order."""
        home = Home.open(self.folder) if is_initialised(self.folder) else create_demo(self.folder)
        with lock_store(home):
            keys = _get_or_create_keys(home, self.environ, found)
            keys = open_lookup(home, keys, self.admitted)
            refuse_wrong_sender(keys, found)
            _finish_erasures(home, keys, self.finish_erasures)
            base = Base.read(home, keys, found, self.now.date(), replace)
            taken, results = self._enrol(base, found, replace, confirm)
            if not taken:
                return results
            base.vault.save()
            _report_phase("store", self.progress)
            coming = base.build_next(taken, self.now, replace)
            path = self._publish(base, coming.rows)
        return results | {
            school: replace_in(result, version=path.name)
            for school, result in base.list_results(coming, self.now.date()).items()
        }

    def _enrol(
        self,
        base: Base,
        found: Mapping[int, CheckResult],
        replace: Collection[str],
        confirm: Callable[[dict[str, int]], bool],
    ) -> tuple[dict[int, Taken], dict[int, LoadResult]]:
        """Enrol the children of each sender's files; for those that are not taken, say why."""
        rng = self.rng or random.SystemRandom()
        taken: dict[int, Taken] = {}
        results: dict[int, LoadResult] = {}
        for school, checked in found.items():
            if not replace and base.has_loaded(school, checked):
                results[school] = _build_unchanged_result(checked)
                continue
            own = base.parts.get(school, {})
            if why_not := checked.describe_obstacle(has_earlier=bool(own)):
                results[school] = build_refusal(checked, why_not, self.now.date())
                continue
            counts = _count_replaced(own, replace)
            if any(counts.values()) and not confirm(counts):
                raise IntakeError("Nothing was changed.")
            if not taken:
                _report_phase("vault", self.progress)
            taken[school] = base.enrol(school, checked, rng)
        return taken, results

    def _publish(self, base: Base, rows: merge.Rows) -> Path:
        """Write and verify the next version, and put it in the place of the one in use."""
        home, keys = base.home, base.keys
        path = versions.prepare_load_path(home.store)
        day = home.find_default_day(self.now)
        rows = rows | {SWITCHED_OFF: build_switch_rows(self.off)}
        files.write_version(path, keys.store, rows, day, base.standing)
        _report_phase("verify", self.progress)
        files.verify_version(path, keys.store, rows, base.standing)
        AccessLog(home, keys).append(Event("load", self.actor, "office"))
        _report_phase("publish", self.progress)
        files.publish(keys, path)
        _report_phase("prune", self.progress)
        versions.prune(home.store)
        return path


def refuse_wrong_sender(keys: Keys, senders: Collection[int]) -> None:
    """Raise IntakeError where a school is named in a school's home, or none in a home of many."""
    is_of_one = get_home_of(keys) == "school"
    if is_of_one != (set(senders) == {ONLY_SCHOOL}):
        raise IntakeError(
            "Leave --school out: this folder is for one school."
            if is_of_one
            else "Say which school sent these files, with --school URN or a folder for each school."
        )


def _count_replaced(own: merge.Rows, files_replaced: Collection[str]) -> dict[str, int]:
    tables = {name: FILE_TABLES[name] for name in files_replaced}
    return {name: own[table].height for name, table in tables.items() if table in own}


def rebuild_store(
    home: Home,
    environ: Mapping[str, str] = os.environ,
    finish_erasures: FinishErasures | None = None,
) -> None:
    """Make a new version with the same facts if other definitions made the one in use.

    It is an amendment of the same load, so that `undo` still undoes that load.  So it is where
    the school has switched a category on or off.  Where it only lacks what was typed, cut off
    before it was shown, that is put in.
    """
    keys = Keys.load(home, environ)
    if has_unfinished_erasure(home, keys):
        with lock_store(home):
            _finish_erasures(home, keys, finish_erasures)
    old = versions.find_current_version(home.store)
    if old is None:
        return
    off = build_switch_rows(find_switched_off(home.folder, environ))
    if files.is_current(old, keys.store, off):
        amend.publish_entries(home, keys)
        return
    with lock_store(home):
        written = TypedEntries.open(home, keys)
        rows = amend.add_typed_rows(
            amend.drop_typed_rows(files.read_rows(old, keys.store), written), written
        )
        files.publish_amendment(old, keys, rows | {SWITCHED_OFF: off})


def undo_load(home: Home, environ: Mapping[str, str] = os.environ) -> str:
    """Go back to the load before this one; its file name.  IntakeError if none is kept.

    What has been typed stays.  A damaged version can be left, but not gone back to.
    """
    keys = Keys.load(home, environ)
    with lock_store(home):
        for path in versions.list_earlier_loads(home.store):
            try:
                is_current = files.is_current(path, keys.store)
            except StoreError:
                continue
            earlier = amend.create_amendment(home, keys, path) if is_current else path
            files.publish(keys, earlier)
            return earlier.name
    raise IntakeError("There is no earlier version to go back to.")


def _refuse_wrong_kind(read: ExportFolder, home_folder: Path) -> None:
    """Raise IntakeError if a UPN does not belong in a home of this kind.

    A demo home, or one that is not made yet, takes made-up children only; a real home
    takes real ones only.
    """
    is_real_home = is_initialised(home_folder) and not Home.open(home_folder).is_demo
    found = _find_files_with_upns(read)
    made_up, real = found.get(True), found.get(False)
    if made_up is not None and is_real_home:
        why = f"{made_up} is made up, but this is a real school's folder. Use a different folder."
    elif real is not None and not is_real_home:
        why = (
            f"{real} has a real authority's number, but this folder is for made-up children. "
            "Make the real school's folder first (lac init)."
        )
    else:
        return
    raise IntakeError(f"A UPN in {why} Nothing was changed.")


def _find_files_with_upns(read: ExportFolder) -> dict[bool, str]:
    """Find the first place of a valid UPN that is made up (True), and of one that is not."""
    found: dict[bool, str] = {}
    for file in read.files.values():
        for column in (each for each in file.export.columns if each.kind == "UPN"):
            texts = file.rows.lazy().group_by(text=column.name).agg(pl.col("row").min())
            told = texts.collect(engine="streaming")
            for row, text in sorted(zip(told["row"], told["text"], strict=True)):
                upn = spell_value(column, text)
                if is_made_up(upn) not in found and upn_fault(upn) is None:
                    cell = file.export.name, row, column.name
                    line, _, found_in = next(Places.from_files(read.files).find([cell]))
                    place = f"{found_in or file.name or file.export.name} (row {line})"
                    found[is_made_up(upn)] = place
    return found


def _finish_erasures(home: Home, keys: Keys, finish: FinishErasures | None) -> None:
    """Raise IntakeError if an erasure was cut off and nobody passed in who ends it."""
    if not has_unfinished_erasure(home, keys):
        return
    if finish is None:
        raise IntakeError("Run lac load or lac run to complete an erasure that was interrupted.")
    finish(home, keys)


def _report_phase(phase: str, progress: Callable[[str], None]) -> None:
    _log.info("phase %s", phase)
    progress(phase)


def is_initialised(folder: Path) -> bool:
    """Say whether a home has its description; without it, it is absent or was never completed."""
    return (folder / "home.toml").exists()


def _get_or_create_keys(
    home: Home, environ: Mapping[str, str], senders: Collection[int] = (ONLY_SCHOOL,)
) -> Keys:
    """Load the home's keys, or make them if nothing has been written with any yet."""
    try:
        return Keys.load(home, environ)
    except KeysError:
        if (
            versions.find_current_version(home.store) is not None
            or (home.vault / VAULT_FILE).exists()
        ):
            raise
    keys = Keys.create(home, environ)
    if ONLY_SCHOOL not in senders:
        set_home_of(keys, "authority")
    return keys


def _is_already_loaded(own: merge.Rows, checked: CheckResult) -> bool:
    """Say whether these very bytes are loaded already.  own: the rows of their sender."""
    if not own:
        return False
    newest = own["raw_source"].sort("load_id").group_by("file_name").last()
    seen = dict(newest.select("file_name", "sha256").iter_rows())
    return all(seen.get(name) == digest for name, digest in checked.digests.items())


def list_children(rows: Mapping[str, pl.DataFrame]) -> set[str]:
    """List the codes of the children whom a version has."""
    return set(rows["raw_pupil"]["pupil_id"]) if rows else set()


def _build_unchanged_result(checked: CheckResult) -> LoadResult:
    return LoadResult(
        checked.problems,
        checked.unknown_files,
        checked.notes,
        refused_files=tuple(sorted(checked.refused_files)),
        unread=checked.unread,
    )


def build_refusal(checked: CheckResult, why_not: str, today: date) -> LoadResult:
    """Return the result of a load that takes none of these files."""
    return replace_in(build_unmerged_result(checked, refuse_all(checked), today), why_not=why_not)


def build_unmerged_result(
    checked: CheckResult, accounts: tuple[Account, ...], today: date
) -> LoadResult:
    """Return what can be said of files, and of their rows, without what is loaded already."""
    return replace_in(
        _build_unchanged_result(checked),
        accounts=accounts,
        lacks=tuple(checked.list_lacks(today)),
        doubts=checked.list_doubts(today),
    )


def _build_result(taken: Taken, rows: merge.Rows, outcome: Outcome, today: date) -> LoadResult:
    """Return what was taken of one sender's files.

    rows: all that the next version has from this sender's files.
    """
    checked, earlier, (accounts, rows_left) = taken.checked, taken.own, outcome
    return replace_in(
        build_unmerged_result(checked, accounts, today),
        children=rows.get("raw_enrolment", rows["raw_pupil"])["pupil_key"].n_unique(),
        marks=rows["raw_mark"].height if "raw_mark" in rows else 0,
        data_until=merge.get_data_until(rows),
        has_whole_school=rows["raw_school_week"].height > 0,
        erased_on=tuple(erasure.at.date() for erasure in taken.erased),
        erased_by_schedule=sum(erasure.why == RETENTION_REASON for erasure in taken.erased),
        rows_left=rows_left,
        changes=merge.list_changes(checked.accepted_frames.keys(), earlier, rows, rows_left),
        changed_children=merge.list_changed_children(earlier, rows),
        marked=merge.find_marked(checked, rows, taken.records),
        older=tuple(merge.list_older(earlier, checked, rows)) if earlier else (),
    )
