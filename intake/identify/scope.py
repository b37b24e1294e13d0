"""Find the children of files who are shown here, and the rows that the home leaves out."""

from collections.abc import Collection, Mapping

from intake.check.account import Scope
from intake.check.check import CheckResult
from intake.identify import facts
from intake.tables import LeftOut
from queries.contract import CARE_EPISODES, ROLL, WHOLE_SCHOOL_WEEKLY


def find_scope(
    checked: CheckResult,
    shown: Collection[str] | None = None,
    left: Mapping[str, LeftOut] | None = None,
) -> Scope:
    """Return the children of checked files who are shown here.

    Args:
        checked: The result of the check.
        shown: The UPNs of these children; None in a home that knows nobody yet.
        left: The rows that the home leaves out, by name of our file.
    """
    frames = checked.accepted_frames
    if shown is None:
        is_there = {ROLL.name, CARE_EPISODES.name} & frames.keys()
        shown = facts.list_upns_in_scope(frames, lambda _: False) if is_there else []
    rules = dict(left or {})
    if (weeks := frames.get(WHOLE_SCHOOL_WEEKLY.name)) is not None:
        all_weeks = facts.compute_whole_school(
            frames, checked.taken_register, list(shown), checked.held
        )
        kept = all_weeks.filter(file_name=WHOLE_SCHOOL_WEEKLY.name).height
        omission = LeftOut("the register has these weeks", weeks.height - kept)
        rules[WHOLE_SCHOOL_WEEKLY.name] = omission
    return Scope(frozenset(shown), rules)
