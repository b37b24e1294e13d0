"""What the roll says of special educational needs: as a rule what the steps of a plan say.

A few rolls lag behind, as real ones do: they go on saying SEN support of a child with a plan,
or a plan of a child who has none.
"""

import random
from collections.abc import Iterable
from datetime import date

from synthetic.population.child import Child
from synthetic.subjects.plans import Step
from synthetic.subjects.records import Record, filter_known

_NONE, _SUPPORT, _PLAN = "N", "K", "E"
#: The steps that begin a plan, and those that end it.
_BEGINS, _ENDS = ("plan issued",), ("decided to cease", "ceased")
#: Shares of rolls that lag behind a plan, that say one without it, and that say nothing.
_LAGS, _SAYS_ONE, _BLANK = 0.08, 0.02, 0.03
#: Shares of children without a plan who have support: of those in scope and of the others.
_IN_SCOPE, _OTHERS = 0.3, 0.14


def find_provision(steps: Iterable[Record], child: Child, until: date) -> str:
    """N, K or E by the steps of the child's plan up to the day `until`."""
    known = [
        step.event
        for step in filter_known(steps, until, child.leaving)
        if isinstance(step, Step) and step.day <= until
    ]
    turns = [event in _BEGINS for event in known if event in (*_BEGINS, *_ENDS)]
    if turns and turns[-1]:
        return _PLAN
    return _SUPPORT if known else _NONE


def generate_provision(
    rng: random.Random, steps: Iterable[Record], child: Child, until: date
) -> str | None:
    """N, K or E on the roll of the day `until`; None where it says nothing."""
    found, lags, chance = find_provision(steps, child, until), rng.random(), rng.random()
    if found == _PLAN:
        return _SUPPORT if lags < _LAGS else _PLAN
    if child.episodes and lags < _SAYS_ONE:
        return _PLAN
    if chance > 1 - _BLANK:
        return None
    has_support = chance < (_IN_SCOPE if child.episodes else _OTHERS)
    return _SUPPORT if has_support else found
