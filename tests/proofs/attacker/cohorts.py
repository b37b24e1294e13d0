"""Made-up groups of children, the true figures of them, and ways to hide some."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from random import Random
from typing import Final

from tests.proofs.attacker.files.figures import Cell, Release, cell

Record = dict[str, str]
Masking = Callable[[Release], Release]

ATTRIBUTES: Final = {
    "Year group": ("Lower juniors", "Upper juniors"),
    "Attendance this year": ("Missed under 1 in 10", "Missed 1 in 10 or more", "Too early to say"),
    "Special educational needs": ("None", "Support", "A plan"),
    "Suspended this year": ("Yes", "No"),
    "Change in wellbeing": ("Better", "The same", "Worse", "Not known"),
    "Health assessment": ("Up to date", "Late"),
}
CROSSED: Final = (
    ("Year group", "Attendance this year"),
    ("Year group", "Special educational needs"),
)
#: How often each category is drawn, in the order of the categories.
_WEIGHTS: Final = {2: (6, 4), 3: (6, 3, 2), 4: (4, 4, 2, 2)}


def children(
    many: int, draw: Random, attributes: Mapping[str, Sequence[str]] = ATTRIBUTES
) -> list[Record]:
    """Records of so many children."""
    return [one(draw, attributes) for _ in range(many)]


def one(draw: Random, attributes: Mapping[str, Sequence[str]] = ATTRIBUTES) -> Record:
    """The record of a child."""
    return {
        name: draw.choices(labels, _WEIGHTS[len(labels)])[0] for name, labels in attributes.items()
    }


def truth(
    group: Sequence[Mapping[str, str]],
    attributes: Mapping[str, tuple[str, ...]] = ATTRIBUTES,
    crossed: Sequence[tuple[str, str]] = CROSSED,
) -> Release:
    """The figures of a group with nothing hidden."""
    counts: dict[Cell, int | None] = {}
    for names in (*((name,) for name in attributes), *crossed):
        for labels in product(*(attributes[name] for name in names)):
            where = dict(zip(names, labels, strict=True))
            counts[cell(where)] = sum(
                all(child[name] == label for name, label in where.items()) for child in group
            )
    return Release(len(group), dict(attributes), counts)


def primary_only(release: Release) -> Release:
    """The control: every count from 1 to 5 is hidden, and nothing else."""
    return _hiding(release, {p for p, count in release.shown.items() if 1 <= count <= 5})


def at_random(release: Release, draw: Random, share: float) -> Release:
    """Any counts are hidden, about this share of them."""
    return _hiding(release, {place for place in release.counts if draw.random() < share})


def _hiding(release: Release, places: set[Cell]) -> Release:
    counts = {p: None if p in places else count for p, count in release.counts.items()}
    return Release(release.children, release.attributes, counts, release.group, release.duties)
