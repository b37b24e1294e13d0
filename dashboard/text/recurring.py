"""Where each child stands in each thing that recurs: one of four states, from the marts.

Shape, word and state belong together here, so that the list of children, the charts and
their tables cannot disagree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NotRequired, TypedDict, cast

import polars as pl

from dashboard.text import duties as plan_words
from dashboard.text import rules, words
from queries.read import Member, MemberDuty, list_rows
from queries.rows import Duty, PupilHealth
from safeguards.access import access

UP_TO_DATE, DUE_SOON, OVERDUE, NOT_RECORDED = "up to date", "due soon", "overdue", "not recorded"

#: Each state with its shape, the strongest first.
SHAPES = {UP_TO_DATE: "●", DUE_SOON: "◆", OVERDUE: "▲", NOT_RECORDED: "□"}


class MemberHealth(PupilHealth):
    """A row of `read.fetch_health`."""

    year_group: int


class State(TypedDict):
    """How a child stands in one thing; shape is that of the state unless it is given."""

    thing: str
    state: str
    shape: NotRequired[str]


class ChildState(State):
    """The same as a row of a table of many children, with more words."""

    pupil_id: str
    handle: str
    year_group: int
    words: str


@dataclass(frozen=True)
class Recurring:
    """What recurs: the rules of `duty` that keep it up to date, and the data that it tells of.

    within: the rule whose time its label tells; none if empty.  is_owed_to_all: to every
    child in care; a review is owed only where there is a plan.
    """

    name: str
    duties: tuple[str, ...]
    category: str
    within: str = ""
    is_owed_to_all: bool = True

    @property
    def label(self) -> str:
        """What pages call it: "SDQ in 12 months"."""
        return f"{self.name} in {rules.format_deadline(self.within)}" if self.within else self.name


RECURRING = (
    Recurring("PEP this term", ("PEP_COMPLETE", "PEP_JOINED", "PEP_REVIEW"), "plans"),
    Recurring("Health assessment", ("IHA", "RHA_U5", "RHA_5PLUS"), "health"),
    Recurring("SDQ", ("SDQ_YEARLY",), "wellbeing", within="SDQ_YEARLY"),
    Recurring("Dental check", ("DENTAL_YEARLY",), "health"),
    Recurring("EHCP review", ("EHC_AR_MEETING",), "plans", is_owed_to_all=False),
)

_HEALTH_STATES = {
    "up to date": UP_TO_DATE,
    "not up to date": OVERDUE,
    "not recorded": NOT_RECORDED,
}
_SCHEMA = {"pupil_id": pl.String, "handle": pl.String, "year_group": pl.Int64,
           "thing": pl.String, "state": pl.String, "words": pl.String}  # fmt: skip


def tabulate_duty_states(members: pl.DataFrame, duties: pl.DataFrame) -> pl.DataFrame:
    """A row a child and thing that is owed to it: its state, and the same in words.

    `members` and `duties` are rows of queries.read; the order of `members` is kept.
    """
    by_child = duties.partition_by("pupil_id", as_dict=True)
    things = [(thing, thing.label) for thing in RECURRING]
    rows = []
    for child in list_rows(Member, members):
        own = by_child.get((child["pupil_id"],))
        own_rows = list_rows(MemberDuty, own) if own is not None else []
        for thing, label in things:
            found = [row for row in own_rows if row["rule"] in thing.duties]
            owed = child["is_looked_after"] if thing.is_owed_to_all else _has_open(found)
            if owed:
                rows.append(_row(child, label, *_compute_state(found)))
    return pl.DataFrame(rows, schema=_SCHEMA)


def tabulate_check_states(health: pl.DataFrame) -> pl.DataFrame:
    """A row a child in care and kind of check, from pupil_health."""
    rows = []
    for row in list_rows(MemberHealth, health):
        state, booked = _HEALTH_STATES[row["state"]], row["booked_date"]
        if booked and state != UP_TO_DATE:
            state = DUE_SOON
        rows.append(
            _row(
                row, words.capitalise(row["subject"]), state, plan_words.describe_health_check(row)
            )
        )
    return pl.DataFrame(rows, schema=_SCHEMA)


def group_visible(session: access.Session, rows: pl.DataFrame) -> dict[str, list[ChildState]]:
    """The rows of things that the role may see, by pupil_id."""
    visible = {thing.label for thing in RECURRING if session.has_category(thing.category)}
    found: dict[str, list[ChildState]] = {}
    for row in cast("list[ChildState]", rows.to_dicts()):
        if row["thing"] in visible:
            found.setdefault(row["pupil_id"], []).append(row)
    return found


def build_attendance_state(member: Member, persistent_absence: float) -> State:
    """A child's year of sessions as one more state of the line: words beside a shape.

    persistent_absence: the share of sessions, 0 to 1, from which a child is persistently absent.
    """
    if not member["possible_sessions"] or member["is_too_early"]:
        state, shape = words.TOO_EARLY, "-"
    elif member["is_persistent_absentee"]:
        state, shape = rules.describe_persistent(persistent_absence), "▼"
    else:
        state, shape = rules.describe_not_persistent(persistent_absence), "●"
    return {"thing": "Attendance:", "state": state, "shape": shape}


#: A space at which no line ends: a shape stays with its word.
_NO_BREAK = "\N{NO-BREAK SPACE}"


def format_states(rows: Iterable[State]) -> str:
    """One child's states: "● PEP this term up to date · ◆ Dental check due soon"."""
    return " · ".join(
        f"{row.get('shape') or SHAPES[row['state']]}{_NO_BREAK}{row['thing']} {row['state']}"
        for row in rows
    )


def _row(child: Member | MemberHealth, thing: str, state: str, text: str) -> ChildState:
    return {
        "pupil_id": child["pupil_id"],
        "handle": child["handle"],
        "year_group": child["year_group"],
        "thing": thing,
        "state": state,
        "words": text,
    }


def _has_open(duties: Sequence[Duty]) -> bool:
    """Whether any is still open: a plan that has ended is reviewed no more."""
    return any(row["status"] not in plan_words.ENDED_STATUSES for row in duties)


def _compute_state(duties: Sequence[Duty]) -> tuple[str, str]:
    """The state of one child's duties of one kind: that of the open one that is oldest."""
    is_open = [row for row in duties if row["status"] not in plan_words.ENDED_STATUSES]
    if not is_open:
        ended = [row for row in duties if row["done_date"]]
        if not ended:
            return NOT_RECORDED, words.NOT_RECORDED
        newest = max(ended, key=lambda row: row["done_date"] or date.min)
        return UP_TO_DATE, plan_words.describe_status(newest)
    states = {_STATES[row["status"]]: row for row in reversed(is_open)}
    for state in (OVERDUE, NOT_RECORDED, DUE_SOON, UP_TO_DATE):
        if state in states:
            return state, plan_words.describe_status(states[state])
    raise LookupError("a duty has a status that no page knows")


#: The states of `duty` as the four; a booked one is still to come, which its words say.
_STATES = {
    "later": UP_TO_DATE,
    "due soon": DUE_SOON,
    "booked": DUE_SOON,
    "overdue": OVERDUE,
    "waiting on others": OVERDUE,
    "not recorded": NOT_RECORDED,
    "cannot be known": NOT_RECORDED,
}
