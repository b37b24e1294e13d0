"""Rows about a group of children for one recipient, under codes made for it alone.

No name, no number and none of the home's own codes leaves with them.  The rows stay
personal data: of a few children, each can be told by the figures.
"""

import hmac
import json
from pathlib import Path
from typing import Any

from queries.contract import list_shared_marts
from queries.contract.model.category import GroupRows
from queries.statement import format_sql
from safeguards.cells import serialise_csv
from safeguards.errors import ShareError
from safeguards.handles import ALPHABET, ID_LENGTH
from safeguards.keys.key_files import derive_key
from safeguards.keys.keys import Keys
from stewardship.registers import shares as register
from stewardship.registers.shares import Share
from stewardship.sharing.child import Sharing, require_free_path

#: Whose rows: a group by its name, and the column of cohort_member that says who is in it.
COHORTS = {
    "looked after": "is_looked_after",
    "previously looked after": "is_previously_looked_after",
    "has a social worker": "has_social_worker",
}

#: Who has no business with children who are another authority's.
_OWN_CHILDREN_ONLY = "other authority"
_ROWS = """
select facts.pupil_id, {columns} from {mart} as facts
where exists (
    select 1 from cohort_member as members
    where
        members.pupil_key = facts.pupil_key
        and members.{cohort} and ($authority is null or members.authority = $authority)
)
"""
#: Of the academic year of the session's day: by the year in a row, or by its day.  Rows of
#: earlier years would let two years' codes be matched by them.
_OF_YEAR = "and facts.academic_year = academic_year(as_at())"
_OF_DAY = "and academic_year(facts.{day}) = academic_year(as_at())"


def share_group(
    sharing: Sharing, mart: str, out: Path, *, cohort: str, authority: str | None = None
) -> Share:
    """Write the rows of a mart about a group on the session's day to a new CSV at `out`.

    cohort: a name of COHORTS.  authority: only children whom it looks after.  Rows that have
    a year or a day are those of the session's academic year.  Restricted children and those for
    whom somebody objects are left out.  ShareError for a mart that the kind of recipient may
    not have, another cohort, no row, or another authority without saying whose children.
    """
    shared = _get_shared_mart(sharing, mart)
    columns = shared.columns
    if cohort not in COHORTS:
        raise ShareError(f"A group is one of these: {', '.join(COHORTS)}.")
    if sharing.to.kind == _OWN_CHILDREN_ONLY and authority is None:
        sharing.refuse(
            "children of any authority",
            "Another authority gets rows about its own children only: name it.",
        )
    require_free_path(out, sharing.session)
    year, rows = _fetch_rows(sharing, shared, cohort, authority)
    if not rows:
        raise ShareError("There is no row about these children, so nothing was shared.")
    key = derive_code_key(sharing.keys, sharing.to.name, sharing.purpose, year)
    # by their codes: the order of the rows must not be another file's
    coded = sorted(
        ([derive_code(key, row["pupil_id"]), *(row[name] for name in columns)] for row in rows),
        key=lambda cells: [str(cell) for cell in cells],
    )
    content = serialise_csv(("code", *columns), coded).encode("utf-8")
    children = sorted({row["pupil_id"] for row in rows})
    return sharing.write(out, content, register.GROUP, children)


def _get_shared_mart(sharing: Sharing, mart: str) -> GroupRows:
    allowed = list_shared_marts(sharing.to.kind)
    if mart not in allowed:
        may = f"may have: {', '.join(allowed)}" if allowed else "gets no rows about groups"
        sharing.refuse("rows that the kind may not have", f"A recipient of this kind {may}.")
    return allowed[mart]


def _fetch_rows(
    sharing: Sharing, shared: GroupRows, cohort: str, authority: str | None
) -> tuple[str, list[dict[str, Any]]]:
    """The academic year of the session's day, and the rows of the group."""
    session = sharing.session
    year = str(session.read("select academic_year(as_at())").item())
    names = {"columns": shared.columns, "mart": shared.mart, "cohort": COHORTS[cohort]}
    match shared.year_by:
        case "":
            query = format_sql(_ROWS, **names)
        case "academic_year":
            query = format_sql(_ROWS + _OF_YEAR, **names)
        case day:
            query = format_sql(_ROWS + _OF_DAY, **names, day=day)
    return year, session.read(query, {"authority": authority}).to_dicts()


#: Of one sign of the alphabet.
_BITS = 5


def derive_code_key(keys: Keys, recipient: str, purpose: str, academic_year: str) -> bytes:
    """The secret of one recipient's codes for one purpose in one academic year (2026/27)."""
    export = derive_key(keys.log, "export|v1")
    # as JSON, so that no name can be read as another name and purpose
    context = json.dumps([recipient, purpose, academic_year])
    return derive_key(export, f"codes|v1|{context}")


def derive_code(key: bytes, pupil_id: str) -> str:
    """Ten signs of Crockford's base 32, as a pupil_id has, that tell nothing without the key."""
    number = int.from_bytes(hmac.digest(key, pupil_id.encode("ascii"), "sha256"), "big")
    signs = []
    for _ in range(ID_LENGTH):
        number, last = divmod(number, 1 << _BITS)
        signs.append(ALPHABET[last])
    return "".join(signs)
