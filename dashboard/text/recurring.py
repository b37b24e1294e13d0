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
from queries import read, reference
from queries.read import Row
from safeguards.access import access, recall


@dataclass(frozen=True)
class State:
    """How a child stands in one thing, with words that fit a column; rule: of the date told."""

    state: str
    text: str
    rule: str = ""


@dataclass(frozen=True)
class Recurring:
    """What recurs: how the rules of `duty` begin that are its steps, and the data that it tells of.

    short: the head of a column.  is_of_plans: owed where there is a plan, the others to every
    child in care.
    """

    short: str
    duties: tuple[str, ...]
    category: str
    is_of_plans: bool = False


RECURRING = (
    Recurring("PEP", ("PEP_",), "duty"),
    Recurring("Health assessment", ("IHA", "RHA_"), "health"),
    Recurring("SDQ", ("SDQ_",), "wellbeing"),
    Recurring("Dental", ("DENTAL_",), "health"),
    Recurring("EHCP", ("EHC_",), "plans", is_of_plans=True),
)


def list_things(session: access.Session) -> list[Recurring]:
    """The things that the role may see, in the order of columns."""
    return [thing for thing in RECURRING if session.has_category(thing.category)]


@recall.share
def _find_plans(session: access.Session) -> frozenset[str]:
    """The children (pupil_id) on a plan by the roll or by its steps; none for who sees no plans."""
    if not session.has_category("plans"):
        return frozenset()
    by_roll = read.fetch_sen_provision(session).filter(provision="E")
    by_steps = read.fetch_ehcps(session).filter(stage="plan")
    return frozenset([*by_roll["pupil_id"], *by_steps["pupil_id"]])


def find_states(
    session: access.Session, children: Sequence[Row]
) -> dict[str, dict[str, State | None]]:
    """By child (pupil_id) and head of a column, how the child stands; None where it is not owed."""
    plans, things = _find_plans(session), list_things(session)
    of_children = pl.col("pupil_id").is_in([child["pupil_id"] for child in children])
    own_dates, own = defaultdict(list), defaultdict(list)
    for each in standing.fetch_dates(session):
        own_dates[each.pupil_id].append(each)
    for row in standing.fetch_duties(session).filter(of_children).to_dicts():
        own[row["pupil_id"]].append(row)
    return {
        pupil_id: {
            thing.short: find_state(
                thing,
                own_dates[pupil_id],
                own[pupil_id],
                is_owed=pupil_id in plans if thing.is_of_plans else child["is_looked_after"],
            )
            for thing in things
        }
        for child in children
        for pupil_id in [child["pupil_id"]]
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


def find_state(
    thing: Recurring, dates: Sequence[DutyDate], duties: Sequence[Row], *, is_owed: bool
) -> State | None:
    """How a child stands in one thing, from the child's own open dates and all duties."""
    found = standing.find_strongest(each for each in dates if each.rule.startswith(thing.duties))
    is_done = any(row["done_date"] for row in duties if row["rule"].startswith(thing.duties))
    if found is not None:
        kept = "up to date" if is_done else "not due yet"
        text = kept if found.state == standing.UP_TO_DATE else found.text
        return State(found.state, words.capitalise(text), found.rule)
    if not is_owed:
        return None
    if is_done:
        return State(standing.UP_TO_DATE, "Up to date")
    return State(standing.NOT_RECORDED, "No record")
