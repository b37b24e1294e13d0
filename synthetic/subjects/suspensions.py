"""Suspensions, and the marks that they make in the register.

In primary schools a suspension lasts 1.7 days on average, and a suspended child has 2.2 of them in
the year (DfE, suspensions 2022/23).  No figures are published for primary children in care or in
need: their rate is made up, above the 0.8 in 100 of all children.  Boys are suspended 2.5 times as
often as girls (DfE, 2019/20, all schools: 5.30 against 2.16 in 100).
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from queries.contract import PEP, PROTECTION, SUSPENSIONS, TESTS, WORDS
from synthetic.calendar import build_register, compute_academic_year, list_school_days
from synthetic.population.child import Child
from synthetic.population.groups import IN_NEED, LOOKED_AFTER, ON_PROTECTION_PLAN
from synthetic.population.story import Chance, choose, is_so
from synthetic.subjects.records import Record, Subject

#: The sessions, five days, in which nobody has to teach the child.  From the sixth day somebody
#: must, elsewhere (B) or at another school where the child is registered too (D).
_WITHOUT_PROVISION = 10
SUSPENDED, PROVISIONS = "E", {"B": 0.7, "D": 0.3}

_REASONS = {"PP": 0.3, "PA": 0.12, "VA": 0.13, "DB": 0.2, "CB": 0.15, "DM": 0.1}

#: The chances of being suspended in a school year, by status and for the others in scope.
_LEAN = {"difficulties": 0.9, "outward": 1.3, "boys": 1.3}
_CHANCES = {
    LOOKED_AFTER: Chance(0.025, **_LEAN),
    IN_NEED: Chance(0.032, **_LEAN),
    ON_PROTECTION_PLAN: Chance(0.032, **_LEAN),
}
_OTHERS = Chance(0.016, **_LEAN)

#: The shares of numbers of suspensions in a year, and of their lengths in sessions.
_TIMES = {1: 0.35, 2: 0.18, 3: 0.14, 4: 0.12, 5: 0.11, 6: 0.1}
_SESSIONS = {1: 0.12, 2: 0.29, 3: 0.24, 4: 0.14, 5: 0.07, 6: 0.06, 8: 0.02, 10: 0.04} | {
    12: 0.01,
    16: 0.01,
}

#: The fewest school days between two suspensions, and before the first one of the year.
_APART, _NOT_BEFORE = 10, 6


@dataclass(frozen=True)
class Suspension(Record):
    """A suspension from the school day `day` on.  `provision`: the code from the sixth day on.

    A suspension of an odd number of sessions begins at noon, after an incident in the morning.
    """

    IS_AT_SCHOOL = True
    category = "SUSP"

    sessions: int
    reason: str
    provision: str = "B"

    def list_days(self) -> set[date]:
        """Return the days on which the child is away or elsewhere from the morning on."""
        days = build_register(compute_academic_year(self.day)).days
        return {days[place] for place, half, _ in self.list_marks() if half == 0}

    def list_marks(self) -> Iterator[tuple[int, int, str]]:
        """Yield the marks of the suspension: place in the register's days, half, and code."""
        register = build_register(compute_academic_year(self.day))
        for nth, (place, half) in enumerate(register.list_sessions(self.day, self.sessions)):
            yield place, half, SUSPENDED if nth < _WITHOUT_PROVISION else self.provision


def _generate_suspensions(
    rng: random.Random, child: Child, year: int, *followed: Iterable[Record]
) -> Iterator[Suspension]:
    """Generate a child's suspensions up to the year `year`, on days without other records."""
    seen = {record.day for records in followed for record in records}
    for start in range(compute_academic_year(child.entry), year + 1):
        days = build_register(start).days
        here = list_school_days(max(days[0], child.entry), min(days[-1], child.leaving))
        status = child.get_status(here[len(here) // 2]) if here else ""
        if not is_so(rng, _CHANCES.get(status, _OTHERS), child.story):
            continue
        times = min(choose(rng, _TIMES), len(here))
        free = _NOT_BEFORE
        for place in sorted(rng.sample(range(len(here)), times)):
            sessions = choose(rng, _SESSIONS)
            if free <= place <= len(here) - sessions:
                free = place + sessions + _APART
                reason, provision = choose(rng, _REASONS), choose(rng, PROVISIONS)
                suspension = Suspension(here[place], sessions, reason, provision)
                if seen.isdisjoint({suspension.day, *suspension.list_days()}):
                    yield suspension


SUBJECT = Subject(
    SUSPENSIONS, Suspension, _generate_suspensions, follows=(PROTECTION, PEP, TESTS, WORDS)
)
