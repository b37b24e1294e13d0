"""Let a new UPN of a child lead to the record of a former one.

A child whom another family has adopted gets a new UPN, so that nobody can find their old life by
the old one.  The care file says only that such a child was previously looked after.  So nothing
about them is linked until the safeguarding lead confirms it.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from intake.identify.facts import get_children_file
from queries.contract import CARE_EPISODES, OTHER_NUMBERS
from safeguards.vault.records import LookUp, PupilRecord
from safeguards.vault.vault import Vault

_MAY_BE_ADOPTED = "previously looked after"

#: A UPN, and the record that its former UPN leads to.
PossibleMatch = tuple[str, str]


def link_former_upns(vault: Vault, frames: Mapping[str, pl.DataFrame]) -> tuple[PossibleMatch, ...]:
    """Let a new UPN lead to the record of a former one; return links that the lead must confirm.

    This comes before records are made.  A child who is known by both numbers already has two
    records, and the lead must confirm that link as well.
    """
    rows = _select_rows(frames)
    on_roll = set(get_children_file(frames)["upn"])
    possible_matches = []
    for upn, former in rows.select("upn", "former_upn").drop_nulls().iter_rows():
        earlier = vault.find_by_upn(former)
        # two numbers on one roll are two children, whatever the file says
        if upn not in on_roll or former in on_roll or earlier is None:
            continue
        known = vault.find_by_upn(upn)
        if known is None and not _may_be_adopted(upn, frames):
            vault.add_number(earlier.pupil_id, "upn", upn)
        elif known is None or known.pupil_id != earlier.pupil_id:
            possible_matches.append((upn, earlier.pupil_id))
    return tuple(possible_matches)


def list_look_ups(
    vault: Vault, frames: Mapping[str, pl.DataFrame], upns: Iterable[str]
) -> dict[str, list[LookUp]]:
    """Return by UPN every hash by which a child of the files may have been known before.

    A UPN may have been the child's own or a former one, so both hashes are there.  A former UPN
    that another child on this roll has is left out.
    """
    on_roll = set(get_children_file(frames)["upn"])
    hashes = vault.hashes
    look_ups = {upn: [hashes.hash_upn(upn), hashes.hash_number("former", upn)] for upn in upns}
    for upn, former, authority, child_id in _select_rows(frames).iter_rows():
        if upn not in look_ups:
            continue
        if former is not None and former not in on_roll:
            look_ups[upn] += [hashes.hash_upn(former), hashes.hash_number("former", former)]
        if child_id is not None:
            look_ups[upn].append(hashes.hash_number("authority", f"{authority}|{child_id}"))
    return look_ups


def record_identifiers(
    vault: Vault,
    frames: Mapping[str, pl.DataFrame],
    records: Mapping[str, PupilRecord],
    possible_matches: Sequence[PossibleMatch],
) -> None:
    """Record the other numbers of the children with a record, and the links to be confirmed."""
    in_doubt = {upn for upn, _ in possible_matches}
    on_roll = set(get_children_file(frames)["upn"])
    for upn, earlier in possible_matches:
        if upn in records:
            vault.add_possible_match(records[upn].pupil_id, earlier)
    for upn, former, authority, child_id in _select_rows(frames).iter_rows():
        if upn not in records:
            continue
        pupil_id = records[upn].pupil_id
        is_former = former is not None and former not in on_roll and upn not in in_doubt
        if is_former and not _may_be_adopted(upn, frames):
            vault.add_number(pupil_id, "former", former)
        if child_id is not None:
            vault.add_number(pupil_id, "authority", f"{authority}|{child_id}")


def _select_rows(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = frames.get(OTHER_NUMBERS.name)
    if rows is None:
        return pl.DataFrame(schema=dict.fromkeys(OTHER_NUMBERS.header, pl.String))
    return rows.select(OTHER_NUMBERS.header)


def _may_be_adopted(upn: str, frames: Mapping[str, pl.DataFrame]) -> bool:
    care = frames.get(CARE_EPISODES.name)
    if care is None:  # a roll alone does not show who is adopted, so nothing is linked
        return True
    return care.filter((pl.col("upn") == upn) & (pl.col("status") == _MAY_BE_ADOPTED)).height > 0
