"""What a load would change, told before anything is: nothing is written here."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from intake.check.account import Account, build_accounts, refuse_all
from intake.check.check import CheckResult
from intake.identify.enrol import enrol_pupils
from intake.identify.scope import find_scope
from intake.problems import Problem
from intake.publish import amend, merge
from intake.publish.load import Load, refuse_wrong_sender
from intake.publish.merge import FileChange, Marked, list_older
from intake.publish.retired import compute_cutoffs
from intake.publish.version import build_next_rows
from intake.read.files import Folder
from queries.contract import ONLY_SCHOOL
from safeguards.access.loads import open_lookup
from safeguards.home.home import Home
from safeguards.journal.ledger import Ledger
from safeguards.journal.typed_entries import TypedEntries
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault


@dataclass(frozen=True)
class Preview:
    """What is wrong with files, and what a load of them would change.

    problems: all but that a file is not there of which the home has rows.  children_new,
    children_left: how many come into view, and are on roll no more.  earlier_until: the day
    up to which the data reach now.  why_not: what keeps them from being loaded, in words.
    changed_children, marked, accounts, lacks, older, conflicts: see `LoadResult`.
    """

    checked: CheckResult
    problems: tuple[Problem, ...]
    why_not: str = ""
    children_new: int = 0
    children_left: int = 0
    changes: tuple[FileChange, ...] = ()
    changed_children: tuple[str, ...] = ()
    marked: Marked = field(default_factory=Marked)
    accounts: tuple[Account, ...] = ()
    lacks: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = ()
    data_until: date | None = None
    earlier_until: date | None = None


def preview_load(
    load: Load, exports: Folder, *, authority: str = "", school: int = ONLY_SCHOOL
) -> Preview:
    """What `Load.load_exports` would do with these; errors as there."""
    checked, now = load.check(exports, school, authority), load.now
    home = Home.open(load.folder)
    keys = open_lookup(home, Keys.load(home, load.environ), load.admitted)
    refuse_wrong_sender(keys, [school])
    days = merge.find_register_days([checked])
    old, standing = amend.read_earlier_rows(home, keys, days, now.date(), [school])
    problems = checked.problems
    own = merge.split_by_sender(old, [school])[0].get(school, {})
    if why_not := checked.describe_obstacle(has_earlier=bool(own)):
        return Preview(
            checked,
            problems,
            why_not,
            accounts=refuse_all(checked),
            lacks=tuple(checked.list_lacks(now.date())),
            doubts=checked.list_doubts(now.date()),
        )
    ledger, vault = Ledger.open(home, keys), Vault.open(home, keys)
    written = TypedEntries.open(home, keys)
    # the codes that are drawn here go with this vault, which nobody saves
    known = set(old["raw_pupil"]["pupil_id"]) if old else set()
    records, _ = enrol_pupils(vault, ledger, checked, known, random.SystemRandom(), school)
    cutoffs = compute_cutoffs(ledger.list_entries(), vault.pupils)
    checked = amend.hide_lines(home, keys, checked)
    found = {school: (checked, records)}
    rows, taken = build_next_rows(found, old, now, cutoffs, standing=standing)
    before, after = (_list_on_roll(each) for each in (old, rows))
    own_next = merge.split_by_sender(rows, found)[0].get(school, {})
    accounts, rows_left = taken[school]
    return Preview(
        checked,
        problems,
        doubts=checked.list_doubts(now.date()),
        children_new=len(set(rows["raw_pupil"]["pupil_id"]) - known),
        children_left=len(before - after),
        changes=merge.list_changes(checked.accepted_frames.keys(), own, own_next, rows_left),
        changed_children=merge.list_changed_children(own, own_next),
        marked=merge.find_marked(checked, own_next, records),
        accounts=accounts,
        lacks=tuple(checked.list_lacks(now.date())),
        older=tuple(list_older(own, checked, own_next)) if own else (),
        conflicts=tuple(amend.list_conflicts(amend.add_typed_rows(rows, written))),
        data_until=merge.get_data_until(own_next),
        earlier_until=merge.get_data_until(own) if own else None,
    )


def preview_first_load(checked: CheckResult, today: date) -> Preview:
    """Return what a load of checked files into a new folder would do."""
    if why_not := checked.describe_obstacle(has_earlier=False):
        accounts = refuse_all(checked)
    else:
        accounts = build_accounts(checked, find_scope(checked))
    return Preview(
        checked,
        checked.problems,
        why_not,
        accounts=accounts,
        lacks=tuple(checked.list_lacks(today)),
        doubts=checked.list_doubts(today),
    )


def _list_on_roll(rows: Mapping[str, pl.DataFrame]) -> set[str]:
    return set(rows["raw_pupil"].filter("is_on_newest_roll")["pupil_id"]) if rows else set()
