"""Where each child is with each thing that recurs, from the marts.

Things, states and words belong together here, so that the list of children, the child's page,
the charts and their tables cannot disagree.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.text import standing, words
from dashboard.text.standing import DutyDate
from queries import reference
from queries.read import Row
from safeguards.access import access


@dataclass(frozen=True)
class State:
    """How a child stands in one thing, with words that fit a column."""

    state: str
    text: str


@dataclass(frozen=True)
class Recurring:
    """What recurs: the rules of `duty` that keep it up to date, and the data that it tells of.

    short: the head of a column.  is_owed_to_all: to every child in care; a review is owed only
    where there is a plan.
    """

    short: str
    duties: tuple[str, ...]
    category: str
    is_owed_to_all: bool = True


RECURRING = (
    Recurring("PEP", ("PEP_COMPLETE", "PEP_JOINED", "PEP_REVIEW"), "duty"),
    Recurring("Health", ("IHA", "RHA_U5", "RHA_5PLUS"), "health"),
    Recurring("SDQ", ("SDQ_YEARLY",), "wellbeing"),
    Recurring("Dental", ("DENTAL_YEARLY",), "health"),
    Recurring(
        "EHCP", ("EHC_DECIDE_ASSESS", "EHC_ADVICE", "EHC_AR_MEETING"), "plans", is_owed_to_all=False
    ),
)


def list_things(session: access.Session) -> list[Recurring]:
    """The things that the role may see, in the order of columns."""
    return [thing for thing in RECURRING if session.has_category(thing.category)]


def find_states(
    things: Sequence[Recurring],
    children: Iterable[Row],
    dates: Iterable[DutyDate],
    duties: pl.DataFrame,
) -> dict[str, dict[str, State | None]]:
    """By child (pupil_id) and head of a column, how the child stands; None where it is not owed.

    dates: open ones, of these children and others; duties: rows of `read.fetch_duties`.
    """
    own_dates, own = defaultdict(list), defaultdict(list)
    for each in dates:
        own_dates[each.pupil_id].append(each)
    for row in duties.to_dicts():
        own[row["pupil_id"]].append(row)
    return {
        child["pupil_id"]: {
            thing.short: _find_state(
                thing, child, own_dates[child["pupil_id"]], own[child["pupil_id"]]
            )
            for thing in things
        }
        for child in children
    }


def find_check_state(row: Row, dates: Iterable[DutyDate], as_at: date) -> State:
    """How a child stands in one kind of check, from pupil_health and the child's open dates."""
    rule_of = reference.read("deadline").filter(subject=row["subject"])["rule"].to_list()
    found = standing.find_strongest(each for each in dates if each.rule in rule_of)
    booked, done = row["booked_date"], row["last_done_date"]
    state = found.state if found else standing.BOOKED if booked else standing.NOT_RECORDED
    if booked is not None and state != standing.UP_TO_DATE:
        return State(state, f"Booked for {words.format_near_day(booked, as_at)}")
    if done is not None:
        verb = "Last done" if state == standing.OVERDUE else "Done"
        return State(state, f"{verb} {words.format_near_day(done, as_at)}")
    if found is None or state == standing.NOT_RECORDED:
        return State(state, "No record")
    is_kept = state == standing.UP_TO_DATE
    return State(state, "Not due yet" if is_kept else words.capitalise(found.text))


def _find_state(
    thing: Recurring, child: Row, dates: Sequence[DutyDate], duties: Sequence[Row]
) -> State | None:
    found = standing.find_strongest(each for each in dates if each.rule in thing.duties)
    is_done = any(row["done_date"] for row in duties if row["rule"] in thing.duties)
    if found is not None:
        kept = "up to date" if is_done else "not due yet"
        text = kept if found.state == standing.UP_TO_DATE else found.text
        return State(found.state, words.capitalise(text))
    if not (thing.is_owed_to_all and child["is_looked_after"]):
        return None
    if is_done:
        return State(standing.UP_TO_DATE, "Up to date")
    return State(standing.NOT_RECORDED, "No record")
