"""The disclosure gate: the one door out for figures about children.

`publish` decides what a report may say, so that not even an exact attacker who holds every
earlier report learns anything certain of a child.
"""

from safeguards.disclosure.publish import publish
from safeguards.disclosure.solver.component import Limits
from safeguards.disclosure.solver.groups import Attribute, Group
from safeguards.disclosure.solver.knows import Certain, compute_intervals, find_certain_facts
from safeguards.disclosure.solver.release import Crossing, Duty, GroupFigures, Release
from safeguards.disclosure.solver.sessions import SumFigures, Sums

__all__ = [
    "Attribute",
    "Certain",
    "Crossing",
    "Duty",
    "Group",
    "GroupFigures",
    "Limits",
    "Release",
    "SumFigures",
    "Sums",
    "compute_intervals",
    "find_certain_facts",
    "publish",
]
