"""Rows about a group of children for one recipient, under codes made for it alone.

No name, no number and none of the home's own codes leaves with them.  The rows stay
personal data: of a few children, each can be told by the figures.
"""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from queries.statement import statement
from safeguards import recipients, shares
from safeguards.cells import csv_text
from safeguards.codes import code_key, code_of
from safeguards.errors import ShareError
from safeguards.share import Sharing, refuse_taken
from safeguards.shares import Share

#: Whose rows: a group by its name, and the column of cohort_member that says who is in it.
COHORTS = {
    "looked after": "is_looked_after",
    "previously looked after": "is_previously_looked_after",
    "has a social worker": "has_social_worker",
}

#: Who has no business with children who are another authority's.
_OWN_CHILDREN_ONLY = "other authority"
_YEAR = "academic_year"
_ROWS = """
select facts.pupil_id, {columns} from {mart} as facts
where exists (
    select 1 from cohort_member as members
    where
        members.school_key = facts.school_key and members.pupil_key = facts.pupil_key
        and members.{cohort} and ($authority is null or members.authority = $authority)
)
"""


def share_group(
    sharing: Sharing, mart: str, out: Path, *, cohort: str, authority: str | None = None
) -> Share:
    """Write the rows of a mart about a group on the session's day to a new CSV at `out`.

    cohort: a name of COHORTS.  authority: only children whom it looks after.  Where the mart
    goes by academic years, those of the session's only.  Restricted children and those for
    whom somebody objects are left out.  ShareError for a mart that the kind of recipient may
    not have, another cohort, no row, or another authority without saying whose children.
    """
    columns = _columns(sharing, mart)
    if cohort not in COHORTS:
        raise ShareError(f"A group is one of these: {', '.join(COHORTS)}.")
    if sharing.to.kind == _OWN_CHILDREN_ONLY and authority is None:
        sharing.refuse(
            "children of any authority",
            "Another authority gets rows about its own children only: name it.",
        )
    refuse_taken(out, sharing.session)
    year, rows = _rows(sharing, mart, columns, cohort, authority)
    if not rows:
        raise ShareError("There is no row about these children, so nothing was shared.")
    key = code_key(sharing.keys, sharing.to.name, sharing.purpose, year)
    # by their codes: the order of the rows must not be another file's
    coded = sorted(
        ([code_of(key, row["pupil_id"]), *(row[name] for name in columns)] for row in rows),
        key=lambda cells: [str(cell) for cell in cells],
    )
    content = csv_text(("code", *columns), coded).encode("utf-8")
    children = sorted({row["pupil_id"] for row in rows})
    return sharing.write(out, content, shares.GROUP, children)


@cache
def marts() -> dict[str, tuple[str, ...]]:
    """What may leave in rows: the columns of each mart, from share_mart.csv."""
    lines = files("safeguards").joinpath("share_mart.csv").read_text("ascii").splitlines()
    rows = csv.DictReader(lines, strict=True)
    return {row["mart"]: tuple(row["columns"].split()) for row in rows}


def _columns(sharing: Sharing, mart: str) -> tuple[str, ...]:
    allowed = recipients.kinds()[sharing.to.kind].marts
    if mart not in allowed:
        may = f"may have: {', '.join(allowed)}" if allowed else "gets no rows about groups"
        sharing.refuse("rows that the kind may not have", f"A recipient of this kind {may}.")
    return marts()[mart]


def _rows(
    sharing: Sharing, mart: str, columns: Sequence[str], cohort: str, authority: str | None
) -> tuple[str, list[dict[str, Any]]]:
    """The academic year of the session's day, and the rows of the group."""
    session = sharing.session
    day = {"day": session.as_at}
    year = str(session.read("select academic_year($day::date)", day).item())
    query = statement(_ROWS, columns=columns, mart=mart, cohort=COHORTS[cohort])
    rows = session.read(query, {"authority": authority}).to_dicts()
    return year, [row for row in rows if row.get(_YEAR, year) == year]
