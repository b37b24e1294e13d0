"""Take in children of a roll, and keep their records in the vault.

A child who was erased is not taken in, unless the schedule erased them and the lead has
readmitted them.
"""

import random
from collections.abc import Callable, Collection

import polars as pl

from intake.check.check import CheckResult
from intake.check.lines import list_roll_words
from intake.identify import facts, identifiers
from intake.identify.facts import Frames
from queries.contract import CARE_EPISODES, NO_SCHOOL, ONLY_SCHOOL, ROLL
from safeguards.journal.ledger import Erasure, Ledger, Readmission
from safeguards.vault.records import PupilRecord
from safeguards.vault.vault import Vault


def enrol_pupils(
    vault: Vault,
    ledger: Ledger,
    checked: CheckResult,
    known_ids: Collection[str],
    rng: random.Random,
    school: int = ONLY_SCHOOL,
) -> tuple[dict[str, PupilRecord], list[Erasure]]:
    """Return the vault's records of the children in scope, by UPN, and erasures; the caller saves.

    The erasures are those of children who would otherwise have a record: only a readmission, after
    an erasure by the schedule, lets a child back.  known_ids: the codes of the children who are
    here.  school: the school whose files these are. An authority's care file is its roll, and
    gives no identities.
    """

    def is_known(upn: str) -> bool:
        record = vault.find_by_upn(upn)
        return record is not None and record.pupil_id in known_ids

    frames = checked.accepted_frames
    has_roll = ROLL.name in frames
    if not has_roll and not (school == NO_SCHOOL and CARE_EPISODES.name in frames):
        return _find_records(vault, checked, is_known), []
    possible_matches = identifiers.link_former_upns(vault, frames)
    in_scope = facts.list_upns_in_scope(frames, is_known)
    readmissions = _find_readmissions(frames, vault, ledger) if has_roll else {}
    if has_roll:
        roll = frames[ROLL.name]
        vault.set_roll(school, {*list_roll_words(roll), *roll["upn"], *roll["date_of_birth"]})
    look_ups = identifiers.list_look_ups(vault, frames, in_scope)
    erased = {
        upn: erasures[-1]
        for upn in in_scope
        if upn not in readmissions
        and (erasures := [entry for key in look_ups[upn] for entry in ledger.find_erasures(key)])
    }
    upns = [upn for upn in in_scope if upn not in erased]
    identities = facts.extract_identities(frames, upns) if has_roll else {upn: {} for upn in upns}
    gone = set() if school == ONLY_SCHOOL else facts.list_gone(frames, upns)
    codes = {upn: entry.pupil_id for upn, entry in readmissions.items()}
    used = {entry.pupil_id for entry in ledger.list_entries()}
    records = {
        upn: known
        if upn in gone and (known := vault.find_by_upn(upn))
        else vault.enrol(upn, identity, rng, code=codes.get(upn, ""), used=used)
        for upn, identity in identities.items()
    }
    identifiers.record_identifiers(vault, frames, records, possible_matches)
    for upn, people in facts.extract_contacts(frames, records).items():
        vault.seal_contacts(records[upn].pupil_id, people)
    return records, list(erased.values())


def _find_records(
    vault: Vault, checked: CheckResult, is_known: Callable[[str], bool]
) -> dict[str, PupilRecord]:
    """Return the records of the home's children in files without a roll. Nobody joins."""
    upns = sorted(checked.list_upns())
    pairs = ((upn, vault.find_by_upn(upn)) for upn in upns if is_known(upn))
    records = {upn: record for upn, record in pairs if record is not None}
    for upn, people in facts.extract_contacts(checked.accepted_frames, records).items():
        vault.seal_contacts(records[upn].pupil_id, people)
    return records


def has_pending_readmission(
    frames: Frames, vault: Vault, ledger: Ledger, known_ids: Collection[str]
) -> bool:
    """Say whether a load of these files takes in a readmitted child who is not here yet.

    known_ids: the codes of the children who are here.
    """
    if not {ROLL.name, CARE_EPISODES.name} <= frames.keys():
        return False
    named = set(frames[CARE_EPISODES.name]["upn"])
    readmissions = _find_readmissions(frames, vault, ledger)
    return any(
        upn in named and entry.pupil_id not in known_ids for upn, entry in readmissions.items()
    )


def _find_readmissions(frames: Frames, vault: Vault, ledger: Ledger) -> dict[str, Readmission]:
    """Return the readmissions, by UPN, of children whose new stay is on this roll."""
    newest = frames[ROLL.name].group_by("upn").agg(pl.col("entry_date").max())
    days = {
        upn: (ledger.find_readmission(vault.hashes.hash_upn(upn)), entry_date)
        for upn, entry_date in newest.iter_rows()
    }
    return {
        upn: entry for upn, (entry, day) in days.items() if entry is not None and day >= entry.since
    }
