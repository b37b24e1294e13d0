"""The plan that the schedule makes for a home now, and the deletion, which is an erasure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from safeguards.access import access
from safeguards.errors import RightsError
from safeguards.journal.ledger import RETENTION_REASON
from safeguards.keys.keys import Keys
from safeguards.vault.vault import Vault
from stewardship.packets.holdings import open_whole_store
from stewardship.retention import schedule
from stewardship.rights.erase import erase_pupils
from stewardship.rights.restrict import list_pupils_on_hold


@dataclass(frozen=True)
class Plan:
    """The schedule, and an item for each child whose time is over by at least one rule.

    is_own: whether the schedule is the school's.  on: the day that the plan counts to, which is
    earlier than the clock's if the data does not go so far.
    """

    rules: Sequence[schedule.Rule]
    is_own: bool
    clock: date
    on: date
    items: Sequence[schedule.Item]


def make_plan(session: access.Session, keys: Keys, now: datetime) -> Plan:
    """Return the plan of a home as it is now.  Change nothing.

    Raises the errors of `load_schedule` and `plan_deletions`.
    """
    home, clock = session.home, now.astimezone().date()
    rules, is_own = schedule.load_schedule(home, keys)
    on = schedule.compute_schedule_day(clock, session.data_until)
    children = schedule.fetch_children(open_whole_store(home, keys))
    on_hold = list_pupils_on_hold(home, keys)
    return Plan(rules, is_own, clock, on, schedule.plan_deletions(children, rules, on_hold, on))


def delete_due(session: access.Session, keys: Keys, plan: Plan, now: datetime) -> str:
    """Delete the data that is due by a plan, and return the certificate's name in `ledger/`.

    RightsError, and nothing is deleted, if the data changed since the session began.
    """
    if not session.is_current:
        raise RightsError("Nothing was deleted, because the data has changed. Start again.")
    due = {item.child.pupil_id: item for item in plan.items if item.is_due}
    sentences = [rule.sentence for rule in plan.rules]
    return erase_pupils(
        session.home,
        keys,
        [pupil for pupil in Vault.open(session.home, keys).pupils if pupil.pupil_id in due],
        why=RETENTION_REASON,
        now=now,
        actor=session.actor,
        role=session.choose_role("rights", "rights"),
        partial_tables={code: item.tables for code, item in due.items() if not item.is_whole},
        through=plan.on,
        notes=[f"According to the schedule, with data up to {session.data_until}:", *sentences],
    )
