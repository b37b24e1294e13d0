"""The state of each child in each recurring duty, such as PEPs, from the marts.

Duties, states and words are together here, so that the list of children, the child's page, the
charts and their tables cannot disagree.
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
    """A child's state in one recurring duty, in words that fit a column, and its date's rule."""

    state: str
    text: str
    rule: str = ""


@dataclass(frozen=True)
class Recurring:
    """A recurring duty.

    short: the heading of its column. duties: the prefixes of its rules in `duty`. category: the
    kind of data that it shows. is_of_plans: owed to a child with a plan, not to each in care.
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
    """List the recurring duties that the role may see, in the order of columns."""
    return [thing for thing in RECURRING if session.has_category(thing.category)]


@recall.share
def _find_plans(session: access.Session) -> frozenset[str]:
    """Return the children (pupil_id) with an EHCP by roll or steps, if the role sees plans."""
    if not session.has_category("plans"):
        return frozenset()
    by_roll = read.fetch_sen_provision(session).filter(provision="E")
    by_steps = read.fetch_ehcps(session).filter(stage="plan")
    return frozenset([*by_roll["pupil_id"], *by_steps["pupil_id"]])


def find_states(
    session: access.Session, children: Sequence[Row]
) -> dict[str, dict[str, State | None]]:
    """Return by pupil_id and column heading how the child stands, or None if nothing is owed."""
    plans, things = _find_plans(session), list_things(session)
    of_children = pl.col("pupil_id").is_in([child["pupil_id"] for child in children])
    dates, duties = defaultdict(list), defaultdict(list)
    for date_ in standing.fetch_dates(session):
        dates[date_.pupil_id].append(date_)
    for row in standing.fetch_duties(session).filter(of_children).to_dicts():
        duties[row["pupil_id"]].append(row)
    return {
        pupil_id: {
            thing.short: find_state(
                thing,
                dates[pupil_id],
                duties[pupil_id],
                is_owed=pupil_id in plans if thing.is_of_plans else child["is_looked_after"],
            )
            for thing in things
        }
        for child in children
        for pupil_id in [child["pupil_id"]]
    }


def find_check_state(row: Row, dates: Iterable[DutyDate], as_at: date) -> State:
    """Return how a child stands in a kind of check, by pupil_health and the open dates."""
    rule_of = reference.read("deadline").filter(subject=row["subject"])["rule"].to_list()
    strongest = standing.find_strongest(duty for duty in dates if duty.rule in rule_of)
    booked, done = row["booked_date"], row["last_done_date"]
    state = strongest.state if strongest else standing.BOOKED if booked else standing.NOT_RECORDED
    if booked is not None and state != standing.UP_TO_DATE:
        return State(state, f"Booked for {words.format_near_day(booked, as_at)}")
    if done is not None:
        verb = "Last done" if state == standing.OVERDUE else "Done"
        return State(state, f"{verb} {words.format_near_day(done, as_at)}")
    if strongest is None or state == standing.NOT_RECORDED:
        return State(state, "No record")
    is_kept = state == standing.UP_TO_DATE
    return State(state, "Not due yet" if is_kept else words.capitalise(strongest.text))


def find_state(
    thing: Recurring, dates: Sequence[DutyDate], duties: Sequence[Row], *, is_owed: bool
) -> State | None:
    """Return how a child stands in a recurring duty, from all their open dates and duties."""
    strongest = standing.find_strongest(d for d in dates if d.rule.startswith(thing.duties))
    is_done = any(row["done_date"] for row in duties if row["rule"].startswith(thing.duties))
    if strongest is not None:
        kept = "up to date" if is_done else "not due yet"
        text = kept if strongest.state == standing.UP_TO_DATE else strongest.text
        return State(strongest.state, words.capitalise(text), strongest.rule)
    if not is_owed:
        return None
    if is_done:
        return State(standing.UP_TO_DATE, "Up to date")
    return State(standing.NOT_RECORDED, "No record")
