"""Made-up schools for the statements of reports: who is in which group when, and what changes.

Written without a look at the gate: children come, leave, cross from one group to the other
and back, and return; attributes are drawn for each child and change now and then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

GROUPS = ("looked after", "previously looked after")
#: Of each child when a report is made: the group, None where in neither.
Stay = tuple[str | None, ...]
#: Of each child when a report is made: whether it has the attribute.
Course = tuple[bool, ...]


@dataclass(frozen=True)
class School:
    """stays: by child, a place a report.  courses: by attribute and child, likewise."""

    stays: Mapping[str, Stay]
    courses: Mapping[str, Mapping[str, Course]]

    def list_members(self, report: int, group: str) -> list[str]:
        """Who is in a group when a report is made."""
        return [child for child, stay in self.stays.items() if stay[report] == group]


def draw_stays(
    rng: Random, reports: int, sizes: Sequence[int], turnover: float, crossing: float
) -> dict[str, Stay]:
    """Groups that begin with these sizes and lose and win a share of them between two reports."""
    stays: list[list[str | None]] = [
        [group] for group, size in zip(GROUPS, sizes, strict=True) for _ in range(size)
    ]
    for report in range(1, reports):
        for stay in stays:
            stay.append(_move(rng, stay, turnover, crossing))
        for group, size in zip(GROUPS, sizes, strict=True):
            short = size - sum(stay[report] == group for stay in stays)
            joining = max(0, short + rng.choice((-1, 0, 0, 1)))
            stays += [[None] * report + [group] for _ in range(joining)]
    return {f"child {number}": tuple(stay) for number, stay in enumerate(stays)}


def _move(rng: Random, stay: Sequence[str | None], turnover: float, crossing: float) -> str | None:
    here, draw = stay[-1], rng.random()
    if here is None:
        gone_from = next(each for each in reversed(stay) if each is not None)
        return gone_from if draw < 0.03 else None
    if draw < turnover:
        return None
    if draw < turnover + (crossing if here == GROUPS[0] else crossing / 5):
        return GROUPS[1] if here == GROUPS[0] else GROUPS[0]
    return here


def draw_courses(
    rng: Random, stays: Mapping[str, Stay], share: float, change: float
) -> dict[str, Course]:
    """An attribute that a share of the children has, and that changes so often between reports."""
    courses = {}
    for child, stay in stays.items():
        has = rng.random() < share
        course = [has]
        for _ in stay[1:]:
            has ^= rng.random() < change
            course.append(has)
        courses[child] = tuple(course)
    return courses


def draw_school(
    rng: Random,
    reports: int,
    sizes: Sequence[int],
    *,
    turnover: float,
    crossing: float,
    attributes: int,
) -> School:
    """A school with so many attributes, rare and frequent, steady and not."""
    stays = draw_stays(rng, reports, sizes, turnover, crossing)
    return School(
        stays,
        {
            f"attribute {number}": draw_courses(
                rng, stays, rng.choice((0.15, 0.3, 0.5, 0.8, 0.9)), rng.choice((0, 0.05, 0.2))
            )
            for number in range(attributes)
        },
    )


def draw_last_anew(rng: Random, school: School) -> School:
    """The same school, with other values at the last report."""
    share = rng.random()
    courses = {
        key: {child: (*course[:-1], rng.random() < share) for child, course in courses.items()}
        for key, courses in school.courses.items()
    }
    return School(school.stays, courses)
