"""Which of the children whom files name are shown here, and what a rule of the home leaves out."""

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
    """Find who is shown here of the children of checked files.

    Args:
        checked: The files.
        shown: The UPNs of these children; without them, those of a home that knows nobody yet.
        left: By file of ours, the rows that the home leaves out.
    """
    frames = checked.accepted_frames
    if shown is None:
        is_there = {ROLL.name, CARE_EPISODES.name} & frames.keys()
        shown = facts.list_upns_in_scope(frames, lambda _: False) if is_there else []
    rules = dict(left or {})
    if (weeks := frames.get(WHOLE_SCHOOL_WEEKLY.name)) is not None:
        whole = facts.compute_whole_school(
            frames, checked.taken_register, list(shown), checked.held
        )
        kept = whole.filter(file_name=WHOLE_SCHOOL_WEEKLY.name).height
        said = LeftOut("the register has these weeks", weeks.height - kept)
        rules[WHOLE_SCHOOL_WEEKLY.name] = said
    return Scope(frozenset(shown), rules)
